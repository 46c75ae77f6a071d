#include "parallel/pace.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

using Advice = Pace::Advice;

class PaceTest : public testing::Test {
 protected:
  /// A period of `commits` transactions, each with so much work, in so much time each. The last advice.
  Advice period(std::uint64_t work, std::uint64_t time, int commits = 40) {
    Advice advice = Advice::go_on;
    for (int i = 0; i < commits; ++i) {
      now_ += time;
      const Advice next = pace_.note_commit(work, now_, is_alone_, 40 * time);
      if (next != Advice::go_on) advice = next;
    }
    if (advice == Advice::alone) is_alone_ = true;
    if (advice == Advice::together) is_alone_ = false;
    return advice;
  }

  Pace pace_;
  std::uint64_t now_ = 0;
  bool is_alone_ = false;
};

TEST_F(PaceTest, TwoWorkersThatBothGetWorkDoneGoOn) {
  for (int i = 0; i < 50; ++i) EXPECT_EQ(period(190, 100), Advice::go_on);
  EXPECT_EQ(pace_.committed_alone(), 0u);
}

TEST_F(PaceTest, NoMoreWorkThanOneWouldDoIsAChainInTheEnd) {
  int alone = 0;
  Advice advice = Advice::go_on;
  for (int i = 0; i < 200 && advice != Advice::chain; ++i) {
    advice = period(100, is_alone_ ? 90 : 100);
    alone += advice == Advice::alone ? 1 : 0;
  }
  EXPECT_EQ(advice, Advice::chain);
  EXPECT_GE(alone, 3);
  EXPECT_GT(pace_.committed_alone(), 300u);
}

TEST_F(PaceTest, GoesTogetherAgainWhereThatIsFaster) {
  while (period(100, 100) != Advice::alone) {
  }
  while (period(100, 100) != Advice::together) {
  }
  for (int i = 0; i < 20; ++i) EXPECT_EQ(period(100, 52), Advice::go_on);
}

TEST_F(PaceTest, TimesOneWorkerFirstIfToldTo) {
  pace_ = Pace(true, now_);
  is_alone_ = true;
  EXPECT_EQ(period(100, 100), Advice::together);
  EXPECT_EQ(period(300, 110), Advice::go_on);  // the first is spent on waking up
  EXPECT_EQ(period(300, 110), Advice::alone);  // much work, and nothing gained by it
}

TEST_F(PaceTest, ALargeTransactionSaysNothing) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(period(10, 10, 31), Advice::go_on);
    now_ += 5000;  // the others have waited for it
    EXPECT_EQ(pace_.note_commit(5000, now_, false, 4000), Advice::go_on);
  }
}

TEST_F(PaceTest, StaleTransactionsCountUntilOneWorkerHasBeenTimed) {
  period(190, 100);
  for (int i = 0; i < 3; ++i) {
    for (int k = 0; k < 20; ++k) pace_.note_stale();
    EXPECT_EQ(period(190, 100), i == 1 ? Advice::alone : Advice::go_on) << i;
    if (i == 1) break;
  }
}

}  // namespace
}  // namespace hocket
