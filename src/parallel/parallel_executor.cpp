#include "parallel/parallel_executor.hpp"

#include "base/assert.hpp"
#include "core/codec.hpp"
#include "parallel/parallel_executor_impl.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <numeric>

namespace hocket {
namespace {

/// A block is contended where so large a part of it, or more, was executed again.
constexpr std::size_t kContendedPart = 20;
/// Of a block whose transactions have hardly to do with each other a smaller part waits or is executed again.
constexpr std::size_t kDependentPart = 1024;
/// No better than a chain is what had to be executed again to this part.
constexpr std::size_t kChainPart = 3;
/// So large a part of what executions take among others, or more, they do not take alone: locations, versions, and
/// what the cores take from each other.
constexpr std::uint64_t kOthersPart = 6;
/// Receipts that are worth waking another worker for.
constexpr std::size_t kReceiptsForTwo = 128;

/// Transactions.
constexpr TxnIndex kLongestSegment = 1024;

/// Looks at whether a block has been prepared, before one falls asleep.
constexpr unsigned kRoundsAwake = 128;

/// Transactions in flight for each worker. Hot locations are read and written in time proportional to it.
constexpr TxnIndex kWindow = 128;

}  // namespace

ParallelExecutor::ParallelExecutor(ProgramCache& programs, WorkerPool& pool, ParallelOptions options)
    : Executor(programs), impl_(std::make_unique<Impl>(programs, pool, std::move(options))) {}

ParallelExecutor::~ParallelExecutor() = default;

const ParallelStatistics& ParallelExecutor::statistics() const noexcept { return impl_->statistics; }

StateDiff ParallelExecutor::diff(const Journal& journal) const {
  StateDiff diff = journal.diff();
  if (impl_->executed_state != nullptr) impl_->executed_state->append_others(journal, impl_->pool, diff);
  return diff;
}

std::expected<ExecutedTransactions, BlockFailure> ParallelExecutor::execute(const BlockEnvironment& block,
                                                                            std::span<const Transaction> transactions,
                                                                            Journal& journal,
                                                                            const IntermediateRoot& intermediate_root) {
  Impl& x = *impl_;
  // Of a block that may skip transactions nobody knows the receipts' numbers before its end.
  BlockCompanion* companion = take_companion();
  x.companion = block.skips_invalid ? nullptr : companion;
  x.receipts_taken = 0;
  auto executed = x.execute(block, transactions, journal, intermediate_root);
  if (companion != nullptr && executed && executed->skipped.empty()) x.accompany(*companion, executed->receipts);
  return executed;
}

std::expected<ExecutedTransactions, BlockFailure> ParallelExecutor::Impl::execute(
    const BlockEnvironment& environment, std::span<const Transaction> all_transactions, Journal& of_block,
    const IntermediateRoot& roots) {
  block = &environment;
  transactions = all_transactions;
  journal = &of_block;
  intermediate_root = &roots;
  needs_roots = !block->spec->receipt_has_status && roots;
  statistics = {};
  statistics.transactions = transactions.size();
  executed_state = nullptr;

  unsigned worker_count = std::max(1u, std::min(options.threads, pool.size()));
  const bool is_small = transactions.empty() || (!options.forced && plan.is_small(transactions, worker_count));
  const bool transfers_only =
      !is_small && options.split_transfers && !needs_roots && TransferBlock::may_be(*block, transactions);
  BlockPlan::Choice choice;
  if (!is_small)
    choice = plan.choose(transactions, worker_count,
                         {.transfers_only = transfers_only,
                          .in_segments = may_use_segments(),
                          .in_turn = leaves_transfers_to_their_turn()},
                         &pool);
  if (!options.forced) worker_count = choice.workers;
  const TimelineOfBlock timeline(options.timeline, std::max(worker_count, 1u));
  if (is_small || (worker_count < 2 && !options.forced)) {
    sequential.evm().begin_block(*block->spec, block->context);
    const std::uint64_t begun = RealSync::ticks();
    auto all = execute_in_turn(0, {});
    if (all && is_small) plan.note_small(RealSync::ticks() - begun);
    if (all && !is_small) plan.note_sequential(RealSync::ticks() - begun);
    return all;
  }
  base.emplace(journal->base(), journal->diff());
  if (transfers_only && execute_as_transfers(worker_count)) {
    show(transfers);
    return std::move(executed);
  }
  const bool sets_length = options.segment_length != 0 && may_use_segments();
  if (sets_length || (!options.forced && choice.segment_ticks != 0))
    if (auto done = execute_in_segments(worker_count, sets_length ? 0 : choice.segment_ticks)) return *std::move(done);
  const std::uint64_t begun = RealSync::ticks();
  execute_together(worker_count);
  const std::uint64_t elapsed = RealSync::ticks() - begun;
  end_block();
  if (exception) std::rethrow_exception(exception);
  if (failure) return std::unexpected(std::move(*failure));
  fold_the_rest();
  const bool is_chain = scheduler.is_chain() || lacks_state;
  HOCKET_ASSERT(scheduler.finished() || is_chain);
  if (!needs_roots) show(committed_state.emplace(memory));
  ActivityRecorder receipts(options.timeline, 0, 0, ActivityKind::receipts);
  receipt_jobs.finish();
  merge(executed.logs_bloom, receipt_jobs.bloom());
  receipts.end(ActivityEnd::done);
  receipts_taken = is_chain ? scheduler.committed() / ReceiptJobs::kGroup * ReceiptJobs::kGroup : transactions.size();
  executed.receipts.resize(scheduler.committed());
  drop_skipped();
  executed.gas_used = usage.gas;
  executed.blob_gas_used = usage.blob_gas;
  if (lacks_state) return finish_sequentially(scheduler.committed());
  const std::size_t one_by_one = scheduler.committed_alone() + transactions.size() - scheduler.committed();
  const auto executed_again = [&](std::size_t part) {
    return statistics.executions >= transactions.size() + transactions.size() / part;
  };
  const bool paid = elapsed < committed_ticks - committed_ticks / kOthersPart;
  const bool was_chain = one_by_one >= transactions.size() / 2 || executed_again(kChainPart) || !paid;
  plan.note_outcome(was_chain                        ? CostHistory::Outcome::chain
                    : executed_again(kContendedPart) ? CostHistory::Outcome::contended
                                                     : CostHistory::Outcome::parallel);
  // Of what one worker has executed alone nobody knows.
  plan.note_independence(one_by_one == 0 && statistics.executions + statistics.waits <=
                                                transactions.size() + transactions.size() / kDependentPart);
  if (is_chain) return finish_sequentially(scheduler.committed());
  return std::move(executed);
}

/// What the companion has not been given or done yet: receipts from `receipts_taken` on, and the rest of its work.
void ParallelExecutor::Impl::accompany(BlockCompanion& of_block, std::span<const Receipt> receipts) {
  std::atomic<std::size_t> next{companion != nullptr ? receipts_taken : 0};  // relaxed: only handed out
  const auto work_along = [&](unsigned) {
    for (;;) {
      const std::size_t first = next.fetch_add(BlockCompanion::kGroup, std::memory_order_relaxed);
      if (first >= receipts.size()) break;
      of_block.take_receipts(first, receipts.subspan(first, std::min(BlockCompanion::kGroup, receipts.size() - first)));
    }
    while (of_block.work()) {
    }
  };
  const bool pays = receipts.size() - std::min(next.load(), receipts.size()) >= kReceiptsForTwo;
  pool.run(pays ? std::min(options.threads, pool.size()) : 1, work_along);
}

/// From the first transaction on that is not committed.
std::expected<ExecutedTransactions, BlockFailure> ParallelExecutor::Impl::finish_sequentially(std::size_t first) {
  const std::uint64_t gas_before = executed.gas_used;
  sequential.evm().begin_block(*block->spec, block->context);
  auto all = execute_in_turn(first, std::move(executed));
  if (!all) return all;
  statistics.executions += transactions.size() - first;
  statistics.executed_gas += all->gas_used - gas_before;
  statistics.committed_gas = all->gas_used;
  statistics.finished_sequentially = transactions.size() - first;
  return all;
}

/// The transactions from `first` on, one after the other.
std::expected<ExecutedTransactions, BlockFailure> ParallelExecutor::Impl::execute_in_turn(std::size_t first,
                                                                                          ExecutedTransactions before) {
  if (options.timeline == nullptr && options.cancelled == nullptr && !options.on_commit)
    return sequential.execute_rest(*block, transactions, first, std::move(before), *journal, *intermediate_root);
  before.receipts.reserve(transactions.size());
  for (std::size_t i = first; i < transactions.size(); ++i) {
    if (is_cancelled()) return std::unexpected(cancelled_block());
    ActivityRecorder recorder(options.timeline, 0, static_cast<TxnIndex>(i), ActivityKind::sequential);
    const std::size_t receipts = before.receipts.size();
    auto more =
        sequential.execute_rest(*block, transactions.first(i + 1), i, std::move(before), *journal, *intermediate_root);
    if (!more) return more;
    before = *std::move(more);
    recorder.end(ActivityEnd::done);
    const bool skipped = before.receipts.size() == receipts;
    if (options.on_commit && !skipped) options.on_commit(static_cast<TxnIndex>(i), before.receipts.back());
  }
  return before;
}

bool ParallelExecutor::Impl::execute_as_transfers(unsigned worker_count) {
  auto done = transfers.execute(*block, transactions, *base, pool, worker_count, options.cancelled, options.timeline);
  if (!done) return false;
  executed = *std::move(done);
  statistics.parallel = true;
  statistics.split = true;
  statistics.workers = worker_count;
  statistics.executions = transactions.size();
  statistics.executed_gas = statistics.committed_gas = executed.gas_used;
  if (options.on_commit)
    for (TxnIndex i = 0; i < executed.receipts.size(); ++i) options.on_commit(i, executed.receipts[i]);
  return true;
}

bool ParallelExecutor::Impl::leaves_transfers_to_their_turn() const noexcept {
  return options.transfers_in_turn && options.defer_fees && !needs_roots && PlainTransfers::may_be_in(*block);
}

bool ParallelExecutor::Impl::may_use_segments() const noexcept {
  return options.segments && !needs_roots && !options.on_commit && SegmentBlock::may_be(*block);
}

std::optional<std::expected<ExecutedTransactions, BlockFailure>> ParallelExecutor::Impl::execute_in_segments(
    unsigned worker_count, std::uint64_t segment_ticks) {
  auto outcome = segments.execute(*block, transactions, *base, plan, pool,
                                  {.workers = worker_count,
                                   .most = segment_ticks == 0 ? options.segment_length : kLongestSegment,
                                   .ticks = segment_ticks == 0 ? ~std::uint64_t{0} : segment_ticks,
                                   .adapts = options.segment_length == 0,
                                   .predicts_nonces = options.predict_nonces,
                                   .hash_bits = options.hash_bits,
                                   .cancelled = options.cancelled,
                                   .timeline = options.timeline});
  if (is_cancelled()) return std::unexpected(cancelled_block());
  statistics.parallel = true;
  statistics.workers = worker_count;
  statistics.executions = outcome.executions;
  statistics.executed_gas = outcome.executed_gas;
  std::ranges::copy(outcome.reexecutions, statistics.reexecutions);
  const std::size_t committed = outcome.committed;
  statistics.segments = committed != 0;
  const bool complete = committed == transactions.size();
  const auto stale =
      std::accumulate(std::begin(outcome.reexecutions), std::end(outcome.reexecutions), std::uint64_t{0});
  plan.note_segments(complete && outcome.lost_ticks < BlockPlan::saved_by_segments(committed));
  // What conflicts so much is seldom worth another way, nor is the end of a block; and what is left to sequential
  // execution cannot be cancelled.
  const bool is_worth_it = stale == 0 && committed < transactions.size() / 2;
  if (!complete && (is_worth_it || options.cancelled != nullptr)) {
    // For the timeline: all was for nothing.
    for (TxnIndex txn = 0; options.timeline != nullptr && txn < outcome.begun; ++txn)
      ActivityRecorder(options.timeline, 0, txn, ActivityKind::validate).end(ActivityEnd::invalid);
    statistics.segments = false;
    return std::nullopt;
  }
  show(segments.committed());
  executed = std::move(outcome.executed);
  if (!complete) return finish_sequentially(committed);
  statistics.committed_gas = executed.gas_used;
  return std::move(executed);
}

void ParallelExecutor::Impl::execute_together(unsigned worker_count) {
  enum class Begun : std::uint8_t { not_yet, yes, failed };
  std::atomic<Begun> begun{Begun::not_yet};
  // The others wake up while the first one prepares the block, which takes about as long.
  pool.run(worker_count, [&](unsigned index) {
    if (index == 0) {
      try {
        begin_block(worker_count);
      } catch (...) {
        begun.store(Begun::failed);
        begun.notify_all();
        throw;
      }
      begun.store(Begun::yes);
      begun.notify_all();
    } else {
      for (unsigned round = 0; begun.load() == Begun::not_yet; ++round)
        if (round < kRoundsAwake)
          RealSync::pause(round);
        else
          begun.wait(Begun::not_yet);
      if (begun.load() == Begun::failed) return;
    }
    work(index);
  });
}

void ParallelExecutor::Impl::begin_block(unsigned worker_count) {
  ++block_number;
  follows = options.followed_slots != FollowedSlots::none && worker_count >= options.follows_from;
  memory.reset(*base, 8 * transactions.size(), worker_count, options.hash_bits, follows ? &hot_slots : nullptr);
  const auto count = static_cast<TxnIndex>(transactions.size());
  states.assign(count, {});
  const TxnIndex window = kWindow * worker_count;
  // What is left to sequential execution cannot be cancelled.
  scheduler.reset(plan.make_order(transactions, worker_count, window, history, leaves_transfers_to_their_turn()),
                  {.window = window,
                   .begins_alone = !options.forced && plan.begins_alone(),
                   .leaves_chains = options.cancelled == nullptr,
                   .leaves_after = options.sequential_after});
  while (workers.size() < worker_count) workers.push_back(std::make_unique<Worker>());
  for (const auto& worker : workers) {
    worker->counts = {};
    // One by one: where memory is refused, the next block goes on from there.
    for (auto& back = worker->records_back; back < worker->taken_records.size(); ++back)
      worker->records.push_back(worker->taken_records[back].record);
    worker->taken_records.clear();
    worker->records_back = 0;
  }
  suspended.store(0);
  found_hot.store(0);
  plain_transfers.emplace(*block);
  beneficiary = &memory.account(block->context.beneficiary, 0);
  usage = {};
  fees_begun = false;
  committed_ticks = 0;
  executed = {};
  executed.receipts.resize(count);
  ReceiptJobs::OnGroup on_group;
  if (companion != nullptr)
    on_group = [this](TxnIndex first, TxnIndex end) {
      companion->take_receipts(first, std::span{executed.receipts}.subspan(first, end - first));
    };
  receipt_jobs.reset(executed.receipts, worker_count, !options.on_commit, std::move(on_group));
  failure.reset();
  lacks_state = false;
  exception = nullptr;
  statistics.parallel = true;
  statistics.workers = worker_count;
}

void ParallelExecutor::Impl::end_block() {
  for (const auto& worker : workers) {
    const ParallelStatistics& counts = worker->counts;
    statistics.executions += counts.executions;
    statistics.waits += counts.waits;
    statistics.given_up += counts.given_up;
    statistics.early_aborts += counts.early_aborts;
    statistics.in_turn += counts.in_turn;
    statistics.followed += counts.followed;
    statistics.redone += counts.redone;
    statistics.redone_in_vain += counts.redone_in_vain;
    statistics.executed_gas += counts.executed_gas;
    for (int i = 0; i < kConflictCauseCount; ++i) statistics.reexecutions[i] += counts.reexecutions[i];
  }
  statistics.committed_gas = usage.gas;
  if (scheduler.finished()) return;
  // A block that failed leaves executions behind.
  for (TransactionState& state : states) {
    if (state.suspended != nullptr) give_back(*workers[0], *state.suspended);
    state = {};
  }
}

/// What was committed after its worker had ended, or stands behind what a chain's end has left uncommitted.
void ParallelExecutor::Impl::fold_the_rest() {
  const TxnIndex end = scheduler.committed();
  for (unsigned index = 0; index < workers.size(); ++index)
    for (const TakenRecord& taken : workers[index]->taken())
      if (taken.txn < end) fold_writes(memory, end, taken.record->writes, index);
}

/// Receipts stand at their transaction's index until the block ends.
void ParallelExecutor::Impl::drop_skipped() {
  if (executed.skipped.empty()) return;
  auto& receipts = executed.receipts;
  auto skipped = executed.skipped.begin();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < receipts.size(); ++i) {
    if (skipped != executed.skipped.end() && skipped->index == i)
      ++skipped;
    else if (kept++ != i)
      receipts[kept - 1] = std::move(receipts[i]);
  }
  receipts.resize(kept);
}

}  // namespace hocket
