#include "parallel/receipt_jobs.hpp"

#include "core/codec.hpp"

#include <algorithm>

namespace hocket {

void ReceiptJobs::reset(std::span<Receipt> receipts, unsigned worker_count, bool with_blooms, OnGroup on_group) {
  receipts_ = receipts;
  with_blooms_ = with_blooms;
  on_group_ = std::move(on_group);
  while (blooms_.size() < worker_count) blooms_.push_back(std::make_unique<BloomBuilder>());
  added_ = published_ = 0;
  logs_waiting_ = 0;
  bloom_ = {};
  available_.store(0, std::memory_order_relaxed);
  jobs_.clear();
  jobs_left_.assign(receipts.size() / kGroup + 1, 0);
}

bool ReceiptJobs::add() {
  logs_waiting_ += receipts_[added_++].logs.size();
  if (added_ % kGroup != 0 && added_ != receipts_.size()) return false;
  const bool worth_waking = with_blooms_ && logs_waiting_ >= kWorthWaking;
  logs_waiting_ = 0;
  publish(added_);
  return worth_waking;
}

/// The receipts up to `end`, without it: a group, or what has begun of one.
void ReceiptJobs::publish(TxnIndex end) {
  const std::lock_guard guard(mutex_);
  const std::size_t before = jobs_.size();
  jobs_.push_back({.first = published_, .end = end});
  if (with_blooms_)
    for (TxnIndex i = published_; i < end; ++i)
      if (const std::size_t logs = receipts_[i].logs.size(); logs > kLogsPerJob)
        for (std::size_t log = 0; log < logs; log += kLogsPerJob)
          jobs_.push_back({.first = i, .end = i + 1, .first_log = log, .end_log = std::min(log + kLogsPerJob, logs)});
  jobs_left_[published_ / kGroup] = static_cast<unsigned>(jobs_.size() - before);
  available_.store(static_cast<unsigned>(jobs_.size()), std::memory_order_relaxed);
  published_ = end;
}

bool ReceiptJobs::do_one(unsigned worker) {
  // relaxed: one that is missed is found later, by whoever ends the block.
  if (available_.load(std::memory_order_relaxed) == 0) return false;
  Job job;
  {
    const std::lock_guard guard(mutex_);
    if (jobs_.empty()) return false;
    job = jobs_.front();
    jobs_.pop_front();
    available_.store(static_cast<unsigned>(jobs_.size()), std::memory_order_relaxed);
  }
  run(job, *blooms_[worker]);
  return true;
}

void ReceiptJobs::run(const Job& job, BloomBuilder& blooms) {
  const TxnIndex group = job.first / kGroup;
  Bloom part;  // of this job
  if (with_blooms_ && job.end_log == 0) {
    const auto for_each_small = [&](auto&& use) {
      for (TxnIndex i = job.first; i < job.end; ++i)
        if (const std::size_t logs = receipts_[i].logs.size(); logs != 0 && logs <= kLogsPerJob) use(receipts_[i]);
    };
    for_each_small([&](Receipt& receipt) { blooms.add(receipt.logs, receipt.logs_bloom); });
    blooms.flush();
    for_each_small([&](const Receipt& receipt) { merge(part, receipt.logs_bloom); });
  }
  if (job.end_log != 0) {
    Receipt& receipt = receipts_[job.first];
    blooms.add(std::span{receipt.logs}.subspan(job.first_log, job.end_log - job.first_log), part);
    blooms.flush();
  }
  bool complete;
  {
    const std::lock_guard guard(mutex_);
    if (job.end_log != 0) merge(receipts_[job.first].logs_bloom, part);
    merge(bloom_, part);
    complete = --jobs_left_[group] == 0;
  }
  if (complete && on_group_)
    on_group_(group * kGroup, std::min((group + 1) * kGroup, static_cast<TxnIndex>(receipts_.size())));
}

void ReceiptJobs::finish() {
  while (do_one(0)) {
  }
  if (published_ == added_) return;
  on_group_ = {};  // this is part of one
  publish(added_);
  while (do_one(0)) {
  }
}

}  // namespace hocket
