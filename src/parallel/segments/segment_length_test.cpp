#include "parallel/segments/segment_length.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

TEST(SegmentLengthTest, BecomesShorterAtOnceAndLongerLittleByLittle) {
  SegmentLength length(100, 1000);
  EXPECT_EQ(length.ticks(), 1000u);
  length.note_stale();
  EXPECT_EQ(length.ticks(), 500u);
  length.note_held();
  EXPECT_GT(length.ticks(), 500u);
  EXPECT_LT(length.ticks(), 550u);
  for (int i = 0; i < 10; ++i) length.note_stale();
  EXPECT_EQ(length.ticks(), 100u);
  for (int i = 0; i < 200; ++i) length.note_held();
  EXPECT_EQ(length.ticks(), 1000u);
}

TEST(SegmentLengthTest, StaysWhereOneInTwentyIsStale) {
  SegmentLength length(1, 1'000'000);
  length.note_stale();
  const double begun = static_cast<double>(length.ticks());
  for (int i = 0; i < 1000; ++i) i % 25 == 0 ? length.note_stale() : length.note_held();
  EXPECT_GT(static_cast<double>(length.ticks()), begun / 2);
}

TEST(SegmentLengthTest, LeavesNoTransactionOutWhereSegmentsAreTheShortest) {
  SegmentLength length(100, 10);
  EXPECT_EQ(length.ticks(), 10u);
  length.note_stale();
  EXPECT_EQ(length.ticks(), 10u);
  SegmentLength tiny(0, 1);
  tiny.note_stale();
  tiny.note_held();
  EXPECT_EQ(tiny.ticks(), 1u);
}

TEST(SegmentLengthTest, IsWithoutBoundWhereNoneIsSet) {
  SegmentLength length(1, ~std::uint64_t{0});
  length.note_held();
  EXPECT_EQ(length.ticks(), ~std::uint64_t{0});
}

}  // namespace
}  // namespace hocket
