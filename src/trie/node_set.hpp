// NodeSet: the RLP of trie nodes by their keccak256, as witnesses and proofs bring them. A node is found by the hash
// of its own bytes, so one that is not what its parent refers to is simply not found.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "base/result.hpp"

#include <optional>
#include <unordered_map>
#include <vector>

namespace hocket {

/// Immutable after construction. Thread safety: any number of readers.
class NodeSet {
 public:
  NodeSet() = default;
  /// Duplicates, any order, nodes that nothing refers to, and entries that are no nodes at all are fine.
  explicit NodeSet(std::vector<Bytes> nodes);

  /// The node with this hash, or nothing. The view is valid as long as the set.
  std::optional<BytesView> find(const Hash32& hash) const noexcept;
  std::size_t size() const noexcept { return index_.size(); }

  /// The value at `key` in the trie with this root; empty optional: the trie proves that there is none.
  /// Errors: a node on the way is missing or malformed, with its path and hash.
  /// Requires: `key.size() <= kMaxTrieKeySize`.
  Result<std::optional<BytesView>> get(const Hash32& root, BytesView key) const;

 private:
  std::vector<Bytes> nodes_;
  std::unordered_map<Hash32, std::size_t, FixedBytesHash> index_;
};

}  // namespace hocket
