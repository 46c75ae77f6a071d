// Sync: the atomics that the parallel engine is built on, as a policy. RealSync is the machine's; the simulator under
// tests/simulation has its own, in which every access is a point where another virtual worker may run.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <thread>

namespace hocket {

/// The transaction's place in its block.
using TxnIndex = std::uint32_t;

struct RealSync {
  template <class T>
  using Atomic = std::atomic<T>;

  /// What is worth measuring: a third to half of a millisecond.
  static constexpr std::uint64_t kPeriodTicks = 1'000'000;
  /// Roughly: what a measured time is compared with need not be exact.
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
  static constexpr double kTicksPerNs = 2.6;
#else
  static constexpr double kTicksPerNs = 1;
#endif
  /// Passing time, for comparisons only.
  static std::uint64_t ticks() noexcept {
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
    return __builtin_ia32_rdtsc();
#else
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
  }

  /// Looks for work, with a pause after each, before a worker falls asleep: about as long as falling asleep and waking
  /// up take.
  static constexpr unsigned kRoundsAwake = 400;
  /// So many pauses of a wait leave the core to nobody else.
  static constexpr unsigned kPausingRounds = 64;
  /// Called in loops that wait for another worker's few instructions.
  static void pause(unsigned round) noexcept {
    if (round < kPausingRounds) {
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
      for (unsigned i = 0; i <= round / 4; ++i) __builtin_ia32_pause();
#endif
    } else {
      std::this_thread::yield();
    }
  }
};

/// Guards a few instructions: a location's versions, a transaction's waiters. One word.
template <class Sync>
class SpinLock {
 public:
  void lock() noexcept {
    // acquire: pairs with the release in `unlock`. Whoever waits only looks: an exchange would take the line, and what
    // is beside the lock in it, away from the owner.
    unsigned round = 0;
    while (locked_.exchange(true, std::memory_order_acquire)) {
      do Sync::pause(round++);
      while (locked_.load(std::memory_order_relaxed));
    }
  }
  void unlock() noexcept { locked_.store(false, std::memory_order_release); }

 private:
  typename Sync::template Atomic<bool> locked_{false};
};

}  // namespace hocket
