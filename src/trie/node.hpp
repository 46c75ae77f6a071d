// The nodes of a Trie in memory. Internal to trie/.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "trie/nibbles.hpp"

#include <array>
#include <cstdint>
#include <memory>

namespace hocket::trie {

enum class NodeKind : std::uint8_t { leaf, extension, branch };

struct Node {
  NodeKind kind;
};

/// Nodes have no virtual functions: the kind says what to delete.
struct NodeDeleter {
  void operator()(Node* node) const noexcept;
};
using NodePtr = std::unique_ptr<Node, NodeDeleter>;

/// From a parent, or the trie, to a child. Empty; or a node, or a reference to one that was not read yet, or both.
struct Edge {
  NodePtr node;
  /// Bytes of `reference`; 0: none, or stale because something below changed.
  std::uint8_t reference_size = 0;
  /// As it stands in the parent: the child's RLP if shorter than 32 bytes, else 0xa0 and its hash.
  std::array<std::uint8_t, 33> reference;

  bool is_empty() const noexcept { return node == nullptr && reference_size == 0; }
  bool is_unresolved() const noexcept { return node == nullptr && reference_size != 0; }
  bool is_stale() const noexcept { return node != nullptr && reference_size == 0; }
  bool is_hash() const noexcept { return reference_size == 33; }
  BytesView reference_view() const noexcept { return BytesView(reference).first(reference_size); }
  /// Requires: `is_hash()`.
  Hash32 hash() const noexcept { return Hash32::from(reference_view().subspan(1)); }

  void set_reference(BytesView encoded) noexcept {
    reference_size = static_cast<std::uint8_t>(encoded.size());
    std::ranges::copy(encoded, reference.begin());
  }
  void set_hash(const Hash32& hash) noexcept {
    reference_size = 33;
    reference[0] = 0xa0;
    std::ranges::copy(hash.bytes, reference.begin() + 1);
  }
  /// A new child, not hashed yet.
  void set_node(NodePtr child) noexcept {
    node = std::move(child);
    reference_size = 0;
  }
};

struct Leaf : Node {
  PackedPath key;
  std::uint8_t key_end;  // nibbles of the key; the leaf's own part is [depth, key_end)
  Bytes value;
};

struct Extension : Node {
  PackedPath key;        // of everything below
  std::uint8_t key_end;  // the extension's own part is [depth, key_end)
  Edge child;            // to a branch
};

/// At least two of children and value are there.
struct Branch : Node {
  std::array<Edge, 16> children;
  Bytes value;  // of the key that ends here; empty: none
};

NodePtr make_leaf(const PackedPath& key, std::size_t key_end, Bytes value);
NodePtr make_extension(const PackedPath& key, std::size_t key_end, Edge child);
NodePtr make_branch();

inline Leaf& as_leaf(Node& node) noexcept { return static_cast<Leaf&>(node); }
inline Extension& as_extension(Node& node) noexcept { return static_cast<Extension&>(node); }
inline Branch& as_branch(Node& node) noexcept { return static_cast<Branch&>(node); }
inline const Leaf& as_leaf(const Node& node) noexcept { return static_cast<const Leaf&>(node); }
inline const Extension& as_extension(const Node& node) noexcept { return static_cast<const Extension&>(node); }
inline const Branch& as_branch(const Node& node) noexcept { return static_cast<const Branch&>(node); }

/// Size of the node's RLP if it hangs `depth` nibbles below the root. Requires: its children's references are not
/// stale.
std::size_t encoded_size(const Node& node, std::size_t depth) noexcept;
/// Writes the RLP at `to`, which has room for `encoded_size`; returns its end.
std::uint8_t* encode_node(std::uint8_t* to, const Node& node, std::size_t depth) noexcept;

}  // namespace hocket::trie
