// The bridge's contracts: what they believe, and what they do not.
#include "base/assert.hpp"
#include "block/state_trie.hpp"
#include "trie/node_view.hpp"
#include "workloads/abi.hpp"
#include "workloads/state_builder.hpp"
#include "workloads/token.hpp"

#include <gtest/gtest.h>

namespace hocket::workloads {
namespace {

constexpr std::uint64_t kOutboxSlot = 1;
constexpr std::uint64_t kBlock = 5;

struct Proofs {
  std::vector<Bytes> account;
  std::vector<Bytes> storage;
};

/// A vault on one chain with some messages in its outbox, and the minter on another that knows that chain's state.
struct TwoChains {
  explicit TwoChains(std::size_t message_count) {
    const Address deployer = there.deployer();
    const Address token = deploy_token(there, "TKN", deployer);
    const Address no_client = there.deploy("LightClient", encode_arguments({deployer}));
    vault = there.deploy("BridgeVault", encode_arguments({no_client, token}));
    there.call(deployer, token, mint_call(deployer, ether(1)));
    there.call(deployer, token, approve_call(vault, u256::max()));
    for (std::size_t i = 0; i < message_count; ++i)
      there.call(deployer, vault, encode_call("lock(uint256,address)", {i + 100, recipient}));
    trie.emplace(there.state());

    client = here.deploy("LightClient", encode_arguments({here.deployer()}));
    minter = here.deploy("BridgeMinter", encode_arguments({client, AbiValue::text("Guest"), AbiValue::text("GST")}));
    here.call(here.deployer(), minter, encode_call("connect(address)", {vault}));
    here.call(here.deployer(), client, encode_call("accept(uint256,bytes32)", {kBlock, trie->root()}));
    guest_token = to_address(Probe(here.state()).word(minter, encode_call("token()", {})));
  }

  Proofs prove(std::uint64_t id) {
    return {trie->prove_account(vault).value(), trie->prove_slot(vault, mapping_slot(u256(id), kOutboxSlot)).value()};
  }

  Bytes receive_call(std::uint64_t id, std::uint64_t amount, const Address& to, std::uint64_t block,
                     const Proofs& proofs) const {
    return encode_call("receiveMessage((uint256,address,address,uint256),uint256,bytes[],bytes[])",
                       {id, there.deployer(), to, amount, block, AbiValue::list_of_bytes(proofs.account),
                        AbiValue::list_of_bytes(proofs.storage)});
  }
  Bytes receive_call(std::uint64_t id, const Proofs& proofs) const {
    return receive_call(id, id + 100, recipient, kBlock, proofs);
  }

  bool accepts(const Bytes& call) { return Probe(here.state()).call(recipient, minter, call).has_value(); }

  StateBuilder there{"there/"};
  StateBuilder here{"here/"};
  Address recipient = here.deployer();
  Address vault, client, minter, guest_token;
  std::optional<StateTrie> trie;
};

// Tries of all shapes: a leaf alone, branches, extensions, paths of even and odd length.
TEST(BridgeContracts, BelieveWhatIsProven) {
  int extensions = 0;
  std::size_t deepest = 0;
  for (const std::size_t count : {1u, 2u, 3u, 20u, 400u}) {
    TwoChains chains(count);
    for (std::uint64_t id = 0; id < count; ++id) {
      const Proofs proofs = chains.prove(id);
      EXPECT_TRUE(chains.accepts(chains.receive_call(id, proofs))) << count << " messages, number " << id;
      deepest = std::max(deepest, proofs.storage.size());
      for (std::size_t depth = 0; depth < proofs.storage.size(); ++depth)
        if (trie::view_node(proofs.storage[depth], depth)->kind == trie::NodeKind::extension) ++extensions;
    }
  }
  EXPECT_GT(extensions, 0);
  EXPECT_GE(deepest, 4u);
}

TEST(BridgeContracts, CarryOutAMessageOnce) {
  TwoChains chains(30);
  const Bytes call = chains.receive_call(7, chains.prove(7));
  chains.here.call(chains.recipient, chains.minter, call);
  EXPECT_EQ(token_balance(chains.here.state(), chains.guest_token, chains.recipient), u256(107));
  EXPECT_EQ(token_supply(chains.here.state(), chains.guest_token), u256(107));
  EXPECT_FALSE(chains.accepts(call));
  EXPECT_TRUE(chains.accepts(chains.receive_call(8, chains.prove(8))));
}

TEST(BridgeContracts, DoNotBelieveAnotherMessage) {
  TwoChains chains(30);
  const Proofs proofs = chains.prove(7);
  EXPECT_FALSE(chains.accepts(chains.receive_call(7, 108, chains.recipient, kBlock, proofs)));
  EXPECT_FALSE(chains.accepts(chains.receive_call(7, 107, chains.here.accounts("thief", 1)[0], kBlock, proofs)));
  EXPECT_FALSE(chains.accepts(chains.receive_call(8, 107, chains.recipient, kBlock, proofs)));
  EXPECT_FALSE(chains.accepts(chains.receive_call(7, 107, chains.recipient, kBlock + 1, proofs)));
  EXPECT_FALSE(chains.accepts(chains.receive_call(8, proofs)));
  // Nobody has sent it: the proof shows that there is nothing.
  EXPECT_FALSE(chains.accepts(chains.receive_call(1'000, 0, chains.recipient, kBlock, chains.prove(1'000))));
}

TEST(BridgeContracts, DoNotBelieveABadProof) {
  TwoChains chains(30);
  const Proofs good = chains.prove(7);
  ASSERT_TRUE(chains.accepts(chains.receive_call(7, good)));
  for (const auto part : {&Proofs::account, &Proofs::storage}) {
    for (std::size_t node = 0; node < (good.*part).size(); ++node) {
      for (std::size_t at = 0; at < (good.*part)[node].size(); at += 7) {
        Proofs spoiled = good;
        (spoiled.*part)[node][at] ^= 0x10;
        EXPECT_FALSE(chains.accepts(chains.receive_call(7, spoiled))) << "node " << node << ", byte " << at;
      }
      Proofs shorter = good;
      (shorter.*part).erase((shorter.*part).begin() + static_cast<std::ptrdiff_t>(node));
      EXPECT_FALSE(chains.accepts(chains.receive_call(7, shorter))) << "without node " << node;
    }
    Proofs longer = good;
    (longer.*part).push_back((longer.*part).back());
    EXPECT_FALSE(chains.accepts(chains.receive_call(7, longer)));
  }
  EXPECT_FALSE(chains.accepts(chains.receive_call(7, {good.storage, good.account})));
  // The same trie under another account.
  Proofs others = good;
  others.account = chains.trie->prove_account(chains.there.deployer()).value();
  EXPECT_FALSE(chains.accepts(chains.receive_call(7, others)));
}

TEST(BridgeContracts, TakeStateRootsFromTheAuthorityAlone) {
  TwoChains chains(2);
  const Bytes accept = encode_call("accept(uint256,bytes32)", {kBlock + 1, 1});
  EXPECT_TRUE(Probe(chains.here.state()).call(chains.here.deployer(), chains.client, accept));
  EXPECT_FALSE(Probe(chains.here.state()).call(chains.vault, chains.client, accept));
  EXPECT_FALSE(Probe(chains.here.state())
                   .call(chains.here.deployer(), chains.client, encode_call("accept(uint256,bytes32)", {kBlock, 1})));
}

}  // namespace
}  // namespace hocket::workloads
