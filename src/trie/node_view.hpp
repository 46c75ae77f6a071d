// NodeView: a node's RLP taken apart without copying, and checked: what it accepts is a node that a canonical trie can
// hold. Internal to trie/.
#pragma once

#include "base/bytes.hpp"
#include "trie/nibbles.hpp"
#include "trie/node.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>

namespace hocket::trie {

enum class NodeFault : std::uint8_t {
  bad_rlp,          // not one canonical RLP item
  bad_shape,        // not a list of 2 or 17 items
  bad_prefix,       // hex prefix with unknown flags or padding
  bad_child,        // a child that is neither empty, nor a hash, nor a node of less than 32 bytes
  bad_value,        // a value that is a list, or an empty one
  too_few_entries,  // a branch with less than two
  too_deep,         // below kMaxTrieDepth
  no_branch,        // something else below an extension
};

std::string_view to_string(NodeFault fault) noexcept;

struct NodeView {
  NodeKind kind = NodeKind::leaf;
  /// Leaf, extension: the hex prefix's nibbles are bytes of `prefix` from nibble `prefix_start` on.
  BytesView prefix;
  std::size_t prefix_start = 0;
  std::size_t prefix_nibbles = 0;
  /// Leaf, branch. A branch without one: empty.
  BytesView value;
  /// Extension: the first. Branch: all; each as it stands in the node, empty where there is no child.
  std::array<BytesView, 16> children;

  std::uint8_t prefix_nibble(std::size_t index) const noexcept {
    const std::size_t at = prefix_start + index;
    return at % 2 == 0 ? prefix[at / 2] >> 4 : prefix[at / 2] & 0x0f;
  }
};

/// Takes apart the node that hangs `depth` nibbles below the root.
std::expected<NodeView, NodeFault> view_node(BytesView rlp, std::size_t depth) noexcept;

}  // namespace hocket::trie
