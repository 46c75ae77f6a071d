#include "report/rank_sums.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace hocket::report {
namespace {

TEST(RankTest, CountsOrders) {
  // Of the 252 orders of five and five times one has all of the first before all of the second; and one the reverse.
  EXPECT_DOUBLE_EQ(rank_test(std::vector{1., 2., 3., 4., 5.}, std::vector{6., 7., 8., 9., 10.}), 2.0 / 252);
  EXPECT_DOUBLE_EQ(rank_test(std::vector{6., 7., 8., 9., 10.}, std::vector{1., 2., 3., 4., 5.}), 2.0 / 252);
  // One pair the other way round: one order more each.
  EXPECT_DOUBLE_EQ(rank_test(std::vector{1., 2., 3., 4., 6.}, std::vector{5., 7., 8., 9., 10.}), 4.0 / 252);
  EXPECT_DOUBLE_EQ(rank_test(std::vector{1., 2., 3.}, std::vector{4., 5., 6.}), 2.0 / 20);
  EXPECT_DOUBLE_EQ(rank_test(std::vector{1.}, std::vector{2.}), 1.0);
}

TEST(RankTest, SeesNoDifferenceInTheSame) {
  const std::vector times = {1., 2., 3., 4., 5., 6., 7.};
  EXPECT_GT(rank_test(times, times), 0.9);
  EXPECT_EQ(rank_test({}, times), 1.0);
}

TEST(RankTest, GoesOverIntoTheNormalDistribution) {
  std::vector<double> a, b, c;
  for (int i = 0; i < 30; ++i) {
    a.push_back(i);
    b.push_back(i + 7.5);
  }
  const double exact = rank_test(a, b);
  a.push_back(14.9);  // one more: beyond what is counted exactly
  EXPECT_NEAR(rank_test(a, b), exact, 0.3 * exact);
  EXPECT_LT(exact, 0.01);
}

}  // namespace
}  // namespace hocket::report
