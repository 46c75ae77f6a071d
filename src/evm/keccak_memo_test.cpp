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
  EXPECT_EQ(memo.hash(input), to_u256(keccak256(input))) << "zeros, as an empty entry has";
  EXPECT_EQ(memo.hash(input), to_u256(keccak256(input)));
  for (std::size_t i = 0; i < rounds; ++i) {
    // Few bytes change, so that inputs come back.
    input[random() % kSize] = static_cast<std::uint8_t>(random() % 2);
    EXPECT_EQ(memo.hash(input), to_u256(keccak256(input)));
  }
}

TEST(KeccakMemo, HashesAsKeccakDoes) {
  check<64, 1>(1000);  // everything displaces everything
  check<64, 16>(1000);
  check<32, 4>(1000);
}

// Guesses that come true, that do not, and that displace what they came with.
TEST(KeccakMemo, GuessesChangeNoHash) {
  std::mt19937_64 random(2);
  const auto check_guesses = [&random](auto& memo) {
    memo.begin_block();
    std::array<std::uint8_t, 64> input{};
    std::array<std::uint8_t, 64> guessed{};
    for (std::size_t i = 0; i < 5000; ++i) {
      if (random() % 3 == 0)
        input = guessed;
      else
        input[random() % 64] = static_cast<std::uint8_t>(random() % 2);
      guessed = input;
      guessed[random() % 64] ^= static_cast<std::uint8_t>(random() % 3);
      const auto guess = [&guessed, &random](std::uint8_t* next) {
        std::memcpy(next, guessed.data(), guessed.size());
        return random() % 4 != 0;
      };
      ASSERT_EQ(memo.hash(input, guess), to_u256(keccak256(input))) << i;
      if (i % 500 == 0) memo.begin_block();
    }
  };
  KeccakMemo<64, 1> smallest;
  check_guesses(smallest);
  KeccakMemo<64, 16> small;
  check_guesses(small);
  KeccakMemo<64, 1024> large;
  check_guesses(large);
}

/// Asks for inputs of one place, `count` times, and guesses one that is not asked for, or the next; how often it was
/// asked what to guess.
std::size_t guesses_made(KeccakMemo<64, 4096>& memo, std::uint64_t place, std::uint64_t first, int count,
                         bool come_true) {
  std::size_t asked = 0;
  const auto input_of = [place](std::uint64_t key) {
    std::array<std::uint8_t, 64> made{};
    store_be64(made.data() + 24, key);
    store_be64(made.data() + 56, place);
    return made;
  };
  for (int i = 0; i < count; ++i) {
    const auto input = input_of(first + 2 * static_cast<std::uint64_t>(i));
    const auto other = input_of(first + 2 * static_cast<std::uint64_t>(i) + 1);
    const auto guess = [&](std::uint8_t* next) {
      ++asked;
      std::memcpy(next, other.data(), 64);
      return true;
    };
    EXPECT_EQ(memo.hash(input, guess), to_u256(keccak256(input)));
    if (come_true) {
      EXPECT_EQ(memo.hash(other), to_u256(keccak256(other)));
    }
  }
  return asked;
}

// A few guesses are asked for and not made, where the index is the same or the tag is known: hence the ranges.
TEST(KeccakMemo, GuessesEndWhereTheyFail) {
  if (!keccak256_pairs_are_cheap()) GTEST_SKIP() << "nothing is guessed here";
  KeccakMemo<64, 4096> memo;
  EXPECT_EQ(guesses_made(memo, 1, 0, 10, false), 0u) << "before the first block";
  memo.begin_block();
  std::size_t failed = 0;
  for (std::uint64_t place = 0; place < 2000; ++place) failed += guesses_made(memo, place, 1000, 2, false);
  EXPECT_GE(failed, 64u);
  EXPECT_LE(failed, 80u);
  memo.begin_block();
  memo.begin_block();
  failed = 0;
  for (std::uint64_t place = 0; place < 2000; ++place) failed += guesses_made(memo, place, 2000, 2, false);
  EXPECT_LE(failed, 80u) << "two blocks give no more than one";
}

TEST(KeccakMemo, GuessesGoOnWhereTheyComeTrue) {
  if (!keccak256_pairs_are_cheap()) GTEST_SKIP() << "nothing is guessed here";
  KeccakMemo<64, 4096> memo;
  memo.begin_block();
  EXPECT_EQ(guesses_made(memo, 1, 0, 1000, true), 1000u);
  const std::size_t failed = guesses_made(memo, 1, 1'000'000, 1000, false);
  EXPECT_GE(failed, 64u) << "the credit";
  EXPECT_LE(failed, 70u);
}

}  // namespace
}  // namespace hocket
