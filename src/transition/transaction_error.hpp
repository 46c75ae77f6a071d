// TransactionError: the rules that make a transaction invalid, and with it any block that holds it. One enumerator a
// rule, under the name that execution-spec-tests gives it, so that fixtures can be checked for the reason too.
#pragma once

#include "state/state_view.hpp"

#include <cstdint>
#include <string_view>
#include <variant>

namespace hocket {

enum class TransactionError : std::uint8_t {
  // The transaction alone, and the fork.
  type_not_supported,     // no fork has this type
  type_1_tx_pre_fork,     // EIP-2930
  type_2_tx_pre_fork,     // EIP-1559
  type_3_tx_pre_fork,     // EIP-4844
  type_4_tx_pre_fork,     // EIP-7702
  invalid_chainid,        // EIP-155: another chain's, or one at all before Spurious Dragon
  invalid_signature_vrs,  // r or s out of range, s high (EIP-2), or no key has signed
  nonce_is_max,           // EIP-2681
  intrinsic_gas_too_low,
  intrinsic_gas_below_floor_gas_cost,     // EIP-7623
  gas_limit_exceeds_maximum,              // EIP-7825
  initcode_size_exceeded,                 // EIP-3860
  priority_greater_than_max_fee_per_gas,  // EIP-1559
  type_3_tx_zero_blobs,
  type_3_tx_blob_count_exceeded,  // EIP-7594
  type_3_tx_invalid_blob_versioned_hash,
  type_3_tx_contract_creation,
  type_4_empty_authorization_list,
  type_4_tx_contract_creation,
  // The transaction and its block.
  insufficient_max_fee_per_gas,
  insufficient_max_fee_per_blob_gas,
  gas_allowance_exceeded,                     // the block has less gas left
  type_3_tx_max_blob_gas_allowance_exceeded,  // the block has less blob gas left
  // The transaction and the state.
  sender_not_eoa,  // EIP-3607
  nonce_mismatch_too_low,
  nonce_mismatch_too_high,
  insufficient_account_funds,
};

inline constexpr int kTransactionErrorCount = static_cast<int>(TransactionError::insufficient_account_funds) + 1;

/// "TransactionException.NONCE_IS_MAX", as execution-spec-tests names it.
std::string_view to_string(TransactionError error) noexcept;
/// For a person: "nonce is 2^64-1, the largest allowed is one less (EIP-2681)".
std::string_view describe(TransactionError error) noexcept;

/// Why a transaction gave no outcome: it is invalid, or the state could not be read.
using TransactionFailure = std::variant<TransactionError, StateFault>;

}  // namespace hocket
