#include "trie/node.hpp"

#include "rlp/encode.hpp"

namespace hocket::trie {
namespace {

constexpr std::size_t kMaxPrefixSize = 1 + kMaxTrieKeySize;

/// Size of the hex prefix's string for this many nibbles; a single byte of it is always below 0x80.
std::size_t prefix_string_size(std::size_t nibbles) noexcept {
  const std::size_t bytes = 1 + nibbles / 2;
  return bytes == 1 ? 1 : 1 + bytes;
}

std::uint8_t* write_prefix(std::uint8_t* to, const PackedPath& key, std::size_t from, std::size_t end,
                           bool is_leaf) noexcept {
  std::uint8_t prefix[kMaxPrefixSize];
  const std::size_t size = write_hex_prefix(prefix, key, from, end, is_leaf);
  return rlp::write_string(to, BytesView(prefix, size));
}

std::size_t edge_size(const Edge& edge) noexcept { return edge.is_empty() ? 1 : edge.reference_size; }

std::uint8_t* write_edge(std::uint8_t* to, const Edge& edge) noexcept {
  if (edge.is_empty()) {
    *to = rlp::kEmptyString;
    return to + 1;
  }
  return std::ranges::copy(edge.reference_view(), to).out;
}

std::size_t payload_size(const Node& node, std::size_t depth) noexcept {
  switch (node.kind) {
    case NodeKind::leaf: {
      const Leaf& leaf = as_leaf(node);
      return prefix_string_size(leaf.key_end - depth) + rlp::string_size(leaf.value);
    }
    case NodeKind::extension: {
      const Extension& extension = as_extension(node);
      return prefix_string_size(extension.key_end - depth) + edge_size(extension.child);
    }
    case NodeKind::branch:
      break;
  }
  const Branch& branch = as_branch(node);
  std::size_t size = rlp::string_size(branch.value);
  for (const Edge& child : branch.children) size += edge_size(child);
  return size;
}

}  // namespace

void NodeDeleter::operator()(Node* node) const noexcept {
  switch (node->kind) {
    case NodeKind::leaf:
      delete static_cast<Leaf*>(node);
      return;
    case NodeKind::extension:
      delete static_cast<Extension*>(node);
      return;
    case NodeKind::branch:
      delete static_cast<Branch*>(node);
      return;
  }
}

NodePtr make_leaf(const PackedPath& key, std::size_t key_end, Bytes value) {
  return NodePtr(new Leaf{{NodeKind::leaf}, key, static_cast<std::uint8_t>(key_end), std::move(value)});
}

NodePtr make_extension(const PackedPath& key, std::size_t key_end, Edge child) {
  return NodePtr(new Extension{{NodeKind::extension}, key, static_cast<std::uint8_t>(key_end), std::move(child)});
}

NodePtr make_branch() { return NodePtr(new Branch{{NodeKind::branch}, {}, {}}); }

std::size_t encoded_size(const Node& node, std::size_t depth) noexcept {
  const std::size_t payload = payload_size(node, depth);
  return rlp::header_size(payload) + payload;
}

std::uint8_t* encode_node(std::uint8_t* to, const Node& node, std::size_t depth) noexcept {
  to = rlp::write_list_header(to, payload_size(node, depth));
  switch (node.kind) {
    case NodeKind::leaf: {
      const Leaf& leaf = as_leaf(node);
      to = write_prefix(to, leaf.key, depth, leaf.key_end, true);
      return rlp::write_string(to, leaf.value);
    }
    case NodeKind::extension: {
      const Extension& extension = as_extension(node);
      to = write_prefix(to, extension.key, depth, extension.key_end, false);
      return write_edge(to, extension.child);
    }
    case NodeKind::branch:
      break;
  }
  const Branch& branch = as_branch(node);
  for (const Edge& child : branch.children) to = write_edge(to, child);
  return rlp::write_string(to, branch.value);
}

}  // namespace hocket::trie
