#include "parallel/cost_history.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

Transaction call(std::uint64_t target, std::uint8_t selector) {
  Transaction transaction;
  transaction.to = to_address(u256{target});
  transaction.data = {selector, 2, 3, 4};
  transaction.gas_limit = 100'000;
  return transaction;
}

TEST(CostHistory, KnowsAKindBySeenCosts) {
  CostHistory history;
  const auto cell = CostHistory::cell_of(call(1, 1));
  EXPECT_FALSE(history.find(cell));
  history.note_cost(cell, 1000);
  EXPECT_EQ(history.find(cell)->cost, 1000u);
  EXPECT_FALSE(history.find(CostHistory::cell_of(call(1, 2))));
  EXPECT_FALSE(history.find(CostHistory::cell_of(call(2, 1))));
}

TEST(CostHistory, KnowsWhatLogsTake) {
  CostHistory history;
  const auto cell = CostHistory::cell_of(call(1, 1));
  history.note_cost(cell, 500, 1500);
  EXPECT_EQ(history.find(cell)->cost, 2000u);
  EXPECT_NEAR(static_cast<double>(history.find(cell)->of_logs), 1500, 2000 / 16.);
  history.note_cost(cell, 100, 0);
  EXPECT_EQ(history.find(cell)->of_logs, 0u);
  for (int i = 0; i < 50; ++i) history.note_cost(cell, 0, ~std::uint64_t{0});  // no overflow into what stands beside it
  EXPECT_LE(history.find(cell)->of_logs, history.find(cell)->cost);
  EXPECT_FALSE(history.find(cell)->was_contended);
}

TEST(CostHistory, KindsThatMeetStandBesideEachOther) {
  CostHistory history;
  const auto kind = [](unsigned i) {
    return CostHistory::Cell{.index = 803, .tag = static_cast<std::uint16_t>(10 + i)};
  };
  // Eight of one line; the ninth takes the place of one.
  for (unsigned i = 0; i < 8; ++i) history.note_cost(kind(i), 100 + i);
  for (unsigned i = 0; i < 8; ++i) {
    const auto known = history.find(kind(i));
    ASSERT_TRUE(known);
    EXPECT_EQ(known->cost, 100u + i);
  }
  history.note_cost(kind(8), 5000);
  EXPECT_EQ(history.find(kind(8))->cost, 5000u);
  EXPECT_FALSE(history.find(kind(0)));
  EXPECT_EQ(history.find(kind(1))->cost, 101u);
  EXPECT_FALSE(history.find({.index = 811, .tag = kind(8).tag}));
}

TEST(CostHistory, FollowsWhatIsShorterFasterThanWhatIsLonger) {
  CostHistory history;
  const auto cell = CostHistory::cell_of(call(1, 1));
  history.note_cost(cell, 1000);
  history.note_cost(cell, 9000);
  EXPECT_EQ(history.find(cell)->cost, 2000u);
  history.note_cost(cell, 1000);
  EXPECT_EQ(history.find(cell)->cost, 1500u);
  // What is nearly right stays.
  for (int i = 0; i < 200; ++i) history.note_cost(cell, 77);
  EXPECT_NEAR(static_cast<double>(history.find(cell)->cost), 77, 77 / 6.);
  for (int i = 0; i < 200; ++i) history.note_cost(cell, 1234);
  EXPECT_NEAR(static_cast<double>(history.find(cell)->cost), 1234, 1234 / 4.);
  history.note_cost(cell, ~std::uint64_t{0});  // no overflow into what stands beside it
  EXPECT_GT(history.find(cell)->cost, 1234u);
  EXPECT_FALSE(history.find(cell)->was_in_chains);
}

TEST(CostHistory, RemembersWhichKindsWereInChains) {
  CostHistory history;
  const auto cell = CostHistory::cell_of(call(1, 1));
  history.note_outcome(cell, CostHistory::Outcome::chain);
  EXPECT_FALSE(history.find(cell));  // it has no cost yet
  history.note_cost(cell, 1000);
  history.note_outcome(cell, CostHistory::Outcome::chain);
  EXPECT_FALSE(history.find(cell)->was_in_chains);  // once is nothing
  history.note_outcome(cell, CostHistory::Outcome::chain);
  EXPECT_TRUE(history.find(cell)->was_in_chains);
  history.note_outcome(cell, CostHistory::Outcome::parallel);
  EXPECT_FALSE(history.find(cell)->was_in_chains);
  for (int i = 0; i < 300; ++i) history.note_outcome(cell, CostHistory::Outcome::chain);
  EXPECT_TRUE(history.find(cell)->was_in_chains);
  EXPECT_EQ(history.find(cell)->cost, 1000u);
  for (int i = 0; i < 300; ++i) history.note_outcome(cell, CostHistory::Outcome::parallel);
  EXPECT_FALSE(history.find(cell)->was_in_chains);
  EXPECT_EQ(history.find(cell)->cost, 1000u);
}

TEST(CostHistory, RemembersContentionForAWhile) {
  CostHistory history;
  const auto cell = CostHistory::cell_of(call(1, 1));
  history.note_cost(cell, 1000);
  EXPECT_FALSE(history.find(cell)->was_contended);
  for (int i = 0; i < 9; ++i) history.note_outcome(cell, CostHistory::Outcome::contended);
  EXPECT_TRUE(history.find(cell)->was_contended);
  EXPECT_FALSE(history.find(cell)->was_in_chains);
  history.note_outcome(cell, CostHistory::Outcome::parallel);
  EXPECT_TRUE(history.find(cell)->was_contended);
  history.note_outcome(cell, CostHistory::Outcome::parallel);
  EXPECT_FALSE(history.find(cell)->was_contended);
}

TEST(CostHistory, TransfersAreAllAlikeAndCallsWithoutDataAreNot) {
  Transaction a, b;
  a.to = to_address(u256{1});
  b.to = to_address(u256{2});
  a.gas_limit = b.gas_limit = 21'000;
  const auto same = [](const Transaction& x, const Transaction& y) {
    return CostHistory::cell_of(x) == CostHistory::cell_of(y);
  };
  EXPECT_TRUE(same(a, b));
  a.gas_limit = b.gas_limit = 50'000;  // there may be code
  EXPECT_FALSE(same(a, b));
  Transaction creation;
  creation.gas_limit = 21'000;
  EXPECT_FALSE(same(a, creation));
}

}  // namespace
}  // namespace hocket
