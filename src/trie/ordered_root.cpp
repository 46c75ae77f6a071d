#include "trie/ordered_root.hpp"

#include "base/assert.hpp"
#include "crypto/keccak.hpp"
#include "rlp/encode.hpp"
#include "trie/trie.hpp"

#include <array>

namespace hocket {

using namespace trie;  // NOLINT: the nodes are this library's own

namespace {

void put(Trie& trie, std::size_t position, BytesView value) {
  const auto done = trie.put(rlp::encode_integer(position), value);
  HOCKET_ASSERT(done.has_value());  // nothing can be missing
}

/// A branch of the leaves of a whole group, with its reference.
Edge hashed_branch(std::size_t first, std::vector<Bytes> values) {
  NodePtr node = make_branch();
  Branch& branch = as_branch(*node);
  std::array<Bytes, OrderedTrie::kGroup> encodings;
  std::array<BytesView, OrderedTrie::kGroup> views;
  for (std::size_t i = 0; i < OrderedTrie::kGroup; ++i) {
    const Bytes key = rlp::encode_integer(first + i);
    const std::size_t nibbles = 2 * key.size();
    NodePtr leaf = make_leaf(pack(key), nibbles, std::move(values[i]));
    encodings[i].resize(encoded_size(*leaf, nibbles));
    encode_node(encodings[i].data(), *leaf, nibbles);
    views[i] = encodings[i];
    branch.children[i].node = std::move(leaf);
  }
  std::array<Hash32, OrderedTrie::kGroup> hashes;
  keccak256_many(views, hashes);
  for (std::size_t i = 0; i < OrderedTrie::kGroup; ++i) {
    // What is shorter than a hash stands for itself.
    if (views[i].size() < 32)
      branch.children[i].set_reference(views[i]);
    else
      branch.children[i].set_hash(hashes[i]);
  }
  Edge edge;
  const std::size_t depth = 2 * rlp::encode_integer(first).size() - 1;
  Bytes encoding(encoded_size(*node, depth));
  encode_node(encoding.data(), *node, depth);
  edge.set_node(std::move(node));
  edge.set_hash(keccak256(encoding));  // sixteen children are longer than a hash
  return edge;
}

}  // namespace

Hash32 ordered_trie_root(std::span<const Bytes> values) {
  Trie trie;
  for (std::size_t i = 0; i < values.size(); ++i) put(trie, i, values[i]);
  return trie.root();
}

void OrderedTrie::add(std::size_t first, std::vector<Bytes> values) {
  Group& group = groups_[first / kGroup];
  HOCKET_ASSERT(first % kGroup == 0 && values.size() == std::min(kGroup, count_ - first));
  // Position 0 has a key far from its neighbours'.
  if (first == 0 || values.size() < kGroup)
    group.values = std::move(values);
  else
    group.branch = hashed_branch(first, std::move(values));
}

Hash32 OrderedTrie::root() {
  Trie trie;
  const std::uint8_t placeholder[] = {1};
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const std::size_t first = g * kGroup;
    for (std::size_t i = 0; i < groups_[g].values.size(); ++i) put(trie, first + i, groups_[g].values[i]);
    if (groups_[g].branch.is_empty()) continue;
    // Two of its leaves make a branch where the group's has to be.
    put(trie, first, placeholder);
    put(trie, first + 1, placeholder);
    const Bytes key = rlp::encode_integer(first);
    trie.replace_branch(pack(key), 2 * key.size() - 1, std::move(groups_[g].branch));
  }
  return trie.root();
}

}  // namespace hocket
