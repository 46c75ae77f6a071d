// Accounts changed in place, and copied.
#include "state/in_memory_state.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

Address address(std::uint8_t last) {
  Address made;
  made.bytes[19] = last;
  return made;
}

const Bytes kCode = {0x60, 0x00};

TEST(InMemoryState, SlotsAreSetOnTopOfWhatIsThere) {
  InMemoryState state;
  state.put(address(1), 3, 7, kCode, {{1, 10}, {2, 20}});
  state.put_slots(address(1), {{2, 0}, {3, 30}, {3, 31}, {4, 40}, {4, 0}});
  const auto& storage = state.accounts().at(address(1)).storage;
  EXPECT_EQ(storage.size(), 2u);
  EXPECT_EQ(*state.storage(address(1), 1), u256(10));
  EXPECT_EQ(*state.storage(address(1), 3), u256(31));
  EXPECT_EQ((*state.account(address(1)))->nonce, 3u);
  EXPECT_EQ((*state.account(address(1)))->balance, u256(7));
}

TEST(InMemoryState, ACopyHasEverythingButTheBalance) {
  InMemoryState state;
  state.put(address(1), 3, 7, kCode, {{1, 10}});
  state.put(address(2), 9, 9, {}, {{5, 50}});
  state.put_copy(address(1), address(2));
  state.put_slots(address(1), {{1, 11}});
  const Account copy = **state.account(address(2));
  EXPECT_EQ(copy.nonce, 3u);
  EXPECT_TRUE(copy.balance.is_zero());
  EXPECT_EQ(to_bytes(*state.code(address(2), copy.code_hash)), kCode);
  EXPECT_EQ(*state.storage(address(2), 1), u256(10));
  EXPECT_EQ(*state.storage(address(2), 5), u256());
}

}  // namespace
}  // namespace hocket
