#include "block/validate_header.hpp"

#include "block/difficulty.hpp"
#include "block/fees.hpp"
#include "core/account.hpp"
#include "core/codec.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <ostream>

namespace hocket {
namespace {

/// A header that is valid after `parent`, twelve seconds later.
Header child_of(const Header& parent, const ChainConfig& config) {
  Header header;
  header.parent_hash = hash_of(parent);
  header.number = parent.number + 1;
  header.timestamp = parent.timestamp + 12;
  header.gas_limit = parent.gas_limit;
  header.ommers_hash = kEmptyListHash;
  const Spec& spec = config.spec_at(header.number, header.timestamp);
  if (!spec.proof_of_stake) header.difficulty = next_difficulty(header.number, header.timestamp, parent, config);
  if (spec.fee_market) header.base_fee_per_gas = next_base_fee(parent, config);
  if (spec.withdrawals) header.withdrawals_root = kEmptyTrieRoot;
  if (spec.blob_transactions) {
    header.blob_gas_used = 0;
    header.excess_blob_gas = next_excess_blob_gas(parent, spec, config.blob_parameters_at(header.timestamp));
  }
  if (spec.beacon_roots) header.parent_beacon_block_root = Hash32{};
  if (spec.requests) header.requests_hash = Hash32{};
  return header;
}

/// A parent at number 10 under the network's rules.
Header parent_of(const ChainConfig& config) {
  Header genesis;
  genesis.number = 9;
  genesis.timestamp = 988;
  genesis.gas_limit = 30'000'000;
  genesis.difficulty = 0x20000;
  genesis.base_fee_per_gas = 1'000'000'000;
  Header parent = child_of(genesis, config);
  parent.gas_used = parent.gas_limit / 2;
  return parent;
}

struct HeaderCase {
  const char* name;
  const char* network;
  std::function<void(Header&)> change;
  std::optional<BlockError> error;
};

void PrintTo(const HeaderCase& test, std::ostream* out) { *out << test.name << " in " << test.network; }

class ValidateHeaderTest : public ::testing::TestWithParam<HeaderCase> {};

TEST_P(ValidateHeaderTest, Table) {
  const HeaderCase& test = GetParam();
  const ChainConfig config = *fixture_network(test.network);
  const Header parent = parent_of(config);
  Header header = child_of(parent, config);
  test.change(header);
  const Verdict verdict = validate_header(header, parent, config);
  if (test.error) {
    ASSERT_FALSE(verdict);
    EXPECT_EQ(to_string(verdict.error().code), to_string(*test.error)) << verdict.error().message();
    EXPECT_FALSE(verdict.error().detail.empty());
  } else {
    EXPECT_TRUE(verdict) << verdict.error().message();
  }
}

using enum BlockError;
void unchanged(Header&) {}

INSTANTIATE_TEST_SUITE_P(
    Valid, ValidateHeaderTest,
    ::testing::Values(HeaderCase{"valid", "Frontier", unchanged, {}}, HeaderCase{"valid", "Homestead", unchanged, {}},
                      HeaderCase{"valid", "Byzantium", unchanged, {}}, HeaderCase{"valid", "Berlin", unchanged, {}},
                      HeaderCase{"valid", "London", unchanged, {}}, HeaderCase{"valid", "Paris", unchanged, {}},
                      HeaderCase{"valid", "Shanghai", unchanged, {}}, HeaderCase{"valid", "Cancun", unchanged, {}},
                      HeaderCase{"valid", "Prague", unchanged, {}}, HeaderCase{"valid", "Osaka", unchanged, {}},
                      HeaderCase{"valid", "BPO2", unchanged, {}}));

INSTANTIATE_TEST_SUITE_P(
    Every, ValidateHeaderTest,
    ::testing::Values(
        HeaderCase{"another parent", "Osaka", [](Header& h) { h.parent_hash.bytes[0] ^= 1; }, unknown_parent},
        HeaderCase{"no parent", "Osaka", [](Header& h) { h.parent_hash = {}; }, unknown_parent_zero},
        HeaderCase{"number too high", "Osaka", [](Header& h) { ++h.number; }, invalid_block_number},
        HeaderCase{"number too low", "Osaka", [](Header& h) { --h.number; }, invalid_block_number},
        HeaderCase{"same time", "Osaka", [](Header& h) { h.timestamp -= 12; },
                   invalid_block_timestamp_older_than_parent},
        HeaderCase{"32 bytes of extra data", "Osaka", [](Header& h) { h.extra_data.assign(32, 0xff); }, {}},
        HeaderCase{"33 bytes", "Osaka", [](Header& h) { h.extra_data.assign(33, 0xff); }, extra_data_too_big},
        HeaderCase{"all gas used", "Osaka", [](Header& h) { h.gas_used = h.gas_limit; }, {}},
        HeaderCase{"more gas used", "Osaka", [](Header& h) { h.gas_used = h.gas_limit + 1; },
                   invalid_gas_used_above_limit},
        HeaderCase{"highest gas limit", "Osaka", [](Header& h) { h.gas_limit += 30'000'000 / 1024 - 1; }, {}},
        HeaderCase{"one more", "Osaka", [](Header& h) { h.gas_limit += 30'000'000 / 1024; }, invalid_gaslimit},
        HeaderCase{"lowest gas limit", "Osaka", [](Header& h) { h.gas_limit -= 30'000'000 / 1024 - 1; }, {}},
        HeaderCase{"one less", "Osaka", [](Header& h) { h.gas_limit -= 30'000'000 / 1024; }, invalid_gaslimit},
        HeaderCase{"2^63 gas", "Osaka", [](Header& h) { h.gas_limit = std::uint64_t{1} << 63; }, gaslimit_too_big}));

INSTANTIATE_TEST_SUITE_P(
    ProofOfWork, ValidateHeaderTest,
    ::testing::Values(HeaderCase{"difficulty", "Frontier", [](Header& h) { h.difficulty += 1; }, invalid_difficulty},
                      HeaderCase{"difficulty", "London", [](Header& h) { h.difficulty = 0; }, invalid_difficulty},
                      HeaderCase{"base fee before London", "Berlin", [](Header& h) { h.base_fee_per_gas = 7; },
                                 import_impossible_london_wrong_parent},
                      HeaderCase{"no base fee", "London", [](Header& h) { h.base_fee_per_gas.reset(); },
                                 import_impossible_legacy_wrong_parent},
                      HeaderCase{"base fee", "London", [](Header& h) { *h.base_fee_per_gas += 1; },
                                 invalid_basefee_per_gas},
                      HeaderCase{"any nonce and mix hash",
                                 "London",
                                 [](Header& h) {
                                   h.nonce.bytes[0] = 1;
                                   h.prev_randao.bytes[0] = 1;
                                 },
                                 {}},
                      HeaderCase{"ommers", "London", [](Header& h) { h.ommers_hash = {}; }, {}}));

INSTANTIATE_TEST_SUITE_P(
    ProofOfStake, ValidateHeaderTest,
    ::testing::Values(
        HeaderCase{"difficulty", "Paris", [](Header& h) { h.difficulty = 1; }, import_impossible_difficulty_over_paris},
        HeaderCase{"nonce", "Paris", [](Header& h) { h.nonce.bytes[7] = 1; }, import_impossible_nonce_over_paris},
        HeaderCase{"ommers", "Paris", [](Header& h) { h.ommers_hash = {}; }, import_impossible_uncles_over_paris},
        HeaderCase{"any randomness", "Paris", [](Header& h) { h.prev_randao.bytes[0] = 1; }, {}}));

INSTANTIATE_TEST_SUITE_P(
    Fields, ValidateHeaderTest,
    ::testing::Values(
        HeaderCase{"withdrawals too early", "Paris", [](Header& h) { h.withdrawals_root = kEmptyTrieRoot; },
                   import_impossible_shanghai},
        HeaderCase{"no withdrawals", "Shanghai", [](Header& h) { h.withdrawals_root.reset(); },
                   import_impossible_paris_over_shanghai},
        HeaderCase{"blob gas too early", "Shanghai", [](Header& h) { h.blob_gas_used = 0; }, incorrect_block_format},
        HeaderCase{"excess too early", "Shanghai", [](Header& h) { h.excess_blob_gas = 0; }, incorrect_block_format},
        HeaderCase{"beacon root too early", "Shanghai", [](Header& h) { h.parent_beacon_block_root = Hash32{}; },
                   incorrect_block_format},
        HeaderCase{"no blob gas", "Cancun", [](Header& h) { h.blob_gas_used.reset(); }, incorrect_block_format},
        HeaderCase{"no excess", "Cancun", [](Header& h) { h.excess_blob_gas.reset(); }, incorrect_block_format},
        HeaderCase{"no beacon root", "Cancun", [](Header& h) { h.parent_beacon_block_root.reset(); },
                   incorrect_block_format},
        HeaderCase{"requests too early", "Cancun", [](Header& h) { h.requests_hash = Hash32{}; },
                   incorrect_block_format},
        HeaderCase{"no requests", "Prague", [](Header& h) { h.requests_hash.reset(); }, incorrect_block_format},
        HeaderCase{"excess", "Cancun", [](Header& h) { *h.excess_blob_gas += 1; }, incorrect_excess_blob_gas}));

TEST(ValidateHeaderTest, DaoExtraDataInTenBlocks) {
  const ChainConfig config = *fixture_network("HomesteadToDaoAt5");
  const Bytes dao_extra = to_bytes(as_bytes("dao-hard-fork"));
  for (std::uint64_t number = 3; number < 18; ++number) {
    Header parent = parent_of(config);
    parent.number = number - 1;
    Header header = child_of(parent, config);
    header.extra_data = dao_extra;
    EXPECT_TRUE(validate_header(header, parent, config)) << number;
    header.extra_data.push_back(0);
    const bool prescribed = number >= 5 && number < 15;
    EXPECT_EQ(validate_header(header, parent, config).has_value(), !prescribed) << number;
  }
}

TEST(ValidateHeaderTest, LondonDoublesTheGasLimit) {
  const ChainConfig config = *fixture_network("BerlinToLondonAt5");
  Header parent = parent_of(*fixture_network("Berlin"));
  parent.number = 4;
  Header header = child_of(parent, config);
  EXPECT_EQ(header.base_fee_per_gas, u256{1'000'000'000});
  EXPECT_EQ(validate_header(header, parent, config).error().code, invalid_gaslimit);
  header.gas_limit = 2 * parent.gas_limit;
  EXPECT_TRUE(validate_header(header, parent, config));
  header.base_fee_per_gas.reset();
  EXPECT_EQ(validate_header(header, parent, config).error().code, import_impossible_legacy);
}

TEST(ValidateHeaderTest, TheTotalDifficultyDecidesTheMerge) {
  const ChainConfig config = *fixture_network("ArrowGlacierToParisAtDiffC0000");
  const Header parent = parent_of(*fixture_network("ArrowGlacier"));
  const Header work = child_of(parent, config);
  Header stake = work;
  stake.difficulty = 0;
  const u256 below{0xbffff};
  const u256 reached{0xc0000};
  EXPECT_TRUE(validate_header(work, parent, config, below));
  EXPECT_TRUE(validate_header(stake, parent, config, reached));
  EXPECT_EQ(validate_header(work, parent, config, reached).error().code, import_impossible_paris_wrong_pow);
  EXPECT_EQ(validate_header(stake, parent, config, below).error().code, import_impossible_paris_wrong_pos);
  // Without it the block is believed.
  EXPECT_TRUE(validate_header(work, parent, config));
  EXPECT_TRUE(validate_header(stake, parent, config));
}

TEST(ValidateHeaderAloneTest, FindsWhatIsWrongWithoutTheParent) {
  const HeaderCase cases[] = {
      {"unchanged", "Osaka", unchanged, std::nullopt},
      {"another parent", "Osaka", [](Header& h) { h.parent_hash.bytes[0] ^= 1; }, std::nullopt},
      {"another base fee", "Osaka", [](Header& h) { h.base_fee_per_gas = 7; }, std::nullopt},
      {"another difficulty", "London", [](Header& h) { h.difficulty = 7; }, std::nullopt},
      {"long extra data", "London", [](Header& h) { h.extra_data = Bytes(33); }, extra_data_too_big},
      {"difficulty", "Paris", [](Header& h) { h.difficulty = 7; }, import_impossible_difficulty_over_paris},
      {"nonce", "Osaka", [](Header& h) { h.nonce.bytes[7] = 1; }, import_impossible_nonce_over_paris},
      {"ommers", "Osaka", [](Header& h) { h.ommers_hash.bytes[0] ^= 1; }, import_impossible_uncles_over_paris},
      {"small gas limit", "London", [](Header& h) { h.gas_limit = 4999; }, invalid_gaslimit},
      {"large gas limit", "London", [](Header& h) { h.gas_limit = std::uint64_t{1} << 63; }, gaslimit_too_big},
      {"gas used", "London", [](Header& h) { h.gas_used = h.gas_limit + 1; }, invalid_gas_used_above_limit},
      {"no requests", "Prague", [](Header& h) { h.requests_hash.reset(); }, incorrect_block_format},
  };
  for (const HeaderCase& test : cases) {
    const ChainConfig config = *fixture_network(test.network);
    Header header = child_of(parent_of(config), config);
    test.change(header);
    const Verdict verdict = validate_header_alone(header, config);
    EXPECT_EQ(verdict.has_value(), !test.error) << test.name;
    if (!verdict && test.error) {
      EXPECT_EQ(to_string(verdict.error().code), to_string(*test.error)) << test.name;
    }
  }
}

TEST(ValidateHeaderTest, MessagesSayWhatWasExpected) {
  const ChainConfig config = *fixture_network("Osaka");
  const Header parent = parent_of(config);
  Header header = child_of(parent, config);
  header.gas_limit = 5;
  EXPECT_EQ(validate_header(header, parent, config).error().message(),
            "gasLimit 5, expected less than 29296 away from 30000000 (BlockException.INVALID_GASLIMIT)");
}

}  // namespace
}  // namespace hocket
