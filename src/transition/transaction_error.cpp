#include "transition/transaction_error.hpp"

#include <array>

namespace hocket {
namespace {

struct Row {
  TransactionError error;
  std::string_view name;
  std::string_view description;
};

using enum TransactionError;

constexpr Row kRows[] = {
    {type_not_supported, "TransactionException.TYPE_NOT_SUPPORTED", "no fork has this transaction type"},
    {type_1_tx_pre_fork, "TransactionException.TYPE_1_TX_PRE_FORK", "access list transactions start with Berlin"},
    {type_2_tx_pre_fork, "TransactionException.TYPE_2_TX_PRE_FORK", "dynamic fee transactions start with London"},
    {type_3_tx_pre_fork, "TransactionException.TYPE_3_TX_PRE_FORK", "blob transactions start with Cancun"},
    {type_4_tx_pre_fork, "TransactionException.TYPE_4_TX_PRE_FORK", "set code transactions start with Prague"},
    {invalid_chainid, "TransactionException.INVALID_CHAINID", "signed for another chain"},
    {invalid_signature_vrs, "TransactionException.INVALID_SIGNATURE_VRS", "signature out of range, or of no key"},
    {nonce_is_max, "TransactionException.NONCE_IS_MAX", "nonce is 2^64-1, the largest allowed is one less (EIP-2681)"},
    {intrinsic_gas_too_low, "TransactionException.INTRINSIC_GAS_TOO_LOW", "gas limit below the intrinsic gas"},
    {intrinsic_gas_below_floor_gas_cost, "TransactionException.INTRINSIC_GAS_BELOW_FLOOR_GAS_COST",
     "gas limit below the calldata floor (EIP-7623)"},
    {gas_limit_exceeds_maximum, "TransactionException.GAS_LIMIT_EXCEEDS_MAXIMUM",
     "gas limit above 16777216 (EIP-7825)"},
    {initcode_size_exceeded, "TransactionException.INITCODE_SIZE_EXCEEDED",
     "init code longer than 49152 bytes (EIP-3860)"},
    {priority_greater_than_max_fee_per_gas, "TransactionException.PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS",
     "maxPriorityFeePerGas above maxFeePerGas"},
    {type_3_tx_zero_blobs, "TransactionException.TYPE_3_TX_ZERO_BLOBS", "blob transaction without blobs"},
    {type_3_tx_blob_count_exceeded, "TransactionException.TYPE_3_TX_BLOB_COUNT_EXCEEDED",
     "more than 6 blobs in one transaction (EIP-7594)"},
    {type_3_tx_invalid_blob_versioned_hash, "TransactionException.TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH",
     "versioned hash that does not start with 0x01"},
    {type_3_tx_contract_creation, "TransactionException.TYPE_3_TX_CONTRACT_CREATION",
     "blob transaction that creates a contract"},
    {type_4_empty_authorization_list, "TransactionException.TYPE_4_EMPTY_AUTHORIZATION_LIST",
     "set code transaction without authorizations"},
    {type_4_tx_contract_creation, "TransactionException.TYPE_4_TX_CONTRACT_CREATION",
     "set code transaction that creates a contract"},
    {insufficient_max_fee_per_gas, "TransactionException.INSUFFICIENT_MAX_FEE_PER_GAS",
     "gas price or maxFeePerGas below the block's base fee"},
    {insufficient_max_fee_per_blob_gas, "TransactionException.INSUFFICIENT_MAX_FEE_PER_BLOB_GAS",
     "maxFeePerBlobGas below the block's blob base fee"},
    {gas_allowance_exceeded, "TransactionException.GAS_ALLOWANCE_EXCEEDED",
     "gas limit above what is left in the block"},
    {type_3_tx_max_blob_gas_allowance_exceeded, "TransactionException.TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED",
     "more blobs than are left in the block"},
    {sender_not_eoa, "TransactionException.SENDER_NOT_EOA", "the sender has code (EIP-3607)"},
    {nonce_mismatch_too_low, "TransactionException.NONCE_MISMATCH_TOO_LOW", "nonce below the sender's"},
    {nonce_mismatch_too_high, "TransactionException.NONCE_MISMATCH_TOO_HIGH", "nonce above the sender's"},
    {insufficient_account_funds, "TransactionException.INSUFFICIENT_ACCOUNT_FUNDS",
     "the sender's balance does not cover value, gas and blob gas at their highest prices"},
};

constexpr bool indexed_by_error() {
  for (std::size_t i = 0; i < std::size(kRows); ++i)
    if (kRows[i].error != static_cast<TransactionError>(i)) return false;
  return std::size(kRows) == kTransactionErrorCount;
}
static_assert(indexed_by_error());

}  // namespace

std::string_view to_string(TransactionError error) noexcept { return kRows[static_cast<std::size_t>(error)].name; }

std::string_view describe(TransactionError error) noexcept {
  return kRows[static_cast<std::size_t>(error)].description;
}

}  // namespace hocket
