#include "state/account_map.hpp"

#include <gtest/gtest.h>
#include <map>
#include <random>

namespace hocket {
namespace {

Address address_of(std::uint64_t number) {
  Address made;
  store_be64(made.data() + 12, number);
  return made;
}

/// Nonces and the one slot of each account.
std::map<Address, std::pair<std::uint64_t, u256>> contents(const AccountMap& map) {
  std::map<Address, std::pair<std::uint64_t, u256>> found;
  for (const auto& [address, stored] : map)
    EXPECT_TRUE(found.emplace(address, std::pair(stored.account.nonce, stored.storage.value(1))).second)
        << "came twice";
  EXPECT_EQ(found.size(), map.size());
  return found;
}

TEST(AccountMap, AnEmptyOneHasNone) {
  AccountMap map;
  EXPECT_EQ(map.find(Address{}), nullptr);
  map.erase(Address{});
  EXPECT_TRUE(map.empty());
  EXPECT_EQ(map.begin(), map.end());
}

// An empty cell holds the address zero.
TEST(AccountMap, TheZeroAddressIsLikeAnyOther) {
  AccountMap map;
  map[address_of(1)].account.nonce = 1;
  EXPECT_FALSE(map.contains(Address{}));
  map[Address{}].account.nonce = 7;
  EXPECT_EQ(map.at(Address{}).account.nonce, 7u);
  map.erase(Address{});
  EXPECT_FALSE(map.contains(Address{}));
  EXPECT_EQ(map.size(), 1u);
}

TEST(AccountMap, ACopyIsItsOwn) {
  AccountMap map;
  for (std::uint64_t i = 0; i < 100; ++i) map[address_of(i)].storage.set(1, i + 1);
  AccountMap copy = map;
  map[address_of(5)].storage.set(1, 0);
  map.erase(address_of(6));
  EXPECT_EQ(copy.at(address_of(5)).storage.value(1), u256(6));
  EXPECT_EQ(copy.at(address_of(6)).storage.value(1), u256(7));
  AccountMap moved = std::move(copy);
  EXPECT_EQ(moved.size(), 100u);
  copy = moved;
  EXPECT_EQ(contents(copy), contents(moved));
}

// Few addresses, so that most changes meet some that are there: cells move up again and again. Tables of all sizes.
TEST(AccountMap, DoesAsAnOrderedMapDoes) {
  std::mt19937_64 random(1);
  for (const std::uint64_t addresses : {2u, 5u, 12u, 100u, 3000u}) {
    AccountMap map;
    std::map<Address, std::pair<std::uint64_t, u256>> expected;
    for (int step = 0; step < 20'000; ++step) {
      const Address address = address_of(random() % addresses);
      if (random() % 2 == 0) {
        map.erase(address);
        expected.erase(address);
      } else {
        StoredAccount& stored = map[address];
        ASSERT_EQ(stored.account.nonce, expected[address].first) << "new ones are as new";
        ASSERT_EQ(stored.storage.value(1), expected[address].second);
        stored.account.nonce = random();
        stored.storage.set(1, random() % 3);
        expected[address] = {stored.account.nonce, stored.storage.value(1)};
      }
      const Address other = address_of(random() % addresses);
      ASSERT_EQ(map.contains(other), expected.contains(other));
      if (map.contains(other)) {
        ASSERT_EQ(map.at(other).account.nonce, expected[other].first);
      }
      ASSERT_EQ(map.size(), expected.size());
    }
    EXPECT_EQ(contents(map), expected);
  }
}

}  // namespace
}  // namespace hocket
