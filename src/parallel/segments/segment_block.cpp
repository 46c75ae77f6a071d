#include "parallel/segments/segment_block.hpp"

#include "core/codec.hpp"

#include <algorithm>

namespace hocket {
namespace {

/// Segments in flight for each worker.
constexpr std::size_t kWindow = 4;
/// What is lost before that much says nothing yet of the rest: so many ticks, and such a part of the block's.
constexpr auto kFewLostTicks = static_cast<std::uint64_t>(200'000 * RealSync::kTicksPerNs);
constexpr std::uint64_t kFewLostPart = 32;
/// Nor is it given up before so many times what segments save is lost.
constexpr std::uint64_t kLostPart = 2;

}  // namespace

SegmentBlock::Outcome SegmentBlock::execute(const BlockEnvironment& block, std::span<const Transaction> transactions,
                                            const StateView& base, BlockPlan& plan, WorkerPool& pool,
                                            const Options& options) {
  const std::size_t count = transactions.size();
  options_ = options;
  base_ = &base;
  committed_.reset(count, options.workers, 2 * count, 2 * count, options.hash_bits);
  if (places_.size() < kWindow * options.workers) places_.resize(kWindow * options.workers);
  while (workers_.size() < options.workers) workers_.push_back(std::make_unique<Worker>(*programs_));
  for (const auto& worker : workers_) worker->evm.begin_block(*block.spec, block.context);
  next_ = committed_count_ = 0;
  next_transaction_ = 0;
  length_ = SegmentLength(plan.shortest_segment_ticks(), options.ticks);
  committing_ = stopped_ = false;
  exception_ = nullptr;
  usage_ = {};
  outcome_ = {};
  outcome_.executed.receipts.resize(count);
  of_ = {.block = &block,
         .transactions = transactions,
         .receipts = outcome_.executed.receipts,
         .plan = &plan,
         .timeline = options.timeline};

  pool.run(options.workers, [this](unsigned index) {
    try {
      work(index);
    } catch (...) {
      stop(std::current_exception());
    }
  });

  if (exception_) std::rethrow_exception(exception_);
  // What was not committed.
  for (Place& place : places_)
    if (place.segment != nullptr) workers_[place.worker]->free.push_back(std::move(place.segment));
  outcome_.executed.receipts.resize(outcome_.committed);
  outcome_.begun = next_transaction_;
  outcome_.executed.gas_used = usage_.gas;
  outcome_.executed.blob_gas_used = usage_.blob_gas;
  return std::move(outcome_);
}

void SegmentBlock::work(unsigned index) {
  const std::size_t count = of_.transactions.size();
  committed_.filter(index).begin(committed_, count, 2 * count);
  workers_[index]->nodes.clear();
  std::unique_lock lock(mutex_);
  while (!stopped_ && next_transaction_ < count) {
    if (next_ >= committed_count_ + kWindow * options_.workers) {
      changed_.wait(lock);
      continue;
    }
    Place& place = place_of(next_++);
    place.first = next_transaction_;
    place.end = next_transaction_ = of_.plan->end_of_segment(place.first, options_.most, length_.ticks());
    place.executed = false;
    place.worker = index;
    auto& free = workers_[index]->free;
    if (free.empty()) free.push_back(std::make_unique<Segment>());
    place.segment = std::move(free.back());
    free.pop_back();
    lock.unlock();
    execute(place, index, false);
    lock.lock();
    place.executed = true;
    if (!committing_) commit_what_is_ready(lock, index);
  }
}

/// `in_turn`: everything before it is committed.
void SegmentBlock::execute(Place& place, unsigned worker, bool in_turn) {
  const auto [first, end] = std::pair{place.first, place.end};
  const auto receipts = of_.receipts.subspan(first, end - first);
  place.segment->execute(first, end, of_, committed_.filter(worker), *base_, options_.cancelled,
                         options_.predicts_nonces && !in_turn, workers_[worker]->evm, workers_[worker]->nodes, worker);
  ActivityRecorder recorder(options_.timeline, worker, first, ActivityKind::receipts);
  if (in_turn)
    for (Receipt& receipt : receipts) receipt.logs_bloom = {};  // of the execution before
  place.bloom = workers_[worker]->blooms.fill(receipts);
  recorder.end(ActivityEnd::done);
}

/// `lock` is held, before and afterwards.
void SegmentBlock::commit_what_is_ready(std::unique_lock<std::mutex>& lock, unsigned worker) {
  committing_ = true;
  while (!stopped_ && committed_count_ < next_ && place_of(committed_count_).executed) {
    Place& place = place_of(committed_count_);
    lock.unlock();
    const bool committed = commit(place, worker);
    lock.lock();
    workers_[place.worker]->free.push_back(std::move(place.segment));
    if (committed)
      ++committed_count_;
    else
      stopped_ = true;
    if (options_.adapts && committed && !place.stale) {
      length_.note_held();
      of_.plan->note_segment(place.first, false);
    }
    changed_.notify_all();
  }
  committing_ = false;
}

/// False: it, and what follows, is left to others.
bool SegmentBlock::commit(Place& place, unsigned worker) {
  Segment& segment = *place.segment;
  const auto count = segment.end() - segment.first();
  outcome_.executions += count;
  outcome_.executed_gas += segment.gas_used();
  ConflictCause cause{};
  Segment::Verdict verdict = segment.judge(committed_.filter(worker), cause);
  place.stale = verdict == Segment::Verdict::changed;
  if (place.stale) {
    record_stale(segment, worker, cause);
    outcome_.lost_ticks += segment.ticks();
    if (options_.adapts) {
      if (!is_worth_more(segment)) return false;
      const std::lock_guard lock(mutex_);
      length_.note_stale();
      of_.plan->note_segment(place.first, true);
    }
    outcome_.reexecutions[static_cast<int>(cause)] += count;
    outcome_.executions += count;
    execute(place, worker, true);
    outcome_.executed_gas += segment.gas_used();
    verdict = segment.judge(committed_.filter(worker), cause);
  }
  if (verdict != Segment::Verdict::holds || !has_room(segment)) return false;
  ActivityRecorder recorder(options_.timeline, worker, segment.first(), ActivityKind::commit);
  segment.commit(committed_);
  merge(outcome_.executed.logs_bloom, place.bloom);
  for (TxnIndex txn = segment.first(); txn < segment.end(); ++txn) {
    Receipt& receipt = of_.receipts[txn];
    usage_.gas += receipt.gas_used;
    usage_.blob_gas += blob_gas_of(of_.transactions[txn]);
    receipt.cumulative_gas_used = usage_.gas;
  }
  outcome_.committed = segment.end();
  recorder.end_through(segment.end() - 1);
  return true;
}

/// Not if more has been lost than what segments save, beside what says nothing.
bool SegmentBlock::is_worth_more(const Segment& stale) const noexcept {
  const std::uint64_t few = std::max(kFewLostTicks, of_.plan->total_ticks() / kFewLostPart);
  return outcome_.lost_ticks <= few + kLostPart * BlockPlan::saved_by_segments(stale.end());
}

void SegmentBlock::record_stale(const Segment& segment, unsigned worker, ConflictCause conflict) const {
  if (options_.timeline == nullptr) return;
  ActivityCause cause;
  cause.conflict = conflict;
  for (TxnIndex txn = segment.first(); txn < segment.end(); ++txn)
    ActivityRecorder(options_.timeline, worker, txn, ActivityKind::validate).end(ActivityEnd::invalid, cause);
}

/// Whether each of its transactions fits into what those before have left of the block's gas.
bool SegmentBlock::has_room(const Segment& segment) const {
  BlockUsage usage = usage_;
  for (TxnIndex txn = segment.first(); txn < segment.end(); ++txn) {
    if (check_room_in_block(of_.transactions[txn], *of_.block, usage)) return false;
    usage.gas += of_.receipts[txn].gas_used;
    usage.blob_gas += blob_gas_of(of_.transactions[txn]);
  }
  return true;
}

void SegmentBlock::stop(std::exception_ptr exception) {
  const std::lock_guard lock(mutex_);
  if (!exception_) exception_ = std::move(exception);
  stopped_ = true;
  changed_.notify_all();
}

}  // namespace hocket
