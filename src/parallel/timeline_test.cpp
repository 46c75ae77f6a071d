#include "parallel/timeline.hpp"

#include "base/hex.hpp"
#include "evm/program_cache.hpp"
#include "parallel/block_fixture.hpp"

#include <chrono>
#include <map>

namespace hocket {
namespace {

Address numbered(std::uint64_t number) { return to_address(u256{0xa000 + number}); }

constexpr std::uint64_t kCounter = 500;  // a contract that adds one to its slot 0, after a long loop
constexpr std::uint64_t kCount = 60;

/// A block of calls to one counter, or of transfers, executed with a timeline.
class TimelineTest : public BlockFixture {
 protected:
  TimelineTest() {
    environment_.context.beneficiary = numbered(999);
    for (std::uint64_t i = 0; i < 2 * kCount; ++i) state_.put(numbered(i), 0, u256{1'000'000'000'000}, {}, {});
    // PUSH2 200; loop: JUMPDEST PUSH1 1 SWAP1 SUB DUP1 PUSH1 3 JUMPI; then slot 0 plus 1 into slot 0
    state_.put(numbered(kCounter), 1, u256{}, *from_hex("6100c85b60019003806003575f546001015f5500"), {});
  }

  void add(std::uint64_t from, std::uint64_t to, std::uint64_t value, std::uint64_t gas_limit) {
    Transaction transaction = transaction_of(numbered(from), numbered(to), gas_limit);
    transaction.nonce = nonces_[from]++;
    transaction.value = u256{value};
    transactions_.push_back(std::move(transaction));
  }
  void add_calls() {
    for (std::uint64_t i = 0; i < kCount; ++i) add(i, kCounter, 0, 100'000);
  }

  const ParallelStatistics& execute(ParallelOptions options, bool recorded = true) {
    if (recorded) options.timeline = &timeline_;
    executor_.emplace(programs_, pool_, std::move(options));
    EXPECT_TRUE(BlockFixture::execute(*executor_, state_).transactions.has_value());
    return executor_->statistics();
  }

  /// Of a kind that ended so.
  std::size_t count(ActivityKind kind, ActivityEnd end = ActivityEnd::done) const {
    std::size_t found = 0;
    for (unsigned worker = 0; worker < timeline_.workers(); ++worker)
      for (const Activity& activity : timeline_.lane(worker))
        found += activity.kind == kind && activity.end == end ? 1 : 0;
    return found;
  }

  /// What must hold of any.
  void expect_in_order() const {
    for (unsigned worker = 0; worker < timeline_.workers(); ++worker) {
      std::chrono::nanoseconds before{};
      for (const Activity& activity : timeline_.lane(worker)) {
        EXPECT_GE(activity.begin_time, before);
        EXPECT_GE(activity.end_time, activity.begin_time);
        EXPECT_LE(activity.end_time, timeline_.duration());
        EXPECT_LT(activity.last, transactions_.size());
        if (activity.cause && activity.cause->writer) {
          EXPECT_LT(*activity.cause->writer, activity.txn);
        }
        before = activity.end_time;
      }
    }
  }

  std::map<std::uint64_t, std::uint64_t> nonces_;
  Timeline timeline_;
  std::optional<ParallelExecutor> executor_;
};

TEST_F(TimelineTest, HoldsEveryExecutionAndCommitment) {
  add_calls();
  for (const bool predicts : {false, true}) {
    ParallelOptions options = forced(4);
    options.predict_writes = predicts;
    const ParallelStatistics statistics = execute(options);
    ASSERT_TRUE(statistics.parallel);
    EXPECT_EQ(timeline_.workers(), 4u);
    expect_in_order();
    const std::size_t turns = count(ActivityKind::sequential);
    EXPECT_EQ(turns, statistics.finished_sequentially);
    EXPECT_EQ(count(ActivityKind::commit) + turns, kCount);
    EXPECT_EQ(count(ActivityKind::execute) + count(ActivityKind::resume) + turns +
                  count(ActivityKind::execute, ActivityEnd::given_up) +
                  count(ActivityKind::execute, ActivityEnd::changed) +
                  count(ActivityKind::resume, ActivityEnd::changed),
              statistics.executions);
    std::uint64_t reexecutions = 0;
    for (const std::uint64_t of_cause : statistics.reexecutions) reexecutions += of_cause;
    EXPECT_EQ(count(ActivityKind::validate, ActivityEnd::invalid), reexecutions);
  }
}

TEST_F(TimelineTest, SaysWhereAndByWhomAnExecutionWasMadeInvalid) {
  add_calls();
  ParallelOptions options = forced(4);
  options.predict_writes = options.wait_for_estimates = options.early_abort = false;
  // Who wins a race is not known; that nobody ever loses one is not to be expected, however busy the machine is.
  std::size_t found = 0;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (found == 0 && std::chrono::steady_clock::now() < end) {
    execute(options);
    expect_in_order();
    for (unsigned worker = 0; worker < timeline_.workers(); ++worker) {
      for (const Activity& activity : timeline_.lane(worker)) {
        if (activity.end != ActivityEnd::invalid) continue;
        ++found;
        ASSERT_TRUE(activity.cause && activity.cause->has_location && activity.cause->writer);
        EXPECT_EQ(activity.cause->conflict, ConflictCause::slot);
        EXPECT_EQ(activity.cause->address, numbered(kCounter));
        EXPECT_EQ(activity.cause->slot, u256{});
      }
    }
  }
  EXPECT_GT(found, 0u);
}

TEST_F(TimelineTest, ShowsTransfersAccountByAccount) {
  for (std::uint64_t i = 0; i < kCount; ++i) add(i, kCount + i, 1, 21'000);
  const ParallelStatistics statistics = execute(forced(2));
  ASSERT_TRUE(statistics.split);
  expect_in_order();
  EXPECT_EQ(count(ActivityKind::check_transfers), 1u);  // few are checked by one worker
  EXPECT_EQ(count(ActivityKind::apply_transfers), 8u);  // four shards a worker
  EXPECT_EQ(count(ActivityKind::execute), 0u);
  for (unsigned worker = 0; worker < timeline_.workers(); ++worker)
    for (const Activity& activity : timeline_.lane(worker)) {
      EXPECT_EQ(activity.txn, 0u);
      EXPECT_EQ(activity.last, kCount - 1);
    }
}

TEST_F(TimelineTest, ShowsWhatIsFinishedSequentially) {
  add_calls();
  ParallelOptions options = forced(2);
  options.sequential_after = 20;
  const ParallelStatistics statistics = execute(options);
  ASSERT_EQ(statistics.finished_sequentially, kCount - 20);
  expect_in_order();
  EXPECT_EQ(count(ActivityKind::sequential), kCount - 20);
  EXPECT_EQ(count(ActivityKind::commit), 20u);
  EXPECT_EQ(timeline_.lane(0).back().txn, kCount - 1);
}

TEST_F(TimelineTest, ShowsABlockThatIsNotWorthSeveralWorkers) {
  add(0, 1, 1, 21'000);
  add(1, 2, 1, 21'000);
  ParallelOptions options;
  options.threads = 4;
  ASSERT_FALSE(execute(options).parallel);
  EXPECT_EQ(timeline_.workers(), 1u);
  EXPECT_EQ(count(ActivityKind::sequential), 2u);
  expect_in_order();
}

TEST_F(TimelineTest, StaysEmptyWhereNobodyAsks) {
  add_calls();
  execute(forced(2), false);
  EXPECT_EQ(timeline_.workers(), 0u);
}

}  // namespace
}  // namespace hocket
