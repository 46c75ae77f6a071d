#include "parallel/parallel_executor.hpp"

#include "base/assert.hpp"
#include "parallel/adopt.hpp"
#include "parallel/block_plan.hpp"
#include "parallel/committed_state.hpp"
#include "parallel/conflict.hpp"
#include "parallel/mv_view.hpp"
#include "parallel/overlay_view.hpp"
#include "parallel/receipt_jobs.hpp"
#include "parallel/transfer_block.hpp"
#include "parallel/worker_loop.hpp"
#include "parallel/write_history.hpp"
#include "transition/execute_transaction.hpp"

#include <algorithm>
#include <exception>
#include <mutex>

namespace hocket {
namespace {

/// Receipts that are worth waking another worker for.
constexpr std::size_t kReceiptsForTwo = 128;

/// Transactions in flight for each worker. Hot locations are read and written in time proportional to it.
constexpr TxnIndex kWindow = 128;
/// Transactions that are not worth a task each are handed out together, at most so many.
constexpr TxnIndex kMaxUnit = 16;

/// What an execution runs with. It keeps all of the execution while that is suspended.
struct Context {
  Context(ProgramCache& programs, MvMemory<>& memory) : evm(programs), view(memory), journal(view) {}

  Evm evm;
  MvView<> view;
  Journal journal;
  TransactionExecution execution;
  std::uint64_t block = 0;  // whose begin_block was called
  bool exact = false;       // all before the transaction were committed when it began
};

/// What an execution has read and written, as long as it is not committed.
struct Record {
  ReadSet<> reads;
  WriteSet<> writes;
  /// Slots where a version was announced before the first execution.
  std::vector<SlotKey> predicted;
};

/// What is known of one transaction. Belongs to the worker that has its task.
struct TransactionState {
  Record* record = nullptr;
  Context* suspended = nullptr;
  /// Of the last execution, if it gave no receipt.
  std::optional<TransactionFailure> failure;
  u256 deferred_fee;
  std::uint64_t ticks = 0;  // of the present execution so far
  /// It has read the committed prefix, which does not change.
  bool exact = false;
  /// Somebody has changed something while it ran.
  bool may_be_stale = false;
};

/// What one worker has at hand. alignas: its counters are its own.
struct alignas(64) Worker {
  std::vector<Context*> contexts;
  std::vector<Record*> records;
  ParallelStatistics counts;
};

/// The transactions from `first` on, one after the other. `timeline`: may be null.
std::expected<ExecutedTransactions, BlockFailure> execute_in_turn(
    SequentialExecutor& executor, const BlockEnvironment& block, std::span<const Transaction> transactions,
    std::size_t first, ExecutedTransactions executed, Journal& journal, const IntermediateRoot& intermediate_root,
    Timeline* timeline) {
  if (timeline == nullptr)
    return executor.execute_rest(block, transactions, first, std::move(executed), journal, intermediate_root);
  executed.receipts.reserve(transactions.size());
  for (std::size_t i = first; i < transactions.size(); ++i) {
    ActivityRecorder recorder(timeline, 0, static_cast<TxnIndex>(i), ActivityKind::sequential);
    auto more =
        executor.execute_rest(block, transactions.first(i + 1), i, std::move(executed), journal, intermediate_root);
    if (!more) return more;
    executed = *std::move(more);
    recorder.end(ActivityEnd::done);
  }
  return executed;
}

}  // namespace

struct ParallelExecutor::Impl {
  ProgramCache& programs;
  WorkerPool& pool;
  ParallelOptions options;
  SequentialExecutor sequential;
  MvMemory<> memory;
  Scheduler<> scheduler;
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<TransactionState> states;
  BlockPlan plan;
  WriteHistory history;
  ParallelStatistics statistics;

  std::mutex made_mutex;  // guards the two below, of which workers own the parts they have taken
  std::vector<std::unique_ptr<Context>> contexts;
  std::vector<std::unique_ptr<Record>> records;
  std::atomic<unsigned> suspended{0};  // relaxed: a bound, not a promise

  // The block under execution.
  std::uint64_t block_number = 0;  // counts blocks
  const BlockEnvironment* block = nullptr;
  std::span<const Transaction> transactions;
  Journal* journal = nullptr;
  const IntermediateRoot* intermediate_root = nullptr;
  std::optional<OverlayView> base;
  std::optional<CommittedState> committed_state;
  TransferBlock transfers;
  const ExecutedState* executed_state = nullptr;  // set: the journal does not hold everything
  AccountLocation<RealSync>* beneficiary = nullptr;
  bool needs_roots = false;
  // Written by the worker that commits; the scheduler hands that from one to the next.
  BlockUsage usage;
  ExecutedTransactions executed;  // a receipt is written by whoever executes its transaction
  ReceiptJobs receipt_jobs;
  BlockCompanion* companion = nullptr;
  std::size_t receipts_taken = 0;  // by the companion, from the first on
  BloomBuilder blooms;             // of whoever commits, where a receipt is wanted at once
  std::optional<BlockFailure> failure;
  std::mutex exception_mutex;
  std::exception_ptr exception;  // the first that a worker met; guarded by `exception_mutex`

  Impl(ProgramCache& cache, WorkerPool& workers_pool, ParallelOptions opts)
      : programs(cache), pool(workers_pool), options(std::move(opts)), sequential(cache), plan(options.policy) {}

  std::expected<ExecutedTransactions, BlockFailure> execute(const BlockEnvironment& environment,
                                                            std::span<const Transaction> all_transactions,
                                                            Journal& of_block, const IntermediateRoot& roots);
  void accompany(BlockCompanion& of_block, std::span<const Receipt> receipts);
  /// False: it is another kind of block.
  bool execute_as_transfers(unsigned worker_count);
  /// To whoever asks after the transactions.
  void show(const ExecutedState& state) {
    state.adopt_known(*journal);
    journal->set_later_state(&state);
    executed_state = &state;
  }
  void begin_block(unsigned worker_count);
  void end_block();
  void drop_skipped();
  std::expected<ExecutedTransactions, BlockFailure> finish_sequentially();
  void work(unsigned index) noexcept;
  /// A piece of what nobody waits for yet.
  bool do_background(unsigned index) {
    return receipt_jobs.do_one(index) || (companion != nullptr && companion->work());
  }
  bool is_cancelled() const noexcept {
    return options.cancelled != nullptr && options.cancelled->load(std::memory_order_relaxed);
  }

  Context& take_context(Worker& worker);
  Record& take_record(Worker& worker);
  bool may_suspend() noexcept;
  /// Announces what the transaction will probably write.
  void announce(unsigned worker, TxnIndex txn);
  void judge_predictions(TxnIndex txn);
  void note_conflict(TxnIndex txn, const SlotLocation<RealSync>& at);
  TransactionExecution::Result begin(Context& context, unsigned worker, TxnIndex txn);
  std::optional<TransactionExecution::Result> resume(Context& context, unsigned worker, TxnIndex txn);
  ExecutionEnd execute(unsigned index, TxnIndex txn);
  ExecutionEnd execute_once(unsigned index, TxnIndex txn);
  bool publish(Context& context, TxnIndex txn, TransactionExecution::Result&& outcome);
  bool is_valid(unsigned index, TxnIndex txn, bool settled) {
    const TransactionState& state = states[txn];
    return state.exact || hocket::is_valid(memory, txn, state.record->reads, index, settled);
  }
  void abort(unsigned index, TxnIndex txn);
  /// False: the block has failed.
  bool commit(Worker& worker, TxnIndex txn);
  /// `txn`, whose turn it is, is invalid. False: and so is the block.
  bool leave_out(TxnIndex txn, TransactionError error);
};

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

  const bool transfers_only = options.split_transfers && !needs_roots && TransferBlock::may_be(*block, transactions);
  unsigned worker_count = std::min(options.threads, pool.size());
  const unsigned choice = plan.choose_workers(transactions, worker_count, transfers_only);
  if (!options.forced) worker_count = choice;
  const TimelineOfBlock timeline(options.timeline, std::max(worker_count, 1u));
  if (transactions.empty() || (worker_count < 2 && !options.forced)) {
    sequential.evm().begin_block(*block->spec, block->context);
    return execute_in_turn(sequential, *block, transactions, 0, {}, *journal, roots, options.timeline);
  }
  base.emplace(journal->base(), journal->diff());
  if (transfers_only && execute_as_transfers(worker_count)) {
    show(transfers);
    return std::move(executed);
  }
  begin_block(worker_count);
  pool.run(worker_count, [this](unsigned index) { work(index); });
  end_block();
  if (exception) std::rethrow_exception(exception);
  if (failure) return std::unexpected(std::move(*failure));
  const bool is_chain = scheduler.is_chain();
  HOCKET_ASSERT(scheduler.finished() || is_chain);
  if (!needs_roots) show(committed_state.emplace(memory));
  ActivityRecorder receipts(options.timeline, 0, 0, ActivityKind::receipts);
  receipt_jobs.finish();
  receipts.end(ActivityEnd::done);
  receipts_taken = is_chain ? scheduler.committed() / ReceiptJobs::kGroup * ReceiptJobs::kGroup : transactions.size();
  executed.receipts.resize(scheduler.committed());
  drop_skipped();
  executed.gas_used = usage.gas;
  executed.blob_gas_used = usage.blob_gas;
  const std::size_t one_by_one = scheduler.committed_alone() + transactions.size() - scheduler.committed();
  plan.note_outcome(one_by_one >= transactions.size() / 2);
  if (is_chain) return finish_sequentially();
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
std::expected<ExecutedTransactions, BlockFailure> ParallelExecutor::Impl::finish_sequentially() {
  const std::size_t first = scheduler.committed();
  const std::size_t receipts_before = executed.receipts.size();
  std::size_t skipped_before = executed.skipped.size();
  sequential.evm().begin_block(*block->spec, block->context);
  auto all = execute_in_turn(sequential, *block, transactions, first, std::move(executed), *journal, *intermediate_root,
                             options.timeline);
  if (!all) return all;
  statistics.executions += transactions.size() - first;
  statistics.executed_gas += all->gas_used - usage.gas;
  statistics.committed_gas = all->gas_used;
  statistics.finished_sequentially = transactions.size() - first;
  if (!options.on_commit) return all;
  std::size_t receipt = receipts_before;
  for (std::size_t i = first; i < transactions.size(); ++i) {
    if (skipped_before < all->skipped.size() && all->skipped[skipped_before].index == i)
      ++skipped_before;
    else
      options.on_commit(static_cast<TxnIndex>(i), all->receipts[receipt++]);
  }
  return all;
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

void ParallelExecutor::Impl::begin_block(unsigned worker_count) {
  ++block_number;
  memory.reset(*base, 8 * transactions.size(), worker_count, options.hash_bits);
  const auto count = static_cast<TxnIndex>(transactions.size());
  states.assign(count, {});
  const TxnIndex window = std::max(kWindow * worker_count, kMaxUnit);
  const TxnIndex longest_unit = std::clamp<TxnIndex>(count / (16 * worker_count), 1, worker_count == 1 ? 1 : kMaxUnit);
  // What is left to sequential execution cannot be cancelled.
  scheduler.reset(
      plan.make_order(transactions, worker_count, longest_unit, window, history),
      {.window = window, .leaves_chains = options.cancelled == nullptr, .leaves_after = options.sequential_after});
  while (workers.size() < worker_count) workers.push_back(std::make_unique<Worker>());
  for (const auto& worker : workers) worker->counts = {};
  suspended.store(0);
  beneficiary = &memory.account(block->context.beneficiary, 0);
  usage = {};
  executed = {};
  executed.receipts.resize(count);
  ReceiptJobs::OnGroup on_group;
  if (companion != nullptr)
    on_group = [this](TxnIndex first, TxnIndex end) {
      companion->take_receipts(first, std::span{executed.receipts}.subspan(first, end - first));
    };
  receipt_jobs.reset(executed.receipts, worker_count, !options.on_commit, std::move(on_group));
  failure.reset();
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
    statistics.executed_gas += counts.executed_gas;
    for (int i = 0; i < kConflictCauseCount; ++i) statistics.reexecutions[i] += counts.reexecutions[i];
  }
  statistics.committed_gas = usage.gas;
  if (scheduler.finished()) return;
  // A block that failed leaves executions behind.
  for (TransactionState& state : states) {
    if (state.suspended != nullptr) workers[0]->contexts.push_back(state.suspended);
    if (state.record != nullptr) workers[0]->records.push_back(state.record);
    state = {};
  }
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

void ParallelExecutor::Impl::work(unsigned index) noexcept {
  /// What run_worker asks of this worker.
  struct Transactions {
    Impl& x;
    unsigned index;
    ExecutionEnd execute(TxnIndex txn) { return x.execute(index, txn); }
    bool is_valid(TxnIndex txn) { return validate(txn, false); }
    bool is_settled(TxnIndex txn) { return validate(txn, x.options.wait_for_estimates); }
    void abort(TxnIndex txn) { x.abort(index, txn); }
    bool do_background() {
      ActivityRecorder recorder(x.options.timeline, index, 0, ActivityKind::receipts);
      const bool done = x.do_background(index);
      if (done) recorder.end(ActivityEnd::done);
      return done;
    }
    bool commit(TxnIndex txn) {
      ActivityRecorder recorder(x.options.timeline, index, txn, ActivityKind::commit);
      const bool committed = x.commit(*x.workers[index], txn);
      recorder.end(ActivityEnd::done);
      return committed;
    }
    bool validate(TxnIndex txn, bool settled) {
      ActivityRecorder recorder(x.options.timeline, index, txn, ActivityKind::validate);
      const bool valid = x.is_valid(index, txn, settled);
      if (valid) recorder.end(ActivityEnd::done);  // otherwise `abort` records why
      return valid;
    }
  } of_worker{*this, index};
  try {
    run_worker(scheduler, of_worker);
  } catch (...) {
    {
      const std::lock_guard lock(exception_mutex);
      if (!exception) exception = std::current_exception();
    }
    scheduler.stop();
  }
}

Context& ParallelExecutor::Impl::take_context(Worker& worker) {
  Context* context;
  if (!worker.contexts.empty()) {
    context = worker.contexts.back();
    worker.contexts.pop_back();
  } else {
    const std::lock_guard lock(made_mutex);
    context = contexts.emplace_back(std::make_unique<Context>(programs, memory)).get();
  }
  if (context->block != block_number) {
    context->block = block_number;
    context->evm.begin_block(*block->spec, block->context);
  }
  return *context;
}

Record& ParallelExecutor::Impl::take_record(Worker& worker) {
  if (worker.records.empty()) {
    const std::lock_guard lock(made_mutex);
    return *records.emplace_back(std::make_unique<Record>());
  }
  Record& record = *worker.records.back();
  worker.records.pop_back();
  record.writes.clear();
  record.predicted.clear();
  return record;
}

bool ParallelExecutor::Impl::may_suspend() noexcept {
  if (suspended.fetch_add(1, std::memory_order_relaxed) < options.max_suspended) return true;
  suspended.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

TransactionExecution::Result ParallelExecutor::Impl::begin(Context& context, unsigned worker, TxnIndex txn) {
  const Transaction& transaction = transactions[txn];
  context.exact = scheduler.committed() == txn;
  const bool predicts = options.predict_nonces && !context.exact;
  context.view.begin(txn, states[txn].record->reads, worker,
                     {.wait = options.wait_for_estimates,
                      .sender = predicts ? &transaction.sender : nullptr,
                      .sender_nonce = transaction.nonce,
                      .early_abort = options.early_abort && !context.exact,
                      .cancelled = options.cancelled});
  context.journal.reset(context.view);
  return context.execution.start(transaction, *block, context.evm, context.journal,
                                 {.usage = {}, .defers_fee = options.defer_fees && !needs_roots});
}

/// Nothing: what it had read has changed.
std::optional<TransactionExecution::Result> ParallelExecutor::Impl::resume(Context& context, unsigned worker,
                                                                           TxnIndex txn) {
  suspended.fetch_sub(1, std::memory_order_relaxed);
  if (!hocket::is_valid(memory, txn, states[txn].record->reads, worker)) return std::nullopt;
  context.view.resume(worker);
  return context.execution.resume();
}

void ParallelExecutor::Impl::announce(unsigned worker, TxnIndex txn) {
  const auto kind = TransactionKind::of(transactions[txn]);
  if (!kind) return;
  Record& record = *states[txn].record;
  history.predict(*kind, record.predicted);
  for (const SlotKey& key : record.predicted) {
    auto& at = memory.slot(memory.account(key.account, worker), key.slot, worker);
    memory.write(at, {.txn = txn, .kind = SlotVersionKind::predicted, .value = {}}, worker);
    record.writes.slots.push_back(&at);
  }
}

void ParallelExecutor::Impl::judge_predictions(TxnIndex txn) {
  Record& record = *states[txn].record;
  const auto kind = TransactionKind::of(transactions[txn]);
  for (const SlotKey& key : record.predicted) {
    const bool written = std::ranges::any_of(record.writes.slots, [&](const auto* at) {
      return at->slot == key.slot && at->account->address == key.account;
    });
    history.judge(*kind, key, written);
  }
  record.predicted.clear();
}

/// What made `txn` stale: its writer may do so again.
void ParallelExecutor::Impl::note_conflict(TxnIndex txn, const SlotLocation<RealSync>& at) {
  const TxnIndex writer = writer_before(at, txn);
  if (writer == 0) return;
  if (const auto kind = TransactionKind::of(transactions[writer - 1]))
    history.note(*kind, {.account = at.account->address, .slot = at.slot});
}

ExecutionEnd ParallelExecutor::Impl::execute(unsigned index, TxnIndex txn) {
  bool changed = false;
  for (;;) {
    ExecutionEnd end = execute_once(index, txn);
    changed |= end.changed;
    // What has changed while it ran was changed by transactions that did not find it executed: nobody else would tell.
    if (!end.blocker && states[txn].may_be_stale && !is_valid(index, txn, options.wait_for_estimates)) {
      abort(index, txn);
      continue;
    }
    end.changed = changed;
    return end;
  }
}

/// The present execution, to its end or to where it waits.
ExecutionEnd ParallelExecutor::Impl::execute_once(unsigned index, TxnIndex txn) {
  TransactionState& state = states[txn];
  Worker& worker = *workers[index];
  ActivityRecorder recorder(options.timeline, index, txn,
                            state.suspended != nullptr ? ActivityKind::resume : ActivityKind::execute);
  const auto record_change = [&] {
    if (recorder.is_on())
      recorder.end(ActivityEnd::changed, cause_of(conflict_of(memory, txn, state.record->reads, index), txn));
  };
  if (state.record == nullptr) {
    state.record = &take_record(worker);
    if (options.predict_writes && scheduler.committed() != txn) {
      announce(index, txn);
      // Its own sender's writes come first; there is no work yet that could be kept.
      if (const TxnIndex before = plan.predecessor(txn); before != 0 && !scheduler.is_executed(before - 1)) {
        recorder.end(ActivityEnd::waiting, cause_of(before - 1));
        return {.blocker = before - 1, .changed = false};
      }
    }
  }
  Context& context = state.suspended != nullptr ? *state.suspended : take_context(worker);
  std::optional<TransactionExecution::Result> outcome;
  if (state.suspended != nullptr) {
    state.suspended = nullptr;
    const std::uint64_t begun = RealSync::ticks();
    outcome = resume(context, index, txn);
    state.ticks += RealSync::ticks() - begun;
    if (outcome && context.view.is_stale()) outcome.reset();
    if (!outcome) {
      ++worker.counts.early_aborts;
      record_change();
    }
  }
  while (!outcome) {
    ++worker.counts.executions;
    const std::uint64_t begun = RealSync::ticks();
    outcome = begin(context, index, txn);
    state.ticks = RealSync::ticks() - begun;
    if (!context.view.is_stale()) break;
    outcome.reset();
    ++worker.counts.early_aborts;
    record_change();
  }
  if (const auto& thrown = context.view.exception()) {
    worker.contexts.push_back(&context);
    std::rethrow_exception(thrown);
  }
  if (const auto blocker = context.view.blocker()) {
    if (may_suspend()) {
      state.suspended = &context;
      ++worker.counts.waits;
    } else {
      worker.contexts.push_back(&context);
      ++worker.counts.given_up;
    }
    recorder.end(state.suspended != nullptr ? ActivityEnd::waiting : ActivityEnd::given_up, cause_of(*blocker));
    return {.blocker = blocker, .changed = false};
  }
  if (outcome->has_value()) worker.counts.executed_gas += (*outcome)->gas_used;
  plan.note_cost(txn, state.ticks);
  const bool changed = publish(context, txn, std::move(*outcome));
  state.may_be_stale = options.early_abort && !context.exact && context.view.may_be_stale();
  worker.contexts.push_back(&context);
  recorder.end(ActivityEnd::done);
  return {.blocker = std::nullopt, .changed = changed};
}

/// True: a reader above may have looked at what is different now.
bool ParallelExecutor::Impl::publish(Context& context, TxnIndex txn, TransactionExecution::Result&& outcome) {
  TransactionState& state = states[txn];
  Record& record = *state.record;
  state.exact = context.exact;
  if (!context.exact) context.view.collect_reads(context.journal);
  if (!outcome) {
    state.failure = outcome.error();
    const bool withdrawn = context.view.withdraw_writes(record.writes);
    if (!record.predicted.empty()) judge_predictions(txn);
    return withdrawn;
  }
  state.failure.reset();
  state.deferred_fee = outcome->deferred_fee;
  executed.receipts[txn] = make_receipt(transactions[txn].type, std::move(*outcome), 0);
  const bool changed = context.view.publish_writes(context.journal, record.writes);
  if (!record.predicted.empty()) judge_predictions(txn);
  return changed;
}

void ParallelExecutor::Impl::abort(unsigned index, TxnIndex txn) {
  const Record& record = *states[txn].record;
  ActivityRecorder recorder(options.timeline, index, txn, ActivityKind::validate);
  const Conflict conflict = conflict_of(memory, txn, record.reads, index);
  ++workers[index]->counts.reexecutions[static_cast<int>(conflict.cause)];
  if (conflict.slot != nullptr && options.predict_writes) note_conflict(txn, *conflict.slot);
  mark_estimates(memory, txn, record.writes);
  if (recorder.is_on()) recorder.end(ActivityEnd::invalid, cause_of(conflict, txn));
}

bool ParallelExecutor::Impl::commit(Worker& worker, TxnIndex txn) {
  TransactionState& state = states[txn];
  const Transaction& transaction = transactions[txn];
  // What depends on the transactions before, in the order in which sequential execution asks.
  if (check_room_in_block(transaction, *block, usage))
    return leave_out(txn, validate_transaction(transaction, *block, usage).error());
  if (state.failure) {
    if (const auto* error = std::get_if<TransactionError>(&*state.failure)) return leave_out(txn, *error);
    failure = UnreadableState{.fault = std::get<StateFault>(*state.failure),
                              .detail = is_cancelled() ? "cancelled" : memory.base().fault_message()};
    return false;
  }
  commit_writes(memory, txn, state.record->writes);
  if (!state.deferred_fee.is_zero()) {
    if (const auto fault = memory.commit_credit(*beneficiary, state.deferred_fee)) {
      failure = UnreadableState{.fault = *fault, .detail = memory.base().fault_message()};
      return false;
    }
  }
  if (needs_roots) adopt_writes(txn, state.record->writes, *journal);
  worker.records.push_back(std::exchange(state.record, nullptr));
  Receipt& receipt = executed.receipts[txn];
  receipt.cumulative_gas_used = usage.gas + receipt.gas_used;
  usage.gas = receipt.cumulative_gas_used;
  usage.blob_gas += blob_gas_of(transaction);
  if (needs_roots) {
    const auto root = (*intermediate_root)(journal->diff());
    if (!root) {
      failure = UnreadableState{.fault = StateFault::missing_node, .detail = root.error().message};
      return false;
    }
    receipt.intermediate_state_root = *root;
  }
  if (options.on_commit) {
    blooms.fill({&receipt, 1});
    options.on_commit(txn, receipt);
  }
  if (receipt_jobs.add()) scheduler.notify();
  return true;
}

bool ParallelExecutor::Impl::leave_out(TxnIndex txn, TransactionError error) {
  if (!block->skips_invalid) {
    failure = InvalidBlock::of_transaction(txn, error);
    return false;
  }
  // Others may have seen what it wrote ahead of its turn, when the block still had room for it: theirs comes later.
  WriteSet<>& writes = states[txn].record->writes;
  for (auto* at : writes.accounts) memory.remove(*at, txn);
  for (auto* at : writes.slots) memory.remove(*at, txn);
  writes.clear();
  executed.skipped.push_back({txn, error});
  executed.receipts[txn] = {};
  receipt_jobs.add();
  return true;
}

}  // namespace hocket
