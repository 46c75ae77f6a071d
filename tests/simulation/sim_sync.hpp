// SimSync: atomics of which every access is a point where another virtual worker may run. Sequentially consistent: what
// weaker orders allow is the thread sanitizer's matter.
#pragma once

#include "simulation/virtual_workers.hpp"

#include <atomic>

namespace hocket::simulation {

struct SimSync {
  template <class T>
  class Atomic {
   public:
    constexpr Atomic() noexcept = default;
    constexpr Atomic(T value) noexcept : value_(value) {}  // NOLINT: as std::atomic
    Atomic(const Atomic&) = delete;
    Atomic& operator=(const Atomic&) = delete;

    using Order = std::memory_order;
    static constexpr Order kDefault = std::memory_order_seq_cst;

    T load(Order = kDefault) const noexcept {
      VirtualWorkers::point();
      return value_;
    }
    void store(T value, Order = kDefault) noexcept {
      VirtualWorkers::point();
      value_ = value;
    }
    T exchange(T value, Order = kDefault) noexcept {
      VirtualWorkers::point();
      return std::exchange(value_, value);
    }
    T fetch_add(T value, Order = kDefault) noexcept {
      VirtualWorkers::point();
      return std::exchange(value_, static_cast<T>(value_ + value));
    }
    T fetch_sub(T value, Order = kDefault) noexcept {
      VirtualWorkers::point();
      return std::exchange(value_, static_cast<T>(value_ - value));
    }
    bool compare_exchange_strong(T& expected, T desired, Order = kDefault, Order = kDefault) noexcept {
      VirtualWorkers::point();
      if (value_ != expected) {
        expected = value_;
        return false;
      }
      value_ = desired;
      return true;
    }
    /// Fails for no reason at times.
    bool compare_exchange_weak(T& expected, T desired, Order success = kDefault, Order failure = kDefault) noexcept {
      if (VirtualWorkers::one_in(8)) {
        VirtualWorkers::point();
        expected = value_;
        return false;
      }
      return compare_exchange_strong(expected, desired, success, failure);
    }
    /// Never returns by itself: a change without a notification leaves the worker asleep.
    void wait(T old, Order = kDefault) const noexcept {
      for (;;) {
        VirtualWorkers::point();
        if (value_ != old) return;
        VirtualWorkers::sleep_on(this);
      }
    }
    void notify_all() noexcept {
      VirtualWorkers::point();
      VirtualWorkers::notify(this, true);
    }
    void notify_one() noexcept {
      VirtualWorkers::point();
      VirtualWorkers::notify(this, false);
    }

   private:
    T value_{};
  };

  static constexpr std::uint64_t kPeriodTicks = 1000;
  // Few: it is falling asleep and waking up that is to be met.
  static constexpr unsigned kRoundsAwake = 60;
  static constexpr unsigned kPausingRounds = 64;
  /// Anything: whether a scheduler goes narrow must change no result.
  static std::uint64_t ticks() noexcept { return VirtualWorkers::random_ticks(); }

  static void pause(unsigned) noexcept { VirtualWorkers::pause(); }
};

}  // namespace hocket::simulation
