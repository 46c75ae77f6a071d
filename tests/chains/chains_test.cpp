// Whole chains, executed from their genesis with every header, receipt and state root checked.
#include "base/hex.hpp"
#include "block/recover_senders.hpp"
#include "block/roots.hpp"
#include "core/codec.hpp"
#include "replay/chain_import.hpp"
#include "support/chain_cases.hpp"
#include "support/fixtures.hpp"

#include <gtest/gtest.h>
#include <set>

namespace hocket {
namespace {

using namespace literals;
using testing::ChainCase;
using testing::read_text;

class Chains : public ::testing::TestWithParam<ChainCase> {};

TEST_P(Chains, EveryBlockExecutesToItsStateRoot) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "chains");
  const ChainCase& c = GetParam();
  const std::filesystem::path folder = pack / "chains";
  auto genesis = genesis_from_json(read_text(folder / c.genesis), c.network ? named_network(c.network) : nullptr);
  ASSERT_TRUE(genesis.has_value()) << genesis.error().message;
  ProgramCache programs;
  SequentialExecutor executor(programs);
  const auto report = import_chain(*genesis, (folder / c.blocks).string(), executor);
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->blocks, c.block_count);
  if (c.transaction_count != 0) {
    EXPECT_EQ(report->transactions, c.transaction_count);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Chains, ::testing::ValuesIn(testing::kChains),
                         [](const auto& test) { return test.param.name; });

TEST(ChainPack, EveryGenesisHasItsKnownHash) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "chains");
  const std::pair<const char*, Hash32> hashes[] = {
      {"mainnet", "0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3"_hash32},
      {"sepolia", "0x25a5cc106eea7138acab33231d7160d69cb777ee0c2c553fcddf5138993e6dd9"_hash32},
      {"holesky", "0xb5f7f912443c940f21fd611f12828d75b534364ed9e95ca4e307729a4661bde4"_hash32},
      {"hoodi", "0xbbe312868b376a3001692a646dd2d7d1e4406380dfd86b98aa8a34d1557c971b"_hash32},
  };
  for (const auto& [name, hash] : hashes) {
    const auto path = pack / "chains" / "genesis" / (std::string(name) + ".json");
    const auto genesis = genesis_from_json(read_text(path), named_network(name));
    ASSERT_TRUE(genesis.has_value()) << name << ": " << genesis.error().message;
    EXPECT_EQ(to_hex(hash_of(genesis->block.header)), to_hex(hash)) << name;
  }
}

// The state of these is not in the pack: their encoding and links are all that can be checked.
TEST(ChainPack, BlocksWithoutStateDecodeAndLink) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "chains");
  const auto path = (pack / "chains" / "era1" / "sepolia-00021-b8814b14.era1").string();
  auto file = ChainFile::open(path);
  ASSERT_TRUE(file.has_value()) << file.error().message;
  std::uint64_t number = 172'032;
  std::size_t transactions = 0;
  std::optional<Hash32> parent;
  for (;;) {
    const auto stored = file->next();
    ASSERT_TRUE(stored.has_value()) << stored.error().message;
    if (!*stored) break;
    const Header& header = (*stored)->block.header;
    EXPECT_EQ(header.number, number++);
    if (parent) {
      EXPECT_EQ(header.parent_hash, *parent);
    }
    parent = hash_of(header);
    transactions += (*stored)->block.transactions.size();
    EXPECT_EQ(encode((*stored)->block).size(), (*stored)->rlp_size_bytes);
  }
  EXPECT_EQ(number, 180'224u);
  EXPECT_EQ(transactions, 93u);
}

// Four are of test networks that tried blobs and deposits before their EIPs were final: a header field and a body field
// of which nothing came.
bool is_of_an_experiment(const std::filesystem::path& path) {
  static const std::set<std::string> names{"block_123.blocks", "block_124.blocks", "block_62717.blocks",
                                           "block_62718.blocks"};
  return names.contains(path.filename().string());
}

void expect_claims_hold(const Block& block, const std::filesystem::path& path) {
  EXPECT_EQ(transactions_root(block.transactions), block.header.transactions_root) << path;
  EXPECT_EQ(ommers_hash(block.ommers), block.header.ommers_hash) << path;
  const ChainConfig& mainnet = *named_network("mainnet");
  const auto recovered = recover_senders(block, mainnet.spec_for(block.header), mainnet.chain_id);
  if (!recovered) ADD_FAILURE() << path << ": " << recovered.error().message();
}

TEST(ChainPack, SingleBlocksHoldWhatTheirHeadersClaim) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "chains");
  std::size_t blocks = 0;
  for (const auto& entry : std::filesystem::directory_iterator(pack / "chains" / "mainnet-blocks")) {
    auto file = ChainFile::open(entry.path().string());
    ASSERT_TRUE(file.has_value()) << file.error().message;
    const auto stored = file->next();
    if (is_of_an_experiment(entry.path())) {
      EXPECT_FALSE(stored.has_value()) << entry.path();
      continue;
    }
    ASSERT_TRUE(stored.has_value()) << stored.error().message;
    ASSERT_TRUE(stored->has_value()) << entry.path();
    expect_claims_hold((*stored)->block, entry.path());
    ++blocks;
  }
  EXPECT_EQ(blocks, 10u);
}

}  // namespace
}  // namespace hocket
