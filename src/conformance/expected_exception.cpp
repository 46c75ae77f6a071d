#include "conformance/expected_exception.hpp"

#include "base/hex.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace hocket {
namespace {

/// A fixture's name for a rule.
struct Alias {
  std::string_view name;
  std::string_view rule;
};

constexpr std::string_view kEncoding = "BlockException.RLP_STRUCTURES_ENCODING";

// Several rows may have one name: any of them will do.
constexpr Alias kAliases[] = {
    // ethereum/tests (2024), TransactionTests and state tests.
    {"TransactionException.EC_RECOVERY_FAIL", "TransactionException.INVALID_SIGNATURE_VRS"},
    {"TransactionException.GASLIMIT_PRICE_PRODUCT_OVERFLOW", "TransactionException.INSUFFICIENT_ACCOUNT_FUNDS"},
    {"TransactionException.NONCE_TOO_BIG", "TransactionException.NONCE_IS_MAX"},
    {"TransactionException.PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS_2",
     "TransactionException.PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS"},
    {"TransactionException.TYPE_NOT_SUPPORTED", "TransactionException.TYPE_1_TX_PRE_FORK"},
    {"TransactionException.TYPE_NOT_SUPPORTED", "TransactionException.TYPE_2_TX_PRE_FORK"},
    {"TransactionException.TYPE_NOT_SUPPORTED", "TransactionException.TYPE_3_TX_PRE_FORK"},
    {"TransactionException.TYPE_NOT_SUPPORTED", "TransactionException.TYPE_4_TX_PRE_FORK"},
    // Filled before Osaka gave a transaction a limit of its own: more blobs than a block may hold.
    {"TransactionException.TYPE_3_TX_BLOB_COUNT_EXCEEDED",
     "TransactionException.TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED"},
    // Its blocks name the same rules differently in places.
    {"BlockException.GAS_USED_OVERFLOW", "BlockException.INVALID_GAS_USED_ABOVE_LIMIT"},
    {"BlockException.IMPORT_IMPOSSIBLE_LEGACY_WRONG_PARENT", "BlockException.IMPORT_IMPOSSIBLE_LEGACY"},
    {"BlockException.RLP_WITHDRAWALS_NOT_READ", "BlockException.INCORRECT_BLOCK_FORMAT"},
    {"BlockException.UNCLE_PARENT_INCORRECT", "BlockException.UNCLE_UNKNOWN_PARENT"},
    // ethereum/legacytests, transactions.
    {"IntrinsicGas", "TransactionException.INTRINSIC_GAS_TOO_LOW"},
    {"TR_IntrinsicGas", "TransactionException.INTRINSIC_GAS_TOO_LOW"},
    {"SenderNotEOA", "TransactionException.SENDER_NOT_EOA"},
    {"SenderNotEOAorNoCASH", "TransactionException.SENDER_NOT_EOA"},
    {"SenderNotEOAorNoCASH", "TransactionException.INSUFFICIENT_ACCOUNT_FUNDS"},
    {"TR_BLOBCREATE", "TransactionException.TYPE_3_TX_CONTRACT_CREATION"},
    {"TR_BLOBLIST_OVERSIZE", "TransactionException.TYPE_3_TX_BLOB_COUNT_EXCEEDED"},
    {"TR_BLOBLIST_OVERSIZE", "TransactionException.TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED"},
    {"TR_BLOBVERSION_INVALID", "TransactionException.TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH"},
    {"TR_EMPTYBLOB", "TransactionException.TYPE_3_TX_ZERO_BLOBS"},
    {"TR_FeeCapLessThanBlocks", "TransactionException.INSUFFICIENT_MAX_FEE_PER_GAS"},
    {"TR_FeeCapLessThanBlocksORGasLimitReached", "TransactionException.INSUFFICIENT_MAX_FEE_PER_GAS"},
    {"TR_FeeCapLessThanBlocksORGasLimitReached", "TransactionException.GAS_ALLOWANCE_EXCEEDED"},
    {"TR_FeeCapLessThanBlocksORNoFunds", "TransactionException.INSUFFICIENT_MAX_FEE_PER_GAS"},
    {"TR_FeeCapLessThanBlocksORNoFunds", "TransactionException.INSUFFICIENT_ACCOUNT_FUNDS"},
    {"TR_GasLimitReached", "TransactionException.GAS_ALLOWANCE_EXCEEDED"},
    {"TR_InitCodeLimitExceeded", "TransactionException.INITCODE_SIZE_EXCEEDED"},
    {"TR_NoFunds", "TransactionException.INSUFFICIENT_ACCOUNT_FUNDS"},
    {"TR_NoFundsX", "TransactionException.INSUFFICIENT_ACCOUNT_FUNDS"},
    {"TR_NoFundsOrGas", "TransactionException.INSUFFICIENT_ACCOUNT_FUNDS"},
    {"TR_NoFundsOrGas", "TransactionException.INTRINSIC_GAS_TOO_LOW"},
    {"TR_NonceHasMaxValue", "TransactionException.NONCE_IS_MAX"},
    {"TR_NonceTooHigh", "TransactionException.NONCE_MISMATCH_TOO_HIGH"},
    {"TR_NonceTooLow", "TransactionException.NONCE_MISMATCH_TOO_LOW"},
    {"TR_TipGtFeeCap", "TransactionException.PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS"},
    {"TR_TypeNotSupported", "TransactionException.TYPE_1_TX_PRE_FORK"},
    {"TR_TypeNotSupported", "TransactionException.TYPE_2_TX_PRE_FORK"},
    {"TR_TypeNotSupported", "TransactionException.TYPE_3_TX_PRE_FORK"},
    // ethereum/legacytests, blocks.
    {"1559BlockImportImpossible_BaseFeeWrong", "BlockException.INVALID_BASEFEE_PER_GAS"},
    {"1559BlockImportImpossible_HeaderIsLegacy", "BlockException.IMPORT_IMPOSSIBLE_LONDON_WRONG_PARENT"},
    {"3675PoSBlockRejected", "BlockException.IMPORT_IMPOSSIBLE_PARIS_WRONG_POS"},
    {"3675PoSBlockRejected", "BlockException.INVALID_DIFFICULTY"},
    {"3675PoWBlockRejected", "BlockException.IMPORT_IMPOSSIBLE_PARIS_WRONG_POW"},
    {"3675PreParis1559BlockRejected", "BlockException.IMPORT_IMPOSSIBLE_DIFFICULTY_OVER_PARIS"},
    {"3675PreParis1559BlockRejected", "BlockException.IMPORT_IMPOSSIBLE_UNCLES_OVER_PARIS"},
    {"BlockGasLimitReached", "TransactionException.GAS_ALLOWANCE_EXCEEDED"},
    {"ExtraDataIncorrectDAO", "BlockException.EXTRA_DATA_INVALID_DAO"},
    {"ExtraDataTooBig", "BlockException.EXTRA_DATA_TOO_BIG"},
    {"InvalidBlockNonce", "BlockException.INVALID_SEAL"},
    {"InvalidDifficulty", "BlockException.INVALID_DIFFICULTY"},
    {"InvalidGasLimit", "BlockException.GASLIMIT_TOO_BIG"},
    {"InvalidGasLimit", "BlockException.INVALID_GASLIMIT"},
    {"InvalidGasLimit2", "BlockException.INVALID_GASLIMIT"},
    {"InvalidGasUsed", "BlockException.INVALID_GAS_USED"},
    {"InvalidLogBloom", "BlockException.INVALID_LOG_BLOOM"},
    {"InvalidNumber", "BlockException.INVALID_BLOCK_NUMBER"},
    {"InvalidReceiptsStateRoot", "BlockException.INVALID_RECEIPTS_ROOT"},
    {"InvalidStateRoot", "BlockException.INVALID_STATE_ROOT"},
    {"InvalidTimestamp", "BlockException.INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT"},
    {"InvalidTimestampOlderParent", "BlockException.INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT"},
    {"InvalidTransactionsRoot", "BlockException.INVALID_TRANSACTIONS_ROOT"},
    {"InvalidUncleParentHash", "BlockException.UNCLE_UNKNOWN_PARENT"},
    {"InvalidUncleParentHash", "BlockException.UNCLE_IS_ANCESTOR"},
    {"InvalidUnclesHash", "BlockException.INVALID_UNCLES_HASH"},
    {"InvalidWithdrawals", "BlockException.INVALID_WITHDRAWALS_ROOT"},
    {"LegacyBlockImportImpossible", "BlockException.IMPORT_IMPOSSIBLE_LEGACY"},
    {"LegacyBlockImportImpossible2", "BlockException.IMPORT_IMPOSSIBLE_LEGACY"},
    {"LegacyBlockImportImpossible2", "BlockException.IMPORT_IMPOSSIBLE_LEGACY_WRONG_PARENT"},
    {"ParisBlockImportImpossible", "BlockException.IMPORT_IMPOSSIBLE_PARIS_OVER_SHANGHAI"},
    {"PostParisDifficultyIsNot0", "BlockException.IMPORT_IMPOSSIBLE_DIFFICULTY_OVER_PARIS"},
    {"PostParisUncleHashIsNotEmpty", "BlockException.IMPORT_IMPOSSIBLE_UNCLES_OVER_PARIS"},
    {"ShanghaiBlockImportImpossible", "BlockException.IMPORT_IMPOSSIBLE_SHANGHAI"},
    {"RLP_ExpectedAsList", "BlockException.INCORRECT_BLOCK_FORMAT"},
    {"TooManyUncles", "BlockException.TOO_MANY_UNCLES"},
    {"TooMuchGasUsed", "BlockException.INVALID_GAS_USED_ABOVE_LIMIT"},
    {"TooMuchGasUsed", "BlockException.INVALID_GASLIMIT"},
    {"UncleInChain", "BlockException.UNCLE_IN_CHAIN"},
    {"UncleInChain", "BlockException.UNCLE_IS_ANCESTOR"},
    {"UncleInChain", "BlockException.UNCLE_IS_BROTHER"},
    {"UncleIsAncestor", "BlockException.UNCLE_IS_ANCESTOR"},
    {"UncleIsBrother", "BlockException.UNCLE_IS_BROTHER"},
    {"UncleIsBrother", "BlockException.UNCLE_PARENT_INCORRECT"},
    {"UncleParentIsNotAncestor", "BlockException.UNCLE_PARENT_INCORRECT"},
    {"UncleTooOld", "BlockException.UNCLE_PARENT_INCORRECT"},
    {"UnknownParent", "BlockException.UNKNOWN_PARENT"},
    {"UnknownParent", "BlockException.UNKNOWN_PARENT_ZERO"},
    {"UnknownParent2", "BlockException.UNKNOWN_PARENT_ZERO"},
};

/// A fixture's name for something that does not decode: the decoder's message must contain all parts in this order.
struct DecodingFault {
  std::string_view name;
  std::array<std::string_view, 2> parts;
};

constexpr DecodingFault kDecodingFaults[] = {
    // ethereum/tests, TransactionTests.
    {"TransactionException.ADDRESS_TOO_LONG", {"to: ", "expected 20 bytes"}},
    {"TransactionException.ADDRESS_TOO_SHORT", {"to: ", "expected 20 bytes"}},
    {"TransactionException.GASLIMIT_OVERFLOW", {"gasLimit: ", "integer"}},
    {"TransactionException.GASPRICE_OVERFLOW", {"gasPrice: ", "at most 32 bytes"}},
    {"TransactionException.GASPRICE_OVERFLOW", {"maxFeePerGas: ", "at most 32 bytes"}},
    {"TransactionException.INVALID_CHAINID", {"v: ", "expected"}},
    {"TransactionException.INVALID_SIGNATURE_VRS", {"v: ", "expected"}},
    {"TransactionException.INVALID_SIGNATURE_VRS", {"yParity: ", "expected"}},
    {"TransactionException.INVALID_SIGNATURE_VRS", {"r: ", "at most 32 bytes"}},
    {"TransactionException.INVALID_SIGNATURE_VRS", {"s: ", "at most 32 bytes"}},
    {"TransactionException.NONCE_OVERFLOW", {"nonce: ", "at most 8 bytes"}},
    {"TransactionException.PRIORITY_OVERFLOW", {"maxPriorityFeePerGas: ", "at most 32 bytes"}},
    {"TransactionException.RLP_ERROR_EOF", {"expected a legacy transaction or one of type 1 to 4", ""}},
    {"TransactionException.RLP_ERROR_SIZE", {"goes beyond", ""}},
    {"TransactionException.RLP_ERROR_SIZE", {"expected the end", ""}},
    {"TransactionException.RLP_ERROR_SIZE", {"to: ", "expected 20 bytes"}},
    {"TransactionException.RLP_ERROR_SIZE_LEADING_ZEROS", {"length with a leading zero byte", ""}},
    {"TransactionException.RLP_INVALID_ACCESS_LIST_ADDRESS_TOO_LONG", {"accessList", "20 bytes"}},
    {"TransactionException.RLP_INVALID_ACCESS_LIST_ADDRESS_TOO_SHORT", {"accessList", "20 bytes"}},
    {"TransactionException.RLP_INVALID_ACCESS_LIST_STORAGE_TOO_LONG", {"storageKeys", "32 bytes"}},
    {"TransactionException.RLP_INVALID_ACCESS_LIST_STORAGE_TOO_SHORT", {"storageKeys", "32 bytes"}},
    {"TransactionException.RLP_INVALID_DATA", {"data: ", "found a list"}},
    {"TransactionException.RLP_INVALID_GASLIMIT", {"gasLimit: ", "found a list"}},
    {"TransactionException.RLP_INVALID_HEADER", {"expected a legacy transaction or one of type 1 to 4", ""}},
    {"TransactionException.RLP_INVALID_NONCE", {"nonce: ", "found a list"}},
    {"TransactionException.RLP_INVALID_SIGNATURE_R", {"r: ", "found a list"}},
    {"TransactionException.RLP_INVALID_SIGNATURE_S", {"s: ", "found a list"}},
    {"TransactionException.RLP_INVALID_TO", {"to: ", "found a list"}},
    {"TransactionException.RLP_LEADING_ZEROS_BASEFEE", {"maxFeePerGas: ", "leading zero byte"}},
    {"TransactionException.RLP_LEADING_ZEROS_DATA_SIZE", {"length with a leading zero byte", ""}},
    {"TransactionException.RLP_LEADING_ZEROS_GASLIMIT", {"gasLimit: ", "leading zero byte"}},
    {"TransactionException.RLP_LEADING_ZEROS_GASPRICE", {"gasPrice: ", "leading zero byte"}},
    {"TransactionException.RLP_LEADING_ZEROS_NONCE", {"nonce: ", "leading zero byte"}},
    {"TransactionException.RLP_LEADING_ZEROS_NONCE_SIZE", {"header before a byte below 0x80", ""}},
    {"TransactionException.RLP_LEADING_ZEROS_PRIORITY_FEE", {"maxPriorityFeePerGas: ", "leading zero byte"}},
    {"TransactionException.RLP_LEADING_ZEROS_R", {"r: ", "leading zero byte"}},
    {"TransactionException.RLP_LEADING_ZEROS_S", {"s: ", "leading zero byte"}},
    {"TransactionException.RLP_LEADING_ZEROS_V", {"v: ", "leading zero byte"}},
    {"TransactionException.RLP_LEADING_ZEROS_V", {"yParity: ", "leading zero byte"}},
    {"TransactionException.RLP_LEADING_ZEROS_VALUE", {"value: ", "leading zero byte"}},
    {"TransactionException.RLP_TOO_FEW_ELEMENTS", {"fields, found", ""}},
    {"TransactionException.RLP_TOO_MANY_ELEMENTS", {"fields, found", ""}},
    {"TransactionException.TYPE_NOT_SUPPORTED", {"expected a legacy transaction or one of type 1 to 4", ""}},
    {"TransactionException.VALUE_OVERFLOW", {"value: ", "at most 32 bytes"}},
    // Blocks and state tests.
    {"BlockException.INCORRECT_BLOCK_FORMAT", {"header fields", ""}},
    {"TR_RLP_WRONGVALUE", {"value", ""}},
    {"TransactionException.RLP_INVALID_VALUE", {"value", ""}},
    {"BlockException.RLP_INVALID_ADDRESS", {"address", ""}},
    {"BlockException.RLP_INVALID_FIELD_OVERFLOW_64", {"at most 8 bytes", ""}},
    {"BlockException.RLP_WITHDRAWALS_NOT_READ", {"withdrawals", ""}},
    {"TransactionException.TYPE_3_TX_CONTRACT_CREATION", {"blob transaction creates no contract", ""}},
    {"TransactionException.TYPE_4_TX_CONTRACT_CREATION", {"set code transaction creates no contract", ""}},
    {"TR_BLOBCREATE", {"blob transaction creates no contract", ""}},
    {"TransactionException.TYPE_3_TX_WITH_FULL_BLOBS", {"transaction", ""}},
    {"INPUT_UNMARSHAL_ADDRESS_ERROR", {"address", ""}},
    {"INPUT_UNMARSHAL_ERROR", {"", ""}},
};

bool contains_in_order(std::string_view text, const std::array<std::string_view, 2>& parts) {
  std::size_t position = 0;
  for (const std::string_view part : parts) {
    position = text.find(part, position);
    if (position == std::string_view::npos) return false;
    position += part.size();
  }
  return true;
}

const std::vector<std::string_view>& rule_names() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names;
    for (int i = 0; i < kTransactionErrorCount; ++i) names.push_back(to_string(static_cast<TransactionError>(i)));
    for (int i = 0; i < kBlockErrorCount; ++i) names.push_back(to_string(static_cast<BlockError>(i)));
    return names;
  }();
  return kNames;
}

bool is_known(std::string_view name) {
  return std::ranges::find(rule_names(), name) != rule_names().end() ||
         std::ranges::find(kAliases, name, &Alias::name) != std::end(kAliases) ||
         std::ranges::find(kDecodingFaults, name, &DecodingFault::name) != std::end(kDecodingFaults);
}

bool matches(std::string_view name, const Rejection& rejection) {
  if (name == rejection.rule) return true;
  for (const Alias& alias : kAliases)
    if (alias.name == name && alias.rule == rejection.rule) return true;
  if (!rejection.rule.empty() && rejection.rule != kEncoding) return false;
  for (const DecodingFault& fault : kDecodingFaults)
    if (fault.name == name && contains_in_order(rejection.message, fault.parts)) return true;
  return false;
}

}  // namespace

Rejection Rejection::of(TransactionError error) { return {to_string(error), std::string(describe(error))}; }

Rejection Rejection::of(const InvalidBlock& invalid) { return {invalid.exception_name(), invalid.message()}; }

Rejection Rejection::undecodable(std::string message) { return {{}, std::move(message)}; }

Result<void> check_exception(std::string_view expected, const Rejection& rejection) {
  std::string unknown;
  for (std::size_t begin = 0; begin <= expected.size();) {
    const std::size_t end = std::min(expected.find('|', begin), expected.size());
    const std::string_view name = expected.substr(begin, end - begin);
    if (matches(name, rejection)) return {};
    if (!is_known(name)) unknown = name;
    begin = end + 1;
  }
  std::string found = rejection.rule.empty() ? "an encoding error" : std::string(rejection.rule);
  found += " (" + rejection.message + ")";
  if (!unknown.empty()) return fail("unknown exception name " + unknown + "; rejected with " + found);
  return fail("expected " + std::string(expected) + ", rejected with " + found);
}

}  // namespace hocket
