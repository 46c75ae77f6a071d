#include "parallel/mv_view.hpp"

#include "state/in_memory_state.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

Address numbered(std::uint64_t number) { return to_address(u256{number}); }

constexpr TxnIndex kReader = 5;

// Transaction 5 does something; then a transaction below it changes something: is what 5 saw still valid?
class MvViewTest : public ::testing::Test {
 protected:
  MvViewTest() : view_(memory_), journal_(view_) {
    state_.put(numbered(1), 7, 100, {}, {{1, 10}});
    state_.put(numbered(2), 0, 0, {}, {});  // exists and is empty
    memory_.reset(state_, 64, 1);
  }

  void begin(bool wait_for_estimates = true, bool early_abort = false) {
    view_.begin(kReader, reads_, 0, {.wait = wait_for_estimates, .early_abort = early_abort});
    journal_.reset(view_);
    journal_.begin_transaction();
  }
  void end(bool state_clearing = true) {
    journal_.end_transaction(state_clearing);
    view_.collect_reads(journal_);
    view_.publish_writes(journal_, writes_);
  }
  AccountEntry& account(std::uint64_t number) { return *journal_.account(numbered(number)); }
  /// A version of transaction 1.
  void write_below(std::uint64_t number, std::uint8_t parts, const u256& balance_delta = {}, bool exists = true,
                   std::uint64_t nonce = 0) {
    AccountVersion version;
    version.txn = 1;
    version.parts = parts;
    version.exists = exists;
    version.nonce = nonce;
    if (parts & kPartBalance) version.balance_delta = balance_delta;
    memory_.write(memory_.account(numbered(number), 0), version, 0);
  }
  bool valid() { return is_valid(memory_, kReader, reads_, 0); }
  AccountValue read(std::uint64_t number, TxnIndex reader) {
    AccountValue value;
    EXPECT_FALSE(memory_.read(memory_.account(numbered(number), 0), reader, value, 0));
    return value;
  }
  AccountValue above(std::uint64_t number) { return read(number, kReader + 1); }
  u256 above(SlotLocation<RealSync>& at) {
    SlotValue value;
    EXPECT_FALSE(memory_.read(at, kReader + 1, value, 0));
    return value.value;
  }

  InMemoryState state_;
  MvMemory<> memory_;
  MvView<> view_;
  Journal journal_;
  ReadSet<> reads_;
  WriteSet<> writes_;
};

TEST_F(MvViewTest, CreditsCommute) {
  begin();
  journal_.add_balance(account(1), 5);
  end();
  write_below(1, kPartBalance, 40);
  EXPECT_TRUE(valid());
  EXPECT_EQ(above(1).account.balance, u256{145});
}

TEST_F(MvViewTest, CoveredDebitsCommuteAsLongAsTheyAreCovered) {
  begin();
  ASSERT_TRUE(journal_.covers(account(1), 60));
  journal_.subtract_balance(account(1), 60);
  journal_.set_nonce(account(1), 8);  // a sender: not deleted for being empty
  end();
  write_below(1, kPartBalance, u256{} - u256{40});
  EXPECT_TRUE(valid());
  EXPECT_EQ(above(1).account.balance, u256{});
  write_below(1, kPartBalance, u256{} - u256{41});
  EXPECT_FALSE(valid());
}

TEST_F(MvViewTest, AnUncoveredDebitDependsOnTheBalance) {
  begin();
  ASSERT_FALSE(journal_.covers(account(1), 101));
  end();
  write_below(1, kPartBalance, 1);
  EXPECT_FALSE(valid());
}

// Balances are counted modulo 2^256 (found by review).
TEST_F(MvViewTest, ADebitFromALargeCreditDependsOnTheBalance) {
  const u256 half = u256{1} << 255;
  begin();
  journal_.add_balance(account(1), half);
  ASSERT_TRUE(journal_.covers(account(1), half));
  end();
  EXPECT_TRUE(valid());
  write_below(1, kPartBalance, half - u256{100});
  EXPECT_FALSE(valid());
}

TEST_F(MvViewTest, ACreditKeepsAnAccountFromDeathAsLongAsThereIsRoomForIt) {
  begin();
  journal_.add_balance(account(2), 10);
  ASSERT_FALSE(journal_.is_dead(account(2)));
  end();
  write_below(2, kPartBalance, 10);
  EXPECT_TRUE(valid());
  write_below(2, kPartBalance, u256{} - u256{10});
  EXPECT_FALSE(valid());
}

TEST_F(MvViewTest, ASenderOfAlmostEverythingCommutes) {
  state_.put(numbered(9), 0, u256::max(), {}, {});
  begin();
  ASSERT_TRUE(journal_.covers(account(9), 60));
  journal_.subtract_balance(account(9), 60);
  journal_.set_nonce(account(9), 1);
  end();
  write_below(9, kPartBalance, u256{} - u256{40});
  EXPECT_TRUE(valid());
}

TEST_F(MvViewTest, ALookDependsOnWhatItSees) {
  struct Row {
    const char* name;
    void (*look)(Journal&, AccountEntry&);
    std::uint8_t parts;  // changed below
    bool valid;
  };
  const Row kRows[] = {
      {"balance, balance", [](Journal& j, AccountEntry& a) { j.balance(a); }, kPartBalance, false},
      {"balance, nonce", [](Journal& j, AccountEntry& a) { j.balance(a); }, kPartNonce, true},
      {"nonce, nonce", [](Journal& j, AccountEntry& a) { j.nonce(a); }, kPartNonce, false},
      {"nonce, balance", [](Journal& j, AccountEntry& a) { j.nonce(a); }, kPartBalance, true},
      {"exists, balance", [](Journal& j, AccountEntry& a) { j.exists(a); }, kPartBalance, true},
      {"dead, balance", [](Journal& j, AccountEntry& a) { j.is_dead(a); }, kPartBalance, true},
      {"taken, balance", [](Journal& j, AccountEntry& a) { j.is_taken(a); }, kPartBalance, true},
      {"taken, nonce", [](Journal& j, AccountEntry& a) { j.is_taken(a); }, kPartNonce, false},
      {"taken, cleared", [](Journal& j, AccountEntry& a) { j.is_taken(a); }, kPartCleared, false},
      {"nothing, everything", [](Journal&, AccountEntry&) {}, kPartBalance | kPartNonce, true},
  };
  for (const Row& row : kRows) {
    memory_.reset(state_, 64, 1);
    writes_.clear();
    begin();
    row.look(journal_, account(1));
    end();
    write_below(1, row.parts, 1, true, 8);
    EXPECT_EQ(valid(), row.valid) << row.name;
  }
}

// A touch deletes an account that exists and is empty. Here the touching transaction saw none, because one below had
// deleted it; when that one changes its mind, the touch has something to delete.
TEST_F(MvViewTest, ATouchThatDidNothingDependsOnThat) {
  ASSERT_TRUE(read(2, 0).exists);
  write_below(2, kPartExistence, {}, false);
  begin();
  journal_.touch(account(2), false);
  end();
  EXPECT_TRUE(valid());
  memory_.remove(memory_.account(numbered(2), 0), 1);
  EXPECT_FALSE(valid());
}

TEST_F(MvViewTest, ATouchOfAnAccountThatIsThenCreditedStaysValid) {
  begin();
  journal_.touch(account(9), false);
  end();
  write_below(9, kPartBalance | kPartExistence, 1);
  EXPECT_TRUE(valid());
}

// Before EIP-161 a created contract may have nonce 0 and no code: that it exists is then all that the creation leaves,
// and must not be left out because the address held a balance when it was looked at.
TEST_F(MvViewTest, ACreatedContractExistsAlsoWithoutTheBalanceThatWasThere) {
  write_below(9, kPartBalance | kPartExistence, 50);
  begin();
  ASSERT_FALSE(journal_.is_taken(account(9)));
  journal_.create_contract(account(9), 0);
  end(false);
  EXPECT_TRUE(above(9).exists);
  memory_.remove(memory_.account(numbered(9), 0), 1);
  EXPECT_TRUE(!valid() || above(9).exists);
}

TEST_F(MvViewTest, AnEstimateIsWaitedForOrTaken) {
  auto& slot = memory_.slot(memory_.account(numbered(1), 0), 1, 0);
  memory_.write(slot, {.txn = 3, .kind = SlotVersionKind::value, .value = 33}, 0);
  memory_.mark_estimate(slot, 3);
  begin(true);
  EXPECT_EQ(journal_.slot(account(1), 1), nullptr);
  EXPECT_EQ(journal_.fault(), StateFault::waiting);
  EXPECT_EQ(view_.blocker(), 3u);
  begin(false);
  ASSERT_NE(journal_.slot(account(1), 1), nullptr);
  EXPECT_EQ(journal_.slot(account(1), 1)->current, u256{33});
  EXPECT_EQ(view_.blocker(), std::nullopt);
}

TEST_F(MvViewTest, AStaleExecutionEndsAtItsNextRead) {
  begin(true, true);
  ASSERT_NE(journal_.slot(account(1), 1), nullptr);
  auto& slot = memory_.slot(memory_.account(numbered(1), 0), 1, 0);
  memory_.write(slot, {.txn = 3, .kind = SlotVersionKind::value, .value = 10}, 0);
  EXPECT_NE(journal_.slot(account(1), 2), nullptr) << "the same value again changes nothing";
  memory_.write(slot, {.txn = 3, .kind = SlotVersionKind::value, .value = 11}, 0);
  EXPECT_FALSE(view_.is_stale());
  EXPECT_EQ(journal_.slot(account(1), 3), nullptr);
  EXPECT_EQ(journal_.fault(), StateFault::interrupted);
  EXPECT_TRUE(view_.is_stale());
}

TEST_F(MvViewTest, ASendersNonceIsForeseen) {
  const Address sender = numbered(1);
  view_.begin(kReader, reads_, 0, {.sender = &sender, .sender_nonce = 9, .early_abort = false});
  journal_.reset(view_);
  journal_.begin_transaction();
  EXPECT_EQ(journal_.nonce(account(1)), 9u);
  journal_.set_nonce(account(1), 10);
  end();
  EXPECT_FALSE(valid()) << "the transactions that raise it have not come yet";
  write_below(1, kPartNonce, {}, true, 9);
  EXPECT_TRUE(valid());
}

TEST_F(MvViewTest, PublishingReplacesWhatWasPublishedBefore) {
  begin();
  journal_.set_storage(*journal_.slot(account(1), 1), 11);
  journal_.set_storage(*journal_.slot(account(1), 2), 22);
  journal_.add_balance(account(3), 1);
  end();
  EXPECT_EQ(writes_.slots.size(), 2u);
  EXPECT_EQ(writes_.accounts.size(), 1u);
  auto& first = memory_.slot(memory_.account(numbered(1), 0), 1, 0);
  EXPECT_EQ(above(first), u256{11});

  begin();
  journal_.set_storage(*journal_.slot(account(1), 2), 22);
  journal_.end_transaction(true);
  SlotValue seen;
  ASSERT_FALSE(memory_.read(first, kReader + 2, seen, 0));
  EXPECT_TRUE(view_.publish_writes(journal_, writes_)) << "a slot that somebody has read is not written any more";
  EXPECT_EQ(above(first), u256{10});
  EXPECT_FALSE(above(3).exists);

  begin();
  journal_.set_storage(*journal_.slot(account(1), 2), 22);
  journal_.end_transaction(true);
  EXPECT_FALSE(view_.publish_writes(journal_, writes_)) << "the same again";
  EXPECT_FALSE(view_.withdraw_writes(writes_)) << "nobody has read it";
  EXPECT_TRUE(writes_.empty());
}

TEST_F(MvViewTest, CodeSetBelowIsGivenAndOutlivesItsWriter) {
  AccountVersion version;
  version.txn = 1;
  version.parts = kPartCode;
  version.code = &memory_.keep_code(Hash32{{1}}, Bytes{0x60, 0x00}, 0);
  auto& at = memory_.account(numbered(1), 0);
  memory_.write(at, version, 0);
  begin();
  AccountEntry& entry = account(1);
  memory_.remove(at, 1);
  EXPECT_EQ(to_bytes(*journal_.code(entry)), (Bytes{0x60, 0x00}));
  end();
  EXPECT_FALSE(valid()) << "code counts as looked at";
}

}  // namespace
}  // namespace hocket
