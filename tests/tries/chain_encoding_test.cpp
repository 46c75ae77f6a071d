// Every block of the chain files: it decodes, encodes to the same bytes, links to its parent by hash, and its body has
// the roots that its header states.
#include "base/hex.hpp"
#include "block/roots.hpp"
#include "core/codec.hpp"
#include "crypto/secp256k1.hpp"
#include "rlp/decode.hpp"
#include "support/fixtures.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <ostream>

namespace hocket {
namespace {

struct ChainFile {
  const char* path;
  std::size_t blocks;
  std::size_t transactions;
};

void PrintTo(const ChainFile& file, std::ostream* out) { *out << file.path; }

class ChainFiles : public ::testing::TestWithParam<ChainFile> {};

void check_body(const Block& block) {
  EXPECT_EQ(transactions_root(block.transactions), block.header.transactions_root);
  EXPECT_EQ(ommers_hash(block.ommers), block.header.ommers_hash);
  EXPECT_EQ(block.withdrawals.has_value(), block.header.withdrawals_root.has_value());
  if (block.withdrawals) {
    EXPECT_EQ(withdrawals_root(*block.withdrawals), *block.header.withdrawals_root);
  }
}

TEST_P(ChainFiles, DecodeEncodeAndRoots) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "chains");
  std::ifstream stream(pack / "chains" / GetParam().path, std::ios::binary);
  ASSERT_TRUE(stream);
  const Bytes content{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  rlp::Reader reader(content);
  std::size_t blocks = 0;
  std::size_t transactions = 0;
  std::optional<Hash32> parent_hash;
  while (!reader.at_end()) {
    SCOPED_TRACE(blocks);
    const auto item = reader.item();
    ASSERT_TRUE(item) << item.error().message;
    const auto block = decode_block(item->encoded);
    ASSERT_TRUE(block) << block.error().message;
    ASSERT_EQ(to_hex(encode(*block)), to_hex(item->encoded));
    if (parent_hash) {
      EXPECT_EQ(block->header.parent_hash, *parent_hash);
    }
    parent_hash = hash_of(block->header);
    check_body(*block);
    for (const Transaction& tx : block->transactions)
      EXPECT_TRUE(recover_signer(signing_hash(tx), tx.signature.y_parity, tx.signature.r, tx.signature.s));
    ++blocks;
    transactions += block->transactions.size();
  }
  EXPECT_EQ(blocks, GetParam().blocks);
  EXPECT_EQ(transactions, GetParam().transactions);
}

INSTANTIATE_TEST_SUITE_P(Files, ChainFiles,
                         ::testing::Values(ChainFile{"execution-apis/chain.rlp", 54, 249},
                                           ChainFile{"geth-ethtest/chain.rlp", 600, 603},
                                           ChainFile{"hive-sync/chain.rlp", 3000, 546},
                                           ChainFile{"hive-devp2p/fullchain.rlp", 3000, 300},
                                           ChainFile{"hive-graphql/testBlockchain.blocks", 35, 34},
                                           ChainFile{"reth-rpc-compat/chain.rlp", 45, 160},
                                           ChainFile{"besu-snap/testBlockchain.blocks", 501, 402},
                                           ChainFile{"besu-mainnet1000/1000.blocks", 1000, 0}));

TEST(SingleBlocks, OfMainnet) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "chains");
  // Blocks of short-lived test networks, in formats that no fork kept.
  const std::map<std::string, std::string> foreign = {
      {"block_123.blocks", "byte 3: expected 3 or 4 block fields, found 5"},
      {"block_124.blocks", "byte 3: expected 3 or 4 block fields, found 5"},
      {"block_62717.blocks", "header: byte 6: expected 15, 16, 17, 20 or 21 header fields, found 18"},
      {"block_62718.blocks", "header: byte 6: expected 15, 16, 17, 20 or 21 header fields, found 18"}};
  std::size_t blocks = 0;
  for (const auto& file : std::filesystem::directory_iterator(pack / "chains/mainnet-blocks")) {
    const std::string name = file.path().filename().string();
    SCOPED_TRACE(name);
    std::ifstream stream(file.path(), std::ios::binary);
    const Bytes content{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    const auto block = decode_block(content);
    ++blocks;
    if (const auto message = foreign.find(name); message != foreign.end()) {
      ASSERT_FALSE(block);
      EXPECT_EQ(block.error().message, message->second);
      continue;
    }
    ASSERT_TRUE(block) << block.error().message;
    EXPECT_EQ("block_" + std::to_string(block->header.number) + ".blocks", name);
    EXPECT_TRUE(encode(*block) == content);
    check_body(*block);
  }
  EXPECT_EQ(blocks, 14u);
}

}  // namespace
}  // namespace hocket
