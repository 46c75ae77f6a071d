// The official blockchain tests once more, with all slots followed from each block's beginning: nothing may come out
// otherwise, no instruction may give anything else than what was recorded, and what was recorded, done again with the
// same values, must give the same.
#include "conformance/official_suites.hpp"
#include "evm/operation_log.hpp"
#include "transition/executor.hpp"

#include <atomic>
#include <fmt/core.h>
#include <gtest/gtest.h>

namespace hocket {
namespace {

struct Totals {
  std::atomic<std::uint64_t> blocks{0};    // with transactions
  std::atomic<std::uint64_t> followed{0};  // of these: slots were read
  std::atomic<std::uint64_t> redone{0};
  std::atomic<std::uint64_t> loads{0};
  std::atomic<std::uint64_t> stores{0};  // of what depends on a slot
};

/// Follows slots, and counts.
class FollowingExecutor final : public Executor {
 public:
  FollowingExecutor(ProgramCache& programs, Totals& totals)
      : Executor(programs), sequential_(programs), totals_(totals) {}

  std::expected<ExecutedTransactions, BlockFailure> execute(const BlockEnvironment& block,
                                                            std::span<const Transaction> transactions, Journal& journal,
                                                            const IntermediateRoot& intermediate_root) override {
    log_.begin();
    log_.follow_all();
    sequential_.evm().begin_block(*block.spec, block.context);
    sequential_.evm().record_in(&log_);
    auto executed = sequential_.execute(block, transactions, journal, intermediate_root);
    if (!transactions.empty()) redo();
    return executed;
  }
  StateDiff diff(const Journal& journal) const override { return sequential_.diff(journal); }

 private:
  void redo() {
    ++totals_.blocks;
    EXPECT_FALSE(log_.was_contradicted());
    if (log_.loads().empty()) return;
    ++totals_.followed;
    if (log_.has_given_up()) return;
    std::vector<u256> loaded;
    for (const OperationLog::Load& load : log_.loads()) loaded.push_back(load.slot->base);
    EXPECT_TRUE(log_.redo(loaded));
    for (const OperationLog::Store& store : log_.stores()) {
      EXPECT_EQ(log_.value_of(store.value), store.value.value);
      if (store.value.made_by != OperationLog::kNone) ++totals_.stores;
    }
    ++totals_.redone;
    totals_.loads += loaded.size();
  }

  SequentialExecutor sequential_;
  OperationLog log_;
  Totals& totals_;
};

class FollowedSuites : public ::testing::TestWithParam<OfficialSuite> {};

TEST_P(FollowedSuites, EveryTestPasses) {
  Totals totals;
  run_official_suite(GetParam(),
                     [&](ProgramCache& programs) { return std::make_unique<FollowingExecutor>(programs, totals); });
  if (IsSkipped()) return;
  fmt::print("{}: {} blocks with transactions, {} of them read slots, {} redone; {} loads, {} stores of what depends\n",
             GetParam().name, totals.blocks.load(), totals.followed.load(), totals.redone.load(), totals.loads.load(),
             totals.stores.load());
  EXPECT_GT(totals.redone.load(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Packs, FollowedSuites, ::testing::ValuesIn(official_block_suites()),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace hocket
