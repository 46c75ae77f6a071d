#include "parallel/parallel_executor.hpp"
#include "protocol/chain_config.hpp"
#include "state/in_memory_state.hpp"

#include <gtest/gtest.h>
#include <map>
#include <random>

namespace hocket {
namespace {

Address numbered(std::uint64_t number) { return to_address(u256{0xa000 + number}); }

constexpr std::uint64_t kBeneficiary = 99;

class TransferBlockTest : public ::testing::Test {
 protected:
  TransferBlockTest() {
    const auto network = fixture_network("Cancun");
    environment_.spec = &network->spec_at(1, 1, true);
    environment_.context.gas_limit = 1'000'000'000;
    environment_.context.base_fee = u256{7};
    environment_.context.beneficiary = numbered(kBeneficiary);
    for (std::uint64_t i = 0; i < 20; ++i) state_.put(numbered(i), 0, u256{1'000'000'000}, {}, {});
  }

  void add(std::uint64_t from, std::uint64_t to, std::uint64_t value = 1) {
    Transaction transaction;
    transaction.type = TransactionType::dynamic_fee;
    transaction.chain_id = 1;
    transaction.nonce = nonces_[from]++;
    transaction.max_fee_per_gas = u256{20};
    transaction.max_priority_fee_per_gas = u256{2};
    transaction.gas_limit = 21'000 + 1'000 * (transactions_.size() % 3);
    transaction.sender = numbered(from);
    transaction.to = numbered(to);
    transaction.value = u256{value};
    transactions_.push_back(std::move(transaction));
  }

  struct Outcome {
    std::expected<ExecutedTransactions, BlockFailure> transactions;
    StateDiff diff;
  };
  Outcome execute(Executor& executor) {
    Journal& journal = executor.fresh_journal(state_);
    executor.evm().begin_block(*environment_.spec, environment_.context);
    // Before: somebody who takes part, and somebody who does not.
    journal.begin_transaction();
    for (const std::uint64_t i : {3u, 70u}) journal.add_balance(*journal.account(numbered(i)), u256{5'000'000});
    journal.end_transaction(true);
    auto executed = executor.execute(environment_, transactions_, journal, {});
    if (!executed) return {std::move(executed), {}};
    // Afterwards: withdrawals, one of them to the beneficiary.
    journal.begin_transaction();
    for (const std::uint64_t i : {4u, 71u, unsigned{kBeneficiary}})
      journal.add_balance(*journal.account(numbered(i)), u256{11});
    journal.end_transaction(true);
    return {std::move(executed), executor.diff(journal)};
  }

  /// `split`: whether it is expected that accounts can be gone through one by one.
  void expect_sequential_result(bool split) {
    SequentialExecutor sequential(programs_);
    const Outcome expected = execute(sequential);
    for (const unsigned threads : {2u, 4u}) {
      ParallelOptions options;
      options.threads = threads;
      options.forced = true;
      std::vector<std::uint64_t> committed;
      options.on_commit = [&](TxnIndex txn, const Receipt& receipt) {
        EXPECT_EQ(txn, committed.size());
        committed.push_back(receipt.cumulative_gas_used);
      };
      ParallelExecutor parallel(programs_, pool_, options);
      const Outcome found = execute(parallel);
      ASSERT_EQ(expected.transactions.has_value(), found.transactions.has_value());
      if (expected.transactions) {
        EXPECT_EQ(expected.transactions->receipts, found.transactions->receipts);
        EXPECT_EQ(expected.transactions->gas_used, found.transactions->gas_used);
        EXPECT_EQ(committed.size(), transactions_.size());
        EXPECT_TRUE(expected.diff == found.diff);
      } else {
        EXPECT_EQ(expected.transactions.error().message(), found.transactions.error().message());
      }
      EXPECT_EQ(parallel.statistics().split, split);
    }
  }

  InMemoryState state_;
  BlockEnvironment environment_;
  std::vector<Transaction> transactions_;
  std::map<std::uint64_t, std::uint64_t> nonces_;
  ProgramCache programs_;
  WorkerPool pool_{4};
};

TEST_F(TransferBlockTest, RandomTransfers) {
  std::mt19937 random(1);
  for (int round = 0; round < 40; ++round) {
    transactions_.clear();
    nonces_.clear();
    for (int i = 0; i < 300; ++i) add(random() % 8, random() % 40, 1 + random() % 1000);
    expect_sequential_result(true);
  }
}

TEST_F(TransferBlockTest, AChainWhereEachSpendsWhatTheOneBeforeGave) {
  add(0, 100, 900'000'000);
  for (std::uint64_t i = 100; i < 600; ++i) add(i, i + 1, 900'000'000 - (i - 99) * 500'000);
  expect_sequential_result(true);
}

TEST_F(TransferBlockTest, TheBeneficiaryPaysFromItsFees) {
  for (int i = 0; i < 50; ++i) add(1, 2);
  add(kBeneficiary, 5, 1000);  // it has nothing but the fees so far
  add(1, kBeneficiary, 77);
  expect_sequential_result(true);
}

TEST_F(TransferBlockTest, WhatIsNotSimpleIsExecutedAsAnyOtherBlock) {
  for (int i = 0; i < 50; ++i) add(1, 2);
  const std::vector<Transaction> simple = transactions_;
  state_.put(numbered(50), 1, u256{}, Bytes{0x00}, {});

  transactions_[20].value = u256{};
  expect_sequential_result(false);
  transactions_ = simple;
  transactions_[20].to = numbered(50);  // a contract
  expect_sequential_result(false);
  transactions_ = simple;
  transactions_[20].to = to_address(u256{4});  // a precompile
  transactions_[20].gas_limit = 30'000;
  expect_sequential_result(false);
  transactions_ = simple;
  transactions_[20].max_priority_fee_per_gas = u256{};  // nothing for the beneficiary
  expect_sequential_result(false);
}

TEST_F(TransferBlockTest, AnInvalidTransactionIsReportedAsSequentially) {
  for (int i = 0; i < 50; ++i) add(1, 2);
  const std::vector<Transaction> valid = transactions_;
  transactions_[30].nonce += 1;
  expect_sequential_result(false);
  transactions_ = valid;
  transactions_[30].value = u256{1} << 200;
  expect_sequential_result(false);
  transactions_ = valid;
  environment_.context.gas_limit = 21'000 * 40;
  expect_sequential_result(false);
}

}  // namespace
}  // namespace hocket
