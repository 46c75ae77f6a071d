#include "trie/lookup.hpp"

#include "base/hex.hpp"

namespace hocket::trie {
namespace {

std::string place(const PackedPath& path, std::size_t depth) {
  return depth == 0 ? "at the trie's root" : "at trie path " + nibbles_to_text(path, depth);
}

constexpr std::size_t kHashReferenceSize = 33;

}  // namespace

Result<NodeView> read_node(const NodeSet* nodes, BytesView reference, const PackedPath& path, std::size_t depth,
                           Below below) {
  BytesView rlp = reference;
  BytesView name = reference;
  if (reference.size() == kHashReferenceSize) {
    const Hash32 hash = Hash32::from(reference.subspan(1));
    const auto found = nodes != nullptr ? nodes->find(hash) : std::nullopt;
    if (!found) return fail("node " + to_hex(hash) + " " + place(path, depth) + " is missing");
    rlp = *found;
    name = reference.subspan(1);
  }
  auto view = view_node(rlp, depth);
  if (view && below == Below::extension && view->kind != NodeKind::branch) view = std::unexpected(NodeFault::no_branch);
  if (!view)
    return fail("node " + to_hex(name) + " " + place(path, depth) + ": " + std::string(to_string(view.error())));
  return *view;
}

Result<std::optional<BytesView>> lookup(const NodeSet* nodes, BytesView reference, const PackedPath& key,
                                        std::size_t depth, std::size_t key_end, Below below) {
  for (;;) {
    HOCKET_TRY(const NodeView node, read_node(nodes, reference, key, depth, below));
    if (node.kind == NodeKind::branch) {
      if (depth == key_end) {
        if (node.value.empty()) return std::nullopt;
        return node.value;
      }
      reference = node.children[nibble_at(key, depth)];
      if (reference.empty()) return std::nullopt;
      ++depth;
      below = Below::root_or_branch;
      continue;
    }
    if (depth + node.prefix_nibbles > key_end) return std::nullopt;
    for (std::size_t i = 0; i < node.prefix_nibbles; ++i)
      if (node.prefix_nibble(i) != nibble_at(key, depth + i)) return std::nullopt;
    depth += node.prefix_nibbles;
    if (node.kind == NodeKind::leaf) {
      if (depth != key_end) return std::nullopt;
      return node.value;
    }
    reference = node.children[0];
    below = Below::extension;
  }
}

}  // namespace hocket::trie
