// What a worker does with a transaction whose turn has come: its result is taken over, or a plain transfer is executed
// on the committed prefix.
#include "base/assert.hpp"
#include "core/codec.hpp"
#include "parallel/adopt.hpp"
#include "parallel/parallel_executor_impl.hpp"
#include "transition/explain_error.hpp"

namespace hocket {

bool ParallelExecutor::Impl::commit(unsigned index, TxnIndex txn) {
  TransactionState& state = states[txn];
  const Transaction& transaction = transactions[txn];
  // What depends on the transactions before, in the order in which sequential execution asks.
  if (check_room_in_block(transaction, *block, usage))
    return leave_out(index, txn, validate_transaction(transaction, *block, usage).error());
  if (state.failure) {
    if (const auto* error = std::get_if<TransactionError>(&*state.failure)) return leave_out(index, txn, *error);
    return cannot_read(std::get<StateFault>(*state.failure));
  }
  if (const u256& fee = state.record->deferred_fee; !fee.is_zero()) {
    if (const auto fault = memory.commit_credit(*beneficiary, txn, fee, index)) return cannot_read(*fault);
    fees_begun = true;
  }
  if (needs_roots) {
    fold_writes(memory, txn + 1, state.record->writes, index);
    adopt_writes(txn, state.record->writes, *journal);
  }
  state.record = nullptr;
  return conclude(txn);
}

bool ParallelExecutor::Impl::cannot_read(StateFault fault) {
  if (is_cancelled())
    failure = cancelled_block();
  else if (fault == StateFault::missing_node)
    lacks_state = true;
  else
    failure = UnreadableState{.fault = fault, .detail = memory.base().fault_message()};
  return false;
}

/// Whether a touch may delete the account (EIP-161), or it cannot be read.
bool ParallelExecutor::Impl::may_be_deleted(AccountLocation<RealSync>& at, unsigned worker, TxnIndex txn) {
  AccountValue now;
  return memory.read(at, txn, now, worker) || (now.exists && now.account.is_empty());
}

bool ParallelExecutor::Impl::commit_transfer(unsigned index, TxnIndex txn) {
  const Transaction& transaction = transactions[txn];
  if (is_cancelled() || !may_be_plain_transfer(transaction) || !plain_transfers->contain(transaction, usage))
    return false;
  if (transaction.sender == *transaction.to) return false;
  const u256 price = plain_transfers->priority_price(transaction);
  if (price.is_zero() ? may_be_deleted(*beneficiary, index, txn) : !fees_begun) return false;
  AccountLocation<RealSync>* sender = nullptr;
  AccountLocation<RealSync>* recipient = nullptr;
  if (memory.find_to_read(transaction.sender, index, sender)) return false;
  if (memory.find_to_read(*transaction.to, index, recipient)) return false;
  const auto seen = memory.commit_change(*sender, *recipient, txn, index, [&](Account& from, Account& to) {
    if (!PlainTransfers::receive(transaction, to)) return false;
    if (plain_transfers->pay(transaction, from)) return true;
    to.balance -= transaction.value;
    return false;
  });
  if (!seen || !*seen) return false;
  if (**seen) scheduler.look_again_after(txn);
  if (!price.is_zero()) {
    const auto fault = memory.commit_credit(*beneficiary, txn, u256{kTransferGas} * price, index);
    HOCKET_ASSERT(!fault);  // the first fee has loaded it
  }
  Receipt& receipt = executed.receipts[txn];
  receipt.type = transaction.type;
  receipt.success = true;
  receipt.gas_used = kTransferGas;
  ParallelStatistics& counts = workers[index]->counts;
  ++counts.executions;
  ++counts.in_turn;
  counts.executed_gas += kTransferGas;
  states[txn].ticks = plan.ticks_of(txn);
  const bool concluded = conclude(txn);
  HOCKET_ASSERT(concluded);  // nothing is left to its turn where receipts name the state
  return true;
}

bool ParallelExecutor::Impl::conclude(TxnIndex txn) {
  const Transaction& transaction = transactions[txn];
  Receipt& receipt = executed.receipts[txn];
  committed_ticks += states[txn].ticks + BlockPlan::log_ticks(receipt.logs.size());
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
    merge(executed.logs_bloom, blooms.fill({&receipt, 1}));
    options.on_commit(txn, receipt);
  }
  if (receipt_jobs.add()) scheduler.notify_one();
  return true;
}

std::optional<Account> ParallelExecutor::Impl::account_before(TxnIndex txn, const Address& address, unsigned worker) {
  AccountLocation<RealSync>* at = nullptr;
  AccountValue value;
  if (memory.find_to_read(address, worker, at) || memory.read(*at, txn, value, worker) || !value.exists)
    return std::nullopt;
  return value.account;
}

bool ParallelExecutor::Impl::leave_out(unsigned index, TxnIndex txn, TransactionError error) {
  if (!block->skips_invalid) {
    const Transaction& transaction = transactions[txn];
    const auto sender = account_before(txn, transaction.sender, index);
    failure = InvalidBlock::of_transaction(txn, error, explain(error, transaction, block->context, sender));
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
