#include "parallel/overlay_view.hpp"

#include "state/in_memory_state.hpp"
#include "state/journal.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

Address numbered(std::uint64_t number) { return to_address(u256{number}); }

TEST(OverlayView, ShowsChangesAndOtherwiseWhatIsBelow) {
  InMemoryState below;
  below.put(numbered(1), 5, 100, {}, {{1, 10}, {2, 20}});
  below.put(numbered(2), 6, 200, Bytes{0x01}, {{1, 30}});
  below.put(numbered(3), 7, 300, Bytes{0x02}, {{1, 40}});
  StateDiff diff;
  diff.add(numbered(1)).account = Account{.nonce = 5, .balance = 101};
  diff.add_slot(3, 33);
  diff.add_slot(1, 11);
  diff.add(numbered(4)).account = Account{.nonce = 1, .balance = {}, .code_hash = Hash32{{9}}};
  diff.set_code(Bytes{0x60});
  diff.add(numbered(2)).account = std::nullopt;
  const OverlayView view(below, diff);

  EXPECT_EQ((*view.account(numbered(1)))->balance, u256{101});
  EXPECT_EQ(*view.storage(numbered(1), 1), u256{11});
  EXPECT_EQ(*view.storage(numbered(1), 2), u256{20});
  EXPECT_EQ(*view.storage(numbered(1), 3), u256{33});
  EXPECT_FALSE(*view.account(numbered(2)));
  EXPECT_EQ(*view.storage(numbered(2), 1), u256{});
  EXPECT_EQ(**view.account(numbered(3)), **below.account(numbered(3)));
  EXPECT_EQ(*view.storage(numbered(3), 1), u256{40});
  EXPECT_EQ(to_bytes(*view.code(numbered(4), Hash32{{9}})), Bytes{0x60});
  EXPECT_EQ(to_bytes(*view.code(numbered(3), (*below.account(numbered(3)))->code_hash)), Bytes{0x02});
}

// Random blocks, seed 1685: an account with storage and nothing else was credited before the transactions, and then
// counted as free for a contract (EIP-7610).
TEST(OverlayView, AChangedAccountKeepsItsStorage) {
  InMemoryState below;
  below.put(numbered(1), 0, 0, {}, {{1, 10}});
  Journal journal(below);
  journal.begin_transaction();
  journal.add_balance(*journal.account(numbered(1)), 1);
  journal.end_transaction(true);
  const OverlayView view(below, journal.diff());
  EXPECT_TRUE((*view.account(numbered(1)))->has_storage);
}

TEST(OverlayView, AClearedAccountHasNone) {
  InMemoryState below;
  below.put(numbered(1), 0, 0, {}, {{1, 10}});
  StateDiff diff;
  AccountDiff& change = diff.add(numbered(1));
  change.account = Account{.nonce = 1, .balance = {}};
  change.storage_cleared = true;
  const OverlayView view(below, diff);
  EXPECT_FALSE((*view.account(numbered(1)))->has_storage);
  EXPECT_EQ(*view.storage(numbered(1), 1), u256{});
}

}  // namespace
}  // namespace hocket
