#include "parallel/plain_transfer.hpp"

#include "evm/precompiles/precompile.hpp"

namespace hocket {

bool may_be_plain_transfer(const Transaction& transaction) noexcept {
  return transaction.to && transaction.data.empty() && transaction.access_list.empty() &&
         transaction.type <= TransactionType::dynamic_fee && !transaction.value.is_zero();
}

bool PlainTransfers::contain(const Transaction& transaction, const BlockUsage& usage) const noexcept {
  if (!may_be_plain_transfer(transaction)) return false;
  const auto intrinsic = validate_transaction(transaction, *block_, usage);
  return intrinsic && intrinsic->cost == kTransferGas && intrinsic->floor <= kTransferGas &&
         precompile_at(*block_->spec, *transaction.to) == 0;
}

}  // namespace hocket
