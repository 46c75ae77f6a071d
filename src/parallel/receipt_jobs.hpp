// ReceiptJobs: what is left to do for receipts once their transactions are committed (the bloom of the logs), in pieces
// for workers that have nothing more urgent, while later transactions still run.
#pragma once

#include "core/bloom_builder.hpp"
#include "parallel/sync.hpp"
#include "transition/block_companion.hpp"

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace hocket {

/// Thread safety: any number of workers, each with an index of its own, except where said.
class ReceiptJobs {
 public:
  /// Receipts in a group.
  static constexpr TxnIndex kGroup = BlockCompanion::kGroup;

  /// Called with each group of receipts [first, end) that is complete; by any worker, by several at the same time.
  using OnGroup = std::function<void(TxnIndex first, TxnIndex end)>;

  /// `receipts` must stay where they are until `finish` has returned. `with_blooms`: false if the receipts have theirs.
  /// Requires: no worker is active.
  void reset(std::span<Receipt> receipts, unsigned worker_count, bool with_blooms, OnGroup on_group);

  /// The next receipt has everything but its bloom. One caller at a time, in order.
  /// True: enough is to be done now that sleepers should know.
  bool add();

  /// Does a piece of work, if there is one. Throws what `on_group` does.
  bool do_one(unsigned worker);

  /// Does what is left, of the receipts that were added. Requires: no worker is active.
  void finish();

  /// Of all receipts whose blooms were made here. Requires: `finish` was called.
  const Bloom& bloom() const noexcept { return bloom_; }

 private:
  static constexpr std::size_t kLogsPerJob = 256;
  static constexpr std::size_t kWorthWaking = 64;  // logs

  /// Logs [first_log, end_log) of one receipt; or all of several receipts, where `end_log` is 0.
  struct Job {
    TxnIndex first = 0;
    TxnIndex end = 0;
    std::size_t first_log = 0;
    std::size_t end_log = 0;
  };

  void publish(TxnIndex end);
  void run(const Job& job, BloomBuilder& blooms);

  std::span<Receipt> receipts_;
  bool with_blooms_ = true;
  OnGroup on_group_;
  std::vector<std::unique_ptr<BloomBuilder>> blooms_;  // by worker

  // Written by whoever adds, one at a time.
  TxnIndex added_ = 0;
  TxnIndex published_ = 0;
  std::size_t logs_waiting_ = 0;  // of the receipts that are not published

  std::atomic<unsigned> available_{0};  // size of `jobs_`: looked at before taking the lock
  std::mutex mutex_;                    // guards what is below, and blooms that several jobs add to
  Bloom bloom_;
  std::deque<Job> jobs_;
  std::vector<unsigned> jobs_left_;  // by group
};

}  // namespace hocket
