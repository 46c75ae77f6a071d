#include "parallel/hot_slots.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

SlotKey slot(std::uint64_t number, std::uint64_t account = 7) {
  return {.account = to_address(u256{account}), .slot = u256{number}};
}

TEST(HotSlots, AreThoseThatWereNoted) {
  HotSlots hot;
  EXPECT_FALSE(hot.contains(slot(1)));
  EXPECT_TRUE(hot.note(slot(1)));
  EXPECT_TRUE(hot.contains(slot(1)));
  EXPECT_FALSE(hot.contains(slot(2)));
  EXPECT_FALSE(hot.contains(slot(1, 8))) << "another account's";
}

TEST(HotSlots, StayHotWhileTheyAreRedone) {
  HotSlots hot;
  hot.note(slot(1));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(hot.judge(slot(1), true));
  EXPECT_TRUE(hot.judge(slot(1), false)) << "once in vain, after all that";
  EXPECT_TRUE(hot.contains(slot(1)));
  EXPECT_FALSE(hot.judge(slot(1), false)) << "what went well long ago counts no more";
  EXPECT_FALSE(hot.contains(slot(1)));
}

TEST(HotSlots, AreTrustedNoMoreOnceFollowedInVain) {
  HotSlots hot;
  hot.note(slot(1));
  EXPECT_FALSE(hot.judge(slot(1), false));
  EXPECT_FALSE(hot.contains(slot(1)));
  // What is redone meanwhile, by those that had begun to follow it, helps a little only.
  EXPECT_FALSE(hot.judge(slot(1), true));
  int times = 0;
  while (times < 1'000 && !hot.note(slot(1))) {
    EXPECT_FALSE(hot.contains(slot(1)));
    ++times;
  }
  EXPECT_GT(times, 10);
  EXPECT_LT(times, 1'000) << "it gets another chance";
  EXPECT_TRUE(hot.contains(slot(1)));
}

TEST(HotSlots, OneThatWasNotNotedIsNotJudged) {
  HotSlots hot;
  EXPECT_FALSE(hot.judge(slot(1), true));
  EXPECT_FALSE(hot.contains(slot(1)));
  EXPECT_TRUE(hot.note(slot(1))) << "nothing was held against it";
  EXPECT_FALSE(hot.judge(slot(2), false));
  EXPECT_TRUE(hot.note(slot(2)));
}

TEST(HotSlots, AreBounded) {
  HotSlots hot;
  constexpr std::uint64_t kMany = 100'000;
  for (std::uint64_t i = 0; i < kMany; ++i) EXPECT_TRUE(hot.note(slot(i)));
  EXPECT_TRUE(hot.contains(slot(kMany - 1)));
  std::uint64_t kept = 0;
  for (std::uint64_t i = 0; i < kMany; ++i) kept += hot.contains(slot(i)) ? 1 : 0;
  EXPECT_LT(kept, 10'000u);
}

}  // namespace
}  // namespace hocket
