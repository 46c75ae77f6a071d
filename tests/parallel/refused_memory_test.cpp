// The system refuses memory at some point of a block's execution: std::bad_alloc ends the block wherever it comes from,
// inside an instruction too, and the executor works as before afterwards. This program's operator new refuses on
// demand; and it counts what is there, which block after block must not become more.
#include "parallel/execution.hpp"
#include "parallel/unsteady_view.hpp"
#include "replay/output_difference.hpp"

#include <atomic>
#include <cstdlib>
#include <gtest/gtest.h>
#include <new>

namespace {

/// Allocations that are still granted; negative: all are.
std::atomic<long> granted = -1;
/// Allocations that have not been given back.
std::atomic<long> alive = 0;

void* allocate(std::size_t size, std::size_t alignment) {
  long left = granted.load(std::memory_order_relaxed);
  while (left >= 0) {
    if (left == 0) throw std::bad_alloc();
    if (granted.compare_exchange_weak(left, left - 1, std::memory_order_relaxed)) break;
  }
  void* memory = alignment <= alignof(std::max_align_t)
                     ? std::malloc(size)
                     : std::aligned_alloc(alignment, (size + alignment - 1) & -alignment);
  if (memory == nullptr) throw std::bad_alloc();
  alive.fetch_add(1, std::memory_order_relaxed);
  return memory;
}

void give_back(void* memory) noexcept {
  if (memory == nullptr) return;
  alive.fetch_sub(1, std::memory_order_relaxed);
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size, 1); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return allocate(size, 1);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void operator delete(void* memory) noexcept { give_back(memory); }
void operator delete(void* memory, std::size_t) noexcept { give_back(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { give_back(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { give_back(memory); }

namespace hocket::testing {
namespace {

class RefusedMemory : public ::testing::Test {
 protected:
  using Result = std::expected<ExecutedTransactions, BlockFailure>;

  static Result run(const RandomBlock& block, Executor& executor, Journal& journal) {
    executor.evm().begin_block(*block.environment.spec, block.environment.context);
    return executor.execute(block.environment, block.transactions, journal, {});
  }

  /// With `allocations` that are granted from there on. False: it asked for more.
  static bool run_on(long allocations, const RandomBlock& block, Executor& executor) {
    Journal& journal = executor.fresh_journal(block.state);
    granted = allocations;
    try {
      const Result found = run(block, executor, journal);
      granted = -1;
      return true;
    } catch (const std::bad_alloc&) {
      granted = -1;
      return false;
    }
  }

  /// Refuses memory after each number of allocations, until the block gets through. `make` makes an executor that has
  /// nothing yet. Returns how often it was refused.
  template <class Make>
  unsigned refuse_everywhere(const RandomBlock& block, const Result& expected, Make&& make) {
    unsigned refused = 0;
    for (long at = 0;; at += 1 + at / 64) {
      ProgramCache programs;  // so that code is translated too
      const auto executor = make(programs);
      const bool ended = run_on(at, block, *executor);
      if (!ended) ++refused;
      const Result again = run(block, *executor, executor->fresh_journal(block.state));
      EXPECT_EQ(difference(expected, again), std::nullopt) << "after " << at << " allocations";
      if (ended || HasFailure()) return refused;
    }
  }

  WorkerPool pool_{4};
};

TEST_F(RefusedMemory, EndsTheBlockAndNothingElse) {
  unsigned refused = 0;
  unsigned blocks = 0;
  for (std::uint64_t seed = 1; blocks < 6; ++seed) {
    const RandomBlock block = random_block(seed);
    ProgramCache programs;
    SequentialExecutor sequential(programs);
    const Result expected = run(block, sequential, sequential.fresh_journal(block.state));
    if (block.transactions.size() < 6 || !expected) continue;
    ++blocks;
    refused += refuse_everywhere(block, expected,
                                 [](ProgramCache& cache) { return std::make_unique<SequentialExecutor>(cache); });
    for (const TxnIndex segment_length : {0u, 2u}) {
      const ParallelWay way{
          .threads = 1 + blocks % 3, .segment_length = segment_length, .followed_slots = FollowedSlots::all};
      refused += refuse_everywhere(block, expected, [&](ProgramCache& cache) {
        return std::make_unique<ParallelExecutor>(cache, pool_, way.options());
      });
    }
  }
  EXPECT_GT(refused, 500u);
}

// Found by review: what a block that ended early had left with its workers was taken back twice where the next one was
// refused memory in that, and then two transactions of the one after it shared their list of writes.
TEST_F(RefusedMemory, BlocksThatEndEarlyInARowLeaveNothingBehind) {
  unsigned refused = 0;
  unsigned blocks = 0;
  for (std::uint64_t seed = 1; blocks < 6; ++seed) {
    const RandomBlock block = random_block(seed);
    ProgramCache programs;
    SequentialExecutor sequential(programs);
    const Execution expected = testing::execute(block, block.state, sequential);
    if (block.transactions.size() < 10 || !expected.transactions) continue;
    ++blocks;
    ParallelExecutor executor(programs, pool_, ParallelWay{.threads = 3, .transfers_in_turn = false}.options());
    for (long at = 0; at < 48; ++at) {
      // A read fails late, so that much has been begun.
      UnsteadyView failing(block.state, static_cast<std::uint64_t>(at) + 1);
      failing.fail_at(20 + static_cast<std::uint64_t>(at), true);
      (void)run(block, executor, executor.fresh_journal(failing));
      if (!run_on(at, block, executor)) ++refused;
      const UnsteadyView unsteady(block.state, static_cast<std::uint64_t>(at) + 1);
      const Execution found = testing::execute(block, unsteady, executor);
      ASSERT_EQ(difference(expected, found), std::nullopt) << "seed " << seed << ", after " << at << " allocations";
    }
  }
  EXPECT_GT(refused, 50u);
}

// What is kept for the next block is used again.
TEST_F(RefusedMemory, BlockAfterBlockTakesNoMore) {
  constexpr int kBlocks = 1'000;
  for (std::uint64_t seed = 1, blocks = 0; blocks < 3; ++seed) {
    const RandomBlock block = random_block(seed);
    ProgramCache programs;
    const auto expect_steady = [&](Executor& executor) {
      const auto run_some = [&](int count) {
        for (int i = 0; i < count; ++i) EXPECT_TRUE(run(block, executor, executor.fresh_journal(block.state)));
      };
      run_some(kBlocks / 10);
      const long before = alive;
      run_some(kBlocks);
      EXPECT_LE(alive - before, 2) << "seed " << seed;
    };
    // One thread: what several need depends on how they meet.
    ParallelExecutor in_segments(programs, pool_, ParallelWay{.threads = 1, .segment_length = 2}.options());
    if (block.transactions.size() < 10 || !run(block, in_segments, in_segments.fresh_journal(block.state)) ||
        !in_segments.statistics().segments || in_segments.statistics().finished_sequentially != 0)
      continue;
    ++blocks;
    expect_steady(in_segments);
    ParallelExecutor parallel(programs, pool_, ParallelWay{.threads = 1}.options());
    expect_steady(parallel);
    SequentialExecutor sequential(programs);
    expect_steady(sequential);
  }
}

// A suspended execution is resumed by any worker, in the context that it began with: that must not be lost to the
// others.
TEST_F(RefusedMemory, WaitingExecutionsTakeNoMoreBlockAfterBlock) {
  constexpr int kBlocks = 1'500;
  unsigned waiting = 0;
  for (std::uint64_t seed = 1; seed <= 200 && waiting < 3; ++seed) {
    const RandomBlock block = random_block(seed);
    if (block.transactions.size() < 10) continue;
    ProgramCache programs;
    ParallelExecutor executor(programs, pool_, ParallelWay{.threads = 3}.options());
    if (!run(block, executor, executor.fresh_journal(block.state))) continue;
    // Returns how often executions waited.
    const auto run_some = [&](int count) {
      std::uint64_t waits = 0;
      for (int i = 1; i <= count; ++i) {
        const UnsteadyView view(block.state, static_cast<std::uint64_t>(i));
        EXPECT_TRUE(run(block, executor, executor.fresh_journal(view)));
        waits += executor.statistics().waits;
      }
      return waits;
    };
    if (run_some(kBlocks / 10) < kBlocks / 20) continue;
    ++waiting;
    const long before = alive;
    const std::uint64_t waits = run_some(kBlocks);
    // How many are used at a time depends on how the workers meet.
    EXPECT_LE(alive - before, kBlocks / 2) << "seed " << seed << ", " << waits << " waits";
  }
  EXPECT_GT(waiting, 0u);
}

}  // namespace
}  // namespace hocket::testing
