#include "parallel/following.hpp"

#include "evm/evm.hpp"
#include "parallel/block_fixture.hpp"
#include "parallel/mv_view.hpp"
#include "state/forwarding_view.hpp"

#include <chrono>
#include <gtest/gtest.h>
#include <thread>

namespace hocket {
namespace {

const Address kContract = to_address(u256{0xc0de});
const Address kSender = to_address(u256{0x5e});

/// Adds to slot 0; what is not below 0x40 then becomes 1.
Bytes counter(std::uint8_t by) {
  return {OP_PUSH0, OP_SLOAD, OP_PUSH1, by,       OP_ADD, OP_DUP1,     OP_PUSH1, 0x40,      OP_GT,  OP_PUSH1,
          15,       OP_JUMPI, OP_POP,   OP_PUSH1, 1,      OP_JUMPDEST, OP_PUSH0, OP_SSTORE, OP_STOP};
}

/// Reads take so long that several workers come to read.
class SlowAccounts final : public ForwardingView {
 public:
  using ForwardingView::ForwardingView;

  StateRead<std::optional<Account>> account(const Address& address) const override {
    std::this_thread::sleep_for(std::chrono::microseconds(50));
    return ForwardingView::account(address);
  }
};

// Transactions 0 to 2 of a block; what each does is executed when a test wants it, and so is its commitment.
class FollowingTest : public ::testing::Test {
 protected:
  static constexpr TxnIndex kTransactions = 3;

  struct Transaction {
    ReadSet<> reads;
    WriteSet<> writes;
    Following<> following;
  };

  FollowingTest() { begin({}); }

  void begin(const Bytes& code, const std::vector<std::pair<u256, u256>>& storage = {{0, 10}, {1, 11}}) {
    state_.put(kContract, 1, 0, code, storage);
    memory_.reset(state_, 64, 1, 64, &hot_);
    transactions_.clear();
    transactions_.resize(kTransactions);
    // Whoever makes a location counts as one who looks at it.
    for (const auto& [slot, value] : storage) seen(slot.low64(), 0);
  }

  /// Executes the contract as transaction `txn`, and publishes what it writes.
  bool execute(TxnIndex txn, bool follows_all = true) {
    Transaction& of = transactions_[txn];
    view_.begin(txn, of.reads, 0,
                {.early_abort = false, .log = &of.following.log, .follows_all = follows_all, .cancelled = nullptr});
    journal_.reset(view_);
    journal_.begin_transaction();
    evm_.begin_block(spec_of(Revision::osaka), block_);
    evm_.record_in(nullptr);
    const TransactionContext context{.origin = kSender, .gas_price = 1, .blob_hashes = {}};
    const Message message{.gas = 1'000'000, .sender = kSender, .recipient = kContract, .value = {}, .input = {}};
    ExecutionResult result = evm_.execute(message, context, journal_);
    if (view_.begins_to_follow()) {
      EXPECT_EQ(result.status, Status::suspended);
      evm_.record_in(&of.following.log);
      view_.resume(0);
      result = evm_.resume();
    }
    EXPECT_EQ(result.status, Status::success);
    journal_.end_transaction(true);
    view_.collect_reads(journal_);
    const bool changed = view_.publish_writes(journal_, of.writes);
    of.following.note_places(journal_, of.writes);
    return changed;
  }
  bool is_valid(TxnIndex txn) { return hocket::is_valid(memory_, txn, transactions_[txn].reads, 0); }
  Redone redo(TxnIndex txn) {
    Transaction& of = transactions_[txn];
    return of.following.redo(memory_, txn, of.reads, 0);
  }
  void commit(TxnIndex txn) { fold_writes(memory_, txn + 1, transactions_[txn].writes, 0); }

  SlotLocation<RealSync>& at(std::uint64_t slot) { return memory_.slot(memory_.account(kContract, 0), u256{slot}, 0); }
  /// As somebody sees it who does not follow it.
  u256 seen(std::uint64_t slot, TxnIndex reader, bool observes = false) {
    SlotValue value;
    EXPECT_FALSE(memory_.read(at(slot), reader, value, 0, observes));
    return value.value;
  }
  void write(std::uint64_t slot, TxnIndex txn, std::uint64_t value) {
    memory_.write(at(slot), {.txn = txn, .kind = SlotVersionKind::value, .value = u256{value}}, 0);
  }

  InMemoryState state_;
  HotSlots hot_;
  MvMemory<> memory_;
  MvView<> view_{memory_};
  Journal journal_{view_};
  ProgramCache programs_;
  Evm evm_{programs_};
  const BlockContext block_;
  std::vector<Transaction> transactions_;
};

TEST_F(FollowingTest, WhatWasExecutedTooEarlyIsRedone) {
  begin(counter(3));
  execute(1);
  EXPECT_EQ(seen(0, 2), u256{13});
  execute(0);
  commit(0);
  ASSERT_TRUE(is_valid(1)) << "a followed slot may change";
  EXPECT_EQ(redo(1), Redone::values);
  EXPECT_EQ(seen(0, 2), u256{16});
  ASSERT_EQ(transactions_[1].following.changed().size(), 1u);
  EXPECT_EQ(transactions_[1].reads.slot_stamps[transactions_[1].following.changed()[0]].at, &at(0));
  EXPECT_EQ(redo(1), Redone::nothing) << "it has read what is there now";
  commit(1);
  EXPECT_EQ(seen(0, 2), u256{16});
}

TEST_F(FollowingTest, NothingHasChanged) {
  begin(counter(3));
  execute(0);
  execute(1);
  EXPECT_EQ(seen(0, 2), u256{16});
  commit(0);
  EXPECT_EQ(redo(1), Redone::nothing);
  EXPECT_TRUE(transactions_[1].following.changed().empty());
  // Nor where somebody has written what was there.
  write(0, 1, 16);
  EXPECT_EQ(redo(1), Redone::nothing);
}

TEST_F(FollowingTest, ASeriesIsRedoneOneByOne) {
  begin(counter(3));
  for (const TxnIndex txn : {2u, 1u, 0u}) execute(txn);
  EXPECT_EQ(seen(0, 3), u256{13});
  EXPECT_EQ(redo(0), Redone::nothing);
  commit(0);
  for (const TxnIndex txn : {1u, 2u}) {
    EXPECT_EQ(redo(txn), Redone::values) << txn;
    commit(txn);
  }
  EXPECT_EQ(seen(0, 3), u256{19});
}

TEST_F(FollowingTest, WhoeverHasLookedAtItIsToLookAgain) {
  begin(counter(3));
  execute(1);
  EXPECT_EQ(seen(0, 2, true), u256{13});
  execute(0);
  commit(0);
  EXPECT_EQ(redo(1), Redone::observed);
  EXPECT_EQ(seen(0, 2), u256{16});
}

TEST_F(FollowingTest, WhoeverFollowsItLooksAgainAnyhow) {
  begin(counter(3));
  execute(1);
  execute(2);
  execute(0);
  commit(0);
  EXPECT_EQ(redo(1), Redone::values);
}

TEST_F(FollowingTest, AnotherWayIsNotTakenWithoutExecuting) {
  begin(counter(3), {{0, 0x3b}});
  execute(1);
  EXPECT_EQ(seen(0, 2), u256{0x3e});
  write(0, 0, 0x3e);  // 0x41 is above the limit
  ASSERT_TRUE(is_valid(1));
  EXPECT_EQ(redo(1), Redone::not_possible);
  EXPECT_EQ(seen(0, 2), u256{0x3e}) << "its version stays";
  ASSERT_EQ(transactions_[1].following.changed().size(), 1u);
  EXPECT_EQ(transactions_[1].reads.slots[0], u256{0x3b}) << "as read";
  // Executed again it is right.
  execute(1);
  EXPECT_EQ(seen(0, 2), u256{1});
  EXPECT_EQ(redo(1), Redone::nothing);
}

TEST_F(FollowingTest, WhatAnExecutionThatFailedHasRecordedIsForgotten) {
  begin(counter(3));
  execute(1);
  write(0, 0, 20);
  transactions_[1].following.forget();
  EXPECT_EQ(redo(1), Redone::not_possible);
  EXPECT_EQ(seen(0, 2), u256{13});
}

TEST_F(FollowingTest, SeveralSlotsDependOnSeveral) {
  // Slot 2 becomes slot 0 plus slot 1; slot 1 a constant; slot 0 is only read.
  begin({OP_PUSH0, OP_SLOAD, OP_PUSH1, 1, OP_SLOAD, OP_ADD, OP_PUSH1, 2, OP_SSTORE, OP_PUSH1, 77, OP_PUSH1, 1,
         OP_SSTORE, OP_STOP});
  execute(1);
  EXPECT_EQ(seen(2, 2), u256{21});
  write(0, 0, 20);
  write(1, 0, 21);
  EXPECT_EQ(redo(1), Redone::values);
  EXPECT_EQ(transactions_[1].following.changed().size(), 2u);
  EXPECT_EQ(seen(0, 2), u256{20});
  EXPECT_EQ(seen(1, 2), u256{77});
  EXPECT_EQ(seen(2, 2), u256{41});
  // And from there.
  write(1, 0, 22);
  EXPECT_EQ(redo(1), Redone::values);
  EXPECT_EQ(transactions_[1].following.changed().size(), 1u);
  EXPECT_EQ(seen(2, 2), u256{42});
}

TEST_F(FollowingTest, TheLastStoreOfASlotIsItsVersion) {
  // Slot 2 is slot 0 plus 1, then twice slot 0; slot 3 is slot 0, then 5.
  begin({OP_PUSH0, OP_SLOAD, OP_DUP1,   OP_PUSH1, 1, OP_ADD,    OP_PUSH1, 2,         OP_SSTORE,  //
         OP_DUP1,  OP_DUP1,  OP_ADD,    OP_PUSH1, 2, OP_SSTORE,                                  //
         OP_PUSH1, 3,        OP_SSTORE, OP_PUSH1, 5, OP_PUSH1,  3,        OP_SSTORE, OP_STOP});
  execute(1);
  write(0, 0, 20);
  EXPECT_EQ(redo(1), Redone::values);
  EXPECT_EQ(seen(2, 2), u256{40});
  EXPECT_EQ(seen(3, 2), u256{5});
}

TEST_F(FollowingTest, ASlotThatHoldsWhatItHeldHasNoVersion) {
  // Slot 1 is stored in itself, and slot 0 in slot 2.
  begin({OP_PUSH1, 1, OP_SLOAD, OP_PUSH1, 1, OP_SSTORE, OP_PUSH0, OP_SLOAD, OP_PUSH1, 2, OP_SSTORE, OP_STOP});
  execute(1);
  EXPECT_EQ(transactions_[1].writes.slots.size(), 1u);
  write(1, 0, 50);
  EXPECT_EQ(redo(1), Redone::values);
  EXPECT_EQ(seen(1, 2), u256{50});
  write(1, 0, 51);
  EXPECT_EQ(redo(1), Redone::values);
  EXPECT_EQ(seen(1, 2), u256{51});
}

TEST_F(FollowingTest, OnlyHotSlotsAreFollowed) {
  // Slot 2 becomes slot 0 plus slot 1.
  hot_.note({.account = kContract, .slot = u256{0}});
  begin({OP_PUSH1, 1, OP_SLOAD, OP_PUSH0, OP_SLOAD, OP_ADD, OP_PUSH1, 2, OP_SSTORE, OP_STOP});
  execute(1, false);
  const ReadSet<>& reads = transactions_[1].reads;
  ASSERT_EQ(reads.followed.size(), 1u);
  EXPECT_EQ(reads.slot_stamps[reads.followed[0]].at, &at(0));
  write(0, 0, 20);
  EXPECT_TRUE(is_valid(1));
  EXPECT_EQ(redo(1), Redone::values);
  EXPECT_EQ(seen(2, 2), u256{31});
  write(1, 0, 21);
  EXPECT_FALSE(is_valid(1)) << "not followed";
}

TEST_F(FollowingTest, WithoutHotSlotsNothingIsFollowed) {
  begin(counter(3));
  execute(1, false);
  EXPECT_TRUE(transactions_[1].reads.followed.empty());
  write(0, 0, 20);
  EXPECT_FALSE(is_valid(1));
}

TEST_F(FollowingTest, AFollowedSlotIsNotWaitedFor) {
  begin(counter(3));
  write(0, 0, 20);
  memory_.mark_estimate(at(0), 0);
  execute(1);
  EXPECT_EQ(view_.blocker(), std::nullopt);
  EXPECT_EQ(seen(0, 2), u256{23});
  write(0, 0, 25);
  EXPECT_EQ(redo(1), Redone::values);
  EXPECT_EQ(seen(0, 2), u256{28});
}

TEST_F(FollowingTest, ASlotThatIsClearedIsZero) {
  begin(counter(3));
  execute(1);
  AccountVersion cleared;
  cleared.txn = 0;
  cleared.parts = kPartCleared;
  memory_.write(memory_.account(kContract, 0), cleared, 0);
  // From zero it would cost more.
  EXPECT_EQ(redo(1), Redone::not_possible);
  EXPECT_EQ(seen(0, 2), u256{13});
}

// --- whole blocks ------------------------------------------------------------------------------------------------

class FollowingBlockTest : public BlockFixture {
 protected:
  static constexpr std::uint64_t kCalls = 100;

  FollowingBlockTest() {
    environment_.context.beneficiary = to_address(u256{0xbe});
    for (std::uint64_t i = 0; i < kCalls; ++i) {
      const Address sender = to_address(u256{0xa000 + i});
      state_.put(sender, 0, u256{1'000'000'000}, {}, {});
      transactions_.push_back(transaction_of(sender, kContract, 100'000));
    }
  }

  /// Of all ways, several times each. How often something is redone depends on chance.
  ParallelStatistics expect_sequential_result(const Bytes& code) {
    state_.put(kContract, 1, 0, code, {{0, 10}, {1, 11}});
    SequentialExecutor sequential(programs_);
    const Outcome expected = execute(sequential, state_);
    ParallelStatistics sums;
    for (const FollowedSlots followed : {FollowedSlots::none, FollowedSlots::hot, FollowedSlots::all}) {
      ParallelOptions options = forced(4);
      options.followed_slots = followed;
      ParallelExecutor parallel(programs_, pool_, options);
      for (int i = 0; i < 3; ++i) {
        expect_equal(expected, execute(parallel, SlowAccounts(state_)));
        const ParallelStatistics& statistics = parallel.statistics();
        if (followed == FollowedSlots::none) {
          EXPECT_EQ(statistics.followed, 0u);
        }
        EXPECT_LE(statistics.redone + statistics.redone_in_vain, statistics.followed);
        sums.followed += statistics.followed;
        sums.redone += statistics.redone;
        sums.redone_in_vain += statistics.redone_in_vain;
      }
    }
    return sums;
  }
};

TEST_F(FollowingBlockTest, ACounterCounts) {
  const ParallelStatistics sums =
      expect_sequential_result({OP_PUSH0, OP_SLOAD, OP_PUSH1, 3, OP_ADD, OP_PUSH0, OP_SSTORE, OP_STOP});
  EXPECT_GT(sums.redone, 0u);
  EXPECT_EQ(sums.redone_in_vain, 0u);
}

TEST_F(FollowingBlockTest, ACounterBeginsAnewAtItsLimit) { expect_sequential_result(counter(3)); }

TEST_F(FollowingBlockTest, WhatGoesIntoALogIsExecutedAgain) {
  // As a counter; then LOG1 with its value.
  const ParallelStatistics sums = expect_sequential_result({OP_PUSH0, OP_SLOAD, OP_PUSH1, 3, OP_ADD, OP_DUP1, OP_PUSH0,
                                                            OP_SSTORE, OP_PUSH0, OP_PUSH0, OP_LOG0 + 1, OP_STOP});
  EXPECT_EQ(sums.redone, 0u);
  EXPECT_GT(sums.redone_in_vain, 0u);
}

TEST_F(FollowingBlockTest, SlotsAreFollowedFromSoManyWorkersOn) {
  state_.put(kContract, 1, 0, counter(1), {{0, 10}});
  SequentialExecutor sequential(programs_);
  const Outcome expected = execute(sequential, state_);
  for (const unsigned threads : {2u, 3u}) {
    ParallelOptions options = forced(threads);
    options.followed_slots = FollowedSlots::all;
    options.follows_from = 3;
    ParallelExecutor parallel(programs_, pool_, options);
    std::uint64_t followed = 0;
    for (int i = 0; i < 3; ++i) {
      expect_equal(expected, execute(parallel, SlowAccounts(state_)));
      followed += parallel.statistics().followed;
    }
    EXPECT_EQ(followed > 0, threads == 3);
  }
}

}  // namespace
}  // namespace hocket
