// BlockError: the rules that make a block invalid, one enumerator a rule, named as in execution-spec-tests.
#pragma once

#include "transition/transaction_error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace hocket {

enum class BlockError : std::uint8_t {
  /// One of its transactions is: see InvalidBlock::transaction_error.
  invalid_transaction,
  // Encoding.
  rlp_structures_encoding,
  rlp_block_limit_exceeded,  // EIP-7934
  incorrect_block_format,    // fields missing or too early for the fork
  // Header.
  unknown_parent,
  unknown_parent_zero,
  invalid_block_number,
  invalid_block_timestamp_older_than_parent,
  gaslimit_too_big,  // 2^63 or more
  invalid_gaslimit,
  invalid_gas_used_above_limit,
  invalid_difficulty,
  extra_data_too_big,
  extra_data_invalid_dao,
  invalid_basefee_per_gas,
  incorrect_excess_blob_gas,
  blob_gas_used_above_limit,
  import_impossible_legacy,               // no base fee where London asks for one
  import_impossible_legacy_wrong_parent,  // nor after a block that has one
  import_impossible_london_wrong_parent,  // a base fee before London
  import_impossible_shanghai,             // withdrawals before Shanghai
  import_impossible_paris_over_shanghai,  // no withdrawals from Shanghai on
  import_impossible_paris_wrong_pow,      // proof of work after the terminal total difficulty
  import_impossible_paris_wrong_pos,      // proof of stake before it
  import_impossible_uncles_over_paris,
  import_impossible_difficulty_over_paris,
  import_impossible_nonce_over_paris,  // no name in execution-spec-tests
  invalid_seal,                        // no proof of work (only fixtures are checked for it); no name there either
  // Body.
  invalid_transactions_root,
  invalid_withdrawals_root,
  invalid_uncles_hash,
  too_many_uncles,
  uncle_in_chain,  // already an ommer of an ancestor
  uncle_is_ancestor,
  uncle_is_brother,  // twice in this block
  uncle_unknown_parent,
  uncle_parent_incorrect,  // too old, or a child of this block's parent
  // Execution.
  system_contract_empty,
  system_contract_call_failed,
  invalid_deposit_event_layout,
  // Results against the header.
  invalid_gas_used,
  incorrect_blob_gas_used,
  invalid_receipts_root,
  invalid_log_bloom,
  invalid_requests,
  invalid_state_root,
};

inline constexpr int kBlockErrorCount = static_cast<int>(BlockError::invalid_state_root) + 1;

/// "BlockException.INVALID_GASLIMIT", as execution-spec-tests names it.
std::string_view to_string(BlockError error) noexcept;

struct InvalidBlock {
  BlockError code = BlockError::invalid_transaction;
  std::optional<TransactionError> transaction_error;
  std::optional<std::size_t> transaction_index;
  /// What was found and what was expected: "gas limit 5: at least 5000".
  std::string detail;

  static InvalidBlock of_transaction(std::size_t index, TransactionError error);
  /// With more to say than describe(error).
  static InvalidBlock of_transaction(std::size_t index, TransactionError error, std::string detail);

  /// The fixtures' name of the rule: the transaction's where it is to blame.
  std::string_view exception_name() const noexcept;
  /// One line for a person.
  std::string message() const;
};

/// The state could not be read; says nothing about the block.
struct UnreadableState {
  StateFault fault = StateFault::missing_node;
  std::string detail;  // which location, and why
};

/// Why a block gave no output.
struct BlockFailure {
  std::variant<InvalidBlock, UnreadableState> reason;

  BlockFailure(InvalidBlock invalid) : reason(std::move(invalid)) {}           // NOLINT: implicit, one of two reasons
  BlockFailure(UnreadableState unreadable) : reason(std::move(unreadable)) {}  // NOLINT: as above

  const InvalidBlock* invalid_block() const noexcept { return std::get_if<InvalidBlock>(&reason); }
  const UnreadableState* unreadable_state() const noexcept { return std::get_if<UnreadableState>(&reason); }
  std::string message() const;
};

}  // namespace hocket
