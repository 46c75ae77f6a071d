#include "parallel/segments/segment_block.hpp"

#include "parallel/block_fixture.hpp"
#include "protocol/opcode.hpp"
#include "state/forwarding_view.hpp"

#include <chrono>
#include <functional>
#include <numeric>
#include <thread>

namespace hocket {
namespace {

Address numbered(std::uint64_t number) { return to_address(u256{number}); }
Address sender(std::uint64_t number) { return numbered(0x5e0000 + number); }

constexpr std::uint64_t kCounter = 0xc0;  // slot [first word of calldata] += 1, which is a log's topic

/// Calls before it reads an account.
class WatchedView final : public ForwardingView {
 public:
  using ForwardingView::ForwardingView;

  std::function<void(const Address&)> before_account;

  StateRead<std::optional<Account>> account(const Address& address) const override {
    if (before_account) before_account(address);
    return ForwardingView::account(address);
  }
};

class SegmentBlockTest : public BlockFixture {
 protected:
  SegmentBlockTest() {
    environment_.context.beneficiary = numbered(0xbe00);
    const Bytes code{OP_PUSH0, OP_CALLDATALOAD, OP_SLOAD, OP_PUSH1,        1,        OP_ADD, OP_DUP1, OP_PUSH0,
                     OP_PUSH0, OP_LOG0 + 1,     OP_PUSH0, OP_CALLDATALOAD, OP_SSTORE};
    state_.put(numbered(kCounter), 1, {}, code, {});
    state_.put(numbered(kEmpty), 0, {}, {}, {});
    for (std::uint64_t i = 0; i < kCount; ++i) state_.put(sender(i), 0, u256{1'000'000'000}, {}, {});
    for (std::uint64_t i = 0; i < kCount; ++i) transactions_.push_back(call(i, i));
  }

  static Transaction call(std::uint64_t from, std::uint64_t slot) {
    Transaction transaction = transaction_of(sender(from), numbered(kCounter), 60'000);
    const Hash32 word = to_hash32(u256{slot});
    transaction.data.assign(word.bytes.begin(), word.bytes.end());
    return transaction;
  }
  /// Instead of the call: a contract is made.
  void make_contract_at(std::size_t index) {
    transactions_[index].to.reset();
    transactions_[index].data.clear();
  }
  /// Instead of the call: an empty account is touched, and goes.
  void delete_account_at(std::size_t index) {
    transactions_[index].to = numbered(kEmpty);
    transactions_[index].data.clear();
  }

  static ParallelOptions options(unsigned threads, TxnIndex segment_length = kLength) {
    ParallelOptions options = forced(threads);
    options.segment_length = segment_length;
    return options;
  }
  /// Twice by the same executor.
  ParallelStatistics expect_sequential_result(const ParallelOptions& options) {
    SequentialExecutor sequential(programs_);
    const Outcome expected = execute(sequential, state_);
    ParallelExecutor parallel(programs_, pool_, options);
    for (int i = 0; i < 2; ++i) expect_equal(expected, execute(parallel, state_));
    return parallel.statistics();
  }
  static std::uint64_t reexecutions(const ParallelStatistics& statistics) {
    return std::accumulate(std::begin(statistics.reexecutions), std::end(statistics.reexecutions), std::uint64_t{0});
  }

  static constexpr std::uint64_t kEmpty = 0xe000;
  static constexpr std::uint64_t kCount = 60;
  static constexpr TxnIndex kLength = 4;
};

TEST_F(SegmentBlockTest, ABlockWithoutConflictsIsExecutedOnce) {
  for (const unsigned threads : {1u, 2u, 4u}) {
    for (const TxnIndex length : {1u, 4u, 7u, 60u, 100u}) {
      const ParallelStatistics statistics = expect_sequential_result(options(threads, length));
      EXPECT_TRUE(statistics.segments);
      EXPECT_EQ(statistics.workers, threads);
      EXPECT_EQ(statistics.executions, kCount);
      EXPECT_EQ(reexecutions(statistics), 0u);
      EXPECT_EQ(statistics.finished_sequentially, 0u);
      EXPECT_EQ(statistics.executed_gas, statistics.committed_gas);
    }
  }
}

TEST_F(SegmentBlockTest, ContractsAreMadeAmongThem) {
  for (const std::size_t at : {0u, 21u, 44u, 59u}) make_contract_at(at);
  for (const unsigned threads : {1u, 4u}) {
    const ParallelStatistics statistics = expect_sequential_result(options(threads));
    EXPECT_TRUE(statistics.segments);
    EXPECT_EQ(statistics.finished_sequentially, 0u);
  }
}

TEST_F(SegmentBlockTest, OneWorkerMeetsNoConflicts) {
  for (std::uint64_t i = 0; i < kCount; ++i) transactions_[i] = call(i, 0);
  const ParallelStatistics statistics = expect_sequential_result(options(1));
  EXPECT_TRUE(statistics.segments);
  EXPECT_EQ(reexecutions(statistics), 0u);
}

TEST_F(SegmentBlockTest, AStaleSegmentIsExecutedAgain) {
  // The first segment does not end before the second has read everything, among it the slot that both count in.
  transactions_.resize(2 * kLength);
  for (std::uint64_t i = 0; i < transactions_.size(); ++i) transactions_[i] = call(i, i % kLength);
  const Address last_of_first = sender(kLength - 1);
  const Address last_of_second = sender(2 * kLength - 1);
  std::atomic<bool> second_is_there{false};
  WatchedView view(state_);
  view.before_account = [&](const Address& address) {
    if (address == last_of_second) second_is_there.store(true);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (address == last_of_first && !second_is_there.load() && std::chrono::steady_clock::now() < end)
      std::this_thread::yield();
  };
  SequentialExecutor sequential(programs_);
  const Outcome expected = execute(sequential, state_);
  ParallelExecutor parallel(programs_, pool_, options(2));
  expect_equal(expected, execute(parallel, view));
  const ParallelStatistics& statistics = parallel.statistics();
  EXPECT_TRUE(statistics.segments);
  EXPECT_EQ(statistics.reexecutions[static_cast<int>(ConflictCause::slot)], kLength);
  EXPECT_EQ(reexecutions(statistics), kLength);
  EXPECT_EQ(statistics.executions, 3 * kLength);
  EXPECT_GT(statistics.executed_gas, statistics.committed_gas);
}

TEST_F(SegmentBlockTest, WhatIsLeftOfAnUnfitBlockIsExecutedSequentially) {
  delete_account_at(45);
  for (const unsigned threads : {1u, 4u}) {
    const ParallelStatistics statistics = expect_sequential_result(options(threads));
    EXPECT_TRUE(statistics.segments);
    EXPECT_EQ(statistics.finished_sequentially, kCount - 44);      // from the beginning of its segment
    EXPECT_GT(statistics.executed_gas, statistics.committed_gas);  // it was executed ahead too
  }
}

TEST_F(SegmentBlockTest, ABlockThatIsUnfitAtItsBeginningIsExecutedAsAnyOther) {
  delete_account_at(5);
  const ParallelStatistics statistics = expect_sequential_result(options(4));
  EXPECT_FALSE(statistics.segments);
  EXPECT_TRUE(statistics.parallel);
}

TEST_F(SegmentBlockTest, WhatCanBeCancelledIsNotLeftToSequentialExecution) {
  delete_account_at(45);
  const std::atomic<bool> cancelled{false};
  ParallelOptions of_all = options(4);
  of_all.cancelled = &cancelled;
  const ParallelStatistics statistics = expect_sequential_result(of_all);
  EXPECT_FALSE(statistics.segments);
  EXPECT_EQ(statistics.finished_sequentially, 0u);
}

TEST_F(SegmentBlockTest, SegmentsAreNotUsedWhereTransactionsAreReported) {
  ParallelOptions of_all = options(4);
  of_all.on_commit = [](TxnIndex, const Receipt&) {};
  EXPECT_FALSE(expect_sequential_result(of_all).segments);
  of_all.on_commit = {};
  environment_.skips_invalid = true;
  EXPECT_FALSE(expect_sequential_result(of_all).segments);
}

TEST_F(SegmentBlockTest, AnInvalidTransactionIsReportedAsSequentially) {
  const std::vector<Transaction> valid = transactions_;
  for (const std::size_t at : {0u, 21u, 44u, 59u}) {
    transactions_ = valid;
    transactions_[at].nonce = 1;
    expect_sequential_result(options(4));
    transactions_ = valid;
    transactions_[at].value = u256{1} << 100;
    expect_sequential_result(options(4));
  }
}

TEST_F(SegmentBlockTest, ABlockWithoutRoomIsReportedAsSequentially) {
  SequentialExecutor sequential(programs_);
  const std::uint64_t gas_of_one = execute(sequential, state_).transactions->gas_used / kCount;
  for (const std::uint64_t fit : {3u, 30u, 58u, 59u}) {
    environment_.context.gas_limit = gas_of_one * fit + 60'000;  // one more than that fits
    expect_sequential_result(options(4));
  }
}

TEST_F(SegmentBlockTest, WhereItDoesNotPayItGivesUp) {
  transactions_.clear();
  for (std::uint64_t i = 0; i < kCount; ++i) transactions_.push_back(call(i, 0));
  SequentialExecutor sequential(programs_);
  const Outcome expected = execute(sequential, state_);
  // All segments that follow one that is executing become stale; that four workers never meet is not to be expected.
  WatchedView view(state_);
  view.before_account = [](const Address&) { std::this_thread::sleep_for(std::chrono::microseconds(50)); };
  SegmentBlock segments(programs_);
  BlockPlan plan(PolicyKind::in_order);
  std::size_t given_up = 0;
  for (int i = 0; i < 200 && given_up == 0; ++i) {
    plan.choose(transactions_, 4, {.transfers_only = false, .in_segments = true});
    const auto outcome = segments.execute(environment_, transactions_, view, plan, pool_, {.workers = 4});
    const auto& receipts = outcome.executed.receipts;
    ASSERT_LE(receipts.size(), kCount);
    if (receipts.size() < kCount) ++given_up;
    EXPECT_TRUE(std::equal(receipts.begin(), receipts.end(), expected.transactions->receipts.begin()));
    if (receipts.empty()) continue;
    EXPECT_EQ(outcome.executed.gas_used, receipts.back().cumulative_gas_used);
    // What is committed is what has been reported.
    Journal journal(state_);
    segments.committed().adopt(numbered(kCounter), journal);
    EXPECT_EQ(journal.slot(*journal.account(numbered(kCounter)), u256{})->current, u256{receipts.size()});
  }
  EXPECT_GT(given_up, 0u);
}

TEST_F(SegmentBlockTest, SegmentsOfAnyLengthGiveThatOfOne) {
  // Pairs of transactions count in one slot, so that it matters where a segment ends.
  transactions_.clear();
  for (std::uint64_t i = 0; i < kCount; ++i) transactions_.push_back(call(i, i / 2));
  SequentialExecutor sequential(programs_);
  const Outcome expected = execute(sequential, state_);
  SegmentBlock segments(programs_);
  BlockPlan plan(PolicyKind::in_order);
  std::size_t complete = 0;
  for (unsigned round = 0; round < 400; ++round) {
    plan.choose(transactions_, 4, {.transfers_only = false, .in_segments = true});
    const std::uint64_t each = plan.total_ticks() / kCount;
    const auto outcome = segments.execute(environment_, transactions_, state_, plan, pool_,
                                          {.workers = 1 + round % 4,
                                           .most = static_cast<TxnIndex>(1 + round % 17),
                                           .ticks = each * (1 + round % 11),
                                           .adapts = round % 3 != 0});
    const auto& receipts = outcome.executed.receipts;
    ASSERT_EQ(receipts.size(), outcome.committed);
    ASSERT_LE(outcome.committed, outcome.begun);
    ASSERT_LE(outcome.begun, kCount);
    ASSERT_TRUE(std::equal(receipts.begin(), receipts.end(), expected.transactions->receipts.begin())) << round;
    if (outcome.committed == kCount) ++complete;
  }
  EXPECT_GT(complete, 100u);  // those that do not adapt, at least
}

}  // namespace
}  // namespace hocket
