// Hashing of what changed in tries: level by level from the deepest up, so that the nodes of one level, of all tries
// together, go through keccak256_many side by side.
#include "core/account.hpp"
#include "crypto/keccak.hpp"
#include "trie/trie.hpp"

#include <algorithm>

namespace hocket {

using namespace trie;  // NOLINT: the nodes are this class's own

namespace {

struct StaleEdge {
  Edge* edge;
  std::size_t depth;  // nibbles from the root
};
using Level = std::vector<StaleEdge>;

/// Appends the stale edges right below `parent`.
void collect_children(const StaleEdge& parent, Level& out) {
  Node& node = *parent.edge->node;
  if (node.kind == NodeKind::extension) {
    Extension& extension = as_extension(node);
    if (extension.child.is_stale()) out.push_back({&extension.child, extension.key_end});
  } else if (node.kind == NodeKind::branch) {
    for (Edge& child : as_branch(node).children)
      if (child.is_stale()) out.push_back({&child, parent.depth + 1});
  }
}

/// Encodes nodes one after the other and hashes them in batches that stay in the first-level cache.
class BatchHasher {
 public:
  void add(const StaleEdge& stale) {
    const Node& node = *stale.edge->node;
    const std::size_t size = encoded_size(node, stale.depth);
    if (size < 32) {
      encode_node(stale.edge->reference.data(), node, stale.depth);
      stale.edge->reference_size = static_cast<std::uint8_t>(size);
      return;
    }
    const std::size_t start = encodings_.size();
    encodings_.resize(start + size);
    encode_node(encodings_.data() + start, node, stale.depth);
    pending_.push_back({stale.edge, start, size});
    if (encodings_.size() > kBatchBytes) flush();
  }

  void flush() {
    views_.clear();
    for (const Pending& p : pending_) views_.push_back(BytesView(encodings_).subspan(p.start, p.size));
    hashes_.resize(pending_.size());
    keccak256_many(views_, hashes_);
    for (std::size_t i = 0; i < pending_.size(); ++i) pending_[i].edge->set_hash(hashes_[i]);
    pending_.clear();
    encodings_.clear();
  }

 private:
  static constexpr std::size_t kBatchBytes = 16 * 1024;
  struct Pending {
    Edge* edge;
    std::size_t start;
    std::size_t size;
  };

  Bytes encodings_;
  std::vector<Pending> pending_;
  std::vector<BytesView> views_;
  std::vector<Hash32> hashes_;
};

}  // namespace

void Trie::update_hashes(std::span<Trie* const> tries) {
  std::vector<Level> levels(1);
  for (Trie* trie : tries)
    if (trie->root_.is_stale()) levels[0].push_back({&trie->root_, 0});
  while (!levels.back().empty()) {
    Level next;
    for (const StaleEdge& parent : levels.back()) collect_children(parent, next);
    levels.push_back(std::move(next));
  }
  BatchHasher hasher;
  for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
    for (const StaleEdge& stale : *level) hasher.add(stale);
    hasher.flush();
  }
}

Hash32 Trie::root() {
  Trie* self = this;
  update_hashes({&self, 1});
  if (root_.is_empty()) return kEmptyTrieRoot;
  // A root is known by its hash however short it is.
  return root_.is_hash() ? root_.hash() : keccak256(root_.reference_view());
}

}  // namespace hocket
