#include "analysis/tracing_executor.hpp"

#include "analysis/access_tracer.hpp"
#include "analysis/layered_state.hpp"
#include "transition/execute_transaction.hpp"

#include <algorithm>

namespace hocket {
namespace {

/// The transactions of one block, each on the state that those before it have left.
class BlockTracing {
 public:
  BlockTracing(const BlockEnvironment& block, const StateView& base, const StateDiff& before, ProgramCache& programs,
               BlockTrace& trace)
      : block_(block),
        state_(base),
        evm_(programs),
        journal_(state_),
        locations_(trace.locations),
        tracer_(locations_, journal_),
        trace_(trace) {
    state_.apply(before);
    evm_.begin_block(*block.spec, block.context);
    evm_.set_tracer(&tracer_);
  }

  /// False: it is not valid, or a fault.
  bool add(const Transaction& transaction) {
    journal_.reset(state_);
    const Address recipient = transaction.to ? *transaction.to : create_address(transaction.sender, transaction.nonce);
    tracer_.begin(transaction.gas_limit, recipient);
    auto& own_nonce = tracer_.access({LocationKind::nonce, transaction.sender, {}}, 0).access;
    own_nonce.own_nonce = own_nonce.reads = true;
    tracer_.access({LocationKind::code, recipient, {}}, 0).access.reads = true;
    tracer_.access({LocationKind::balance, transaction.sender, {}}, 0).access.adds = true;  // the fee
    for (const Authorization& authorization : transaction.authorization_list)
      if (authorization.authority)
        tracer_.access({LocationKind::nonce, *authorization.authority, {}}, 0).access.reads = true;
    if (!transaction.value.is_zero()) {
      tracer_.access({LocationKind::balance, transaction.sender, {}}, 0).access.adds = true;
      tracer_.access({LocationKind::balance, recipient, {}}, 0).access.adds = true;
    }
    const auto outcome = execute_transaction(transaction, block_, evm_, journal_);
    if (!outcome) return false;
    const StateDiff changes = journal_.diff();
    note_writes(transaction, *outcome, changes);
    note_existence();
    finish(*outcome);
    state_.apply(changes);
    return true;
  }

 private:
  void note_writes(const Transaction& transaction, const TransactionOutcome& outcome, const StateDiff& changes) {
    const u256 burnt = block_.spec->fee_market ? block_.context.base_fee : u256{};
    const u256 fee = u256{outcome.gas_used} * (effective_gas_price(transaction, burnt) - burnt);
    for (const AccountDiff& change : changes.accounts()) {
      const Address& address = change.address;
      const AccountEntry& entry = *journal_.account(address);
      const Account before = entry.base.value_or(Account{});
      const Account after = change.account.value_or(Account{});
      // The fee is not part of any model.
      const u256 expected = address == block_.context.beneficiary ? before.balance + fee : before.balance;
      if (after.balance != expected) {
        Access& access = tracer_.access({LocationKind::balance, address, {}}, 0).access;
        access.writes = access.adds = true;
      }
      const bool was_there = exists(entry.base);
      if (was_there != exists(change.account)) write({LocationKind::existence, address, {}});
      if (after.nonce != before.nonce) write({LocationKind::nonce, address, {}});
      if (after.code_hash != before.code_hash) write({LocationKind::code, address, {}});
      for (const SlotChange& slot : change.storage) write({LocationKind::slot, address, slot.slot});
    }
  }

  bool exists(const std::optional<Account>& account) const {
    return account && !(block_.spec->state_clearing && account->is_empty());
  }

  void write(const Location& location) { tracer_.access(location, 0).access.writes = true; }

  void read_from_first_use(const Location& location) {
    Access& access = tracer_.access(location, 0).access;
    access.reads = true;
    access.read_at = access.at;
  }

  /// What a call costs depends on whether there is an account; the journal knows which were asked.
  void note_existence() {
    constexpr int kAsked = kObservedExistence | kObservedDeath;
    for (std::size_t i = 0; i < journal_.account_count(); ++i)
      if (const AccountEntry& entry = journal_.account_entry(i); entry.observed & kAsked)
        read_from_first_use({LocationKind::existence, entry.address, {}});
  }

  void finish(const TransactionOutcome& outcome) {
    TransactionTrace made{.gas = outcome.gas_used, .steps = tracer_.steps(), .accesses = {}};
    for (PendingAccess& pending : tracer_.accesses()) {
      Access& access = pending.access;
      if (trace_.locations[access.location].kind == LocationKind::slot) {
        access.adds = pending.stored && !pending.stored_plainly && !access.reads;
        if (!access.adds) access.reads = true;
        access.read_at = access.at;
      }
      // A refund may leave less than was used when it was read.
      access.at = std::min(access.at, made.gas);
      access.read_at = std::min(access.read_at, made.gas);
      if (access.reads || access.writes || access.adds) made.accesses.push_back(access);
    }
    trace_.transactions.push_back(std::move(made));
  }

  const BlockEnvironment& block_;
  LayeredState state_;
  Evm evm_;
  Journal journal_;
  LocationTable locations_;
  AccessTracer tracer_;
  BlockTrace& trace_;
};

}  // namespace

std::expected<ExecutedTransactions, BlockFailure> TracingExecutor::execute(const BlockEnvironment& block,
                                                                           std::span<const Transaction> transactions,
                                                                           Journal& journal,
                                                                           const IntermediateRoot& intermediate_root) {
  trace_ = {};
  {
    BlockTracing tracing(block, journal.base(), journal.diff(), programs_, trace_);
    for (const Transaction& transaction : transactions)
      if (!tracing.add(transaction)) break;  // reported below
  }
  sequential_.evm().begin_block(*block.spec, block.context);
  return sequential_.execute(block, transactions, journal, intermediate_root);
}

}  // namespace hocket
