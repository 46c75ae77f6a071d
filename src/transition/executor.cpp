#include "transition/executor.hpp"

#include "core/codec.hpp"
#include "transition/execute_transaction.hpp"
#include "transition/explain_error.hpp"

#include <algorithm>

namespace hocket {
namespace {

/// Receipts whose blooms are made together: enough to hash several entries at a time, and their logs are still near.
constexpr std::size_t kBloomGroup = 64;

/// As it is before the transaction that `journal` holds nothing of. Nothing too if it cannot be read.
std::optional<Account> account_of(const Address& address, Journal& journal) {
  AccountEntry* entry = journal.account(address);
  if (entry == nullptr || !journal.exists(*entry)) return std::nullopt;
  return Account{.nonce = journal.nonce(*entry), .balance = journal.balance(*entry)};
}

/// What a failed transaction makes of its block.
BlockFailure failure_of(std::size_t index, const Transaction& transaction, const TransactionFailure& failure,
                        const BlockContext& block, Journal& journal) {
  if (const auto* error = std::get_if<TransactionError>(&failure))
    return InvalidBlock::of_transaction(index, *error,
                                        explain(*error, transaction, block, account_of(transaction.sender, journal)));
  return UnreadableState{.fault = std::get<StateFault>(failure), .detail = journal.base().fault_message()};
}

}  // namespace

Executor::Executor(ProgramCache& programs) : evm_(programs) {}

Journal& Executor::fresh_journal(const StateView& base) {
  if (journal_)
    journal_->reset(base);
  else
    journal_.emplace(base);
  return *journal_;
}

std::expected<ExecutedTransactions, BlockFailure> SequentialExecutor::execute(
    const BlockEnvironment& block, std::span<const Transaction> transactions, Journal& journal,
    const IntermediateRoot& intermediate_root) {
  BlockCompanion* companion = take_companion();
  auto executed = execute_rest(block, transactions, 0, {}, journal, intermediate_root);
  if (companion == nullptr || !executed || !executed->skipped.empty()) return executed;
  const std::span<const Receipt> receipts = executed->receipts;
  for (std::size_t first = 0; first < receipts.size(); first += BlockCompanion::kGroup)
    companion->take_receipts(first, receipts.subspan(first, std::min(BlockCompanion::kGroup, receipts.size() - first)));
  while (companion->work()) {
  }
  return executed;
}

std::expected<ExecutedTransactions, BlockFailure> SequentialExecutor::execute_rest(
    const BlockEnvironment& block, std::span<const Transaction> transactions, std::size_t first,
    ExecutedTransactions executed, Journal& journal, const IntermediateRoot& intermediate_root) {
  executed.receipts.reserve(transactions.size());
  const bool needs_roots = !block.spec->receipt_has_status && intermediate_root;
  std::size_t filled = executed.receipts.size();
  const auto fill_blooms = [&] {
    merge(executed.logs_bloom, blooms_.fill(std::span{executed.receipts}.subspan(filled)));
    filled = executed.receipts.size();
  };
  BlockUsage usage{.gas = executed.gas_used, .blob_gas = executed.blob_gas_used};
  for (std::size_t i = first; i < transactions.size(); ++i) {
    const Transaction& transaction = transactions[i];
    auto outcome = execute_transaction(transaction, block, evm(), journal, usage);
    if (!outcome) {
      const auto* invalid = std::get_if<TransactionError>(&outcome.error());
      if (invalid == nullptr || !block.skips_invalid)
        return std::unexpected(failure_of(i, transaction, outcome.error(), block.context, journal));
      executed.skipped.push_back({i, *invalid});
      continue;
    }
    Receipt& receipt = executed.receipts.emplace_back();
    fill_receipt(transaction.type, std::move(*outcome), usage.gas, receipt);
    if (needs_roots) {
      const auto root = intermediate_root(journal.diff());
      if (!root)
        return std::unexpected(UnreadableState{.fault = StateFault::missing_node, .detail = root.error().message});
      receipt.intermediate_state_root = *root;
    }
    usage.gas = receipt.cumulative_gas_used;
    usage.blob_gas += blob_gas_of(transaction);
    if (executed.receipts.size() - filled == kBloomGroup) fill_blooms();
  }
  fill_blooms();
  executed.gas_used = usage.gas;
  executed.blob_gas_used = usage.blob_gas;
  return executed;
}

}  // namespace hocket
