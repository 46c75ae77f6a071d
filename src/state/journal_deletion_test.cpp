// What a transaction's end deletes: destroyed accounts, and empty ones that were touched (EIP-161).
#include "state/in_memory_state.hpp"
#include "state/journal.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

Address numbered(std::uint64_t number) { return to_address(u256{number}); }

TEST(JournalDeletion, TouchedEmptyAccountsGoFromSpuriousDragonOn) {
  InMemoryState state;
  state.put(numbered(1), 0, 0, {}, {});
  state.put(numbered(2), 0, 1, {}, {});
  for (const bool state_clearing : {false, true}) {
    Journal journal(state);
    journal.begin_transaction();
    for (std::uint64_t i = 1; i <= 3; ++i) journal.touch(*journal.account(numbered(i)), false);
    journal.end_transaction(state_clearing);
    EXPECT_EQ(journal.account(numbered(1))->exists, !state_clearing);
    EXPECT_TRUE(journal.account(numbered(2))->exists);
    EXPECT_FALSE(journal.account(numbered(3))->exists);
    EXPECT_EQ(journal.diff().size(), state_clearing ? 1u : 0u);
  }
}

// Random blocks, seed 1287: an account with storage and nothing else was touched, and so deleted; the next transaction
// still found the address taken.
TEST(JournalDeletion, StorageOfATouchedEmptyAccountGoesWithIt) {
  InMemoryState state;
  state.put(numbered(1), 0, 0, {}, {{1, 10}});
  Journal journal(state);
  journal.begin_transaction();
  EXPECT_TRUE(journal.is_taken(*journal.account(numbered(1))));
  journal.touch(*journal.account(numbered(1)), false);
  journal.end_transaction(true);

  journal.begin_transaction();
  AccountEntry& account = *journal.account(numbered(1));
  EXPECT_FALSE(journal.is_taken(account));
  EXPECT_EQ(journal.slot(account, 1)->current, u256{});
  journal.create_contract(account, 1);
  journal.set_storage(*journal.slot(account, 2), 22);
  journal.end_transaction(true);

  const StateDiff diff = journal.diff();
  const AccountDiff* change = diff.find(numbered(1));
  ASSERT_NE(change, nullptr);
  EXPECT_TRUE(change->storage_cleared);
  ASSERT_EQ(change->storage.size(), 1u);
  EXPECT_EQ(change->storage[0], (SlotChange{2, 22}));
}

TEST(JournalDeletion, ADestroyedAccountLeavesNothing) {
  InMemoryState state;
  state.put(numbered(1), 1, 5, Bytes{0x60}, {{1, 10}});
  Journal journal(state);
  journal.begin_transaction();
  EXPECT_TRUE(journal.destroy(*journal.account(numbered(1))));
  EXPECT_FALSE(journal.destroy(*journal.account(numbered(1))));
  journal.set_storage(*journal.slot(*journal.account(numbered(1)), 1), 11);
  journal.end_transaction(true);
  journal.begin_transaction();
  AccountEntry& account = *journal.account(numbered(1));
  EXPECT_FALSE(account.exists);
  EXPECT_TRUE(account.is_empty());
  EXPECT_FALSE(journal.is_taken(account));
  EXPECT_EQ(journal.slot(account, 1)->current, u256{});
  const StateDiff diff = journal.diff();
  ASSERT_NE(diff.find(numbered(1)), nullptr);
  EXPECT_EQ(diff.find(numbered(1))->account, std::nullopt);
}

}  // namespace
}  // namespace hocket
