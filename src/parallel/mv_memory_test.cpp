#include "parallel/mv_memory.hpp"

#include "parallel/read_set.hpp"
#include "state/in_memory_state.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <random>

namespace hocket {
namespace {

Address numbered(std::uint64_t number) { return to_address(u256{number}); }

AccountVersion version_of(TxnIndex txn, std::uint8_t parts) {
  AccountVersion version;
  version.txn = txn;
  version.parts = parts;
  return version;
}

AccountVersion credit(TxnIndex txn, const u256& amount) {
  AccountVersion version = version_of(txn, kPartBalance);
  version.balance_delta = amount;
  return version;
}

SlotVersion slot_version(TxnIndex txn, const u256& value) {
  return {.txn = txn, .kind = SlotVersionKind::value, .value = value};
}

// Account 1: nonce 7, balance 100, code, slot 1 = 10.
class MvMemoryTest : public ::testing::Test {
 protected:
  MvMemoryTest() {
    state_.put(numbered(1), 7, 100, Bytes{0x60}, {{1, 10}});
    memory_.reset(state_, 64, 2);
  }
  AccountLocation<RealSync>& account(std::uint64_t number = 1) { return memory_.account(numbered(number), 0); }
  SlotLocation<RealSync>& slot(const u256& slot = 1) { return memory_.slot(account(), slot, 0); }
  AccountValue read(AccountLocation<RealSync>& at, TxnIndex reader) {
    AccountValue value;
    EXPECT_FALSE(memory_.read(at, reader, value, 0));
    return value;
  }
  SlotValue read(SlotLocation<RealSync>& at, TxnIndex reader) {
    SlotValue value;
    EXPECT_FALSE(memory_.read(at, reader, value, 0));
    return value;
  }
  template <class At, class Version>
  bool write(At& at, const Version& version) {
    return memory_.write(at, version, 0);
  }

  InMemoryState state_;
  MvMemory<> memory_;
};

TEST_F(MvMemoryTest, AReaderSeesWhatIsBelowIt) {
  write(slot(), slot_version(3, 33));
  write(slot(), slot_version(5, 55));
  const std::pair<TxnIndex, u256> kExpected[] = {{0, 10}, {3, 10}, {4, 33}, {5, 33}, {6, 55}, {99, 55}};
  for (const auto& [reader, value] : kExpected) EXPECT_EQ(read(slot(), reader).value, value) << reader;
}

TEST_F(MvMemoryTest, BalancesAddUp) {
  write(account(), credit(1, 5));
  write(account(), credit(2, u256{} - u256{30}));
  write(account(), credit(4, 1));
  const std::pair<TxnIndex, u256> kExpected[] = {{1, 100}, {2, 105}, {3, 75}, {4, 75}, {5, 76}};
  for (const auto& [reader, balance] : kExpected) EXPECT_EQ(read(account(), reader).account.balance, balance);
  memory_.fold(account(), 3, 0);
  for (const auto& [reader, balance] : kExpected) {
    if (reader > 2) {
      EXPECT_EQ(read(account(), reader).account.balance, balance);
    }
  }
}

TEST_F(MvMemoryTest, PartsOfAnAccountAreIndependent) {
  AccountVersion nonce = version_of(1, kPartNonce);
  nonce.nonce = 8;
  write(account(), nonce);
  AccountVersion code = version_of(2, kPartCode);
  code.code = &memory_.keep_code(Hash32{{1}}, Bytes{0x61}, 0);
  write(account(), code);
  const AccountValue value = read(account(), 3);
  EXPECT_EQ(value.account.nonce, 8u);
  EXPECT_EQ(value.account.balance, u256{100});
  EXPECT_EQ(value.account.code_hash, Hash32{{1}});
  EXPECT_EQ(value.code->bytes, Bytes{0x61});
  EXPECT_EQ(read(account(), 2).account.code_hash, (*state_.account(numbered(1)))->code_hash);
}

// Versions come, change, go, are committed and folded in any order that the executor allows; reads add up what is
// there.
TEST_F(MvMemoryTest, ReadsOfAHotAccountAddUpWhateverHappens) {
  constexpr TxnIndex kCount = 24;
  std::mt19937_64 random(11);
  for (int round = 0; round < 50; ++round) {
    memory_.reset(state_, 64, 2);
    auto& at = account();
    Account committed = read(at, 0).account;
    std::map<TxnIndex, AccountVersion> versions;
    TxnIndex next = 0;  // to be committed
    const auto apply = [](Account& account, const AccountVersion& version) {
      account.balance += version.balance_delta;
      if (version.parts & kPartNonce) account.nonce = version.nonce;
      if (version.parts & kPartCleared) account.has_storage = false;
    };
    for (int step = 0; step < 200 && next < kCount; ++step) {
      const auto txn = static_cast<TxnIndex>(next + random() % std::min<TxnIndex>(8, kCount - next));
      switch (random() % 9) {
        case 0:
          memory_.remove(at, txn);
          versions.erase(txn);
          break;
        case 1:
          if (const auto it = versions.find(next); it != versions.end()) {
            apply(committed, it->second);
            versions.erase(it);
          }
          ++next;
          break;
        case 2:
          memory_.fold(at, static_cast<TxnIndex>(random() % (next + 1)), 0);
          break;
        case 3:
          if (next == 0) break;
          ASSERT_FALSE(memory_.commit_credit(at, next - 1, 5, 0));
          committed.balance += 5;
          break;
        default: {
          AccountVersion version = credit(txn, random() % 100);
          if (random() % 3 == 0) {
            version.parts |= kPartNonce;
            version.nonce = random() % 10;
          }
          if (random() % 10 == 0) version.parts |= kPartCleared;
          write(at, version);
          versions[txn] = version;
        }
      }
      for (TxnIndex reader = next; reader <= kCount; ++reader) {
        Account expected = committed;
        for (const auto& [writer, version] : versions)
          if (writer < reader) apply(expected, version);
        ASSERT_EQ(read(at, reader).account, expected) << round << ' ' << step << ' ' << reader;
      }
    }
  }
}

TEST_F(MvMemoryTest, WhatIsNotEmptyExists) {
  EXPECT_FALSE(read(account(9), 5).exists);
  write(account(9), credit(2, 1));
  EXPECT_FALSE(read(account(9), 2).exists);
  EXPECT_TRUE(read(account(9), 3).exists);
  memory_.fold(account(9), 3, 0);
  EXPECT_TRUE(read(account(9), 3).exists);
}

TEST_F(MvMemoryTest, OnlyAnotherValueCountsAsAChange) {
  EXPECT_EQ(read(slot(), 2).value, u256{10});
  EXPECT_TRUE(write(slot(), slot_version(1, 11)));
  memory_.mark_estimate(slot(), 1);
  const std::uint32_t stamp = slot().stamp.load();
  EXPECT_EQ(read(slot(), 2).awaits, 1u);
  EXPECT_FALSE(write(slot(), slot_version(1, 11)));
  EXPECT_EQ(read(slot(), 2).awaits, std::nullopt);
  EXPECT_EQ(slot().stamp.load(), stamp);
  EXPECT_TRUE(write(slot(), slot_version(1, 12)));
  EXPECT_NE(slot().stamp.load(), stamp);
  EXPECT_TRUE(memory_.remove(slot(), 1));
  EXPECT_FALSE(memory_.remove(slot(), 1));
  EXPECT_EQ(read(slot(), 2).value, u256{10});
}

TEST_F(MvMemoryTest, ACommitChangesNoStamp) {
  write(slot(), slot_version(1, 11));
  ASSERT_TRUE(read(account(), 1).exists);
  write(account(), credit(1, 1));
  const auto slot_stamp = slot().stamp.load();
  const auto account_stamp = account().stamp.load();
  memory_.fold(slot(), 2, 0);
  memory_.fold(account(), 2, 0);
  EXPECT_EQ(slot().stamp.load(), slot_stamp);
  EXPECT_EQ(account().stamp.load(), account_stamp);
  EXPECT_EQ(read(slot(), 2).value, u256{11});
}

TEST_F(MvMemoryTest, ManyVersionsAreFoldedAtOnce) {
  ASSERT_TRUE(read(account(), 0).exists);
  for (const TxnIndex txn : {1u, 2u, 4u}) {
    write(account(), credit(txn, 10 * txn));
    write(slot(), slot_version(txn, 10 + txn));
  }
  memory_.fold(account(), 1, 0);
  memory_.fold(slot(), 1, 1);
  EXPECT_EQ(account().versions.size(), 3u);
  EXPECT_EQ(slot().versions.size(), 3u);
  EXPECT_TRUE(memory_.touched().empty());
  for (int twice = 0; twice < 2; ++twice) {
    memory_.fold(slot(), 4, 1);
    memory_.fold(account(), 4, 0);
    EXPECT_EQ(account().versions.size(), 1u);
    EXPECT_EQ(slot().versions.size(), 1u);
    EXPECT_EQ(account().committed.account.balance, u256{130});
    EXPECT_EQ(slot().committed, u256{12});
    EXPECT_EQ(slot().committed_after, 3u);
    EXPECT_EQ(read(account(), 4).account.balance, u256{130});
    EXPECT_EQ(read(account(), 5).account.balance, u256{170});
    EXPECT_EQ(read(slot(), 4).value, u256{12});
    EXPECT_EQ(read(slot(), 5).value, u256{14});
  }
  memory_.fold(account(), 9, 1);
  memory_.fold(slot(), 9, 0);
  EXPECT_TRUE(account().versions.empty());
  EXPECT_EQ(account().committed.account.balance, u256{170});
  EXPECT_EQ(slot().committed, u256{14});
  // By whomever, an account and a slot are noted once.
  EXPECT_EQ(memory_.touched(), std::vector{&account()});
  EXPECT_EQ(account().written_slots, &slot());
  EXPECT_EQ(slot().next_written, nullptr);
}

TEST_F(MvMemoryTest, ClearedStorageHidesWhatWasWrittenBefore) {
  write(slot(), slot_version(1, 11));
  AccountVersion destroyed = version_of(3, kPartCleared | kPartExistence);
  write(account(), destroyed);
  write(slot(2), slot_version(4, 44));
  EXPECT_EQ(read(slot(), 3).value, u256{11});
  EXPECT_EQ(read(slot(), 4).value, u256{});
  EXPECT_EQ(read(slot(2), 5).value, u256{44});
  EXPECT_FALSE(read(account(), 4).account.has_storage);
  memory_.fold(slot(), 2, 0);
  memory_.fold(account(), 4, 0);
  EXPECT_EQ(read(slot(), 5).value, u256{});
  memory_.fold(slot(2), 5, 0);
  EXPECT_EQ(read(slot(2), 5).value, u256{44});
}

// A clearing that is not there any more must be noticed by readers of slots, whose stamps do not tell.
TEST_F(MvMemoryTest, AReplacedClearingInvalidatesReadersOfSlots) {
  for (const bool removed : {false, true}) {
    memory_.reset(state_, 64, 2);
    ASSERT_TRUE(read(account(), 1).exists);
    write(account(), version_of(1, kPartCleared | kPartBalance));
    ReadSet<> reads;
    reads.clear_epoch = memory_.clear_epoch();
    const SlotValue seen = read(slot(), 2);
    EXPECT_EQ(seen.value, u256{});
    reads.slots.push_back(seen.value);
    reads.slot_stamps.push_back({&slot(), seen.stamp});
    EXPECT_TRUE(is_valid(memory_, 2, reads, 0));
    if (removed)
      memory_.remove(account(), 1);
    else
      write(account(), credit(1, 5));
    EXPECT_EQ(read(slot(), 2).value, u256{10});
    EXPECT_FALSE(is_valid(memory_, 2, reads, 0)) << (removed ? "removed" : "replaced");
  }
}

/// Calls back in the middle of a read of storage.
class InterruptedView final : public StateView {
 public:
  std::function<void()> in_storage;

  StateRead<std::optional<Account>> account(const Address&) const override { return std::nullopt; }
  StateRead<u256> storage(const Address&, const u256&) const override {
    if (in_storage) in_storage();
    return u256{};
  }
  StateRead<BytesView> code(const Address&, const Hash32&) const override { return BytesView{}; }
  StateRead<Hash32> block_hash(std::uint64_t) const override { return Hash32{}; }
};

// A new contract's slot is written without being read. A reader that asked the StateView just before the commit must
// not put the old value in the place of the committed one.
TEST_F(MvMemoryTest, ALateLoadDoesNotOverwriteACommittedSlot) {
  InterruptedView view;
  memory_.reset(view, 64, 2);
  view.in_storage = [&] {
    write(slot(), slot_version(1, 11));
    memory_.fold(slot(), 2, 0);
  };
  EXPECT_EQ(read(slot(), 2).value, u256{11});
  view.in_storage = nullptr;
  EXPECT_EQ(read(slot(), 3).value, u256{11});
}

TEST_F(MvMemoryTest, FaultsArePassedOnAndNotRemembered) {
  class Faulty final : public StateView {
   public:
    mutable int faults = 2;
    StateRead<std::optional<Account>> account(const Address&) const override {
      if (faults-- > 0) return std::unexpected(StateFault::io_error);
      return Account{.nonce = 3, .balance = {}};
    }
    StateRead<u256> storage(const Address&, const u256&) const override {
      return std::unexpected(StateFault::missing_node);
    }
    StateRead<BytesView> code(const Address&, const Hash32&) const override { return BytesView{}; }
    StateRead<Hash32> block_hash(std::uint64_t) const override { return Hash32{}; }
  } view;
  memory_.reset(view, 64, 2);
  AccountValue value;
  EXPECT_EQ(memory_.read(account(), 0, value, 0), StateFault::io_error);
  EXPECT_EQ(memory_.read(account(), 0, value, 0), StateFault::io_error);
  EXPECT_EQ(read(account(), 0).account.nonce, 3u);
  SlotValue slot_value;
  EXPECT_EQ(memory_.read(slot(), 0, slot_value, 0), StateFault::missing_node);
}

TEST_F(MvMemoryTest, KeysAreComparedWhole) {
  for (const unsigned hash_bits : {0u, 1u, 64u}) {
    memory_.reset(state_, 64, 2, hash_bits);
    for (std::uint64_t i = 0; i < 50; ++i) {
      auto& at = memory_.account(numbered(i), i % 2);
      EXPECT_EQ(&at, &memory_.account(numbered(i), 0));
      EXPECT_EQ(at.address, numbered(i));
      EXPECT_EQ(&memory_.slot(at, i, 1), &memory_.slot(at, i, 0));
      EXPECT_NE(&memory_.slot(at, i, 1), &memory_.slot(memory_.account(numbered(i + 100), 0), i, 0));
    }
  }
}

TEST_F(MvMemoryTest, WhatIsChangedInItsTurnIsWhatEverybodyElseSees) {
  auto& from = account(1);
  auto& to = account(2);
  const std::uint32_t stamp = read(from, 3).stamp;
  // Written ahead, on top of what is about to change.
  AccountVersion version = credit(5, 7);
  version.parts |= kPartNonce;
  version.nonce = 20;
  write(from, version);
  const auto move = [](Account& a, Account& b) {
    a.balance -= u256{30};
    ++a.nonce;
    b.balance += u256{30};
    return true;
  };
  const auto changed = memory_.commit_change(from, to, 2, 0, move);
  ASSERT_TRUE(changed && *changed);
  EXPECT_FALSE(**changed) << "nobody above has looked at what a version may change";
  EXPECT_EQ(read(from, 3).account.balance, u256{70});
  EXPECT_EQ(read(from, 3).account.nonce, 8u);
  EXPECT_EQ(read(from, 9).account.balance, u256{77});
  EXPECT_EQ(read(from, 9).account.nonce, 20u);
  EXPECT_EQ(read(to, 3).account.balance, u256{30});
  EXPECT_TRUE(read(to, 3).exists);
  EXPECT_NE(read(from, 3).stamp, stamp);
  EXPECT_EQ(memory_.touched().size(), 2u);

  memory_.observe(to, 6);
  const auto seen = memory_.commit_change(from, to, 3, 0, move);
  ASSERT_TRUE(seen && *seen);
  EXPECT_TRUE(**seen);

  const auto refused = memory_.commit_change(from, to, 4, 0, [](Account&, Account&) { return false; });
  ASSERT_TRUE(refused);
  EXPECT_FALSE(refused->has_value());
  EXPECT_EQ(read(to, 5).account.balance, u256{60});

  // What was committed before and nobody has folded: another sees it as it is.
  AccountVersion before = credit(4, 1);
  before.parts |= kPartNonce;
  before.nonce = 12;
  write(from, before);
  const auto after = memory_.commit_change(from, to, 5, 0, [](Account& a, Account&) {
    EXPECT_EQ(a.nonce, 12u);
    EXPECT_EQ(a.balance, u256{41});
    return false;
  });
  ASSERT_TRUE(after);
  EXPECT_FALSE(after->has_value());
  EXPECT_EQ(from.versions.size(), 1u);

  memory_.observe(from, 8);
  const auto seen_too = memory_.commit_change(from, to, 6, 0, move);
  ASSERT_TRUE(seen_too && *seen_too);
  EXPECT_TRUE(**seen_too);
}

}  // namespace
}  // namespace hocket
