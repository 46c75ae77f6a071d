#include "block/state_trie.hpp"

#include "base/hex.hpp"
#include "crypto/keccak.hpp"
#include "rlp/encode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <random>

namespace hocket {
namespace {

using namespace hocket::literals;
using ::testing::HasSubstr;

/// Few addresses and slots, so that changes meet.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return random_() % n; }
  Address address() { return to_address(u256{1 + below(40)}); }
  u256 slot() { return u256{below(12)}; }

  StateDiff diff(const InMemoryState& state) {
    StateDiff diff;
    for (std::size_t i = below(15); i > 0; --i) {
      const Address a = address();
      if (diff.find(a) != nullptr) continue;
      const bool existed = state.accounts().contains(a);
      if (below(4) == 0) {
        if (existed) diff.add(a).storage_cleared = true;
        continue;
      }
      AccountDiff& account = diff.add(a);
      account.account = Account{.nonce = random_(), .balance = u256{random_()} << below(190)};
      account.storage_cleared = existed && below(6) == 0;
      std::map<u256, u256> storage;
      for (std::size_t n = below(8); n > 0; --n) storage[slot()] = below(2) == 0 ? u256{} : u256{random_()};
      for (const auto& [slot, value] : storage) diff.add_slot(slot, value);
    }
    return diff;
  }

 private:
  std::mt19937_64 random_;
};

TEST(StateTrie, IncrementalRootsAreTheRootsOfTheWholeState) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    Generator random(seed);
    InMemoryState state;
    state.apply(random.diff(state));
    StateTrie trie(state);
    ASSERT_EQ(trie.root(), state_root(state));
    for (int block = 0; block < 25; ++block) {
      const StateDiff diff = random.diff(state);
      state.apply(diff);
      ASSERT_EQ(trie.apply(diff).value(), state_root(state)) << "seed " << seed << " block " << block;
    }
  }
}

TEST(StateTrie, ProvesAccountsAndSlots) {
  Generator random(7);
  InMemoryState state;
  for (int i = 0; i < 5; ++i) state.apply(random.diff(state));
  StateTrie trie(state);
  for (std::uint64_t number = 1; number <= 45; ++number) {
    const Address address = to_address(u256{number});
    const auto account = verify_proof(trie.root(), keccak256(address), trie.prove_account(address).value());
    ASSERT_TRUE(account) << account.error().message;
    ASSERT_EQ(account->has_value(), state.accounts().contains(address));
    for (std::uint64_t slot = 0; slot < 12; ++slot) {
      const std::vector<Bytes> proof = trie.prove_slot(address, slot).value();
      const Hash32 root = *account ? decode_account_leaf(**account)->storage_root : kEmptyTrieRoot;
      if (root == kEmptyTrieRoot) {
        EXPECT_TRUE(proof.empty());
        continue;
      }
      const auto value = verify_proof(root, keccak256(to_hash32(u256{slot})), proof);
      ASSERT_TRUE(value) << value.error().message;
      const u256 expected = *state.storage(address, slot);
      EXPECT_EQ(value->has_value(), !expected.is_zero());
      if (*value) {
        EXPECT_EQ(**value, rlp::encode_integer(expected));
      }
    }
  }
}

/// Every node of the state's tries, by proving every key.
std::vector<Bytes> all_nodes(const InMemoryState& state) {
  std::vector<Bytes> nodes;
  const auto add_proof = [&nodes](Trie& trie, const Hash32& key) {
    {
      auto proof = trie.prove(key).value();
      for (Bytes& node : proof) nodes.push_back(std::move(node));
    }
  };
  Trie accounts;
  for (const auto& [address, entry] : state.accounts()) {
    Trie storage;
    for (const auto& [slot, value] : entry.storage)
      EXPECT_TRUE(storage.put(keccak256(to_hash32(slot)), rlp::encode_integer(value)));
    for (const auto& [slot, value] : entry.storage) add_proof(storage, keccak256(to_hash32(slot)));
    EXPECT_TRUE(accounts.put(keccak256(address), encode(AccountLeaf{entry.account.nonce, entry.account.balance,
                                                                    storage.root(), entry.account.code_hash})));
  }
  for (const auto& [address, entry] : state.accounts()) add_proof(accounts, keccak256(address));
  return nodes;
}

TEST(StateTrie, OverAWitnessGivesTheSameRoots) {
  for (unsigned seed = 100; seed < 130; ++seed) {
    Generator random(seed);
    InMemoryState state;
    for (int i = 0; i < 5; ++i) state.apply(random.diff(state));
    const NodeSet nodes(all_nodes(state));
    StateTrie trie(nodes, state_root(state));
    for (int block = 0; block < 10; ++block) {
      const StateDiff diff = random.diff(state);
      state.apply(diff);
      const auto root = trie.apply(diff);
      ASSERT_TRUE(root) << root.error().message;
      ASSERT_EQ(*root, state_root(state)) << "seed " << seed << " block " << block;
    }
  }
}

TEST(StateTrie, WhatIsMissingIsNamedWithAccountAndSlot) {
  InMemoryState state;
  const Address address = "00000000000000000000000000000000000000aa"_address;
  state.put(address, 1, 2, {}, {{1, 2}, {3, 4}, {5, 6}});
  const Hash32 root = state_root(state);
  StateDiff diff;
  AccountDiff& change = diff.add(address);
  change.account = Account{.nonce = 2, .balance = 3};
  diff.add_slot(3, 7);

  const NodeSet nothing;
  EXPECT_THAT(StateTrie(nothing, root).apply(diff).error().message,
              HasSubstr("account 0x00000000000000000000000000000000000000aa: node " + to_hex(root) +
                        " at the trie's root is missing"));

  // The account's leaf is the whole account trie; its storage is not there.
  std::vector<Bytes> nodes = all_nodes(state);
  std::erase_if(nodes, [&](const Bytes& node) { return keccak256(node) != root; });
  const NodeSet leaf_only(nodes);
  EXPECT_THAT(StateTrie(leaf_only, root).apply(diff).error().message,
              HasSubstr("account 0x00000000000000000000000000000000000000aa: storage slot 0x3: node 0x"));
  change.storage_cleared = true;
  EXPECT_TRUE(StateTrie(leaf_only, root).apply(diff));
}

TEST(StateTrie, EmptyState) {
  EXPECT_EQ(state_root(InMemoryState()), kEmptyTrieRoot);
  StateTrie trie;
  EXPECT_EQ(trie.root(), kEmptyTrieRoot);
  EXPECT_EQ(trie.apply({}).value(), kEmptyTrieRoot);
}

}  // namespace
}  // namespace hocket
