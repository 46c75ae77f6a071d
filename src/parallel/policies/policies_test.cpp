#include "parallel/policies/order_policy.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numeric>
#include <random>

namespace hocket {
namespace {

using ::testing::ElementsAre;

std::vector<TxnIndex> plan(PolicyKind kind, const BlockForecast& forecast, unsigned workers, TxnIndex reach = 100) {
  std::vector<TxnIndex> order = {7};  // to be replaced
  make_policy(kind)->plan(forecast, workers, reach, order);
  return order;
}

TEST(Policies, InOrderSaysNothing) {
  EXPECT_TRUE(plan(PolicyKind::in_order, {.cost = {1, 9}, .commitment = {0, 0}, .predecessor = {0, 0}}, 2).empty());
}

TEST(Policies, ALargeTransactionBeginsJustInTime) {
  // 10 units of work besides the one that takes 8: it begins as soon as half of what is left is no more than it.
  const BlockForecast forecast{.cost = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 8},
                               .commitment = std::vector<std::uint64_t>(11, 0),
                               .predecessor = std::vector<TxnIndex>(11, 0)};
  EXPECT_THAT(plan(PolicyKind::critical_path, forecast, 2), ElementsAre(0, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  // Four workers would have to begin it at once.
  EXPECT_EQ(plan(PolicyKind::critical_path, forecast, 4).front(), 10u);
}

TEST(Policies, ALargeTransactionBeginsEarlierByWhatIsCommittedBehindIt) {
  // Without the commitments, five of the first would come before it.
  BlockForecast forecast{.cost = {1, 1, 1, 1, 1, 1, 1, 1, 1, 8, 1, 1, 1, 1},
                         .commitment = std::vector<std::uint64_t>(14, 0),
                         .predecessor = std::vector<TxnIndex>(14, 0)};
  EXPECT_THAT(plan(PolicyKind::critical_path, forecast, 2), ElementsAre(0, 1, 2, 3, 9, 4, 5, 6, 7, 8, 10, 11, 12, 13));
  forecast.commitment = std::vector<std::uint64_t>(14, 1);
  EXPECT_EQ(plan(PolicyKind::critical_path, forecast, 2).front(), 9u);
}

TEST(Policies, AChainCountsAsOne) {
  // 3, 4 and 5 wait for each other: together they are half of the work.
  const BlockForecast forecast{.cost = {2, 2, 2, 3, 3, 3, 2, 1},
                               .commitment = std::vector<std::uint64_t>(8, 0),
                               .predecessor = {0, 0, 0, 0, 4, 5, 0, 0}};
  const auto order = plan(PolicyKind::critical_path, forecast, 2);
  EXPECT_EQ(order.front(), 3u);
}

TEST(Policies, OneWorkerGoesInOrder) {
  const BlockForecast forecast{.cost = {1, 1, 9}, .commitment = {0, 0, 0}, .predecessor = {0, 1, 0}};
  EXPECT_TRUE(plan(PolicyKind::critical_path, forecast, 1).empty());
  EXPECT_TRUE(plan(PolicyKind::predicted, forecast, 1).empty());
}

TEST(Policies, WhatWaitsComesAfterWhatDoesNot) {
  const BlockForecast forecast{.cost = {1, 1, 1, 1, 1}, .commitment = {0, 0, 0, 0, 0}, .predecessor = {0, 1, 2, 0, 0}};
  EXPECT_THAT(plan(PolicyKind::predicted, forecast, 2), ElementsAre(0, 3, 4, 1, 2));
  // A predecessor in another stretch has been begun before anyhow.
  EXPECT_THAT(plan(PolicyKind::predicted, forecast, 2, 2), ElementsAre(0, 1, 2, 3, 4));
}

TEST(Policies, OrdersArePermutationsWithinStretches) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 300; ++round) {
    BlockForecast forecast;
    const auto count = static_cast<TxnIndex>(random() % 60);
    for (TxnIndex i = 0; i < count; ++i) {
      forecast.cost.push_back(random() % 8 == 0 ? random() % 1000 : random() % 10);
      forecast.commitment.push_back(random() % 3);
      forecast.predecessor.push_back(random() % 3 == 0 ? static_cast<TxnIndex>(random() % (i + 1)) : 0);
    }
    for (const PolicyKind kind : {PolicyKind::critical_path, PolicyKind::predicted}) {
      const auto reach = static_cast<TxnIndex>(1 + random() % 70);
      auto order = plan(kind, forecast, static_cast<unsigned>(1 + random() % 8), reach);
      if (order.empty()) continue;
      ASSERT_EQ(order.size(), count);
      for (TxnIndex place = 0; place < count; ++place) ASSERT_EQ(order[place] / reach, place / reach);
      std::ranges::sort(order);
      for (TxnIndex i = 0; i < count; ++i) ASSERT_EQ(order[i], i);
    }
  }
}

}  // namespace
}  // namespace hocket
