#include "block/roots.hpp"

#include "base/hex.hpp"
#include "crypto/sha256.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

using namespace hocket::literals;

TEST(Roots, OfNothing) {
  EXPECT_EQ(transactions_root({}), kEmptyTrieRoot);
  EXPECT_EQ(receipts_root({}), kEmptyTrieRoot);
  EXPECT_EQ(withdrawals_root({}), kEmptyTrieRoot);
  EXPECT_EQ(ommers_hash({}), kEmptyListHash);
}

TEST(Roots, RequestsHashLeavesOutListsWithoutData) {
  // EIP-7685: the hash of no requests is sha256 of nothing.
  const Hash32 none = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"_hash32;
  EXPECT_EQ(requests_hash({}), none);
  const Bytes empty_deposits{0x00};
  const Bytes empty{};
  const Bytes withdrawals = "01aabb"_hex;
  const Bytes consolidations = "02cc"_hex;
  EXPECT_EQ(requests_hash(std::vector{empty_deposits, empty}), none);
  Bytes hashes = to_bytes(sha256(withdrawals));
  append(hashes, sha256(consolidations));
  EXPECT_EQ(requests_hash(std::vector{empty_deposits, withdrawals, consolidations}), sha256(hashes));
}

}  // namespace
}  // namespace hocket
