#include "parallel/block_plan.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

constexpr auto kMicrosecond = static_cast<std::uint64_t>(1000 * RealSync::kTicksPerNs);

Transaction call(std::uint64_t sender, std::uint64_t target, std::uint64_t gas_limit = 100'000) {
  Transaction transaction;
  transaction.sender = to_address(u256{sender});
  transaction.to = to_address(u256{target});
  transaction.data = {1, 2, 3, 4};
  transaction.gas_limit = gas_limit;
  return transaction;
}

Transaction transfer(std::uint64_t sender) {
  Transaction transaction;
  transaction.sender = to_address(u256{sender});
  transaction.to = to_address(u256{1000 + sender});
  transaction.value = 1;
  transaction.gas_limit = 21'000;
  return transaction;
}

class BlockPlanTest : public testing::Test {
 protected:
  /// Each transaction takes so long.
  void learn(std::uint64_t ticks) {
    for (TxnIndex i = 0; i < block_.size(); ++i) plan_.note_cost(i, ticks, 50'000, 0);
  }
  unsigned choose(unsigned workers = 4) { return plan_.choose(block_, workers, {}).workers; }
  std::vector<TxnIndex> cut(TxnIndex most, std::uint64_t ticks) const {
    std::vector<TxnIndex> ends;
    for (TxnIndex first = 0; first < block_.size(); first = ends.back())
      ends.push_back(plan_.end_of_segment(first, most, ticks));
    return ends;
  }

  BlockPlan plan_{PolicyKind::critical_path};
  std::vector<Transaction> block_;
};

TEST_F(BlockPlanTest, ASmallBlockIsForOneWorker) {
  EXPECT_LT(choose(), 2u);
  block_ = {call(1, 1, 30'000'000)};
  EXPECT_LT(choose(), 2u);  // nobody could help
  block_.assign(10, call(1, 1));
  EXPECT_LT(choose(), 2u);
  block_.assign(1000, call(1, 1));
  EXPECT_EQ(choose(), 4u);
  EXPECT_EQ(choose(1), 1u);
}

TEST_F(BlockPlanTest, SeesAtAGlanceWhatIsSmall) {
  EXPECT_TRUE(plan_.is_small({}, 4));
  block_.assign(5, call(1, 1));
  EXPECT_TRUE(plan_.is_small(block_, 4));
  block_.assign(1000, call(1, 1));
  EXPECT_FALSE(plan_.is_small(block_, 4));
  block_ = {call(1, 1, 5'000'000)};
  EXPECT_FALSE(plan_.is_small(block_, 4));
}

TEST_F(BlockPlanTest, AGlanceThatErredIsNotRepeatedAtOnce) {
  block_.assign(5, call(1, 1));
  plan_.note_small(100 * kMicrosecond);
  EXPECT_TRUE(plan_.is_small(block_, 4));
  plan_.note_small(10'000 * kMicrosecond);
  for (int i = 0; i < 16; ++i) EXPECT_FALSE(plan_.is_small(block_, 4));
  EXPECT_TRUE(plan_.is_small(block_, 4));
}

TEST_F(BlockPlanTest, SegmentsTakeAboutTheSameTime) {
  for (std::uint64_t i = 0; i < 1000; ++i) block_.push_back(call(1, i % 100 == 42 ? 2 : 1));
  choose();
  for (int round = 0; round < 64; ++round)
    for (TxnIndex i = 0; i < block_.size(); ++i)
      plan_.note_cost(i, (i % 100 == 42 ? 100 : 1) * kMicrosecond, 50'000, 0);
  const std::uint64_t ticks = plan_.choose(block_, 2, {.transfers_only = false, .in_segments = true}).segment_ticks;
  EXPECT_GT(ticks, 20 * kMicrosecond);
  EXPECT_LT(ticks, 100 * kMicrosecond);
  std::vector<TxnIndex> ends = cut(1000, ticks);
  EXPECT_EQ(ends.back(), block_.size());
  TxnIndex first = 0;
  for (const TxnIndex end : ends) {
    EXPECT_GT(end, first);
    const bool has_large = first % 100 <= 42 && first / 100 * 100 + 42 < end;
    if (has_large) {
      EXPECT_EQ(end, first + 1) << first;  // by itself
    }
    first = end;
  }
  // By their number.
  ends = cut(300, ~std::uint64_t{0});
  EXPECT_EQ(ends, (std::vector<TxnIndex>{300, 600, 900, 1000}));
  ends = cut(1000, 0);
  EXPECT_EQ(ends.size(), 1000u);
  EXPECT_LE(plan_.shortest_segment_ticks(), 8 * plan_.total_ticks() / block_.size());
  EXPECT_GT(plan_.shortest_segment_ticks(), 7 * plan_.total_ticks() / block_.size());
}

TEST_F(BlockPlanTest, SegmentsDoNotSeparateWhatBelongsTogether) {
  for (std::uint64_t i = 0; i < 1000; ++i) block_.push_back(call(1, 1 + i % 2));
  choose();
  const auto odd = [&](unsigned length) {
    const std::vector<TxnIndex> ends = cut(20, plan_.total_ticks() / block_.size() * length);
    EXPECT_EQ(ends.back(), block_.size());
    return std::ranges::count_if(ends, [](TxnIndex end) { return end % 2 != 0; });
  };
  for (const unsigned length : {3u, 5u, 7u, 9u}) EXPECT_GT(odd(length), 0) << length;
  plan_.note_segment(7, true);  // the pair of the seventh and the eighth has been separated
  for (const unsigned length : {3u, 5u, 7u, 9u}) EXPECT_EQ(odd(length), 0) << length;
  EXPECT_EQ(cut(1, 1).size(), block_.size());  // no more than were asked for
  plan_.note_segment(7, false);                // by chance
  EXPECT_GT(odd(3), 0);
  // Where every place is bad one is as good as another.
  plan_.note_segment(7, true);
  plan_.note_segment(8, true);
  EXPECT_GT(odd(3), 0);
  plan_.note_segment(0, true);  // nothing is before it
}

TEST_F(BlockPlanTest, LargeTransactionsAreForSegmentsOnceTheyAreKnownToBeIndependent) {
  block_.assign(4000, call(1, 1));
  choose();
  for (int round = 0; round < 64; ++round) learn(20 * kMicrosecond);
  const auto segment_ticks = [&] {
    return plan_.choose(block_, 2, {.transfers_only = false, .in_segments = true}).segment_ticks;
  };
  EXPECT_EQ(segment_ticks(), 0u);
  plan_.note_independence(true);
  EXPECT_GT(segment_ticks(), 100 * kMicrosecond);
  plan_.note_independence(false);
  EXPECT_EQ(segment_ticks(), 0u);
  plan_.note_independence(true);
  EXPECT_NE(segment_ticks(), 0u);
  plan_.note_segments(false);
  EXPECT_EQ(segment_ticks(), 0u);
  // Most of the time must be theirs.
  for (std::uint64_t i = 0; i < 1000; ++i) block_[4 * i] = call(1, 2);
  for (int i = 0; i < 20; ++i) choose();
  for (int round = 0; round < 64; ++round) learn(20 * kMicrosecond);
  EXPECT_EQ(segment_ticks(), 0u);
}

TEST_F(BlockPlanTest, LearnsWhatTransactionsCost) {
  block_.assign(400, call(1, 1, 21'500));
  EXPECT_EQ(choose(), 4u);
  learn(kMicrosecond / 4);
  EXPECT_LT(choose(), 2u);  // what comes on top is more than what could be won
  block_.assign(10, call(1, 2, 21'500));
  EXPECT_LT(choose(), 2u);
  for (int i = 0; i < 8; ++i) learn(1000 * kMicrosecond);
  EXPECT_EQ(choose(), 4u);
}

TEST_F(BlockPlanTest, AShortBlockOfManySmallTransactionsIsSmallForTwo) {
  block_.assign(1500, call(1, 1));
  choose();
  for (int i = 0; i < 50; ++i) learn(kMicrosecond * 22 / 100);
  EXPECT_TRUE(plan_.is_small(block_, 2));
  EXPECT_FALSE(plan_.is_small(block_, 16));
  EXPECT_LT(choose(2), 2u);
}

TEST_F(BlockPlanTest, SeveralWorkersEstimateAsOneDoes) {
  for (std::uint64_t i = 0; i < 20'000; ++i) block_.push_back(call(1, 1 + i / 7 % 90));
  plan_.choose(block_, 4, {});
  for (TxnIndex i = 0; i < block_.size(); i += 3) plan_.note_cost(i, i % 11 * kMicrosecond, 50'000, 0);
  WorkerPool pool(4);
  // Wherever the border lies between what pays and what does not.
  for (const std::size_t count : {8191u, 8192u, 12'345u, 20'000u}) {
    const std::span<const Transaction> some = std::span{block_}.first(count);
    const auto alone = plan_.choose(some, 4, {.transfers_only = false, .in_segments = true});
    const auto together = plan_.choose(some, 4, {.transfers_only = false, .in_segments = true}, &pool);
    EXPECT_EQ(alone.workers, together.workers);
    EXPECT_EQ(alone.segment_ticks, together.segment_ticks);
  }
}

TEST_F(BlockPlanTest, LearnsFromWhatOneWorkerTook) {
  block_.assign(1000, call(1, 1));
  ASSERT_EQ(choose(), 4u);
  // Far less than was thought.
  for (int i = 0; i < 20; ++i) {
    choose();
    plan_.note_sequential(100 * kMicrosecond);
  }
  EXPECT_TRUE(plan_.is_small(block_, 4));
  // Far more.
  for (int i = 0; i < 100; ++i) {
    choose();
    plan_.note_sequential(10'000 * kMicrosecond);
  }
  EXPECT_FALSE(plan_.is_small(block_, 4));
  EXPECT_EQ(choose(), 4u);
}

TEST_F(BlockPlanTest, OneTransactionThatTakesNearlyAllTheTimeCannotBeShared) {
  block_.assign(100, call(1, 1));
  block_[50] = call(1, 2);
  choose();
  const auto learn_large = [&](std::uint64_t ticks, std::size_t logs) {
    for (int round = 0; round < 32; ++round)
      for (TxnIndex i = 0; i < 100; ++i) plan_.note_cost(i, i == 50 ? ticks : kMicrosecond, 50'000, i == 50 ? logs : 0);
  };
  learn_large(1000 * kMicrosecond, 0);
  EXPECT_LT(choose(), 2u);
  // Its logs' bloom can.
  learn_large(1000 * kMicrosecond, 10'000);
  EXPECT_GE(choose(), 2u);
}

TEST_F(BlockPlanTest, AChainIsLeftAloneAndTriedAgain) {
  block_.assign(1000, call(1, 1));
  ASSERT_EQ(choose(), 4u);
  learn(10 * kMicrosecond);
  const auto run = [&](bool is_chain) {
    if (choose() < 2) return false;
    plan_.note_outcome(is_chain ? CostHistory::Outcome::chain : CostHistory::Outcome::parallel);
    return true;
  };
  for (int i = 0; i < 20; ++i) run(true);
  int tried = 0;
  for (int i = 0; i < 64; ++i) tried += run(true) ? 1 : 0;
  EXPECT_EQ(tried, 4);
  // Another kind has another history.
  std::vector<Transaction> other(1000, call(1, 7));
  EXPECT_EQ(plan_.choose(other, 4, {}).workers, 4u);
  for (int i = 0; i < 200; ++i) run(false);
  EXPECT_EQ(choose(), 4u);
}

TEST_F(BlockPlanTest, OneChainOfManyKindsIsOne) {
  for (std::uint64_t i = 0; i < 4000; ++i) block_.push_back(call(1, 1 + i % 2));
  ASSERT_EQ(choose(), 4u);
  learn(10 * kMicrosecond);
  plan_.note_outcome(CostHistory::Outcome::chain);
  EXPECT_EQ(choose(), 4u);
  plan_.note_outcome(CostHistory::Outcome::chain);
  EXPECT_LT(choose(), 2u);
  // Segments that pay speak for the kinds too.
  plan_.note_segments(true);
  EXPECT_EQ(choose(), 4u);
}

TEST_F(BlockPlanTest, OneWorkerGoesFirstWhereBlocksWereContended) {
  block_.assign(4000, call(1, 1));
  choose();
  learn(10 * kMicrosecond);
  choose();
  EXPECT_FALSE(plan_.begins_alone());
  plan_.note_outcome(CostHistory::Outcome::contended);
  choose();
  EXPECT_TRUE(plan_.begins_alone());
  choose(16);  // many would wait
  EXPECT_FALSE(plan_.begins_alone());
  block_.resize(100);  // too short for that
  choose();
  EXPECT_FALSE(plan_.begins_alone());
}

TEST_F(BlockPlanTest, WritersOfAPredictedSlotAreAChain) {
  // Each is expected to write what the next one reads; the last two are others.
  for (std::uint64_t i = 0; i < 6; ++i) block_.push_back(call(i + 1, 1));
  block_.push_back(call(10, 2));
  block_.push_back(call(11, 2));
  WriteHistory history;
  history.note(*TransactionKind::of(block_[0]), {.account = to_address(u256{1}), .slot = 5});
  BlockPlan plan(PolicyKind::predicted);
  plan.choose(block_, 2, {});
  const BeginOrder order = plan.make_order(block_, 2, 100, history, false);
  ASSERT_EQ(order.size(), 8u);
  EXPECT_EQ(order.at(0), 0u);
  EXPECT_EQ(order.at(1), 6u);
  EXPECT_EQ(order.at(2), 7u);
  EXPECT_EQ(order.at(3), 1u);
}

TEST_F(BlockPlanTest, TransfersThatAreLeftToTheirTurnAreUnits) {
  block_ = {transfer(1), transfer(2), call(1, 1), transfer(3), call(1, 2), call(2, 2)};
  BlockPlan plan(PolicyKind::in_order);
  plan.choose(block_, 2, {});
  const WriteHistory history;
  const BeginOrder order = plan.make_order(block_, 2, 100, history, true);
  ASSERT_EQ(order.size(), 5u);
  EXPECT_EQ(order.at(1), 2u);
  EXPECT_EQ(order.at(4), 5u);
  for (TxnIndex txn = 0; txn < block_.size(); ++txn) EXPECT_EQ(order.is_in_turn(txn), block_[txn].data.empty()) << txn;
  EXPECT_EQ(plan.predecessor(2), 0u);

  const BeginOrder all = plan.make_order(block_, 2, 100, history, false);
  EXPECT_EQ(all.size(), 6u);
  EXPECT_FALSE(all.is_in_turn(0));
}

TEST_F(BlockPlanTest, WhatHasMetNoCodeIsATransferHoweverLongItTook) {
  block_ = {transfer(1), transfer(2), call(1, 1)};
  block_[1].gas_limit = 30'000;
  const WriteHistory history;
  choose();
  for (TxnIndex txn = 0; txn < 2; ++txn) plan_.note_cost(txn, 100 * kMicrosecond, txn == 0 ? 21'000 : 23'000, 0);
  choose();
  const BeginOrder order = plan_.make_order(block_, 2, 100, history, true);
  EXPECT_TRUE(order.is_in_turn(0));
  EXPECT_FALSE(order.is_in_turn(1));
}

TEST(BeginOrder, UnitsAndStretches) {
  const std::vector<TxnIndex> units = {0, 3, 4, 6};
  const std::vector<TxnIndex> order = {1, 0, 3, 2};
  const std::vector<std::uint8_t> in_turn = {1, 1, 1, 0, 1, 1, 0};
  const BeginOrder begin(7, units, order, 2, in_turn);
  EXPECT_EQ(begin.size(), 4u);
  EXPECT_EQ(begin.at(0), 3u);
  EXPECT_EQ(begin.at(2), 6u);
  EXPECT_TRUE(begin.is_in_turn(2));
  EXPECT_FALSE(begin.is_in_turn(3));
  EXPECT_EQ(begin.stretch_begin(1), 0u);
  EXPECT_EQ(begin.stretch_begin(3), 4u);

  const BeginOrder plain(5);
  EXPECT_EQ(plain.at(3), 3u);
  EXPECT_FALSE(plain.is_in_turn(3));
  EXPECT_EQ(plain.stretch_begin(3), 3u);
}

}  // namespace
}  // namespace hocket
