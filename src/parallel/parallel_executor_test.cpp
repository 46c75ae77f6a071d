#include "parallel/block_fixture.hpp"

namespace hocket {
namespace {

class ParallelExecutorTest : public BlockFixture {};

Address numbered(std::uint64_t number) { return to_address(u256{0x1000 + number}); }

// A worker that has begun the block's end before it commits what comes first holds more than what is committed when the
// rest is left to sequential execution.
TEST_F(ParallelExecutorTest, NothingIsLostOfWhatWasCommittedBeforeAChain) {
  constexpr std::uint64_t kCount = 40;
  for (std::uint64_t i = 0; i < kCount; ++i) {
    state_.put(numbered(i), 0, u256{1'000'000'000'000}, {}, {});
    transactions_.push_back(transaction_of(numbered(i), numbered(1000), 21'000));
    transactions_.back().value = u256{i + 1};
  }
  // It is expected to take longer than all others, and begun first.
  transactions_.back().gas_limit = 20'000'000;
  transactions_.back().data = {1, 2, 3, 4};
  SequentialExecutor sequential(programs_);
  const Outcome expected = execute(sequential, state_);
  ASSERT_TRUE(expected.transactions);
  for (TxnIndex left_after = 1; left_after <= 200; ++left_after) {
    ParallelOptions options = forced(2 + left_after % 3);
    options.transfers_in_turn = options.split_transfers = options.segments = false;
    options.sequential_after = left_after % (kCount - 1) + 1;
    ParallelExecutor parallel(programs_, pool_, options);
    expect_equal(expected, execute(parallel, state_));
    EXPECT_EQ(parallel.statistics().finished_sequentially, kCount - options.sequential_after);
    if (HasFailure()) break;
  }
}

}  // namespace
}  // namespace hocket
