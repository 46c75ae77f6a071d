#include "protocol/chain_config.hpp"

#include "base/hex.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace hocket {
namespace {

using enum Revision;
using namespace literals;

TEST(ChainConfigTest, MainnetForksStartWhereTheyDid) {
  const ChainConfig& mainnet = *named_network("mainnet");
  struct Row {
    std::uint64_t number, timestamp;
    Revision before, from;
  };
  const Row by_block[] = {
      {1'150'000, 0, frontier, homestead},
      {2'463'000, 0, homestead, tangerine_whistle},
      {2'675'000, 0, tangerine_whistle, spurious_dragon},
      {4'370'000, 0, spurious_dragon, byzantium},
      {7'280'000, 0, byzantium, petersburg},
      {9'069'000, 0, petersburg, istanbul},
      {12'244'000, 0, istanbul, berlin},
      {12'965'000, 0, berlin, london},
      {15'537'394, 1663224179, london, paris},
  };
  for (const Row& row : by_block) {
    EXPECT_EQ(mainnet.revision_at(row.number - 1, row.timestamp), row.before) << row.number;
    EXPECT_EQ(mainnet.revision_at(row.number, row.timestamp), row.from) << row.number;
  }
  const Row by_time[] = {
      {17'034'870, 1681338455, paris, shanghai},
      {19'426'587, 1710338135, shanghai, cancun},
      {22'431'084, 1746612311, cancun, prague},
      {23'935'694, 1764798551, prague, osaka},
  };
  for (const Row& row : by_time) {
    EXPECT_EQ(mainnet.revision_at(row.number, row.timestamp - 1), row.before) << row.timestamp;
    EXPECT_EQ(mainnet.revision_at(row.number, row.timestamp), row.from) << row.timestamp;
  }
  EXPECT_EQ(mainnet.revision_at(0, 0), frontier);
  // A time in the future does not bring proof of stake to an old block.
  EXPECT_EQ(mainnet.revision_at(15'537'393, 1764798551), london);
}

TEST(ChainConfigTest, BlobScheduleOfMainnet) {
  const ChainConfig& mainnet = *named_network("mainnet");
  const BlobParameters cancun_blobs{.target = 3, .max = 6, .base_fee_update_fraction = 3338477};
  const BlobParameters prague_blobs{.target = 6, .max = 9, .base_fee_update_fraction = 5007716};
  const BlobParameters bpo1_blobs{.target = 10, .max = 15, .base_fee_update_fraction = 8346193};
  const BlobParameters bpo2_blobs{.target = 14, .max = 21, .base_fee_update_fraction = 11684671};
  EXPECT_EQ(mainnet.blob_parameters_at(1710338134), BlobParameters{});
  EXPECT_EQ(mainnet.blob_parameters_at(1710338135), cancun_blobs);
  EXPECT_EQ(mainnet.blob_parameters_at(1746612310), cancun_blobs);
  EXPECT_EQ(mainnet.blob_parameters_at(1746612311), prague_blobs);
  EXPECT_EQ(mainnet.blob_parameters_at(1764798551), prague_blobs);
  EXPECT_EQ(mainnet.blob_parameters_at(1765290070), prague_blobs);
  EXPECT_EQ(mainnet.blob_parameters_at(1765290071), bpo1_blobs);
  EXPECT_EQ(mainnet.blob_parameters_at(1767747671), bpo2_blobs);
  EXPECT_EQ(mainnet.blob_parameters_at(~0ull), bpo2_blobs);
}

TEST(ChainConfigTest, NetworksWithoutAScheduleHaveMainnetsParameters) {
  ChainConfig config;
  config.merge_block = 0;
  config.cancun_time = 10;
  config.prague_time = 20;
  EXPECT_EQ(config.blob_parameters_at(9).max, 0u);
  EXPECT_EQ(config.blob_parameters_at(10).max, 6u);
  EXPECT_EQ(config.blob_parameters_at(20).max, 9u);
}

TEST(ChainConfigTest, BlobParametersCanBeReplacedByFork) {
  ChainConfig config = *fixture_network("PragueToOsakaAtTime15k");
  const BlobParameters one{.target = 1, .max = 2, .base_fee_update_fraction = 3};
  EXPECT_TRUE(config.set_blob_parameters("osaka", one));
  EXPECT_EQ(config.blob_parameters_at(14'999).max, 9u);
  EXPECT_EQ(config.blob_parameters_at(15'000), one);
  EXPECT_TRUE(config.set_blob_parameters("Prague", one));
  EXPECT_EQ(config.blob_parameters_at(14'999), one);
  EXPECT_FALSE(config.set_blob_parameters("BPO1", one));
}

TEST(ChainConfigTest, BombDelays) {
  const ChainConfig& mainnet = *named_network("mainnet");
  struct Row {
    std::uint64_t number, before, from;
  };
  const Row rows[] = {{4'370'000, 0, 3'000'000},           {7'280'000, 3'000'000, 5'000'000},
                      {9'200'000, 5'000'000, 9'000'000},   {12'965'000, 9'000'000, 9'700'000},
                      {13'773'000, 9'700'000, 10'700'000}, {15'050'000, 10'700'000, 11'400'000}};
  for (const Row& row : rows) {
    EXPECT_EQ(mainnet.bomb_delay_at(row.number - 1), row.before) << row.number;
    EXPECT_EQ(mainnet.bomb_delay_at(row.number), row.from) << row.number;
  }
}

TEST(ChainConfigTest, NetworksByNameAndChainId) {
  EXPECT_EQ(named_network("sepolia")->chain_id, 11155111u);
  EXPECT_EQ(named_network("hoodi")->chain_id, 560048u);
  EXPECT_EQ(named_network("holesky")->chain_id, 17000u);
  EXPECT_EQ(named_network("Mainnet"), nullptr);
  EXPECT_EQ(network_of_chain_id(560048), named_network("hoodi"));
  EXPECT_EQ(network_of_chain_id(5), nullptr);
  EXPECT_EQ(to_hex(named_network("sepolia")->deposit_contract), "0x7f02c3e3c98b133055b8b348b2ac625669ed295d");
  EXPECT_EQ(named_network("sepolia")->revision_at(1'450'408, 1663224179), london);
  EXPECT_EQ(named_network("sepolia")->revision_at(1'450'409, 1663224179), paris);
  EXPECT_EQ(named_network("hoodi")->revision_at(1, 1742213400), cancun);
}

TEST(ChainConfigTest, TheTerminalTotalDifficultyNeedsTheBlocksWord) {
  const ChainConfig config = *fixture_network("ArrowGlacierToParisAtDiffC0000");
  EXPECT_EQ(config.terminal_total_difficulty, u256{0xc0000});
  Header header;
  header.number = 5;
  header.difficulty = 1;
  EXPECT_EQ(config.spec_for(header).revision, london);
  header.difficulty = 0;
  EXPECT_EQ(config.spec_for(header).revision, paris);
  // A network without a Merge does not get one from a header that claims it.
  EXPECT_EQ(fixture_network("London")->spec_for(header).revision, london);
}

TEST(FixtureNetworkTest, SingleForks) {
  struct Row {
    const char* name;
    Revision revision;
  };
  const Row rows[] = {{"Frontier", frontier},
                      {"Homestead", homestead},
                      {"EIP150", tangerine_whistle},
                      {"EIP158", spurious_dragon},
                      {"Byzantium", byzantium},
                      {"Constantinople", constantinople},
                      {"ConstantinopleFix", petersburg},
                      {"Istanbul", istanbul},
                      {"Berlin", berlin},
                      {"London", london},
                      {"ArrowGlacier", london},
                      {"GrayGlacier", london},
                      {"Merge", paris},
                      {"Paris", paris},
                      {"Shanghai", shanghai},
                      {"Cancun", cancun},
                      {"Prague", prague},
                      {"Osaka", osaka},
                      {"BPO1", osaka},
                      {"BPO4", osaka}};
  for (const Row& row : rows) {
    const auto network = fixture_network(row.name);
    ASSERT_TRUE(network) << row.name;
    EXPECT_EQ(network->revision_at(0, 0), row.revision) << row.name;
    EXPECT_EQ(network->chain_id, 1u);
    EXPECT_EQ(network->name, row.name);
  }
  EXPECT_EQ(fixture_network("BPO1")->blob_parameters_at(0).max, 15u);
  EXPECT_EQ(fixture_network("London")->bomb_delay_at(1), 9'700'000u);
  EXPECT_EQ(fixture_network("ArrowGlacier")->bomb_delay_at(1), 10'700'000u);
}

TEST(FixtureNetworkTest, Transitions) {
  struct Row {
    const char* name;
    std::uint64_t number_before, time_before;
    Revision before, after;
  };
  const Row rows[] = {{"FrontierToHomesteadAt5", 4, 0, frontier, homestead},
                      {"HomesteadToEIP150At5", 4, 0, homestead, tangerine_whistle},
                      {"EIP158ToByzantiumAt5", 4, 0, spurious_dragon, byzantium},
                      {"ByzantiumToConstantinopleFixAt5", 4, 0, byzantium, petersburg},
                      {"BerlinToLondonAt5", 4, 0, berlin, london},
                      {"ParisToShanghaiAtTime15k", 4, 14'999, paris, shanghai},
                      {"ShanghaiToCancunAtTime15k", 4, 14'999, shanghai, cancun},
                      {"CancunToPragueAtTime15k", 4, 14'999, cancun, prague},
                      {"PragueToOsakaAtTime15k", 4, 14'999, prague, osaka}};
  for (const Row& row : rows) {
    const auto network = fixture_network(row.name);
    ASSERT_TRUE(network) << row.name;
    EXPECT_EQ(network->revision_at(row.number_before, row.time_before), row.before) << row.name;
    EXPECT_EQ(network->revision_at(row.number_before + 1, row.time_before + 1), row.after) << row.name;
  }
  EXPECT_EQ(fixture_network("HomesteadToDaoAt5")->dao_fork_block, 5u);
  EXPECT_FALSE(fixture_network("Homestead")->dao_fork_block);
  const auto bpo = fixture_network("BPO1ToBPO2AtTime15k");
  EXPECT_EQ(bpo->blob_parameters_at(14'999).max, 15u);
  EXPECT_EQ(bpo->blob_parameters_at(15'000).max, 21u);
}

TEST(FixtureNetworkTest, UnknownNames) {
  for (const char* name : {"", "Amsterdam", "BPO2ToAmsterdamAtTime15k", "frontier", "FrontierTo", "FrontierToHomestead",
                           "FrontierToHomesteadAt", "FrontierToHomesteadAtx", "HomesteadToFrontierAt5",
                           "BerlinToLondonAtDiff5", "To", "FrontierToHomesteadAt99999999999999999999"})
    EXPECT_FALSE(fixture_network(name)) << name;
}

TEST(DaoForkTest, DrainsTheDaoAndItsChildren) {
  const auto accounts = dao_drained_accounts();
  EXPECT_EQ(accounts.size(), 116u);
  EXPECT_TRUE(std::ranges::is_sorted(accounts));
  EXPECT_EQ(std::ranges::adjacent_find(accounts), accounts.end());
  // The DAO and its extra balance account.
  EXPECT_TRUE(std::ranges::binary_search(accounts, "0xbb9bc244d798123fde783fcc1c72d3bb8c189413"_address));
  EXPECT_TRUE(std::ranges::binary_search(accounts, "0x807640a13483f8ac783c557fcdf27be11ea4ac7a"_address));
  EXPECT_EQ(kDaoRefundContract, "0xbf4ed7b27f1d666546e30d74d50d173d20bca754"_address);
}

}  // namespace
}  // namespace hocket
