// BlockFixture: a block on a small state, for the unit tests of this folder that execute one.
#pragma once

#include "parallel/parallel_executor.hpp"
#include "state/in_memory_state.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace hocket {

class BlockFixture : public ::testing::Test {
 protected:
  BlockFixture() {
    environment_.spec = &spec_of(Revision::cancun);
    environment_.context.number = 1;
    environment_.context.gas_limit = 1'000'000'000;
    environment_.context.base_fee = u256{7};
  }

  /// With nonce 0 and without value.
  static Transaction transaction_of(const Address& sender, const Address& to, std::uint64_t gas_limit) {
    Transaction transaction;
    transaction.type = TransactionType::dynamic_fee;
    transaction.chain_id = 1;
    transaction.max_fee_per_gas = u256{20};
    transaction.max_priority_fee_per_gas = u256{2};
    transaction.gas_limit = gas_limit;
    transaction.sender = sender;
    transaction.to = to;
    return transaction;
  }
  static ParallelOptions forced(unsigned threads) {
    ParallelOptions options;
    options.threads = threads;
    options.forced = true;
    return options;
  }

  struct Outcome {
    std::expected<ExecutedTransactions, BlockFailure> transactions;
    StateDiff diff;  // empty after a failure
  };
  Outcome execute(Executor& executor, const StateView& view) {
    Journal& journal = executor.fresh_journal(view);
    executor.evm().begin_block(*environment_.spec, environment_.context);
    change_before(journal);
    auto executed = executor.execute(environment_, transactions_, journal, {});
    if (!executed) return {std::move(executed), {}};
    change_after(journal);
    return {std::move(executed), executor.diff(journal)};
  }
  static void expect_equal(const Outcome& expected, const Outcome& found) {
    ASSERT_EQ(expected.transactions.has_value(), found.transactions.has_value());
    if (!expected.transactions) {
      EXPECT_EQ(expected.transactions.error().message(), found.transactions.error().message());
      return;
    }
    EXPECT_EQ(expected.transactions->receipts, found.transactions->receipts);
    EXPECT_EQ(expected.transactions->gas_used, found.transactions->gas_used);
    EXPECT_TRUE(expected.diff == found.diff);
  }

  /// What the block does besides its transactions.
  virtual void change_before(Journal&) {}
  virtual void change_after(Journal&) {}

  InMemoryState state_;
  BlockEnvironment environment_;
  std::vector<Transaction> transactions_;
  ProgramCache programs_;
  WorkerPool pool_{4};
};

}  // namespace hocket
