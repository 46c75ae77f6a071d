#include "conformance/seal.hpp"

#include "base/hex.hpp"
#include "core/account.hpp"
#include "core/codec.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

using namespace literals;

/// Mainnet's first block after the genesis.
Header first_block() {
  Header header;
  header.parent_hash = "0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3"_hash32;
  header.ommers_hash = kEmptyListHash;
  header.beneficiary = "0x05a56e2d52c817161883f50c441c3228cfe54d9f"_address;
  header.state_root = "0xd67e4d450343046425ae4271474353857ab860dbc0a1dde64b41b5cd3a532bf3"_hash32;
  header.transactions_root = kEmptyTrieRoot;
  header.receipts_root = kEmptyTrieRoot;
  header.difficulty = 0x3ff800000;
  header.number = 1;
  header.gas_limit = 5000;
  header.timestamp = 0x55ba4224;
  header.extra_data = "0x476574682f76312e302e302f6c696e75782f676f312e342e32"_hex;
  header.prev_randao = "0x969b900de27b6ac6a67742365dd65f55a0526c41fd18e1b16f1a1215c2e66f59"_hash32;
  header.nonce = BlockNonce::from("0x539bd4979fef1ec4"_hex);
  return header;
}

TEST(Seal, OfMainnetsFirstBlockIsValid) {
  const Header header = first_block();
  ASSERT_EQ(hash_of(header), "0x88e96d4537bea4d9c05d12549907b32561d3bf31f45aae734cdc119f13406cb6"_hash32);
  EXPECT_TRUE(has_valid_seal(header));
}

TEST(Seal, CoversEveryPartOfTheHeader) {
  const auto changed = [](auto change) {
    Header header = first_block();
    change(header);
    return has_valid_seal(header);
  };
  EXPECT_FALSE(changed([](Header& h) { h.nonce.bytes[7] ^= 1; }));
  EXPECT_FALSE(changed([](Header& h) { h.prev_randao.bytes[0] ^= 1; }));
  EXPECT_FALSE(changed([](Header& h) { h.state_root.bytes[31] ^= 1; }));
  EXPECT_FALSE(changed([](Header& h) { h.extra_data.pop_back(); }));
  // The nonce was found for this difficulty, and not for one 2^40 times as high.
  EXPECT_FALSE(changed([](Header& h) { h.difficulty = h.difficulty << 40; }));
}

}  // namespace
}  // namespace hocket
