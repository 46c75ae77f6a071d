#include "trie/node_set.hpp"

#include "base/assert.hpp"
#include "core/account.hpp"
#include "crypto/keccak.hpp"
#include "trie/lookup.hpp"
#include "trie/node.hpp"

namespace hocket {

NodeSet::NodeSet(std::vector<Bytes> nodes) : nodes_(std::move(nodes)) {
  const std::vector<BytesView> views(nodes_.begin(), nodes_.end());
  std::vector<Hash32> hashes(nodes_.size());
  keccak256_many(views, hashes);
  index_.reserve(nodes_.size());
  for (std::size_t i = 0; i < nodes_.size(); ++i) index_.emplace(hashes[i], i);
}

std::optional<BytesView> NodeSet::find(const Hash32& hash) const noexcept {
  const auto it = index_.find(hash);
  if (it == index_.end()) return std::nullopt;
  return nodes_[it->second];
}

Result<std::optional<BytesView>> NodeSet::get(const Hash32& root, BytesView key) const {
  HOCKET_ASSERT(key.size() <= kMaxTrieKeySize);
  if (root == kEmptyTrieRoot) return std::nullopt;
  trie::Edge edge;
  edge.set_hash(root);
  return trie::lookup(this, edge.reference_view(), pack(key), 0, 2 * key.size(), trie::Below::root_or_branch);
}

}  // namespace hocket
