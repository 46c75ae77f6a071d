// VirtualWorkers: N workers on one thread, each of which can be held up at every access to a shared atomic. A seed
// decides who runs next, so that a schedule can be run again.
#pragma once

#include "base/random.hpp"
#include "simulation/fiber.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace hocket::simulation {

enum class Ending : std::uint8_t {
  all_ended,
  all_asleep,      // every worker that has not ended waits for a notification: a wake-up was lost
  too_many_steps,  // no end in sight
};

/// How a schedule is made.
struct ScheduleOptions {
  std::uint64_t seed = 1;
  unsigned workers = 2;
  /// Accesses between two switches, on average. 1: any access may be followed by another worker's.
  std::uint64_t mean_run = 4;
  /// One in so many switches holds the worker up for long. 0: never.
  std::uint64_t one_stall_in = 16;
  std::uint64_t max_steps = 1'000'000;
};

/// Thread safety: none; one schedule at a time on a thread.
class VirtualWorkers {
 public:
  /// Runs `work(0)` to `work(workers - 1)` as virtual workers.
  Ending run(const ScheduleOptions& options, const std::function<void(unsigned)>& work);

  std::uint64_t steps() const noexcept { return steps_; }

  // What SimSync calls. Outside of a worker (set-up and evaluation) they do nothing.
  /// A shared access is about to happen: perhaps others come first.
  static void point() {
    if (VirtualWorkers* x = current_; x != nullptr && --x->until_switch_ == 0) x->switch_worker();
  }
  /// The worker does what takes long: the others go on for a while, if they can.
  static void hold_up();
  /// The worker can do nothing before another has run.
  static void pause();
  /// The worker sleeps until `notify` is called with the same address.
  static void sleep_on(const void* address);
  static void notify(const void* address, bool all);
  /// Some time since the last call, never zero.
  static std::uint64_t random_ticks() {
    return current_ == nullptr ? 1 : current_->ticks_ += current_->random_.between(1, 1000);
  }
  /// A decision by the schedule's seed, for atomics that may fail for no reason.
  static bool one_in(std::uint64_t n) { return current_ != nullptr && current_->random_.one_in(n); }

 private:
  struct Worker {
    Fiber fiber;
    const void* asleep_on = nullptr;
    bool paused = false;              // others first
    std::uint64_t stalled_until = 0;  // step
  };

  /// Draws when the next switch comes, and goes back to `run`.
  void switch_worker();
  /// Nobody: all are asleep or have ended.
  Worker* choose();

  static thread_local VirtualWorkers* current_;

  ScheduleOptions options_;
  Random random_{0};
  std::vector<std::unique_ptr<Worker>> workers_;  // kept for the next schedule
  Worker* running_ = nullptr;
  std::uint64_t ticks_ = 0;
  std::uint64_t until_switch_ = 0;
  std::uint64_t run_begun_ = 0;  // what `until_switch_` was drawn as
  std::uint64_t steps_ = 0;      // accesses so far, without the present run
};

}  // namespace hocket::simulation
