#include "transition/block_error.hpp"

namespace hocket {
namespace {

struct Row {
  BlockError error;
  std::string_view name;
};

using enum BlockError;

constexpr Row kRows[] = {
    {invalid_transaction, "TransactionException"},
    {rlp_structures_encoding, "BlockException.RLP_STRUCTURES_ENCODING"},
    {rlp_block_limit_exceeded, "BlockException.RLP_BLOCK_LIMIT_EXCEEDED"},
    {incorrect_block_format, "BlockException.INCORRECT_BLOCK_FORMAT"},
    {unknown_parent, "BlockException.UNKNOWN_PARENT"},
    {unknown_parent_zero, "BlockException.UNKNOWN_PARENT_ZERO"},
    {invalid_block_number, "BlockException.INVALID_BLOCK_NUMBER"},
    {invalid_block_timestamp_older_than_parent, "BlockException.INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT"},
    {gaslimit_too_big, "BlockException.GASLIMIT_TOO_BIG"},
    {invalid_gaslimit, "BlockException.INVALID_GASLIMIT"},
    {invalid_gas_used_above_limit, "BlockException.INVALID_GAS_USED_ABOVE_LIMIT"},
    {invalid_difficulty, "BlockException.INVALID_DIFFICULTY"},
    {extra_data_too_big, "BlockException.EXTRA_DATA_TOO_BIG"},
    {extra_data_invalid_dao, "BlockException.EXTRA_DATA_INVALID_DAO"},
    {invalid_basefee_per_gas, "BlockException.INVALID_BASEFEE_PER_GAS"},
    {incorrect_excess_blob_gas, "BlockException.INCORRECT_EXCESS_BLOB_GAS"},
    {blob_gas_used_above_limit, "BlockException.BLOB_GAS_USED_ABOVE_LIMIT"},
    {import_impossible_legacy, "BlockException.IMPORT_IMPOSSIBLE_LEGACY"},
    {import_impossible_legacy_wrong_parent, "BlockException.IMPORT_IMPOSSIBLE_LEGACY_WRONG_PARENT"},
    {import_impossible_london_wrong_parent, "BlockException.IMPORT_IMPOSSIBLE_LONDON_WRONG_PARENT"},
    {import_impossible_shanghai, "BlockException.IMPORT_IMPOSSIBLE_SHANGHAI"},
    {import_impossible_paris_over_shanghai, "BlockException.IMPORT_IMPOSSIBLE_PARIS_OVER_SHANGHAI"},
    {import_impossible_paris_wrong_pow, "BlockException.IMPORT_IMPOSSIBLE_PARIS_WRONG_POW"},
    {import_impossible_paris_wrong_pos, "BlockException.IMPORT_IMPOSSIBLE_PARIS_WRONG_POS"},
    {import_impossible_uncles_over_paris, "BlockException.IMPORT_IMPOSSIBLE_UNCLES_OVER_PARIS"},
    {import_impossible_difficulty_over_paris, "BlockException.IMPORT_IMPOSSIBLE_DIFFICULTY_OVER_PARIS"},
    {import_impossible_nonce_over_paris, "BlockException.IMPORT_IMPOSSIBLE_NONCE_OVER_PARIS"},
    {invalid_seal, "BlockException.INVALID_SEAL"},
    {invalid_transactions_root, "BlockException.INVALID_TRANSACTIONS_ROOT"},
    {invalid_withdrawals_root, "BlockException.INVALID_WITHDRAWALS_ROOT"},
    {invalid_uncles_hash, "BlockException.INVALID_UNCLES_HASH"},
    {too_many_uncles, "BlockException.TOO_MANY_UNCLES"},
    {uncle_in_chain, "BlockException.UNCLE_IN_CHAIN"},
    {uncle_is_ancestor, "BlockException.UNCLE_IS_ANCESTOR"},
    {uncle_is_brother, "BlockException.UNCLE_IS_BROTHER"},
    {uncle_unknown_parent, "BlockException.UNCLE_UNKNOWN_PARENT"},
    {uncle_parent_incorrect, "BlockException.UNCLE_PARENT_INCORRECT"},
    {system_contract_empty, "BlockException.SYSTEM_CONTRACT_EMPTY"},
    {system_contract_call_failed, "BlockException.SYSTEM_CONTRACT_CALL_FAILED"},
    {invalid_deposit_event_layout, "BlockException.INVALID_DEPOSIT_EVENT_LAYOUT"},
    {invalid_gas_used, "BlockException.INVALID_GAS_USED"},
    {incorrect_blob_gas_used, "BlockException.INCORRECT_BLOB_GAS_USED"},
    {invalid_receipts_root, "BlockException.INVALID_RECEIPTS_ROOT"},
    {invalid_log_bloom, "BlockException.INVALID_LOG_BLOOM"},
    {invalid_requests, "BlockException.INVALID_REQUESTS"},
    {invalid_state_root, "BlockException.INVALID_STATE_ROOT"},
};

constexpr bool indexed_by_error() {
  for (std::size_t i = 0; i < std::size(kRows); ++i)
    if (kRows[i].error != static_cast<BlockError>(i)) return false;
  return std::size(kRows) == kBlockErrorCount;
}
static_assert(indexed_by_error());

}  // namespace

std::string_view to_string(BlockError error) noexcept { return kRows[static_cast<std::size_t>(error)].name; }

InvalidBlock InvalidBlock::of_transaction(std::size_t index, TransactionError error) {
  return of_transaction(index, error, std::string(describe(error)));
}

InvalidBlock InvalidBlock::of_transaction(std::size_t index, TransactionError error, std::string detail) {
  return {.code = BlockError::invalid_transaction,
          .transaction_error = error,
          .transaction_index = index,
          .detail = std::move(detail)};
}

std::string_view InvalidBlock::exception_name() const noexcept {
  return transaction_error ? to_string(*transaction_error) : to_string(code);
}

std::string InvalidBlock::message() const {
  const std::string where = transaction_index ? "transaction " + std::to_string(*transaction_index) + ": " : "";
  return where + detail + " (" + std::string(exception_name()) + ")";
}

std::string BlockFailure::message() const {
  if (const InvalidBlock* invalid = invalid_block()) return invalid->message();
  return unreadable_state()->detail;
}

}  // namespace hocket
