#include "parallel/block_fixture.hpp"

#include <map>
#include <random>

namespace hocket {
namespace {

Address numbered(std::uint64_t number) { return to_address(u256{0xa000 + number}); }

constexpr std::uint64_t kBeneficiary = 99;

class TransferBlockTest : public BlockFixture {
 protected:
  TransferBlockTest() {
    environment_.context.beneficiary = numbered(kBeneficiary);
    for (std::uint64_t i = 0; i < 20; ++i) state_.put(numbered(i), 0, u256{1'000'000'000}, {}, {});
  }

  void add(std::uint64_t from, std::uint64_t to, std::uint64_t value = 1) {
    const std::uint64_t gas_limit = 21'000 + 1'000 * (transactions_.size() % 3);
    Transaction transaction = transaction_of(numbered(from), numbered(to), gas_limit);
    transaction.nonce = nonces_[from]++;
    transaction.value = u256{value};
    transactions_.push_back(std::move(transaction));
  }

  /// Of somebody who takes part, and of somebody who does not.
  void change_before(Journal& journal) override { add_balances(journal, {3, 70}, u256{5'000'000}); }
  /// Withdrawals, one of them to the beneficiary.
  void change_after(Journal& journal) override { add_balances(journal, {4, 71, kBeneficiary}, u256{11}); }
  static void add_balances(Journal& journal, std::initializer_list<std::uint64_t> numbers, const u256& amount) {
    journal.begin_transaction();
    for (const std::uint64_t i : numbers) journal.add_balance(*journal.account(numbered(i)), amount);
    journal.end_transaction(true);
  }

  /// `split`: whether it is expected that accounts can be gone through one by one.
  void expect_sequential_result(bool split) {
    SequentialExecutor sequential(programs_);
    const Outcome expected = execute(sequential, state_);
    for (const unsigned threads : {2u, 4u}) {
      ParallelOptions options = forced(threads);
      std::vector<std::uint64_t> committed;
      options.on_commit = [&](TxnIndex txn, const Receipt& receipt) {
        EXPECT_EQ(txn, committed.size());
        committed.push_back(receipt.cumulative_gas_used);
      };
      ParallelExecutor parallel(programs_, pool_, options);
      const Outcome found = execute(parallel, state_);
      expect_equal(expected, found);
      if (found.transactions) {
        EXPECT_EQ(committed.size(), transactions_.size());
      }
      EXPECT_EQ(parallel.statistics().split, split);
    }
  }

  std::map<std::uint64_t, std::uint64_t> nonces_;
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
  state_.put(numbered(51), 0, u256{} - u256{1}, {}, {});
  transactions_ = simple;
  transactions_[20].to = numbered(51);  // a balance that overflows
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
  transactions_[30].value = u256{994'000'000};  // covered at the price that is paid, not at the highest
  expect_sequential_result(false);
  transactions_ = valid;
  environment_.context.gas_limit = 21'000 * 40;
  expect_sequential_result(false);
}

}  // namespace
}  // namespace hocket
