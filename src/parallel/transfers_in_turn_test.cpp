// Plain transfers in blocks of other transactions: left to their turn, and executed by whoever commits them.
#include "evm/evm.hpp"
#include "parallel/block_fixture.hpp"
#include "parallel/block_shape.hpp"
#include "parallel/plain_transfer.hpp"
#include "state/forwarding_view.hpp"

#include <atomic>
#include <map>
#include <random>
#include <unordered_set>

namespace hocket {
namespace {

Address numbered(std::uint64_t number) { return to_address(u256{0xa000 + number}); }

constexpr std::uint64_t kBeneficiary = 99;
constexpr std::uint64_t kCounter = 200;   // adds 1 to its slot 0, and takes what it is given
constexpr std::uint64_t kBalances = 201;  // stores the balance of the account that it is asked for
constexpr std::uint64_t kPayer = 202;     // pays 1 to the account that it is asked for
constexpr std::uint64_t kDelegated = 203;

Bytes counter() { return {OP_PUSH0, OP_SLOAD, OP_PUSH1, 1, OP_ADD, OP_PUSH0, OP_SSTORE, OP_STOP}; }
Bytes balances() { return {OP_PUSH0, OP_CALLDATALOAD, OP_BALANCE, OP_PUSH0, OP_CALLDATALOAD, OP_SSTORE, OP_STOP}; }
Bytes payer() {
  return {OP_PUSH0, OP_PUSH0, OP_PUSH0, OP_PUSH0, OP_PUSH1, 1, OP_PUSH0, OP_CALLDATALOAD, OP_GAS, OP_CALL, OP_STOP};
}

/// Reads of one account fail.
class ViewWithout final : public ForwardingView {
 public:
  ViewWithout(const StateView& base, const Address& address) : ForwardingView(base), missing_(address) {}
  StateRead<std::optional<Account>> account(const Address& address) const override {
    if (address == missing_) return std::unexpected(StateFault::missing_node);
    return ForwardingView::account(address);
  }

 private:
  Address missing_;
};

class TransfersInTurnTest : public BlockFixture {
 protected:
  TransfersInTurnTest() {
    environment_.context.beneficiary = numbered(kBeneficiary);
    for (std::uint64_t i = 0; i < 20; ++i) state_.put(numbered(i), 0, u256{1'000'000'000}, {}, {});
    state_.put(numbered(kCounter), 1, u256{}, counter(), {});
    state_.put(numbered(kBalances), 1, u256{}, balances(), {});
    state_.put(numbered(kPayer), 1, u256{1'000}, payer(), {});
    Bytes delegation = {0xef, 0x01, 0x00};
    append(delegation, numbered(kCounter));
    state_.put(numbered(kDelegated), 0, u256{1'000'000'000}, delegation, {});
  }

  Transaction& add(std::uint64_t from, std::uint64_t to, std::uint64_t gas_limit) {
    Transaction transaction = transaction_of(numbered(from), numbered(to), gas_limit);
    transaction.nonce = nonces_[from]++;
    transactions_.push_back(std::move(transaction));
    return transactions_.back();
  }
  Transaction& pay(std::uint64_t from, std::uint64_t to, std::uint64_t value = 1) {
    Transaction& transaction = add(from, to, 21'000 + 1'000 * (transactions_.size() % 3));
    transaction.value = u256{value};
    return transaction;
  }
  /// `asks_for`: the account that is the call's argument.
  Transaction& call(std::uint64_t from, std::uint64_t contract, std::uint64_t asks_for = 0) {
    Transaction& transaction = add(from, contract, 200'000);
    append(transaction.data, to_hash32(to_u256(numbered(asks_for))));
    return transaction;
  }
  /// So that a block is no block of transfers, and the first fee is credited.
  void call_first() { call(0, kCounter); }

  /// `in_turn`: transfers that are expected to be executed in their turn.
  void expect_sequential_result(std::uint64_t in_turn) { expect_sequential_result(in_turn, state_); }
  void expect_sequential_result(std::uint64_t in_turn, const StateView& view) {
    SequentialExecutor sequential(programs_);
    const Outcome expected = execute(sequential, view);
    for (const bool defers : {true, false}) {
      for (const unsigned threads : {1u, 2u, 4u}) {
        ParallelOptions options = forced(threads);
        options.defer_fees = defers;
        options.hash_bits = threads == 4 ? 1 : 64;
        ParallelExecutor parallel(programs_, pool_, options);
        // The second time it knows what the transactions take.
        for (int i = 0; i < 2; ++i) {
          expect_equal(expected, execute(parallel, view));
          if (defers && expected.transactions && i == 0 && !mistakes_anybody()) {
            EXPECT_EQ(parallel.statistics().in_turn, in_turn) << threads << " threads";
          }
        }
        options.transfers_in_turn = false;
        ParallelExecutor ahead(programs_, pool_, options);
        expect_equal(expected, execute(ahead, view));
        EXPECT_EQ(ahead.statistics().in_turn, 0u);
      }
    }
  }

  /// Two addresses may have one hash in this process: then more transfers than have to be are executed ahead.
  bool mistakes_anybody() const {
    TransfersInTurn transfers;
    transfers.find(transactions_, std::vector<std::uint64_t>(transactions_.size()), 0);
    std::unordered_set<Address, FixedBytesHash> senders;
    for (std::size_t i = transactions_.size(); i-- > 0;) {
      const Transaction& transaction = transactions_[i];
      const bool is_in_turn = transfers.all()[i] != 0;
      if (is_in_turn != (may_be_plain_transfer(transaction) && !senders.contains(*transaction.to))) return true;
      if (!is_in_turn) senders.insert(transaction.sender);
    }
    return false;
  }

  std::map<std::uint64_t, std::uint64_t> nonces_;
};

TEST_F(TransfersInTurnTest, AmongCalls) {
  call_first();
  for (std::uint64_t i = 0; i < 60; ++i) {
    pay(i % 8, 30 + i % 5);
    if (i % 7 == 0) call(8 + i % 3, kCounter);
  }
  expect_sequential_result(60);
}

TEST_F(TransfersInTurnTest, CallsSeeWhatTransfersHaveDone) {
  call_first();
  for (std::uint64_t i = 0; i < 40; ++i) {
    pay(i % 4, 30 + i % 4, 1 + i);       // 34 to 37 come into being
    call(10, kBalances, 30 + i % 4);     // of a recipient
    call(11, kBalances, i % 4);          // of a sender
    call(12, kPayer, 30 + (i + 1) % 4);  // a payment of more gas if it is to nobody
    call(13, kBalances, kBeneficiary);
  }
  expect_sequential_result(40);
}

TEST_F(TransfersInTurnTest, ASendersNoncesGoOnThroughBoth) {
  call_first();
  for (std::uint64_t i = 0; i < 30; ++i) i % 3 == 0 ? call(1, kCounter) : pay(1, 2);
  expect_sequential_result(20);
}

TEST_F(TransfersInTurnTest, WhoCallsIsPaidBefore) {
  call_first();
  pay(1, 50, 500'000'000);  // 50 has nothing else, and calls: the transfer is executed ahead
  for (int i = 0; i < 10; ++i) pay(2, 3);
  call(50, kCounter);
  pay(1, 51, 500'000'000);  // 51 only pays on
  pay(51, 52, 5);
  expect_sequential_result(12);
}

TEST_F(TransfersInTurnTest, WhoeverIsTheBeneficiary) {
  call_first();
  for (int i = 0; i < 10; ++i) pay(1, 2);
  pay(kBeneficiary, 5, 1'000);  // it has nothing but the fees so far
  pay(1, kBeneficiary, 77);
  call(3, kBalances, kBeneficiary);
  pay(1, 5);
  expect_sequential_result(13);
}

TEST_F(TransfersInTurnTest, WithoutFees) {
  call_first();
  for (std::uint64_t i = 0; i < 12; ++i) pay(1, 2 + i % 2);
  call(4, kCounter);
  for (Transaction& transaction : transactions_) transaction.max_priority_fee_per_gas = u256{};
  expect_sequential_result(12);
  // An empty account that exists is deleted by the first fee of nothing.
  state_.put(numbered(kBeneficiary), 0, u256{}, {}, {});
  transactions_.erase(transactions_.begin());
  transactions_.front().nonce = 0;
  expect_sequential_result(11);
}

TEST_F(TransfersInTurnTest, WhatIsNotSimpleIsExecutedAsAnyOther) {
  call_first();
  for (int i = 0; i < 20; ++i) pay(1, 2);
  const std::vector<Transaction> simple = transactions_;
  const auto with = [&](std::uint64_t in_turn, auto change) {
    transactions_ = simple;
    change(transactions_[10]);
    expect_sequential_result(in_turn);
  };
  with(20, [](Transaction&) {});
  with(19, [](Transaction& t) { t.value = u256{}; });
  with(19, [](Transaction& t) { t.to = t.sender; });
  with(19, [](Transaction& t) { t.to = numbered(kCounter), t.gas_limit = 100'000; });
  with(19, [](Transaction& t) { t.to = numbered(kCounter); });  // out of gas
  with(19, [](Transaction& t) { t.to = numbered(kDelegated), t.gas_limit = 100'000; });
  with(19, [](Transaction& t) { t.to = to_address(u256{4}), t.gas_limit = 30'000; });
  with(19, [](Transaction& t) { t.to.reset(), t.gas_limit = 100'000; });
  with(19, [](Transaction& t) {
    t.max_priority_fee_per_gas = u256{}, t.access_list = {{numbered(3), {}}}, t.gas_limit = 60'000;
  });
  // EIP-7702: who delegates may send.
  transactions_ = simple;
  transactions_[10].sender = numbered(kDelegated);
  transactions_[10].nonce = 0;
  for (std::size_t i = 11; i < transactions_.size(); ++i) --transactions_[i].nonce;
  environment_.spec = &spec_of(Revision::prague);
  expect_sequential_result(19);
}

TEST_F(TransfersInTurnTest, ARecipientThatHasGotCodeMeanwhile) {
  // The creation's code is that of an account which counts; then it is paid.
  const Bytes code = counter();
  Bytes init = {OP_PUSH1, static_cast<std::uint8_t>(code.size()), OP_PUSH1, 12,        OP_PUSH0, OP_CODECOPY,
                OP_PUSH1, static_cast<std::uint8_t>(code.size()), OP_PUSH0, OP_RETURN, OP_STOP,  OP_STOP};
  init.insert(init.end(), code.begin(), code.end());
  call_first();
  Transaction& creation = add(1, 0, 300'000);
  creation.to.reset();
  creation.data = init;
  for (int i = 0; i < 5; ++i) pay(2, 3);
  const Address created = create_address(numbered(1), 0);
  Transaction& payment = pay(2, 3);
  payment.to = created;
  payment.gas_limit = 100'000;
  expect_sequential_result(5);
}

TEST_F(TransfersInTurnTest, AnInvalidTransferIsReportedAsSequentially) {
  call_first();
  for (int i = 0; i < 20; ++i) pay(1, 2);
  const std::vector<Transaction> valid = transactions_;
  const auto with = [&](auto change) {
    transactions_ = valid;
    change(transactions_[10]);
    expect_sequential_result(0);
  };
  with([](Transaction& t) { t.nonce += 1; });
  with([](Transaction& t) { t.nonce -= 1; });
  with([](Transaction& t) { t.value = u256{1} << 200; });
  with([](Transaction& t) { t.value = u256{999'999'000}; });  // covered at first, and not after those before it
  with([](Transaction& t) { t.value = u256{998'100'000}; });  // covered at the price that is paid, not at the highest
  with([](Transaction& t) { t.max_fee_per_gas = u256{1}; });
  with([](Transaction& t) { t.sender = numbered(kCounter); });  // EIP-3607
  with([](Transaction& t) { t.gas_limit = 20'999; });
  transactions_ = valid;
  environment_.context.gas_limit = 21'000 * 12;
  expect_sequential_result(0);
}

TEST_F(TransfersInTurnTest, AnAccountThatCannotBeRead) {
  call_first();
  for (int i = 0; i < 20; ++i) pay(1, 2);
  transactions_[10].to = numbered(60);
  expect_sequential_result(0, ViewWithout(state_, numbered(60)));
  transactions_[10].to = numbered(3);
  transactions_[10].sender = numbered(61);
  expect_sequential_result(0, ViewWithout(state_, numbered(61)));
  transactions_[10].sender = numbered(1);
  expect_sequential_result(0, ViewWithout(state_, numbered(kBeneficiary)));
}

TEST_F(TransfersInTurnTest, ABeneficiaryThatCannotBeRead) {
  for (int i = 0; i < 5; ++i) pay(1, 2);  // the first fee is a transfer's
  call(3, kCounter);
  const ViewWithout missing(state_, numbered(kBeneficiary));
  expect_sequential_result(0, missing);
  // That it could be read in the block before says nothing.
  SequentialExecutor sequential(programs_);
  const Outcome expected = execute(sequential, missing);
  ParallelExecutor parallel(programs_, pool_, forced(2));
  ASSERT_TRUE(execute(parallel, state_).transactions);
  expect_equal(expected, execute(parallel, missing));
  transactions_.pop_back();  // nobody else asks for it
  for (Transaction& transaction : transactions_) transaction.max_priority_fee_per_gas = u256{};
  expect_sequential_result(0, missing);
}

TEST_F(TransfersInTurnTest, AreNotExecutedAfterCancellation) {
  call_first();
  for (int i = 0; i < 20; ++i) pay(1, 2);
  for (const unsigned threads : {1u, 4u}) {
    std::atomic<bool> cancelled{false};
    TxnIndex committed = 0;
    ParallelOptions options = forced(threads);
    options.cancelled = &cancelled;
    options.on_commit = [&](TxnIndex txn, const Receipt&) {
      ++committed;
      if (txn == 5) cancelled.store(true);
    };
    ParallelExecutor parallel(programs_, pool_, options);
    const Outcome found = execute(parallel, state_);
    EXPECT_EQ(committed, 6u);
    ASSERT_FALSE(found.transactions);
    ASSERT_NE(found.transactions.error().unreadable_state(), nullptr);
    EXPECT_EQ(found.transactions.error().unreadable_state()->detail, "cancelled");
  }
}

// Before EIP-161 the fee of nothing makes the beneficiary exist; before EIP-658 receipts name the state in between.
TEST_F(TransfersInTurnTest, InOldForks) {
  for (int i = 0; i < 20; ++i) pay(1, 2 + i % 4);
  for (Transaction& transaction : transactions_) {
    transaction.type = TransactionType::legacy;
    transaction.chain_id.reset();
    transaction.max_fee_per_gas = transaction.max_priority_fee_per_gas = u256{};
  }
  const IntermediateRoot root = [](const StateDiff& diff) -> Result<Hash32> {
    u256 sum;
    for (const AccountDiff& change : diff.accounts())
      if (change.account) sum += change.account->balance + (u256{change.account->nonce} << 128);
    return to_hash32(sum);
  };
  for (const Revision revision : {Revision::frontier, Revision::tangerine_whistle, Revision::spurious_dragon}) {
    environment_.spec = &spec_of(revision);
    expect_sequential_result(revision == Revision::spurious_dragon ? 20 : 0);
    const auto run = [&](Executor& executor) {
      Journal& journal = executor.fresh_journal(state_);
      executor.evm().begin_block(*environment_.spec, environment_.context);
      return executor.execute(environment_, transactions_, journal, root);
    };
    SequentialExecutor sequential(programs_);
    ParallelExecutor parallel(programs_, pool_, forced(2));
    const auto expected = run(sequential);
    const auto found = run(parallel);
    ASSERT_TRUE(expected && found);
    EXPECT_EQ(expected->receipts, found->receipts);
    EXPECT_EQ(parallel.statistics().in_turn, 0u);
  }
}

TEST_F(TransfersInTurnTest, RandomTransfersAndCalls) {
  std::mt19937 random(1);
  for (int round = 0; round < 30; ++round) {
    transactions_.clear();
    nonces_.clear();
    call_first();
    std::uint64_t transfers = 0;
    for (int i = 0; i < 150; ++i) {
      const std::uint64_t from = random() % 8;
      switch (random() % 6) {
        case 0:
          call(from, kCounter);
          break;
        case 1:
          call(from, kBalances, random() % 40);
          break;
        case 2:
          call(from, kPayer, random() % 40);
          break;
        default:
          pay(from, 20 + random() % 20, 1 + random() % 1000);  // to nobody who calls
          ++transfers;
      }
    }
    expect_sequential_result(transfers);
  }
}

}  // namespace
}  // namespace hocket
