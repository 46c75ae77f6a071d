#include "trie/node_view.hpp"

#include "rlp/decode.hpp"

namespace hocket::trie {
namespace {

using rlp::Item;

/// How `item` stands for a child: a hash, a node that is short enough to stand in its parent, or nothing.
std::expected<BytesView, NodeFault> view_child(const Item& item) noexcept {
  if (item.is_list) {
    if (item.encoded.size() >= 32) return std::unexpected(NodeFault::bad_child);
    return item.encoded;
  }
  if (item.payload.size() == 32) return item.encoded;
  if (item.payload.empty()) return BytesView{};
  return std::unexpected(NodeFault::bad_child);
}

/// Leaf or extension.
std::expected<NodeView, NodeFault> view_short(const Item& path, const Item& content, std::size_t depth) noexcept {
  if (path.is_list || path.payload.empty()) return std::unexpected(NodeFault::bad_prefix);
  const std::uint8_t first = path.payload[0];
  const bool is_leaf = (first & 0x20) != 0;
  const bool is_odd = (first & 0x10) != 0;
  if ((first & 0xc0) != 0 || (!is_odd && (first & 0x0f) != 0)) return std::unexpected(NodeFault::bad_prefix);

  NodeView view;
  view.prefix = path.payload;
  view.prefix_start = is_odd ? 1 : 2;
  view.prefix_nibbles = 2 * path.payload.size() - view.prefix_start;
  if (depth + view.prefix_nibbles > kMaxTrieDepth) return std::unexpected(NodeFault::too_deep);
  if (is_leaf) {
    if (content.is_list || content.payload.empty()) return std::unexpected(NodeFault::bad_value);
    view.kind = NodeKind::leaf;
    view.value = content.payload;
    return view;
  }
  view.kind = NodeKind::extension;
  if (view.prefix_nibbles == 0) return std::unexpected(NodeFault::bad_prefix);
  const auto child = view_child(content);
  if (!child) return std::unexpected(child.error());
  if (child->empty()) return std::unexpected(NodeFault::bad_child);
  view.children[0] = *child;
  return view;
}

}  // namespace

std::string_view to_string(NodeFault fault) noexcept {
  switch (fault) {
    case NodeFault::bad_rlp:
      return "not canonical RLP";
    case NodeFault::bad_shape:
      return "expected a list of 2 or 17 items";
    case NodeFault::bad_prefix:
      return "malformed hex prefix";
    case NodeFault::bad_child:
      return "malformed reference to a child";
    case NodeFault::bad_value:
      return "malformed value";
    case NodeFault::too_few_entries:
      return "a branch with less than two entries";
    case NodeFault::too_deep:
      return "path longer than a key can be";
    case NodeFault::no_branch:
      return "expected a branch below an extension";
  }
  return "malformed";
}

std::expected<NodeView, NodeFault> view_node(BytesView rlp, std::size_t depth) noexcept {
  const auto list = rlp::read_item(rlp);
  if (!list || list->encoded.size() != rlp.size()) return std::unexpected(NodeFault::bad_rlp);
  if (!list->is_list) return std::unexpected(NodeFault::bad_shape);

  std::array<Item, 17> items;
  std::size_t count = 0;
  for (BytesView rest = list->payload; !rest.empty(); ++count) {
    if (count == items.size()) return std::unexpected(NodeFault::bad_shape);
    const auto item = rlp::read_item(rest);
    if (!item) return std::unexpected(NodeFault::bad_rlp);
    items[count] = *item;
    rest = rest.subspan(item->encoded.size());
  }
  if (count == 2) return view_short(items[0], items[1], depth);
  if (count != items.size()) return std::unexpected(NodeFault::bad_shape);

  NodeView view;
  view.kind = NodeKind::branch;
  std::size_t entries = 0;
  for (std::size_t i = 0; i < view.children.size(); ++i) {
    const auto child = view_child(items[i]);
    if (!child) return std::unexpected(child.error());
    view.children[i] = *child;
    entries += child->empty() ? 0 : 1;
  }
  const Item& value = items.back();
  if (value.is_list) return std::unexpected(NodeFault::bad_value);
  view.value = value.payload;
  entries += value.payload.empty() ? 0 : 1;
  if (entries < 2) return std::unexpected(NodeFault::too_few_entries);
  if (depth == kMaxTrieDepth) return std::unexpected(NodeFault::too_deep);
  return view;
}

}  // namespace hocket::trie
