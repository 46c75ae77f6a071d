#include "base/assert.hpp"
#include "trie/trie.hpp"

namespace hocket {

using namespace trie;  // NOLINT: the nodes are this class's own

Result<std::vector<Bytes>> Trie::prove(BytesView key_bytes) {
  HOCKET_ASSERT(key_bytes.size() <= kMaxTrieKeySize);
  root();
  const PackedPath key = pack(key_bytes);
  const std::size_t key_end = 2 * key_bytes.size();
  std::vector<Bytes> proof;
  Edge* edge = &root_;
  std::size_t depth = 0;
  Below below = Below::root_or_branch;
  while (!edge->is_empty()) {
    HOCKET_CHECK(resolve(*edge, key, depth, below));
    Node& node = *edge->node;
    // A node that is shorter than a hash stands in its parent.
    if (edge->is_hash() || edge == &root_) {
      Bytes& encoding = proof.emplace_back(encoded_size(node, depth));
      encode_node(encoding.data(), node, depth);
    }
    if (node.kind == NodeKind::leaf) break;
    if (node.kind == NodeKind::branch) {
      if (depth == key_end) break;
      edge = &as_branch(node).children[nibble_at(key, depth++)];
      below = Below::root_or_branch;
    } else {
      Extension& extension = as_extension(node);
      const std::size_t end = extension.key_end;
      if (end > key_end || first_difference(extension.key, key, depth, end) != end) break;
      edge = &extension.child;
      depth = end;
      below = Below::extension;
    }
  }
  return proof;
}

Result<std::optional<Bytes>> verify_proof(const Hash32& root, BytesView key, std::span<const Bytes> proof) {
  const NodeSet nodes(std::vector<Bytes>(proof.begin(), proof.end()));
  HOCKET_TRY(const std::optional<BytesView> value, nodes.get(root, key));
  if (!value) return std::nullopt;
  return to_bytes(*value);
}

}  // namespace hocket
