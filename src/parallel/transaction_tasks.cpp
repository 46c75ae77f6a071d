// What a worker does with one transaction: executing it, publishing what it wrote, comparing what it read. What happens
// when its turn has come is in commitment.cpp.
#include "parallel/disorder.hpp"
#include "parallel/parallel_executor_impl.hpp"

#include <algorithm>
#include <utility>

namespace hocket {
namespace {

/// A transaction whose turn has come and that is expected to take longer announces what it will write.
constexpr std::uint64_t kWorthAnnouncing = static_cast<std::uint64_t>(5'000 * RealSync::kTicksPerNs);

/// To begin again after less is not worth a wait the next time.
constexpr std::uint64_t kWorthWaiting = static_cast<std::uint64_t>(50'000 * RealSync::kTicksPerNs);

}  // namespace

void ParallelExecutor::Impl::work(unsigned index) noexcept {
  /// What run_worker asks of this worker.
  struct Transactions {
    Impl& x;
    unsigned index;
    ExecutionEnd execute(TxnIndex txn) { return x.execute(index, txn); }
    bool is_valid(TxnIndex txn) { return validate(txn, true); }
    bool is_settled(TxnIndex txn) { return validate(txn, false); }
    void abort(TxnIndex txn) { x.abort(index, txn); }
    bool do_background() {
      ActivityRecorder recorder(x.options.timeline, index, 0, ActivityKind::receipts);
      const bool done = x.fold_committed(index) || x.do_background(index);
      if (done) recorder.end(ActivityEnd::done);
      return done;
    }
    bool commit(TxnIndex txn) {
      ActivityRecorder recorder(x.options.timeline, index, txn, ActivityKind::commit);
      const bool committed = x.commit(index, txn);
      recorder.end(ActivityEnd::done);
      return committed;
    }
    bool commit_at_once(TxnIndex txn) {
      ActivityRecorder recorder(x.options.timeline, index, txn, ActivityKind::execute);
      const bool committed = x.commit_transfer(index, txn);
      if (committed) recorder.end(ActivityEnd::done);
      return committed;
    }
    bool validate(TxnIndex txn, bool in_turn) {
      ActivityRecorder recorder(x.options.timeline, index, txn, ActivityKind::validate);
      const bool valid = in_turn ? x.is_valid(index, txn, false) && x.redo(index, txn)
                                 : x.is_valid(index, txn, x.options.wait_for_estimates);
      if (valid) recorder.end(ActivityEnd::done);  // otherwise `abort` records why
      return valid;
    }
  } of_worker{*this, index};
  try {
    if (options.disorder != 0 && statistics.workers == 1)
      run_in_disorder(scheduler, of_worker, static_cast<TxnIndex>(transactions.size()),
                      leaves_transfers_to_their_turn(), options.disorder + block_number);
    else
      run_worker(scheduler, of_worker);
    fold_committed(index);
  } catch (...) {
    {
      const std::lock_guard lock(exception_mutex);
      if (!exception) exception = std::current_exception();
    }
    scheduler.stop();
  }
}

ParallelExecutor::Impl::Context& ParallelExecutor::Impl::take_context(Worker& worker) {
  Context* context;
  if (!worker.contexts.empty()) {
    context = worker.contexts.back();
    worker.contexts.pop_back();
  } else {
    const std::lock_guard lock(made_mutex);
    if (!spare_contexts.empty()) {
      context = spare_contexts.back();
      spare_contexts.pop_back();
    } else {
      spare_contexts.reserve(contexts.size() + 1);
      context = contexts.emplace_back(std::make_unique<Context>(programs, memory)).get();
    }
  }
  return *context;
}

/// Given back at the end of the scope, whatever ends it, or kept by an execution that is suspended.
class ParallelExecutor::Impl::HeldContext {
 public:
  HeldContext(Impl& impl, Worker& worker, Context& context) noexcept
      : impl_(impl), worker_(worker), context_(context) {}
  HeldContext(const HeldContext&) = delete;
  HeldContext& operator=(const HeldContext&) = delete;
  ~HeldContext() {
    if (!kept_) impl_.give_back(worker_, context_);
  }

  Context& context() const noexcept { return context_; }
  Context& keep() noexcept {
    kept_ = true;
    return context_;
  }

 private:
  Impl& impl_;
  Worker& worker_;
  Context& context_;
  bool kept_ = false;
};

void ParallelExecutor::Impl::give_back(Worker& worker, Context& context) noexcept {
  if (worker.contexts.size() < kKeptContexts) {
    worker.contexts.push_back(&context);
    return;
  }
  const std::lock_guard lock(made_mutex);
  spare_contexts.push_back(&context);
}

bool ParallelExecutor::Impl::fold_committed(unsigned index) {
  Worker& worker = *workers[index];
  auto& taken = worker.taken_records;
  const TxnIndex end = scheduler.committed();
  const std::size_t before = worker.records_back;
  for (auto& back = worker.records_back; back < taken.size() && taken[back].txn < end; ++back) {
    fold_writes(memory, end, taken[back].record->writes, index);
    worker.records.push_back(taken[back].record);
  }
  const bool folded = worker.records_back != before;
  if (worker.records_back == taken.size()) {
    taken.clear();
    worker.records_back = 0;
  }
  return folded;
}

ParallelExecutor::Impl::Record& ParallelExecutor::Impl::take_record(unsigned index, TxnIndex txn) {
  Worker& worker = *workers[index];
  fold_committed(index);
  if (worker.records.empty()) {
    const std::lock_guard lock(made_mutex);
    worker.records.push_back(records.emplace_back(std::make_unique<Record>()).get());
  }
  Record& record = *worker.records.back();
  worker.taken_records.push_back({&record, txn});
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
  context.log = follows && !context.exact ? &states[txn].record->following.log : nullptr;
  context.evm.record_in(nullptr);
  context.view.begin(txn, states[txn].record->reads, worker,
                     {.wait = options.wait_for_estimates,
                      .sender = predicts ? &transaction.sender : nullptr,
                      .sender_nonce = transaction.nonce,
                      .early_abort = options.early_abort && !context.exact,
                      .log = context.log,
                      .follows_all = options.followed_slots == FollowedSlots::all || is_contended(),
                      .cancelled = options.cancelled});
  context.journal.reset(context.view);
  return follow_from_here(context, worker,
                          context.execution.start(transaction, *block, context.evm, context.journal,
                                                  {.usage = {}, .defers_fee = options.defer_fees && !needs_roots}));
}

TransactionExecution::Result ParallelExecutor::Impl::follow_from_here(Context& context, unsigned worker,
                                                                      TransactionExecution::Result&& result) {
  if (!context.view.begins_to_follow()) return std::move(result);
  context.evm.record_in(context.log);
  context.view.resume(worker);
  return context.execution.resume();
}

/// Nothing: what it had read has changed.
std::optional<TransactionExecution::Result> ParallelExecutor::Impl::resume(Context& context, unsigned worker,
                                                                           TxnIndex txn) {
  suspended.fetch_sub(1, std::memory_order_relaxed);
  if (!hocket::is_valid(memory, txn, states[txn].record->reads, worker)) return std::nullopt;
  context.view.resume(worker);
  return follow_from_here(context, worker, context.execution.resume());
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

/// What made `txn` stale: its writer may do so again, and others had better follow the slot.
void ParallelExecutor::Impl::learn(TxnIndex txn, const Conflict& conflict) {
  if (conflict.slot == nullptr) return;
  SlotLocation<RealSync>& at = *conflict.slot;
  if (follows && !states[txn].record->reads.follows(at)) note_hot(at);
  const TxnIndex writer = options.predict_writes ? writer_before(at, txn) : 0;
  if (writer == 0) return;
  if (const auto kind = TransactionKind::of(transactions[writer - 1]))
    history.note(*kind, {.account = at.account->address, .slot = at.slot});
}

bool ParallelExecutor::Impl::is_contended() const noexcept {
  const auto found = found_hot.load(std::memory_order_relaxed);
  return found * kContendedShare > std::max<std::size_t>(scheduler.committed(), statistics.workers);
}

void ParallelExecutor::Impl::note_hot(SlotLocation<RealSync>& at) {
  found_hot.fetch_add(1, std::memory_order_relaxed);
  at.is_hot.store(hot_slots.note({.account = at.account->address, .slot = at.slot}), std::memory_order_relaxed);
}

void ParallelExecutor::Impl::judge_hot(SlotLocation<RealSync>& at, bool redone) {
  at.is_hot.store(hot_slots.judge({.account = at.account->address, .slot = at.slot}, redone),
                  std::memory_order_relaxed);
}

bool ParallelExecutor::Impl::redo(unsigned worker, TxnIndex txn) {
  TransactionState& state = states[txn];
  if (state.exact || state.record->reads.followed.empty()) return true;
  ParallelStatistics& counts = workers[worker]->counts;
  ++counts.followed;
  const Redone redone = state.record->following.redo(memory, txn, state.record->reads, worker);
  if (redone == Redone::nothing) return true;
  const bool done = redone != Redone::not_possible;
  ++(done ? counts.redone : counts.redone_in_vain);
  for (const std::uint32_t read : state.record->following.changed())
    judge_hot(*state.record->reads.slot_stamps[read].at, done);
  if (redone == Redone::observed) scheduler.look_again_after(txn);
  return done;
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
  const auto note_change = [&] {
    ++worker.counts.early_aborts;
    const bool was_long = state.ticks >= kWorthWaiting;
    if (!was_long && !recorder.is_on()) return;
    const Conflict conflict = conflict_of(memory, txn, state.record->reads, index);
    if (was_long) learn(txn, conflict);
    if (recorder.is_on()) recorder.end(ActivityEnd::changed, cause_of(conflict, txn));
  };
  if (state.record == nullptr) {
    state.record = &take_record(index, txn);
    // A short one is over before somebody else could wait for it.
    const bool is_over_soon = scheduler.committed() == txn && plan.ticks_of(txn) < kWorthAnnouncing;
    if (options.predict_writes && !is_over_soon && statistics.workers > 1) {
      announce(index, txn);
      // Its own sender's writes come first; there is no work yet that could be kept.
      if (const TxnIndex before = plan.predecessor(txn); before != 0 && !scheduler.is_executed(before - 1)) {
        recorder.end(ActivityEnd::waiting, cause_of(before - 1));
        return {.blocker = before - 1, .changed = false};
      }
    }
  }
  const bool resumes = state.suspended != nullptr;
  HeldContext held(*this, worker, resumes ? *std::exchange(state.suspended, nullptr) : take_context(worker));
  Context& context = held.context();
  context.evm.remember_in(worker.hashes);
  if (context.block != block_number) {
    context.block = block_number;
    context.evm.begin_block(*block->spec, block->context);
  }
  std::optional<TransactionExecution::Result> outcome;
  if (resumes) {
    const std::uint64_t begun = RealSync::ticks();
    outcome = resume(context, index, txn);
    state.ticks += RealSync::ticks() - begun;
    if (outcome && context.view.is_stale()) outcome.reset();
    if (!outcome) note_change();
  }
  while (!outcome) {
    ++worker.counts.executions;
    const std::uint64_t begun = RealSync::ticks();
    outcome = begin(context, index, txn);
    state.ticks = RealSync::ticks() - begun;
    if (!context.view.is_stale()) break;
    outcome.reset();
    note_change();
  }
  if (const auto blocker = context.view.blocker()) {
    if (follows) note_hot(context.view.waits_at());
    if (may_suspend()) {
      state.suspended = &held.keep();
      ++worker.counts.waits;
    } else {
      ++worker.counts.given_up;
    }
    recorder.end(state.suspended != nullptr ? ActivityEnd::waiting : ActivityEnd::given_up, cause_of(*blocker));
    return {.blocker = blocker, .changed = false};
  }
  const std::uint64_t gas_used = outcome->has_value() ? (*outcome)->gas_used : 0;
  worker.counts.executed_gas += gas_used;
  plan.note_cost(txn, state.ticks, gas_used, outcome->has_value() ? (*outcome)->logs.size() : 0);
  const bool changed = publish(context, txn, std::move(*outcome));
  state.may_be_stale = options.early_abort && !context.exact && context.view.may_be_stale();
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
    record.following.forget();
    const bool withdrawn = context.view.withdraw_writes(record.writes);
    if (!record.predicted.empty()) judge_predictions(txn);
    return withdrawn;
  }
  state.failure.reset();
  record.deferred_fee = outcome->deferred_fee;
  fill_receipt(transactions[txn].type, std::move(*outcome), 0, executed.receipts[txn]);
  const bool changed = context.view.publish_writes(context.journal, record.writes);
  if (!record.reads.followed.empty()) record.following.note_places(context.journal, record.writes);
  if (!record.predicted.empty()) judge_predictions(txn);
  return changed;
}

void ParallelExecutor::Impl::abort(unsigned index, TxnIndex txn) {
  const Record& record = *states[txn].record;
  ActivityRecorder recorder(options.timeline, index, txn, ActivityKind::validate);
  const Conflict conflict = conflict_of(memory, txn, record.reads, index);
  ++workers[index]->counts.reexecutions[static_cast<int>(conflict.cause)];
  learn(txn, conflict);
  mark_estimates(memory, txn, record.writes);
  if (recorder.is_on()) recorder.end(ActivityEnd::invalid, cause_of(conflict, txn));
}

}  // namespace hocket
