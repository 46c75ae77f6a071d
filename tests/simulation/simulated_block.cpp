#include "simulation/simulated_block.hpp"

#include "parallel/adopt.hpp"
#include "state/forwarding_view.hpp"

#include <numeric>
#include <utility>

namespace hocket::simulation {
namespace {

/// The state below, whose reads take time.
class SlowView final : public ForwardingView {
 public:
  using ForwardingView::ForwardingView;

  StateRead<std::optional<Account>> account(const Address& address) const override {
    auto value = ForwardingView::account(address);
    take_time();
    return value;
  }
  StateRead<u256> storage(const Address& address, const u256& slot) const override {
    auto value = ForwardingView::storage(address, slot);
    take_time();
    return value;
  }
  StateRead<BytesView> code(const Address& address, const Hash32& code_hash) const override {
    take_time();
    return ForwardingView::code(address, code_hash);
  }

 private:
  static void take_time() {
    if (VirtualWorkers::one_in(4)) VirtualWorkers::hold_up();
  }
};

}  // namespace

/// What run_worker asks of one virtual worker: as ParallelExecutor does it, with checks and mischief.
class SimulatedBlock::Transactions {
 public:
  Transactions(SimulatedBlock& block, unsigned worker) : x_(block), worker_(worker) {}

  ExecutionEnd execute(TxnIndex txn) {
    State& state = x_.states_[txn];
    if (++state.executing != 1) x_.fail("transaction " + std::to_string(txn) + " is executed by two workers");
    if (txn < x_.committed_) x_.fail("transaction " + std::to_string(txn) + " is executed after its commit");
    if (x_.random_.flip()) fold_committed();
    if (!std::exchange(state.is_begun, true)) begun_.push_back(txn);
    Context& context = run_to_end(txn);
    --state.executing;
    if (const auto blocker = context.view.blocker()) {
      ++x_.counts_.waits;
      if (x_.suspended_ < x_.mischief_.max_suspended) {
        ++x_.suspended_;
        state.suspended = &context;
      } else {
        x_.free_contexts_.push_back(&context);
      }
      return {.blocker = blocker, .changed = false};
    }
    if (!context.exact) context.view.collect_reads(context.journal);
    state.exact = context.exact;
    state.value = context.run.value();
    state.has_deferred_fee = context.run.has_deferred_fee();
    const bool changed = state.value ? context.view.publish_writes(context.journal, state.writes)
                                     : context.view.withdraw_writes(state.writes);
    if (!state.value)
      state.following.forget();
    else if (!state.reads.followed.empty())
      state.following.note_places(context.journal, state.writes);
    x_.free_contexts_.push_back(&context);
    return {.blocker = std::nullopt, .changed = changed};
  }

  bool is_valid(TxnIndex txn) { return is_settled(txn) && redo(txn); }

  bool is_settled(TxnIndex txn) {
    State& state = x_.states_[txn];
    if (state.executing != 0) x_.fail("transaction " + std::to_string(txn) + " is validated while it is executed");
    if (state.exact) return true;
    const bool valid = hocket::is_valid(x_.memory_, txn, state.reads, worker_);
    if (!valid) ++x_.counts_.invalid;
    if (valid && x_.mischief_.one_abort_in != 0 && state.forced_aborts < 3 &&
        x_.random_.one_in(x_.mischief_.one_abort_in)) {
      ++state.forced_aborts;
      return false;
    }
    return valid;
  }

  void abort(TxnIndex txn) {
    const State& state = x_.states_[txn];
    mark_estimates(x_.memory_, txn, state.writes);
    for (const auto& [at, stamp] : state.reads.slot_stamps)
      if (x_.random_.flip()) at->is_hot.store(!state.reads.follows(*at), std::memory_order_relaxed);
  }

  bool do_background() { return fold_committed(); }

  /// As ParallelExecutor does, but not always as soon.
  bool fold_committed() {
    const TxnIndex end = x_.scheduler_.committed();
    const std::size_t before = folded_;
    for (; folded_ < begun_.size() && begun_[folded_] < end; ++folded_)
      fold_writes(x_.memory_, end, x_.states_[begun_[folded_]].writes, worker_);
    return folded_ != before;
  }

  /// As ParallelExecutor commits a plain transfer.
  bool commit_at_once(TxnIndex txn) {
    check_turn(txn);
    if (!x_.in_turn_[txn]) x_.fail("transaction " + std::to_string(txn) + " is not one that is left to its turn");
    const Scenario& scenario = *x_.scenario_;
    const auto payment = payment_of(scenario.transactions[txn]);
    // A false estimate is a version of its own.
    if (!payment || !scenario.state_clearing || x_.mischief_.fails_at == txn || !x_.states_[txn].writes.empty())
      return false;
    const auto& fee_to = scenario.beneficiary;
    if (fee_to && (!x_.mischief_.defer_fees || *fee_to == payment->from || *fee_to == payment->to)) return false;
    AccountLocation<SimSync>*from = nullptr, *to = nullptr;
    x_.memory_.find_to_read(account_address(payment->from), worker_, from);
    x_.memory_.find_to_read(account_address(payment->to), worker_, to);
    std::uint64_t value = 0;
    const auto seen = x_.memory_.commit_change(*from, *to, txn, worker_, [&](Account& payer, Account& payee) {
      if (payer.balance < u256{payment->amount}) return false;
      value = value_of_payment(payer.nonce++);
      payer.balance -= u256{payment->amount};
      payee.balance += u256{payment->amount};
      return true;
    });
    if (!*seen) return false;
    if (**seen) x_.scheduler_.look_again_after(txn);
    ++x_.counts_.at_once;
    x_.states_[txn].value = value;
    x_.states_[txn].has_deferred_fee = fee_to.has_value();
    take_over(txn);
    return true;
  }

  bool commit(TxnIndex txn) {
    check_turn(txn);
    if (x_.mischief_.fails_at == txn) {
      x_.failed_ = true;
      return false;
    }
    take_over(txn);
    return true;
  }

 private:
  void check_turn(TxnIndex txn) {
    if (x_.failed_) x_.fail("transaction " + std::to_string(txn) + " is committed after the block's failure");
    if (txn != x_.committed_)
      x_.fail("transaction " + std::to_string(txn) + " is committed instead of " + std::to_string(x_.committed_));
  }

  /// What all commitments have in common.
  void take_over(TxnIndex txn) {
    const State& state = x_.states_[txn];
    if (state.value != x_.expected_->values[txn])
      x_.fail("transaction " + std::to_string(txn) + " is committed with another result than serially");
    if (state.has_deferred_fee)
      x_.memory_.commit_credit(x_.memory_.account(account_address(*x_.scenario_->beneficiary), worker_), txn, u256{1},
                               worker_);
    ++x_.committed_;
    if (x_.scheduler_.is_narrow()) ++x_.counts_.narrow;
  }

  bool redo(TxnIndex txn) {
    State& state = x_.states_[txn];
    if (state.exact || state.reads.followed.empty()) return true;
    const Redone redone = state.following.redo(x_.memory_, txn, state.reads, worker_);
    if (redone == Redone::observed) x_.scheduler_.look_again_after(txn);
    if (redone == Redone::values || redone == Redone::observed) ++x_.counts_.redone;
    if (redone == Redone::not_possible) ++x_.counts_.redone_in_vain;
    return redone != Redone::not_possible;
  }

  /// On from where it has stopped for nothing but to record from there on.
  void go_on(Context& context, TxnIndex txn) {
    context.run.go_on();
    if (!context.view.begins_to_follow()) return;
    context.run.record_in(&x_.states_[txn].following.log);
    context.view.resume(worker_);
    context.run.go_on();
  }

  /// The context that the execution has ended in, or stopped at a read.
  Context& run_to_end(TxnIndex txn) {
    State& state = x_.states_[txn];
    Context& context = state.suspended != nullptr ? *state.suspended : x_.take_context();
    if (state.suspended != nullptr) {
      state.suspended = nullptr;
      --x_.suspended_;
      if (hocket::is_valid(x_.memory_, txn, state.reads, worker_)) {
        ++x_.counts_.resumed;
        context.view.resume(worker_);
        go_on(context, txn);
        if (!context.view.is_stale()) return context;
      }
      ++x_.counts_.early_aborts;
    }
    for (;;) {
      begin(context, txn);
      go_on(context, txn);
      if (!context.view.is_stale()) return context;
      ++x_.counts_.early_aborts;
    }
  }

  void begin(Context& context, TxnIndex txn) {
    ++x_.counts_.executions;
    const Mischief& mischief = x_.mischief_;
    context.exact = x_.scheduler_.committed() == txn;
    const bool foresees = mischief.foreseen_nonce && !context.exact;
    context.view.begin(txn, x_.states_[txn].reads, worker_,
                       {.wait = mischief.wait_for_estimates,
                        .sender = foresees ? &x_.foreseen_account_ : nullptr,
                        .sender_nonce = foresees ? *mischief.foreseen_nonce : 0,
                        .early_abort = mischief.early_abort && !context.exact,
                        .log = mischief.follows_hot && !context.exact ? &x_.states_[txn].following.log : nullptr,
                        .follows_all = mischief.follows_all,
                        .cancelled = nullptr});
    context.journal.reset(context.view);
    context.run.start(*x_.scenario_, x_.scenario_->transactions[txn], context.journal, mischief.defer_fees);
  }

  SimulatedBlock& x_;
  unsigned worker_;
  std::vector<TxnIndex> begun_;  // that nobody had begun before
  std::size_t folded_ = 0;       // of these
};

SimulatedBlock::Context& SimulatedBlock::take_context() {
  if (free_contexts_.empty()) return *contexts_.emplace_back(std::make_unique<Context>(memory_));
  Context& context = *free_contexts_.back();
  free_contexts_.pop_back();
  return context;
}

std::optional<std::string> SimulatedBlock::run(const Scenario& scenario, const SerialResult& expected,
                                               const ScheduleOptions& schedule, const Mischief& mischief) {
  scenario_ = &scenario;
  expected_ = &expected;
  mischief_ = mischief;
  random_ = Random(schedule.seed ^ 0x5157);
  committed_ = 0;
  failed_ = false;
  failure_.reset();
  counts_ = {};
  const SlowView view(scenario.state);
  const auto count = static_cast<TxnIndex>(scenario.transactions.size());
  // No bits of the hash: chains that do not depend on addresses, so that a seed means the same everywhere.
  memory_.reset(view, 64, schedule.workers, 0);
  scheduler_.reset(make_order(count), {.window = mischief.window,
                                       .begins_alone = mischief.begins_alone,
                                       .leaves_chains = mischief.leaves_chains,
                                       .leaves_after = mischief.leaves_after});
  states_.assign(count, {});
  free_contexts_.clear();
  for (const auto& context : contexts_) free_contexts_.push_back(context.get());
  suspended_ = 0;
  publish_false_estimates(mischief.false_estimates);

  const Ending ending = virtual_workers_.run(schedule, [this](unsigned index) {
    Transactions transactions(*this, index);
    run_worker(scheduler_, transactions);
    transactions.fold_committed();
  });
  counts_.steps = virtual_workers_.steps();
  if (failure_) return failure_;
  if (ending == Ending::all_asleep) return "all workers are asleep and the block is not finished";
  if (ending == Ending::too_many_steps)
    return "no end after " + std::to_string(counts_.steps) + " steps: " + std::to_string(committed_) + " committed, " +
           std::to_string(counts_.executions) + " executions, " + std::to_string(counts_.waits) + " waits, " +
           std::to_string(counts_.invalid) + " stale";
  return check_end();
}

BeginOrder SimulatedBlock::make_order(TxnIndex count) {
  in_turn_.assign(count, false);
  for (TxnIndex txn = 0; mischief_.in_turn && txn < count; ++txn)
    in_turn_[txn] = payment_of(scenario_->transactions[txn]) ? !random_.one_in(4) : random_.one_in(4);
  units_.clear();
  for (TxnIndex txn = 0; txn < count; ++txn)
    if (txn == 0 || !in_turn_[txn] || !in_turn_[txn - 1] || random_.one_in(4)) units_.push_back(txn);
  order_.clear();
  if (mischief_.reach > 1) {
    const auto unit_count = static_cast<TxnIndex>(units_.size());
    order_.resize(unit_count);
    std::iota(order_.begin(), order_.end(), TxnIndex{0});
    for (TxnIndex i = 0; i < unit_count; ++i) {
      const TxnIndex end = std::min((i / mischief_.reach + 1) * mischief_.reach, unit_count);
      std::swap(order_[i], order_[i + random_.below(end - i)]);
    }
  }
  return {count, units_, order_, mischief_.reach, in_turn_};
}

std::optional<std::string> SimulatedBlock::check_end() {
  const auto count = static_cast<TxnIndex>(scenario_->transactions.size());
  if (mischief_.fails_at && *mischief_.fails_at < count) {
    if (!failed_ || committed_ != *mischief_.fails_at) return "the block's failure was passed over";
    return std::nullopt;
  }
  if (scheduler_.committed() != committed_) return "the scheduler has counted other commits than there were";
  if (committed_ != count && !scheduler_.is_chain()) return "the workers ended before the block";
  if (mischief_.leaves_after != 0 && committed_ > mischief_.leaves_after) return "more was committed than was left";
  for (TxnIndex txn = 0; txn < committed_; ++txn) fold_writes(memory_, committed_, states_[txn].writes, 0);
  bool versions_left = false;
  memory_.for_each_account([&](AccountLocation<SimSync>& at) { versions_left |= !at.versions.empty(); });
  memory_.for_each_slot([&](SlotLocation<SimSync>& at) { versions_left |= !at.versions.empty(); });
  if (versions_left && committed_ == count) return "versions are left that nobody has committed";
  Journal journal(scenario_->state);
  for (const auto* at : memory_.touched()) adopt_whole(*at, journal);
  // What a scheduler has left of a chain.
  for (TxnIndex txn = committed_; txn < count; ++txn) {
    ++counts_.left;
    TransactionRun run;
    run.start(*scenario_, scenario_->transactions[txn], journal, false);
    run.go_on();
    if (run.value() != expected_->values[txn])
      return "transaction " + std::to_string(txn) + ", left to serial execution, gives another result than serially";
  }
  if (journal.diff() != expected_->diff) return "the state afterwards is another than serially";
  return std::nullopt;
}

void SimulatedBlock::publish_false_estimates(std::uint64_t count) {
  for (; count > 0; --count) {
    const auto txn = static_cast<TxnIndex>(random_.below(states_.size()));
    WriteSet<SimSync>& writes = states_[txn].writes;
    // Mostly where many look.
    const auto number = static_cast<std::uint8_t>(random_.below(random_.one_in(3) ? kAccounts : 2));
    auto& account = memory_.account(account_address(number), 0);
    if (!random_.one_in(3)) {
      auto& slot = memory_.slot(account, u256{random_.below(3)}, 0);
      const auto kind = random_.of(
          std::vector<SlotVersionKind>{SlotVersionKind::value, SlotVersionKind::estimate, SlotVersionKind::predicted});
      memory_.write(slot, {.txn = txn, .kind = kind, .value = u256{random_.below(4)}}, 0);
      if (std::ranges::find(writes.slots, &slot) == writes.slots.end()) writes.slots.push_back(&slot);
    } else {
      AccountVersion version;
      version.txn = txn;
      version.parts = static_cast<std::uint8_t>(
          random_.of(std::vector<std::uint8_t>{kPartNonce, kPartBalance, kPartExistence, kPartCleared}));
      version.exists = random_.flip();
      version.nonce = random_.below(3);
      version.balance_delta = u256{random_.below(3)};
      version.estimate = random_.flip();
      memory_.write(account, version, 0);
      if (std::ranges::find(writes.accounts, &account) == writes.accounts.end()) writes.accounts.push_back(&account);
    }
  }
}

}  // namespace hocket::simulation
