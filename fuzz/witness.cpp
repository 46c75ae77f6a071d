// Witness tries. The input makes a small trie, leaves out or damages some of its nodes, and then reads and changes the
// partial trie: every answer must be that of the whole trie, a failure is allowed only where something is missing, and
// changes nothing. The same input as raw nodes under a root must never do worse than fail.
#include "base/assert.hpp"
#include "crypto/keccak.hpp"
#include "replay/witness_state.hpp"
#include "support/choices.hpp"
#include "trie/trie.hpp"

#include <map>
#include <set>

using namespace hocket;

namespace {

using testing::Choices;
using Model = std::map<Bytes, Bytes>;

/// Short keys over few nibbles: they share prefixes, and some are prefixes of others.
Bytes key_from(Choices& choices) {
  static constexpr std::uint8_t kBytes[] = {0x00, 0x01, 0x10, 0x11, 0x1f, 0xf1, 0xff, 0x20};
  const std::uint8_t shape = choices.byte();
  Bytes key;
  for (unsigned i = 0; i < shape % 4u; ++i) key.push_back(kBytes[choices.byte() % 8]);
  // Long ones, as hashed keys are, that differ only in their last byte.
  if (shape >= 0xc0) key.resize(32, static_cast<std::uint8_t>(shape & 3));
  return key;
}

/// From one byte (the node stands in its parent) to more than a hash has.
Bytes value_from(Choices& choices) {
  const std::uint8_t shape = choices.byte();
  return Bytes(1 + shape % 48, static_cast<std::uint8_t>(shape | 1));
}

Trie trie_of(const Model& model) {
  Trie trie;
  for (const auto& [key, value] : model) HOCKET_ASSERT(trie.put(key, value).has_value());
  return trie;
}

void check_partial_trie(Choices& choices) {
  Model model;
  for (unsigned entries = choices.byte() % 24; entries > 0; --entries) {
    Bytes key = key_from(choices);
    model[std::move(key)] = value_from(choices);
  }
  Trie whole = trie_of(model);
  const Hash32 root = whole.root();

  std::set<Bytes> distinct;
  for (const auto& [key, value] : model)
    for (Bytes& node : *whole.prove(key)) distinct.insert(std::move(node));
  std::vector<Bytes> nodes;
  bool complete = true;
  for (Bytes node : distinct) {
    const std::uint8_t fate = choices.byte();
    if (fate >= 0xe0) {
      complete = false;
      if (fate & 1) continue;
      node[fate % node.size()] ^= 0x40;
    }
    nodes.push_back(std::move(node));
  }

  const NodeSet set(std::move(nodes));
  Trie partial(set, root);
  while (!choices.empty()) {
    const std::uint8_t what = choices.byte();
    const Bytes key = key_from(choices);
    if (what % 4 == 0) {
      const Bytes value = value_from(choices);
      const bool done = partial.put(key, value).has_value();
      HOCKET_ASSERT(done || !complete);
      if (done) model[key] = value;
    } else if (what % 4 == 1) {
      const bool done = partial.erase(key).has_value();
      HOCKET_ASSERT(done || !complete);
      if (done) model.erase(key);
    } else if (what % 4 == 2) {
      const auto found = partial.get(key);
      HOCKET_ASSERT(found || !complete);
      if (!found) continue;
      const auto expected = model.find(key);
      HOCKET_ASSERT(found->has_value() == (expected != model.end()));
      if (*found) HOCKET_ASSERT(equal(**found, expected->second));
    } else {
      HOCKET_ASSERT(partial.root() == trie_of(model).root());
      const auto proof = partial.prove(key);
      HOCKET_ASSERT(proof || !complete);
      if (!proof) continue;
      const auto proven = verify_proof(partial.root(), key, *proof);
      HOCKET_ASSERT(proven.has_value());
      const auto expected = model.find(key);
      HOCKET_ASSERT(proven->has_value() == (expected != model.end()));
      if (*proven) HOCKET_ASSERT(**proven == expected->second);
    }
  }
  HOCKET_ASSERT(partial.root() == trie_of(model).root());
}

void read_raw_nodes(Choices& choices) {
  std::vector<Bytes> nodes;
  while (!choices.empty()) nodes.push_back(to_bytes(choices.take(choices.byte())));
  const Hash32 root = nodes.empty() ? kEmptyTrieRoot : keccak256(nodes.front());
  const Address address = Address::from(BytesView(root).first(20));
  {
    const NodeSet set(nodes);
    Trie trie(set, root);
    Bytes key(32);
    for (const std::uint8_t first : {0x00, 0x01, 0x10, 0xff}) {
      key[0] = first;
      (void)trie.get(key);
      (void)trie.erase(key);
      (void)trie.put(key, key);
      (void)trie.root();
      (void)trie.prove(key);
    }
  }
  const WitnessState state(nodes, {}, root, {});
  StateDiff diff;
  diff.add(address).account = Account{.nonce = 1, .balance = {}, .code_hash = kEmptyCodeHash};
  diff.add_slot(1, 2);
  (void)state.account(address);
  (void)state.storage(address, 1);
  (void)state.post_state_root(diff);
  (void)state.fault_message();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(BytesView(data, size));
  if (choices.byte() % 4 == 0)
    read_raw_nodes(choices);
  else
    check_partial_trie(choices);
  return 0;
}
