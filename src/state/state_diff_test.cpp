#include "state/state_diff.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

namespace hocket {
namespace {

Address numbered(std::uint64_t number) { return to_address(u256{number}); }

/// Account `number` with `slots` slots.
void add(StateDiff& diff, std::uint64_t number, std::uint64_t slots) {
  diff.add(numbered(number)).account = Account{.nonce = number, .balance = {}};
  for (std::uint64_t i = 0; i < slots; ++i) diff.add_slot(number + i * i, i);
  if (slots % 3 == 1) diff.set_code(Bytes{static_cast<std::uint8_t>(number), 0x60});
}

// Chunks of slots end in the middle of an account's, and parts are put together, in any order.
TEST(StateDiff, IsTheSameInAnyOrderAndBuiltFromAnyParts) {
  std::mt19937 random(1);
  std::vector<std::uint64_t> slot_counts(100);
  for (std::uint64_t& count : slot_counts) count = random() % 40;
  std::vector<std::uint64_t> numbers(slot_counts.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = i;
  StateDiff expected;
  for (const std::uint64_t number : numbers) add(expected, number, slot_counts[number]);
  ASSERT_EQ(expected.size(), numbers.size());
  for (int round = 0; round < 20; ++round) {
    std::ranges::shuffle(numbers, random);
    StateDiff whole;
    std::size_t next = 0;
    while (next < numbers.size()) {
      StateDiff part;
      if (random() % 2 == 0) part.reserve(random() % 10, random() % 200);
      for (std::size_t n = random() % 20; n > 0 && next < numbers.size(); --n, ++next)
        add(part, numbers[next], slot_counts[numbers[next]]);
      whole.append(std::move(part));
      if (next < numbers.size()) {
        add(whole, numbers[next], slot_counts[numbers[next]]);
        ++next;
      }
    }
    ASSERT_EQ(whole, expected);
    ASSERT_EQ(StateDiff(whole), expected);
    const StateDiff sorted = whole.sorted();
    ASSERT_TRUE(std::ranges::is_sorted(sorted.accounts(), {}, &AccountDiff::address));
    for (const AccountDiff& change : sorted.accounts())
      ASSERT_TRUE(std::ranges::is_sorted(change.storage, {}, &SlotChange::slot));
    for (const std::uint64_t number : numbers) {
      const AccountDiff* change = whole.find(numbered(number));
      ASSERT_NE(change, nullptr);
      ASSERT_EQ(change->storage.size(), slot_counts[number]);
      for (std::uint64_t i = 0; i < slot_counts[number]; ++i)
        ASSERT_EQ(change->storage[i], (SlotChange{number + i * i, i}));
    }
  }
}

TEST(StateDiff, EveryPartOfAChangeCounts) {
  const auto diff = [](auto&& change_it) {
    StateDiff built;
    add(built, 1, 2);
    add(built, 2, 1);
    change_it(built);
    return built;
  };
  const StateDiff expected = diff([](StateDiff&) {});
  EXPECT_EQ(diff([](StateDiff&) {}), expected);
  EXPECT_NE(StateDiff(), expected);
  EXPECT_NE(diff([](StateDiff& d) { d.add(numbered(3)); }), expected);
  EXPECT_NE(diff([](StateDiff& d) { d.add_slot(99, 0); }), expected);
  EXPECT_NE(diff([](StateDiff& d) { d.set_code(Bytes{1}); }), expected);
  EXPECT_NE(diff([](StateDiff& d) { d.accounts().begin()->storage_cleared = true; }), expected);
  EXPECT_NE(diff([](StateDiff& d) { d.accounts().begin()->account.reset(); }), expected);
  EXPECT_NE(diff([](StateDiff& d) { d.accounts().begin()->account->balance = 1; }), expected);
}

TEST(StateDiff, WhatWasMovedFromIsEmpty) {
  StateDiff diff;
  add(diff, 1, 3);
  const StateDiff copy = diff;
  StateDiff other = std::move(diff);
  EXPECT_EQ(other, copy);
  diff = StateDiff();
  add(diff, 2, 3);
  other.append(std::move(diff));
  EXPECT_EQ(other.size(), 2u);
  EXPECT_EQ(other.find(numbered(1))->storage.size(), 3u);
  EXPECT_EQ(other.find(numbered(3)), nullptr);
}

}  // namespace
}  // namespace hocket
