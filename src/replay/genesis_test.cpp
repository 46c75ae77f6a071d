#include "replay/genesis.hpp"

#include "base/hex.hpp"
#include "core/account.hpp"
#include "core/codec.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

using namespace literals;

std::string with_config(const std::string& config) { return R"({"config": )" + config + R"(, "alloc": {}})"; }

TEST(Genesis, ReadsForksOfEveryKind) {
  const auto genesis = genesis_from_json(with_config(R"({
    "chainId": 99, "homesteadBlock": 1, "daoForkBlock": 2, "daoForkSupport": true, "eip150Block": 3, "eip155Block": 4,
    "eip158Block": 4, "byzantiumBlock": 5, "constantinopleBlock": 6, "istanbulBlock": 8,
    "berlinBlock": 9, "londonBlock": 10, "mergeNetsplitBlock": 11,
    "terminalTotalDifficulty": 58750000000000000000000, "shanghaiTime": 100, "cancunTime": 200, "pragueTime": 300,
    "osakaTime": 400, "bpo1Time": 500, "depositContractAddress": "0x00000000219ab540356cbb839cbe05303d7705fa",
    "blobSchedule": {"bpo1": {"target": 10, "max": 15, "baseFeeUpdateFraction": 8346193}}, "ethash": {}})"));
  ASSERT_TRUE(genesis.has_value()) << genesis.error().message;
  const ChainConfig& c = genesis->config;
  EXPECT_EQ(c.chain_id, 99u);
  EXPECT_EQ(c.homestead_block, 1u);
  EXPECT_EQ(c.dao_fork_block, 2u);
  EXPECT_EQ(c.tangerine_whistle_block, 3u);
  EXPECT_EQ(c.spurious_dragon_block, 4u);
  EXPECT_EQ(c.constantinople_block, 6u);
  EXPECT_EQ(c.petersburg_block, 6u);  // came with Constantinople where it is not named
  EXPECT_EQ(c.london_block, 10u);
  EXPECT_EQ(to_decimal(*c.terminal_total_difficulty), "58750000000000000000000");
  EXPECT_EQ(c.osaka_time, 400u);
  EXPECT_EQ(c.deposit_contract, "0x00000000219ab540356cbb839cbe05303d7705fa"_address);
  // Without an entry: mainnet's parameters.
  EXPECT_EQ(c.blob_parameters_at(199), BlobParameters());
  EXPECT_EQ(c.blob_parameters_at(200), (BlobParameters{3, 6, 3338477}));
  EXPECT_EQ(c.blob_parameters_at(300), (BlobParameters{6, 9, 5007716}));
  EXPECT_EQ(c.blob_parameters_at(500), (BlobParameters{10, 15, 8346193}));
}

TEST(Genesis, MakesTheHeaderOfItsFork) {
  struct Row {
    const char* forks;
    bool base_fee, withdrawals, blobs, requests;
  };
  const Row rows[] = {
      {R"({"chainId": 1})", false, false, false, false},
      {R"({"chainId": 1, "londonBlock": 0})", true, false, false, false},
      {R"({"chainId": 1, "londonBlock": 1})", false, false, false, false},
      {R"({"chainId": 1, "londonBlock": 0, "shanghaiTime": 0})", true, true, false, false},
      {R"({"chainId": 1, "londonBlock": 0, "shanghaiTime": 0, "cancunTime": 0})", true, true, true, false},
      {R"({"chainId": 1, "londonBlock": 0, "shanghaiTime": 0, "cancunTime": 0, "pragueTime": 0})", true, true, true,
       true},
      {R"({"chainId": 1, "londonBlock": 0, "shanghaiTime": 0, "cancunTime": 0, "pragueTime": 1})", true, true, true,
       false},
  };
  for (const Row& row : rows) {
    const auto genesis = genesis_from_json(with_config(row.forks));
    ASSERT_TRUE(genesis.has_value()) << genesis.error().message;
    const Header& h = genesis->block.header;
    EXPECT_EQ(h.base_fee_per_gas.has_value(), row.base_fee) << row.forks;
    EXPECT_EQ(h.withdrawals_root.has_value(), row.withdrawals) << row.forks;
    EXPECT_EQ(genesis->block.withdrawals.has_value(), row.withdrawals) << row.forks;
    EXPECT_EQ(h.blob_gas_used.has_value(), row.blobs) << row.forks;
    EXPECT_EQ(h.requests_hash.has_value(), row.requests) << row.forks;
    EXPECT_EQ(h.state_root, kEmptyTrieRoot);
  }
}

TEST(Genesis, ReadsAllocationsAsFreelyAsGeth) {
  const auto genesis = genesis_from_json(R"({"config": {"chainId": 1}, "extraData": "", "timestamp": "1695902100",
    "gasLimit": "0x17D7840", "nonce": "0x1234",
    "alloc": {
      "000000000000000000000000000000000000000a": {"balance": "1", "nonce": "0x5"},
      "0x000000000000000000000000000000000000000B": {"balance": "0x10", "code": "0x6000",
        "storage": {"0x01": "0x02", "0x0000000000000000000000000000000000000000000000000000000000000003": "0x00"}}}})");
  ASSERT_TRUE(genesis.has_value()) << genesis.error().message;
  EXPECT_EQ(genesis->block.header.timestamp, 1695902100u);
  EXPECT_EQ(genesis->block.header.nonce.bytes[6], 0x12);
  const auto& accounts = genesis->state.accounts();
  ASSERT_EQ(accounts.size(), 2u);
  EXPECT_EQ(accounts.at("0x000000000000000000000000000000000000000a"_address).account.nonce, 5u);
  EXPECT_EQ(accounts.at("0x000000000000000000000000000000000000000b"_address).storage.size(), 1u);
}

TEST(Genesis, LargeIntegersAreOnlyTouchedOutsideOfText) {
  const auto genesis = genesis_from_json(
      R"({"config": {"chainId": 1, "terminalTotalDifficulty": 115792089237316195423570985008687907853269984665640564039457584007913129639935},
          "note": "escaped \" 123456789012345678901234567890 [", "alloc": {}})");
  ASSERT_TRUE(genesis.has_value()) << genesis.error().message;
  EXPECT_EQ(*genesis->config.terminal_total_difficulty, u256::max());
}

TEST(Genesis, AForkThatIsLeftOutStartsWithTheNextOne) {
  const auto genesis = genesis_from_json(
      R"({"config": {"chainId": 1, "byzantiumBlock": 2, "londonBlock": 7, "shanghaiTime": 3, "pragueTime": 9},
          "alloc": {}})");
  ASSERT_TRUE(genesis.has_value()) << genesis.error().message;
  const ChainConfig& config = genesis->config;
  EXPECT_EQ(config.homestead_block, 2u);
  EXPECT_EQ(config.spurious_dragon_block, 2u);
  EXPECT_EQ(config.petersburg_block, 7u);
  EXPECT_EQ(config.berlin_block, 7u);
  EXPECT_EQ(config.muir_glacier_block, std::nullopt);  // its bomb delay is no part of Berlin
  EXPECT_EQ(config.gray_glacier_block, std::nullopt);
  EXPECT_EQ(config.cancun_time, 9u);
  EXPECT_EQ(config.osaka_time, std::nullopt);
  EXPECT_EQ(config.blob_parameters_at(8).max, 0u);
  EXPECT_EQ(config.blob_parameters_at(9).max, 9u);
}

TEST(Genesis, RefusesWhatItDoesNotUnderstand) {
  struct Row {
    const char* text;
    const char* expected;
  };
  const Row rows[] = {
      {R"({"alloc": {}})", "config: missing, expected the network's forks"},
      {R"({"config": {"chainId": 1}})", "alloc: missing"},
      {R"({"config": {}, "alloc": {}})", "config.chainId: missing"},
      {R"({"config": {"chainId": 1, "amsterdamTime": 5}, "alloc": {}})",
       "config.amsterdamTime: a fork that is not known"},
      {R"({"config": {"chainId": 1, "verkleBlock": 5}, "alloc": {}})", "config.verkleBlock: a fork that is not known"},
      {R"({"config": {"chainId": 1, "eip155Block": 5}, "alloc": {}})", "config.eip158Block: expected the same block"},
      {R"({"config": {"chainId": 1, "berlinBlock": 5, "londonBlock": 4}, "alloc": {}})",
       "config.londonBlock: 4, expected not less than berlinBlock"},
      {R"({"config": {"chainId": 1, "shanghaiTime": 5, "cancunTime": 4}, "alloc": {}})",
       "config.cancunTime: 4, expected not less than shanghaiTime"},
      {R"({"config": {"chainId": 1, "bpo1Time": 5}, "alloc": {}})", "config.blobSchedule.bpo1: missing"},
      {R"({"config": {"chainId": 1, "cancunTime": 5, "blobSchedule": {"cancun": {"target": 9, "max": 6,
           "baseFeeUpdateFraction": 1}}}, "alloc": {}})",
       "config.blobSchedule.cancun.max: 6, expected at least the target"},
      {R"({"config": {"chainId": 1, "cancunTime": 5, "blobSchedule": {"cancun": {"target": 3, "max": 6,
           "baseFeeUpdateFraction": 0}}}, "alloc": {}})",
       "config.blobSchedule.cancun.baseFeeUpdateFraction: 0, expected more"},
      {R"({"config": {"chainId": 1}, "alloc": {"0x12": {}}})", "alloc.0x12: expected 20 bytes"},
      {R"({"config": {"chainId": 1}, "stateRoot": "0x1111111111111111111111111111111111111111111111111111111111111111",
           "alloc": {}})",
       "stateRoot: 0x1111"},
      {R"({"config": {"chainId": 1}, "nonce": "x", "alloc": {}})", "nonce: expected a number"},
  };
  for (const Row& row : rows) {
    const auto genesis = genesis_from_json(row.text);
    ASSERT_FALSE(genesis.has_value()) << row.text;
    EXPECT_TRUE(genesis.error().message.starts_with(row.expected)) << genesis.error().message;
  }
}

}  // namespace
}  // namespace hocket
