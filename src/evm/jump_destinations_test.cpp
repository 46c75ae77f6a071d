#include "evm/jump_destinations.hpp"

#include "base/bytes.hpp"

#include <gtest/gtest.h>
#include <random>
#include <vector>

namespace hocket {
namespace {

using Words = std::vector<std::uint64_t>;

template <class Find>
Words found(const Bytes& code, Find find) {
  Bytes padded(kCodePaddingBefore + code.size() + kCodePaddingBehind);
  std::copy(code.begin(), code.end(), padded.begin() + kCodePaddingBefore);
  Words words;
  find(padded.data() + kCodePaddingBefore, code.size(), [&](std::size_t group, std::uint64_t bits) {
    ASSERT_EQ(group, words.size());
    words.push_back(bits);
  });
  return words;
}

/// As the yellow paper has it.
Words expected(const Bytes& code) {
  Words words(code.size() / 64 + 1);
  for (std::size_t pc = 0; pc < code.size(); ++pc) {
    if (code[pc] == 0x5b) words[pc / 64] |= std::uint64_t{1} << (pc % 64);
    if (code[pc] >= 0x60 && code[pc] <= 0x7f) pc += code[pc] - 0x5fu;
  }
  return words;
}

void expect_found(const Bytes& code) {
  const Words words = expected(code);
  ASSERT_EQ(found(code, [](auto... all) { find_jump_destinations(all...); }), words);
  ASSERT_EQ(found(code, [](auto... all) { find_jump_destinations_portable(all...); }), words);
}

TEST(JumpDestinations, EveryPushReachesAsFarAsItsData) {
  for (int opcode = 0; opcode < 256; ++opcode)
    for (std::size_t before = 0; before < 130; ++before) {
      Bytes code(before, 0x01);
      code.push_back(static_cast<std::uint8_t>(opcode));
      code.resize(before + 100, 0x5b);
      expect_found(code);
    }
}

TEST(JumpDestinations, LengthsOfCode) {
  for (std::size_t size = 0; size < 200; ++size) {
    expect_found(Bytes(size, 0x5b));
    Bytes code(size, 0x5b);
    if (size > 3) code[size - 3] = 0x7f;
    expect_found(code);
  }
}

TEST(JumpDestinations, RandomCode) {
  std::mt19937_64 random(1);
  // Few bytes, so that what looks like a push is often data, and often not.
  for (int round = 0; round < 20'000; ++round) {
    const unsigned jumpdests = random() % 8, pushes = random() % 8;
    Bytes code(random() % 400);
    for (std::uint8_t& byte : code) {
      const unsigned kind = random() % 16;
      byte = kind < jumpdests            ? std::uint8_t{0x5b}
             : kind < jumpdests + pushes ? static_cast<std::uint8_t>(0x5f + random() % 34)
                                         : static_cast<std::uint8_t>(random());
    }
    expect_found(code);
  }
}

}  // namespace
}  // namespace hocket
