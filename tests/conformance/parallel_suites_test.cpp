// The official blockchain tests once more, every block executed by the parallel executor, whatever its size.
#include "conformance/official_suites.hpp"
#include "parallel/parallel_executor.hpp"

#include <atomic>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <tuple>

namespace hocket {
namespace {

struct Totals {
  std::atomic<std::uint64_t> blocks{0};       // with transactions
  std::atomic<std::uint64_t> in_segments{0};  // or their first part
  std::atomic<std::uint64_t> transactions{0};
  std::atomic<std::uint64_t> executions{0};
  std::atomic<std::uint64_t> followed{0};  // transactions that followed slots
  std::atomic<std::uint64_t> redone{0};    // of these
};

struct Way {
  unsigned threads = 2;
  TxnIndex segment_length = 0;
  FollowedSlots followed_slots = FollowedSlots::hot;
};

std::string name_of(const Way& way) {
  return std::to_string(way.threads) + "_threads" + (way.segment_length == 0 ? "" : "_in_segments") +
         (way.followed_slots == FollowedSlots::all ? "_following_all_slots" : "");
}

/// A ParallelExecutor, forced on, that counts what it did.
class CountedExecutor final : public Executor {
 public:
  CountedExecutor(ProgramCache& programs, WorkerPool& pool, const Way& way, Totals& totals)
      : Executor(programs), parallel_(programs, pool, options(way)), threads_(way.threads), totals_(totals) {}

  std::expected<ExecutedTransactions, BlockFailure> execute(const BlockEnvironment& block,
                                                            std::span<const Transaction> transactions, Journal& journal,
                                                            const IntermediateRoot& intermediate_root) override {
    auto executed = parallel_.execute(block, transactions, journal, intermediate_root);
    if (!transactions.empty()) count(parallel_.statistics());
    return executed;
  }
  StateDiff diff(const Journal& journal) const override { return parallel_.diff(journal); }

 private:
  static ParallelOptions options(const Way& way) {
    ParallelOptions options;
    options.threads = way.threads;
    options.segment_length = way.segment_length;
    options.followed_slots = way.followed_slots;
    options.follows_from = 1;
    options.forced = true;
    return options;
  }

  void count(const ParallelStatistics& statistics) {
    EXPECT_TRUE(statistics.parallel);
    EXPECT_EQ(statistics.workers, threads_);
    ++totals_.blocks;
    if (statistics.segments) ++totals_.in_segments;
    totals_.transactions += statistics.transactions;
    totals_.executions += statistics.executions;
    totals_.followed += statistics.followed;
    totals_.redone += statistics.redone;
  }

  ParallelExecutor parallel_;
  unsigned threads_;
  Totals& totals_;
};

class ParallelSuites : public ::testing::TestWithParam<std::tuple<OfficialSuite, Way>> {};

TEST_P(ParallelSuites, EveryTestPasses) {
  const auto& [suite, way] = GetParam();
  // Documents run at the same time; each is a caller of its own, and finds the workers it asks for.
  WorkerPool pool(static_cast<unsigned>(document_threads()) * (way.threads - 1) + 1);
  Totals totals;
  run_official_suite(suite, [&, of_all = way](ProgramCache& programs) {
    return std::make_unique<CountedExecutor>(programs, pool, of_all, totals);
  });
  if (IsSkipped()) return;
  fmt::print(
      "{}, {}: {} blocks with transactions ({} in segments), {} transactions, {} executions, {} followed slots, {} "
      "redone\n",
      suite.name, name_of(way), totals.blocks.load(), totals.in_segments.load(), totals.transactions.load(),
      totals.executions.load(), totals.followed.load(), totals.redone.load());
  EXPECT_GT(totals.blocks.load(), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Packs, ParallelSuites,
    ::testing::Combine(::testing::ValuesIn(official_block_suites()),
                       ::testing::Values(Way{2, 0, FollowedSlots::hot}, Way{8, 0, FollowedSlots::hot},
                                         Way{3, 2, FollowedSlots::hot}, Way{8, 0, FollowedSlots::all})),
    [](const auto& test) {
      return std::string(std::get<0>(test.param).name) + "_" + name_of(std::get<1>(test.param));
    });

}  // namespace
}  // namespace hocket
