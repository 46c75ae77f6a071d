#include "evm/keccak_memo.hpp"

#include <gtest/gtest.h>
#include <random>

namespace hocket {
namespace {

template <std::size_t kSize, std::size_t kEntries>
void check(std::size_t rounds) {
  KeccakMemo<kSize, kEntries> memo;
  std::mt19937_64 random(1);
  std::array<std::uint8_t, kSize> input{};
  EXPECT_EQ(memo.hash(input.data()), to_u256(keccak256(input))) << "zeros, as an empty entry has";
  EXPECT_EQ(memo.hash(input.data()), to_u256(keccak256(input)));
  for (std::size_t i = 0; i < rounds; ++i) {
    // Few bytes change, so that inputs come back.
    input[random() % kSize] = static_cast<std::uint8_t>(random() % 2);
    EXPECT_EQ(memo.hash(input.data()), to_u256(keccak256(input)));
  }
}

TEST(KeccakMemo, HashesAsKeccakDoes) {
  check<64, 1>(1000);  // everything displaces everything
  check<64, 16>(1000);
  check<32, 4>(1000);
}

}  // namespace
}  // namespace hocket
