#include "block/validate_header.hpp"

#include "base/hex.hpp"
#include "block/difficulty.hpp"
#include "block/fees.hpp"
#include "core/account.hpp"
#include "core/codec.hpp"

#include <limits>

namespace hocket {
namespace {

constexpr std::size_t kMaxExtraData = 32;
constexpr std::uint64_t kMinGasLimit = 5000;
constexpr std::uint64_t kGasLimitBoundDivisor = 1024;

std::unexpected<InvalidBlock> invalid(BlockError code, std::string detail) {
  return std::unexpected(InvalidBlock{
      .code = code, .transaction_error = std::nullopt, .transaction_index = std::nullopt, .detail = std::move(detail)});
}

std::string text(std::uint64_t value) { return std::to_string(value); }
std::string text(const u256& value) { return to_decimal(value); }

/// "timestamp 5, expected more than the parent's 5".
template <class Found, class Expected>
std::string mismatch(std::string_view field, const Found& found, std::string_view expectation,
                     const Expected& expected) {
  return std::string(field) + " " + text(found) + ", expected " + std::string(expectation) + text(expected);
}

Verdict check_ancestry(const Header& header, const Header& parent) {
  if (header.parent_hash != hash_of(parent))
    return invalid(header.parent_hash.is_zero() ? BlockError::unknown_parent_zero : BlockError::unknown_parent,
                   "parentHash " + to_hex(header.parent_hash) + ", expected " + to_hex(hash_of(parent)));
  if (header.number != parent.number + 1)
    return invalid(BlockError::invalid_block_number, mismatch("number", header.number, "", parent.number + 1));
  if (header.timestamp <= parent.timestamp)
    return invalid(BlockError::invalid_block_timestamp_older_than_parent,
                   mismatch("timestamp", header.timestamp, "more than the parent's ", parent.timestamp));
  return {};
}

Verdict check_extra_data(const Header& header, const ChainConfig& config) {
  if (header.extra_data.size() > kMaxExtraData)
    return invalid(BlockError::extra_data_too_big,
                   mismatch("bytes of extraData:", header.extra_data.size(), "at most ", kMaxExtraData));
  // EIP-779
  const auto& dao = config.dao_fork_block;
  if (dao && header.number >= *dao && header.number - *dao < kDaoExtraDataRange &&
      !equal(header.extra_data, as_bytes(kDaoExtraData)))
    return invalid(BlockError::extra_data_invalid_dao, "extraData " + to_hex(header.extra_data) +
                                                           ", expected \"dao-hard-fork\" in the ten blocks from the "
                                                           "DAO fork on");
  return {};
}

Verdict check_gas_limit_fits(const Header& header) {
  if (header.gas_limit > std::numeric_limits<std::int64_t>::max())
    return invalid(BlockError::gaslimit_too_big, mismatch("gasLimit", header.gas_limit, "at most ",
                                                          std::uint64_t{std::numeric_limits<std::int64_t>::max()}));
  return {};
}

Verdict check_least_gas_limit_and_gas_used(const Header& header) {
  if (header.gas_limit < kMinGasLimit)
    return invalid(BlockError::invalid_gaslimit, mismatch("gasLimit", header.gas_limit, "at least ", kMinGasLimit));
  if (header.gas_used > header.gas_limit)
    return invalid(BlockError::invalid_gas_used_above_limit,
                   mismatch("gasUsed", header.gas_used, "at most gasLimit, ", header.gas_limit));
  return {};
}

Verdict check_gas(const Header& header, const Header& parent, const Spec& spec, const Spec& parent_spec) {
  HOCKET_CHECK(check_gas_limit_fits(header));
  // EIP-1559: with London the limit doubles and the target stays.
  const std::uint64_t parent_limit =
      spec.fee_market && !parent_spec.fee_market ? parent.gas_limit * 2 : parent.gas_limit;
  const std::uint64_t distance =
      header.gas_limit > parent_limit ? header.gas_limit - parent_limit : parent_limit - header.gas_limit;
  const std::uint64_t bound = parent_limit / kGasLimitBoundDivisor;
  if (distance >= bound)
    return invalid(BlockError::invalid_gaslimit,
                   mismatch("gasLimit", header.gas_limit, "less than " + text(bound) + " away from ", parent_limit));
  return check_least_gas_limit_and_gas_used(header);
}

Verdict check_base_fee(const Header& header, const Header& parent, const Spec& spec, const ChainConfig& config) {
  if (!spec.fee_market) {
    if (header.base_fee_per_gas)
      return invalid(BlockError::import_impossible_london_wrong_parent, "baseFeePerGas, expected none before London");
    return {};
  }
  if (!header.base_fee_per_gas)
    return invalid(parent.base_fee_per_gas ? BlockError::import_impossible_legacy_wrong_parent
                                           : BlockError::import_impossible_legacy,
                   "no baseFeePerGas, expected one from London on");
  const u256 expected = next_base_fee(parent, config);
  if (*header.base_fee_per_gas != expected)
    return invalid(BlockError::invalid_basefee_per_gas,
                   mismatch("baseFeePerGas", *header.base_fee_per_gas, "", expected));
  return {};
}

/// EIP-3675: what a block of proof of stake no longer has.
Verdict check_proof_of_stake(const Header& header) {
  if (!header.difficulty.is_zero())
    return invalid(BlockError::import_impossible_difficulty_over_paris,
                   mismatch("difficulty", header.difficulty, "", std::uint64_t{0}));
  if (!header.nonce.is_zero())
    return invalid(BlockError::import_impossible_nonce_over_paris, "nonce " + to_hex(header.nonce) + ", expected zero");
  if (header.ommers_hash != kEmptyListHash)
    return invalid(BlockError::import_impossible_uncles_over_paris,
                   "sha3Uncles " + to_hex(header.ommers_hash) + ", expected that of no ommers");
  return {};
}

Verdict check_consensus(const Header& header, const Header& parent, const Spec& spec, const ChainConfig& config) {
  if (spec.proof_of_stake) return check_proof_of_stake(header);
  const u256 expected = next_difficulty(header.number, header.timestamp, parent, config);
  if (header.difficulty != expected)
    return invalid(BlockError::invalid_difficulty, mismatch("difficulty", header.difficulty, "", expected));
  return {};
}

/// Fields that a fork brought are there from it on, and not before.
Verdict check_presence(const Header& header, const Spec& spec) {
  struct Row {
    std::string_view field;
    bool present;
    bool expected;
    BlockError missing;
    BlockError early;
  };
  using enum BlockError;
  const Row rows[] = {
      {"withdrawalsRoot", header.withdrawals_root.has_value(), spec.withdrawals, import_impossible_paris_over_shanghai,
       import_impossible_shanghai},
      {"blobGasUsed", header.blob_gas_used.has_value(), spec.blob_transactions, incorrect_block_format,
       incorrect_block_format},
      {"excessBlobGas", header.excess_blob_gas.has_value(), spec.blob_transactions, incorrect_block_format,
       incorrect_block_format},
      {"parentBeaconBlockRoot", header.parent_beacon_block_root.has_value(), spec.beacon_roots, incorrect_block_format,
       incorrect_block_format},
      {"requestsHash", header.requests_hash.has_value(), spec.requests, incorrect_block_format, incorrect_block_format},
  };
  for (const Row& row : rows) {
    if (row.present == row.expected) continue;
    const std::string fork{to_string(spec.revision)};
    return row.expected ? invalid(row.missing, "no " + std::string(row.field) + ", expected one in " + fork)
                        : invalid(row.early, std::string(row.field) + ", expected none in " + fork);
  }
  return {};
}

Verdict check_blobs(const Header& header, const Header& parent, const Spec& spec, const ChainConfig& config) {
  if (!spec.blob_transactions) return {};
  // That blobGasUsed stays within the limit follows from the transactions, which are counted against it.
  const std::uint64_t expected = next_excess_blob_gas(parent, spec, config.blob_parameters_at(header.timestamp));
  if (*header.excess_blob_gas != expected)
    return invalid(BlockError::incorrect_excess_blob_gas,
                   mismatch("excessBlobGas", *header.excess_blob_gas, "", expected));
  return {};
}

/// EIP-3675: proof of stake from the first block whose parent reached the terminal total difficulty.
Verdict check_merge(const Header& header, const ChainConfig& config, const u256& parent_total_difficulty) {
  const bool is_proof_of_stake = header.difficulty.is_zero();
  const bool reached = parent_total_difficulty >= *config.terminal_total_difficulty;
  if (is_proof_of_stake == reached) return {};
  return invalid(
      reached ? BlockError::import_impossible_paris_wrong_pow : BlockError::import_impossible_paris_wrong_pos,
      mismatch("the parent's total difficulty is", parent_total_difficulty,
               reached ? "proof of stake from " : "proof of work below ", *config.terminal_total_difficulty));
}

}  // namespace

Verdict validate_header(const Header& header, const Header& parent, const ChainConfig& config,
                        const std::optional<u256>& parent_total_difficulty) {
  const Spec& spec = config.spec_for(header);
  HOCKET_CHECK(check_ancestry(header, parent));
  HOCKET_CHECK(check_extra_data(header, config));
  HOCKET_CHECK(check_consensus(header, parent, spec, config));
  if (config.terminal_total_difficulty && !config.merge_block && parent_total_difficulty)
    HOCKET_CHECK(check_merge(header, config, *parent_total_difficulty));
  HOCKET_CHECK(check_gas(header, parent, spec, config.spec_for(parent)));
  HOCKET_CHECK(check_base_fee(header, parent, spec, config));
  HOCKET_CHECK(check_presence(header, spec));
  return check_blobs(header, parent, spec, config);
}

Verdict validate_header_alone(const Header& header, const ChainConfig& config) {
  const Spec& spec = config.spec_for(header);
  HOCKET_CHECK(check_extra_data(header, config));
  if (spec.proof_of_stake) HOCKET_CHECK(check_proof_of_stake(header));
  HOCKET_CHECK(check_gas_limit_fits(header));
  HOCKET_CHECK(check_least_gas_limit_and_gas_used(header));
  return check_presence(header, spec);
}

}  // namespace hocket
