#include "transition/explain_error.hpp"

#include "base/hex.hpp"
#include "transition/execute_transaction.hpp"

namespace hocket {
namespace {

std::string values_of(TransactionError error, const Transaction& transaction, const BlockContext& block,
                      const std::optional<Account>& sender) {
  using enum TransactionError;
  const std::string name = to_hex(transaction.sender);
  switch (error) {
    case invalid_chainid: {
      const std::string signed_for = std::to_string(transaction.chain_id.value_or(0));
      if (transaction.chain_id == block.chain_id) return signed_for + ", before Spurious Dragon";
      return signed_for + ", this is " + std::to_string(block.chain_id);
    }
    case insufficient_max_fee_per_gas:
      return to_decimal(transaction.max_fee_per_gas) + " wei, the base fee is " + to_decimal(block.base_fee);
    case insufficient_max_fee_per_blob_gas:
      return to_decimal(transaction.max_fee_per_blob_gas) + " wei, the blob base fee is " +
             to_decimal(block.blob_base_fee);
    case sender_not_eoa:
      return name;
    case nonce_mismatch_too_low:
    case nonce_mismatch_too_high:
      return std::to_string(transaction.nonce) + ", and " + name +
             (sender ? " has " + std::to_string(sender->nonce) : " does not exist");
    case insufficient_account_funds: {
      const std::optional<u256> cost = highest_cost(transaction);
      return (cost ? to_decimal(*cost) : "2^256 or more") + " wei, and " + name +
             (sender ? " has " + to_decimal(sender->balance) : " does not exist");
    }
    default:
      return {};
  }
}

}  // namespace

std::string explain(TransactionError error, const Transaction& transaction, const BlockContext& block,
                    const std::optional<Account>& sender) {
  const std::string values = values_of(error, transaction, block, sender);
  return std::string(describe(error)) + (values.empty() ? "" : ": " + values);
}

}  // namespace hocket
