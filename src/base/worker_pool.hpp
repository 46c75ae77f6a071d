// WorkerPool: threads that stay, shared by whoever has work for several of them: blocks, chains, tools.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace hocket {

/// A thread without work looks for some for a moment, and then sleeps.
/// Thread safety: any number of threads may call `run` at the same time; they share the pool's threads.
class WorkerPool {
 public:
  /// `thread_count`: how many workers `run` can use at most, its caller included. At least 1.
  explicit WorkerPool(unsigned thread_count);
  /// Requires: no `run` is under way.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  unsigned size() const noexcept { return static_cast<unsigned>(threads_.size()) + 1; }

  /// Calls `work(0)` on the calling thread and `work(1)` to `work(workers - 1)` on pool threads as these become free;
  /// returns when all that began have ended. A worker that found no free thread before `work(0)` returned is left out:
  /// `work` must not wait for a certain number of workers. The first of what these calls throw is thrown here, at the
  /// end.
  void run(unsigned workers, const std::function<void(unsigned worker)>& work);

 private:
  struct Job {
    const std::function<void(unsigned)>* work = nullptr;
    unsigned next = 1;   // the next worker to begin
    unsigned count = 1;  // workers wanted
    /// On pool threads. Written under the mutex, and read without by who waits for them.
    std::atomic<unsigned> running{0};
    std::exception_ptr exception;
    std::condition_variable ended;
  };

  void serve();
  void wake(unsigned threads);

  std::mutex mutex_;  // guards everything below and the jobs in the queue
  std::condition_variable work_there_;
  std::deque<Job*> jobs_;
  std::atomic<bool> has_jobs_{false};  // what `jobs_` says, for who looks without the mutex
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace hocket
