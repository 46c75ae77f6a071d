#include "transition/validate_transaction.hpp"

#include "protocol/chain_config.hpp"

#include <algorithm>
#include <limits>

namespace hocket {
namespace {

constexpr std::uint64_t kBaseGas = 21000;
constexpr std::uint64_t kZeroByteGas = 4;
constexpr std::uint64_t kAccessListAddressGas = 2400;     // EIP-2930
constexpr std::uint64_t kAccessListStorageKeyGas = 1900;  // EIP-2930
constexpr std::uint64_t kAuthorizationGas = 25000;        // EIP-7702: PER_EMPTY_ACCOUNT_COST
constexpr std::uint64_t kTokensPerNonzeroByte = 4;        // EIP-7623
constexpr std::uint8_t kVersionedHashVersionKzg = 0x01;   // EIP-4844

std::optional<TransactionError> check_type(const Transaction& transaction, const Spec& spec) noexcept {
  using enum TransactionType;
  switch (transaction.type) {
    case legacy:
      return std::nullopt;
    case access_list:
      if (spec.access_list_transactions) return std::nullopt;
      return TransactionError::type_1_tx_pre_fork;
    case dynamic_fee:
      if (spec.fee_market) return std::nullopt;
      return TransactionError::type_2_tx_pre_fork;
    case blob:
      if (spec.blob_transactions) return std::nullopt;
      return TransactionError::type_3_tx_pre_fork;
    case set_code:
      if (spec.set_code_transactions) return std::nullopt;
      return TransactionError::type_4_tx_pre_fork;
  }
  return TransactionError::type_not_supported;
}

std::optional<TransactionError> check_chain_id(const Transaction& transaction, const BlockEnvironment& block) noexcept {
  if (!transaction.chain_id) return std::nullopt;
  if (transaction.type == TransactionType::legacy && !block.spec->replay_protection)
    return TransactionError::invalid_chainid;
  if (*transaction.chain_id != block.context.chain_id) return TransactionError::invalid_chainid;
  return std::nullopt;
}

std::optional<TransactionError> check_limits(const Transaction& transaction, const Spec& spec,
                                             const IntrinsicGas& gas) noexcept {
  if (transaction.gas_limit < gas.cost) return TransactionError::intrinsic_gas_too_low;
  if (transaction.gas_limit < gas.floor) return TransactionError::intrinsic_gas_below_floor_gas_cost;
  if (transaction.nonce == std::numeric_limits<std::uint64_t>::max()) return TransactionError::nonce_is_max;
  if (!transaction.to && transaction.data.size() > spec.max_initcode_size)
    return TransactionError::initcode_size_exceeded;
  if (transaction.gas_limit > spec.max_transaction_gas) return TransactionError::gas_limit_exceeds_maximum;
  return std::nullopt;
}

std::optional<TransactionError> check_fees(const Transaction& transaction, const BlockEnvironment& block) noexcept {
  if (transaction.max_priority_fee_per_gas > transaction.max_fee_per_gas)
    return TransactionError::priority_greater_than_max_fee_per_gas;
  if (block.spec->fee_market && transaction.max_fee_per_gas < block.context.base_fee)
    return TransactionError::insufficient_max_fee_per_gas;
  return std::nullopt;
}

std::optional<TransactionError> check_blobs(const Transaction& transaction, const BlockEnvironment& block) noexcept {
  const auto& hashes = transaction.blob_versioned_hashes;
  if (hashes.empty()) return TransactionError::type_3_tx_zero_blobs;
  if (hashes.size() > static_cast<std::size_t>(block.spec->max_blobs_per_transaction))
    return TransactionError::type_3_tx_blob_count_exceeded;
  for (const Hash32& hash : hashes)
    if (hash.bytes[0] != kVersionedHashVersionKzg) return TransactionError::type_3_tx_invalid_blob_versioned_hash;
  if (transaction.max_fee_per_blob_gas < block.context.blob_base_fee)
    return TransactionError::insufficient_max_fee_per_blob_gas;
  if (!transaction.to) return TransactionError::type_3_tx_contract_creation;
  return std::nullopt;
}

std::optional<TransactionError> check_authorizations(const Transaction& transaction) noexcept {
  if (!transaction.to) return TransactionError::type_4_tx_contract_creation;
  if (transaction.authorization_list.empty()) return TransactionError::type_4_empty_authorization_list;
  return std::nullopt;
}

std::optional<TransactionError> check_gas_room(const Transaction& transaction, const BlockEnvironment& block,
                                               const BlockUsage& usage) noexcept {
  // No block has 2^63 gas; the EVM counts with a sign.
  if (transaction.gas_limit > std::numeric_limits<std::int64_t>::max()) return TransactionError::gas_allowance_exceeded;
  if (usage.gas > block.context.gas_limit || transaction.gas_limit > block.context.gas_limit - usage.gas)
    return TransactionError::gas_allowance_exceeded;
  return std::nullopt;
}

std::optional<TransactionError> check_blob_gas_room(const Transaction& transaction, const BlockEnvironment& block,
                                                    const BlockUsage& usage) noexcept {
  const std::uint64_t blob_gas = blob_gas_of(transaction);
  if (blob_gas != 0 && (usage.blob_gas > block.max_blob_gas || blob_gas > block.max_blob_gas - usage.blob_gas))
    return TransactionError::type_3_tx_max_blob_gas_allowance_exceeded;
  return std::nullopt;
}

}  // namespace

IntrinsicGas intrinsic_gas(const Transaction& transaction, const Spec& spec) noexcept {
  const auto zero_bytes = static_cast<std::uint64_t>(std::ranges::count(transaction.data, std::uint8_t{0}));
  const std::uint64_t nonzero_bytes = transaction.data.size() - zero_bytes;

  IntrinsicGas gas;
  gas.cost =
      kBaseGas + zero_bytes * kZeroByteGas + nonzero_bytes * static_cast<std::uint64_t>(spec.calldata_nonzero_gas);
  if (!transaction.to) {
    const std::uint64_t words = (transaction.data.size() + 31) / 32;
    gas.cost += static_cast<std::uint64_t>(spec.transaction_create_gas) - kBaseGas +
                words * static_cast<std::uint64_t>(spec.initcode_word_gas);
  }
  for (const AccessListEntry& entry : transaction.access_list)
    gas.cost += kAccessListAddressGas + entry.storage_keys.size() * kAccessListStorageKeyGas;
  gas.cost += transaction.authorization_list.size() * kAuthorizationGas;

  if (spec.floor_gas_per_token != 0) {
    const std::uint64_t tokens = zero_bytes + nonzero_bytes * kTokensPerNonzeroByte;
    gas.floor = kBaseGas + tokens * static_cast<std::uint64_t>(spec.floor_gas_per_token);
  }
  return gas;
}

std::uint64_t blob_gas_of(const Transaction& transaction) noexcept {
  return transaction.blob_versioned_hashes.size() * kGasPerBlob;
}

std::optional<TransactionError> check_room_in_block(const Transaction& transaction, const BlockEnvironment& block,
                                                    const BlockUsage& usage) noexcept {
  if (const auto error = check_gas_room(transaction, block, usage)) return error;
  return check_blob_gas_room(transaction, block, usage);
}

// The order makes no difference to what is valid. It is the one in which the official fixtures name a rule where a
// transaction breaks several: the block's gas, then its base fee, then what the transaction says of itself.
std::expected<IntrinsicGas, TransactionError> validate_transaction(const Transaction& transaction,
                                                                   const BlockEnvironment& block,
                                                                   const BlockUsage& usage) noexcept {
  const Spec& spec = *block.spec;
  if (const auto error = check_type(transaction, spec)) return std::unexpected(*error);
  if (const auto error = check_chain_id(transaction, block)) return std::unexpected(*error);
  if (const auto error = check_gas_room(transaction, block, usage)) return std::unexpected(*error);
  if (const auto error = check_fees(transaction, block)) return std::unexpected(*error);
  const IntrinsicGas gas = intrinsic_gas(transaction, spec);
  if (const auto error = check_limits(transaction, spec, gas)) return std::unexpected(*error);
  if (const auto error = check_blob_gas_room(transaction, block, usage)) return std::unexpected(*error);
  if (transaction.type == TransactionType::blob)
    if (const auto error = check_blobs(transaction, block)) return std::unexpected(*error);
  if (transaction.type == TransactionType::set_code)
    if (const auto error = check_authorizations(transaction)) return std::unexpected(*error);
  return gas;
}

u256 effective_gas_price(const Transaction& transaction, const u256& base_fee) noexcept {
  // A type with one price has it in both fields: then the sum is cut back to it.
  bool overflow = false;
  const u256 with_priority = add_carry(base_fee, transaction.max_priority_fee_per_gas, overflow);
  return overflow || with_priority > transaction.max_fee_per_gas ? transaction.max_fee_per_gas : with_priority;
}

}  // namespace hocket
