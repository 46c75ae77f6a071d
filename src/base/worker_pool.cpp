#include "base/worker_pool.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace hocket {
namespace {

/// Looks, before a thread falls asleep: the caller's whether the others have ended, which mostly end when it does, and
/// the others' for another job. They take some 40 microseconds, about as long as falling asleep and waking up.
constexpr unsigned kRoundsAwake = 100;

/// Waking a thread takes some microseconds: who is awake wakes two, and each of them two more. So many of a job's
/// workers are for this one to wake.
unsigned to_be_woken_by(unsigned worker, unsigned count) noexcept {
  const unsigned first = 2 * worker + 1;
  return std::clamp(count, first, first + 2) - first;
}

std::exception_ptr call(const std::function<void(unsigned)>& work, unsigned worker) noexcept {
  try {
    work(worker);
    return nullptr;
  } catch (...) {
    return std::current_exception();
  }
}

}  // namespace

WorkerPool::WorkerPool(unsigned thread_count) {
  HOCKET_ASSERT(thread_count >= 1);
  threads_.reserve(thread_count - 1);
  for (unsigned i = 1; i < thread_count; ++i) threads_.emplace_back([this] { serve(); });
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    HOCKET_ASSERT(jobs_.empty());
    stopping_ = true;
  }
  work_there_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::run(unsigned workers, const std::function<void(unsigned)>& work) {
  const unsigned count = std::clamp(workers, 1u, size());
  if (count == 1) {
    work(0);
    return;
  }
  Job job;
  job.work = &work;
  job.count = count;
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(&job);
    has_jobs_.store(true, std::memory_order_relaxed);
  }
  wake(to_be_woken_by(0, count));
  std::exception_ptr exception = call(work, 0);
  for (unsigned round = 0; round < kRoundsAwake && job.running.load(std::memory_order_relaxed) != 0; ++round)
    std::this_thread::yield();
  std::unique_lock lock(mutex_);
  std::erase(jobs_, &job);  // workers that have not begun are not needed any more
  has_jobs_.store(!jobs_.empty(), std::memory_order_relaxed);
  job.ended.wait(lock, [&] { return job.running == 0; });
  if (!exception) exception = job.exception;
  if (exception) std::rethrow_exception(exception);
}

void WorkerPool::wake(unsigned threads) {
  for (; threads > 0; --threads) work_there_.notify_one();
}

void WorkerPool::serve() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_there_.wait(lock, [&] { return stopping_ || !jobs_.empty(); });
    if (stopping_) return;
    Job& job = *jobs_.front();
    const unsigned worker = job.next++;
    const unsigned others = to_be_woken_by(worker, job.count);
    if (job.next == job.count) jobs_.pop_front();
    has_jobs_.store(!jobs_.empty(), std::memory_order_relaxed);
    ++job.running;
    lock.unlock();
    wake(others);
    std::exception_ptr exception = call(*job.work, worker);
    lock.lock();
    if (exception && !job.exception) job.exception = std::move(exception);
    if (--job.running == 0) job.ended.notify_one();
    lock.unlock();
    for (unsigned round = 0; round < kRoundsAwake && !has_jobs_.load(std::memory_order_relaxed); ++round)
      std::this_thread::yield();
    lock.lock();
  }
}

}  // namespace hocket
