#include "state/slot_map.hpp"

#include <gtest/gtest.h>
#include <map>
#include <random>

namespace hocket {
namespace {

std::map<u256, u256> contents(const SlotMap& map) {
  std::map<u256, u256> found;
  for (const auto& [slot, value] : map) EXPECT_TRUE(found.emplace(slot, value).second) << "a slot came twice";
  EXPECT_EQ(found.size(), map.size());
  return found;
}

TEST(SlotMap, AnEmptyOneHasZeros) {
  SlotMap map;
  EXPECT_TRUE(map.empty());
  EXPECT_EQ(map.value(0), u256());
  map.set(7, 0);
  EXPECT_EQ(map.size(), 0u);
  EXPECT_EQ(map.begin(), map.end());
}

// An empty cell holds slot zero with value zero.
TEST(SlotMap, SlotZeroIsLikeAnyOther) {
  SlotMap map;
  map.set(1, 10);
  EXPECT_EQ(map.value(0), u256());
  map.set(0, 5);
  EXPECT_EQ(map.value(0), u256(5));
  EXPECT_EQ(map.size(), 2u);
  map.set(0, 0);
  EXPECT_EQ(map.value(0), u256());
  EXPECT_EQ(contents(map), (std::map<u256, u256>{{1, 10}}));
}

TEST(SlotMap, ZeroTakesASlotOutAndClearAll) {
  SlotMap map;
  for (std::uint64_t i = 1; i <= 100; ++i) map.set(i, i);
  SlotMap copy = map;
  map.set(50, 0);
  map.set(50, 0);
  EXPECT_EQ(map.size(), 99u);
  EXPECT_EQ(map.value(50), u256());
  map.clear();
  EXPECT_TRUE(map.empty());
  EXPECT_EQ(map.value(51), u256());
  EXPECT_EQ(copy.value(50), u256(50));
  map.set(50, 1);
  EXPECT_EQ(contents(map), (std::map<u256, u256>{{50, 1}}));
}

// Few slots, so that most changes meet some that are there: cells move up again and again. Tables of all sizes.
TEST(SlotMap, DoesAsAnOrderedMapDoes) {
  std::mt19937_64 random(1);
  for (const std::uint64_t slots : {2u, 5u, 12u, 100u, 3000u}) {
    SlotMap map;
    std::map<u256, u256> expected;
    for (int step = 0; step < 20'000; ++step) {
      const u256 slot = u256{random() % slots} << (random() % 2 == 0 ? 0u : 200u);
      const u256 value = random() % 2 == 0 ? u256{} : u256{random()};
      map.set(slot, value);
      if (value.is_zero())
        expected.erase(slot);
      else
        expected[slot] = value;
      const u256 other{random() % slots};
      const auto it = expected.find(other);
      ASSERT_EQ(map.value(other), it == expected.end() ? u256() : it->second);
      ASSERT_EQ(map.size(), expected.size());
    }
    EXPECT_EQ(contents(map), expected);
  }
}

}  // namespace
}  // namespace hocket
