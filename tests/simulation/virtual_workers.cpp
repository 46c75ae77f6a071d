#include "simulation/virtual_workers.hpp"

#include "base/assert.hpp"

namespace hocket::simulation {

thread_local VirtualWorkers* VirtualWorkers::current_ = nullptr;

Ending VirtualWorkers::run(const ScheduleOptions& options, const std::function<void(unsigned)>& work) {
  options_ = options;
  random_ = Random(options.seed);
  steps_ = 0;
  ticks_ = 0;
  while (workers_.size() < options.workers) workers_.push_back(std::make_unique<Worker>());
  for (unsigned i = 0; i < options.workers; ++i) {
    workers_[i]->fiber.start([&work, i] { work(i); });
    workers_[i]->asleep_on = nullptr;
    workers_[i]->paused = false;
    workers_[i]->stalled_until = 0;
  }
  for (;;) {
    running_ = choose();
    if (running_ == nullptr) break;
    // Those that pause have let another run now.
    for (unsigned i = 0; i < options.workers; ++i) workers_[i]->paused = false;
    until_switch_ = run_begun_ = random_.between(1, 2 * options_.mean_run - 1);
    current_ = this;
    running_->fiber.resume();
    current_ = nullptr;
    steps_ += run_begun_ - until_switch_;
    if (steps_ > options_.max_steps) return Ending::too_many_steps;
  }
  for (unsigned i = 0; i < options.workers; ++i)
    if (!workers_[i]->fiber.ended()) return Ending::all_asleep;
  return Ending::all_ended;
}

VirtualWorkers::Worker* VirtualWorkers::choose() {
  // Who can run; who can do something; who is not held up: the narrowest of these that is not empty.
  Worker* chosen = nullptr;
  int best = 0;
  std::uint64_t equals = 0;
  for (unsigned i = 0; i < options_.workers; ++i) {
    Worker& worker = *workers_[i];
    if (worker.fiber.ended() || worker.asleep_on != nullptr) continue;
    const int rank = worker.paused ? 1 : worker.stalled_until > steps_ ? 2 : 3;
    if (rank < best) continue;
    if (rank > best) {
      best = rank;
      equals = 0;
    }
    ++equals;
    if (random_.one_in(equals)) chosen = &worker;
  }
  return chosen;
}

void VirtualWorkers::switch_worker() {
  if (options_.one_stall_in != 0 && random_.one_in(options_.one_stall_in))
    running_->stalled_until = steps_ + random_.between(10, 2000);
  Fiber::suspend();
}

void VirtualWorkers::hold_up() {
  if (current_ == nullptr) return;
  current_->running_->stalled_until = current_->steps_ + current_->random_.between(10, 1000);
  Fiber::suspend();
}

void VirtualWorkers::pause() {
  if (current_ == nullptr) return;
  current_->running_->paused = true;
  Fiber::suspend();
}

void VirtualWorkers::sleep_on(const void* address) {
  HOCKET_ASSERT(current_ != nullptr);
  current_->running_->asleep_on = address;
  Fiber::suspend();
}

void VirtualWorkers::notify(const void* address, bool all) {
  if (current_ == nullptr) return;
  for (unsigned i = 0; i < current_->options_.workers; ++i) {
    Worker& worker = *current_->workers_[i];
    if (worker.asleep_on != address) continue;
    worker.asleep_on = nullptr;
    if (!all) return;
  }
}

}  // namespace hocket::simulation
