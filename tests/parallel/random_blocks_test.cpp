// Random blocks, sequentially and in parallel: receipts, logs, gas and the changed state must be equal, or the failure.
// HOCKET_SEEDS changes how many, HOCKET_SECONDS ends it by time instead, HOCKET_FIRST_SEED says where to begin,
// HOCKET_REPEAT how often each is executed (what fails depends on timing too).
#include "parallel/block_features.hpp"
#include "parallel/execution.hpp"
#include "parallel/segment_line.hpp"
#include "parallel/segments/segment_block.hpp"
#include "parallel/unsteady_view.hpp"
#include "state/forwarding_view.hpp"
#include "support/environment.hpp"

#include <gtest/gtest.h>

namespace hocket::testing {
namespace {

class RandomBlocks : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { pool_ = new WorkerPool(16); }
  static void TearDownTestSuite() {
    delete pool_;
    pool_ = nullptr;
  }

  /// Ways that differ in everything, chosen by `random`.
  static ParallelWay random_way(Random& random) {
    return {
        .threads = static_cast<unsigned>(random.one_in(3) ? random.between(1, 16) : random.between(2, 4)),
        .hash_bits = random.one_in(3) ? 1u : 64u,
        .sequential_after = random.one_in(4) ? static_cast<TxnIndex>(random.between(1, 6)) : 0,
        .wait_for_estimates = !random.one_in(3),
        .predict_nonces = !random.one_in(3),
        .predict_writes = !random.one_in(3),
        .max_suspended = random.of(std::array{0u, 1u, 64u}),
        .policy = std::array{PolicyKind::critical_path, PolicyKind::in_order, PolicyKind::predicted}[random.below(3)],
        .early_abort = !random.one_in(3),
        .defer_fees = !random.one_in(3),
        .split_transfers = !random.one_in(3),
        .transfers_in_turn = !random.one_in(4),
        .segment_length = random.one_in(3) ? static_cast<TxnIndex>(random.between(1, 8)) : 0,
        .followed_slots = std::array{FollowedSlots::none, FollowedSlots::hot, FollowedSlots::all}[random.below(3)],
        .unsteady_seed = random.next() | 1};
  }

  std::optional<std::string> compare(const RandomBlock& block, const Execution& expected, const ParallelWay& way) {
    ParallelExecutor parallel(programs_, *pool_, way.options());
    const UnsteadyView view(block.state, way.unsteady_seed);
    // The second time it knows from the first what will probably be written.
    for (int i = 0; i < 2; ++i) {
      if (auto found = difference(expected, execute(block, view, parallel))) return found;
      transfers_in_turn_ += parallel.statistics().in_turn;
      if (way.followed_slots != FollowedSlots::none) note(parallel.statistics());
    }
    return std::nullopt;
  }

  void note(const ParallelStatistics& statistics) {
    if (!statistics.parallel) return;
    ++followed_.blocks;
    followed_.transactions += statistics.followed;
    followed_.redone += statistics.redone;
    followed_.redone_in_vain += statistics.redone_in_vain;
  }

  std::optional<std::string> compare(const RandomBlock& block, const ParallelWay& way, unsigned repeat) {
    SequentialExecutor sequential(programs_);
    const Execution expected = execute(block, block.state, sequential);
    for (unsigned i = 0; i < repeat; ++i) {
      ParallelWay again = way;
      again.unsteady_seed += i;
      if (auto found = compare(block, expected, again)) return found;
    }
    return std::nullopt;
  }

  /// Leaves out transactions as long as what remains still differs.
  RandomBlock shrink(RandomBlock block, const ParallelWay& way) {
    for (std::size_t i = block.transactions.size(); i-- > 0 && block.transactions.size() > 1;) {
      std::vector<Transaction> all = block.transactions;
      block.transactions.erase(block.transactions.begin() + static_cast<std::ptrdiff_t>(i));
      if (!compare(block, way, 300)) block.transactions = std::move(all);
    }
    return block;
  }

  ProgramCache programs_;
  /// Of the executions that followed slots.
  struct {
    std::uint64_t blocks = 0;
    std::uint64_t transactions = 0;
    std::uint64_t redone = 0;
    std::uint64_t redone_in_vain = 0;
  } followed_;
  std::uint64_t transfers_in_turn_ = 0;
  static WorkerPool* pool_;
};

WorkerPool* RandomBlocks::pool_ = nullptr;

TEST_F(RandomBlocks, ParallelExecutionGivesTheSequentialResult) {
  const bool full = std::getenv("HOCKET_FULL") != nullptr;
  const std::uint64_t first = from_environment("HOCKET_FIRST_SEED", 1);
  const std::uint64_t seconds = from_environment("HOCKET_SECONDS", 0);
  const std::uint64_t count = from_environment("HOCKET_SEEDS", seconds != 0 ? ~std::uint64_t{0} - first
                                                               : full       ? 100'000
                                                                            : 2'000);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  const std::uint64_t repeat = from_environment("HOCKET_REPEAT", 1);
  int failures = 0;
  std::uint64_t seed = first;
  for (; seed < first + count && failures < 3; ++seed) {
    if (seconds != 0 && std::chrono::steady_clock::now() >= end) break;
    const RandomBlock block = random_block(seed);
    SequentialExecutor sequential(programs_);
    const Execution expected = execute(block, block.state, sequential);
    Random random(seed ^ 0xabcdef);
    for (std::uint64_t i = 0; i < 2 * repeat; ++i) {
      const ParallelWay way = random_way(random);
      const auto found = compare(block, expected, way);
      if (!found) continue;
      ++failures;
      ADD_FAILURE() << "seed " << seed << " with " << to_string(way) << ": " << *found
                    << "\nreplay: HOCKET_FIRST_SEED=" << seed << " HOCKET_SEEDS=1 HOCKET_REPEAT=1000";
      const RandomBlock small = shrink(block, way);
      if (const auto still = compare(small, way, 1000)) std::cerr << "shrunk: " << *still << "\n" << to_string(small);
      break;
    }
    if (seed % 100 == 0) programs_.trim();
  }
  std::cout << "  seeds " << first << " to " << seed - 1 << "; " << followed_.transactions
            << " transactions followed slots in " << followed_.blocks << " blocks, " << followed_.redone << " redone, "
            << followed_.redone_in_vain << " in vain; " << transfers_in_turn_ << " transfers in their turn\n";
  if (seed - first < 1'000) return;
  EXPECT_GE(followed_.redone, followed_.blocks / 30);
  EXPECT_GE(followed_.redone_in_vain, followed_.blocks / 100);
  // A transfer that has taken long counts as a call: a sanitizer leaves a third of them.
  EXPECT_GE(transfers_in_turn_, (seed - first) / 2);
}

/// Holds some slots not; those that are changed before and after the transactions it has.
class LackingView final : public ForwardingView {
 public:
  LackingView(const StateView& below, std::uint64_t seed) : ForwardingView(below), seed_(seed) {}

  StateRead<u256> storage(const Address& address, const u256& slot) const override {
    if (slot >= u256{2} && Random(seed_ + 31u * address.bytes[19] + slot.low64()).one_in(6))
      return std::unexpected(StateFault::missing_node);
    return ForwardingView::storage(address, slot);
  }
  std::string fault_message() const override { return "it lacks a slot"; }

 private:
  std::uint64_t seed_;
};

// The same by one worker that executes at any moment: a seed that fails fails again.
TEST_F(RandomBlocks, TransactionsExecutedAtAnyMomentGiveTheSequentialResult) {
  constexpr int kWays = 6;
  const std::uint64_t first = from_environment("HOCKET_FIRST_SEED", 1);
  const std::uint64_t seconds = from_environment("HOCKET_SECONDS", 0);
  const std::uint64_t count = from_environment("HOCKET_SEEDS", seconds != 0 ? ~std::uint64_t{0} - first
                                                               : std::getenv("HOCKET_FULL") != nullptr ? 20'000
                                                                                                       : 500);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  std::uint64_t executions = 0, transactions = 0, failed = 0;
  int failures = 0;
  std::uint64_t seed = first;
  for (; seed < first + count && failures < 3; ++seed) {
    if (seconds != 0 && std::chrono::steady_clock::now() >= end) break;
    Random random(seed ^ 0xd150);
    const RandomBlock block = random_block(seed, random.one_in(4) ? BlockKind::any : BlockKind::calculating);
    const LackingView lacking(block.state, seed);
    const StateView& state = random.one_in(8) ? static_cast<const StateView&>(lacking) : block.state;
    SequentialExecutor sequential(programs_);
    const Execution expected = execute(block, state, sequential);
    if (!expected.transactions) ++failed;
    for (int i = 0; i < kWays && failures < 3; ++i) {
      ParallelWay way = random_way(random);
      way.threads = 1;
      way.sequential_after = 0;
      way.split_transfers = false;
      way.segment_length = 0;
      way.followed_slots = random.one_in(3) ? FollowedSlots::hot : FollowedSlots::all;
      way.disorder = random.next() | 1;
      ParallelExecutor parallel(programs_, *pool_, way.options());
      // The second and the third time it knows from before what will probably be written.
      for (int again = 0; again < 3; ++again) {
        if (const auto found = difference(expected, execute(block, state, parallel))) {
          ++failures;
          ADD_FAILURE() << "seed " << seed << ", the " << again + 1 << ". time with " << to_string(way) << ": "
                        << *found << "\nreplay: HOCKET_FIRST_SEED=" << seed << " HOCKET_SEEDS=1\n"
                        << to_string(block);
          break;
        }
        note(parallel.statistics());
        executions += parallel.statistics().executions;
        transactions += parallel.statistics().transactions;
      }
    }
    if (seed % 100 == 0) programs_.trim();
  }
  std::cout << "  seeds " << first << " to " << seed - 1 << "; " << followed_.transactions
            << " transactions followed slots in " << followed_.blocks << " executions of blocks, " << followed_.redone
            << " redone, " << followed_.redone_in_vain << " in vain; " << executions << " executions of "
            << transactions << " transactions; " << failed << " blocks that fail\n";
  if (seed - first < 500) return;
  EXPECT_GE(followed_.redone, followed_.blocks / 10);
  EXPECT_GE(followed_.redone_in_vain, followed_.blocks / 10);
  EXPECT_GE(executions, transactions + transactions / 4);
  EXPECT_GE(failed, (seed - first) / 50);
}

// The same on one thread, where each segment sees as much of those before it as chance wants: a seed fails always or
// never. That all verdicts occur is asserted too.
TEST_F(RandomBlocks, SegmentsExecutedAtAnyMomentGiveTheSequentialResult) {
  const std::uint64_t first = from_environment("HOCKET_FIRST_SEED", 1);
  const std::uint64_t seconds = from_environment("HOCKET_SECONDS", 0);
  const std::uint64_t count = from_environment("HOCKET_SEEDS", seconds != 0 ? ~std::uint64_t{0} - first
                                                               : std::getenv("HOCKET_FULL") != nullptr ? 100'000
                                                                                                       : 1'000);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  struct {
    std::uint64_t blocks = 0;
    std::uint64_t complete = 0;
    std::uint64_t held = 0;              // though executed ahead
    std::uint64_t changed_and_held = 0;  // executed again, and committed
    std::uint64_t unfit = 0;
    std::uint64_t failed = 0;
    std::uint64_t without_room = 0;
    std::uint64_t causes[kConflictCauseCount] = {};
  } counts;
  int failures = 0;
  std::uint64_t seed = first;
  for (; seed < first + count && failures < 3; ++seed) {
    if (seconds != 0 && std::chrono::steady_clock::now() >= end) break;
    const RandomBlock block = random_block(seed);
    if (!SegmentBlock::may_be(block.environment) || !block.environment.spec->receipt_has_status) continue;
    SequentialExecutor sequential(programs_);
    const Execution expected = execute(block, block.state, sequential);
    Random random(seed ^ 0x5e9);
    for (int i = 0; i < 4 && failures < 3; ++i) {
      const auto steps = random_steps(static_cast<TxnIndex>(block.transactions.size()), random);
      SegmentLine line(programs_, steps,
                       {.predicts_nonces = !random.one_in(3), .hash_bits = random.one_in(3) ? 1u : 64u});
      // The second time it finds what the first has left behind.
      for (int again = 0; again < 2; ++again) {
        if (const auto found = difference(expected, execute(block, block.state, line))) {
          ++failures;
          ADD_FAILURE() << "seed " << seed << ", try " << i << ": " << *found << "\nreplay: HOCKET_FIRST_SEED=" << seed
                        << " HOCKET_SEEDS=1";
        }
      }
      ++counts.blocks;
      const auto& judgements = line.judgements();
      for (std::size_t segment = 0; segment < judgements.size(); ++segment) {
        const auto& judgement = judgements[segment];
        if (judgement.changed) {
          ++counts.causes[static_cast<int>(*judgement.changed)];
          if (judgement.committed()) ++counts.changed_and_held;
        } else if (steps[segment].after < segment && judgement.committed()) {
          ++counts.held;
        }
        if (judgement.last() == Segment::Verdict::unfit) ++counts.unfit;
        if (judgement.last() == Segment::Verdict::failed) ++counts.failed;
        if (!judgement.had_room) ++counts.without_room;
      }
      if (!judgements.empty() && judgements.size() == steps.size() && judgements.back().committed()) ++counts.complete;
    }
    if (seed % 100 == 0) programs_.trim();
  }
  std::cout << "  seeds " << first << " to " << seed - 1 << ": " << counts.blocks << " blocks, " << counts.complete
            << " to their end; segments that held though executed ahead " << counts.held << ", executed again and held "
            << counts.changed_and_held << ", unfit " << counts.unfit << ", failed " << counts.failed
            << ", without room " << counts.without_room << "; changed: slot " << counts.causes[0] << ", balance "
            << counts.causes[1] << ", nonce " << counts.causes[2] << "\n";
  if (counts.blocks < 2'000) return;
  EXPECT_GE(counts.complete, counts.blocks / 20);
  EXPECT_GE(counts.held, counts.blocks / 20);
  EXPECT_GE(counts.changed_and_held, counts.blocks / 20);
  EXPECT_GE(counts.unfit, counts.blocks / 20);
  EXPECT_GE(counts.failed, 10u);
  for (const ConflictCause cause : {ConflictCause::slot, ConflictCause::balance, ConflictCause::nonce})
    EXPECT_GE(counts.causes[static_cast<int>(cause)], counts.blocks / 100) << static_cast<int>(cause);
}

// A generator that makes easy blocks only shows nothing.
TEST_F(RandomBlocks, EverythingOccursInThem) {
  constexpr std::uint64_t kBlocks = 1000;
  FeatureCounts counts;
  for (std::uint64_t seed = 1; seed <= kBlocks; ++seed) count_features(random_block(seed), counts);
  for (int i = 0; i < kFeatureCount; ++i) {
    const auto feature = static_cast<Feature>(i);
    RecordProperty(to_string(feature), std::to_string(counts[feature]));
    EXPECT_GE(counts[feature], 10u) << to_string(feature);
  }
  for (int i = 0; i < kRevisionCount; ++i)
    EXPECT_GE(counts.blocks[static_cast<std::size_t>(i)], 20u) << to_string(static_cast<Revision>(i));
}

}  // namespace
}  // namespace hocket::testing
