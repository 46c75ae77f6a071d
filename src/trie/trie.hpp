// Trie: a modified Merkle Patricia trie in memory (YP appendix D), whole or partial.
//
// Each edge from a parent holds the child's cached reference (its RLP if that is shorter than 32 bytes, else its hash)
// and, where the child was built or read, the node. A reference without a node is one that was not needed yet: it is
// read from the NodeSet when a path leads through it. What is not there is an error, never an empty value.
// Leaves and extensions hold their whole key, not their part of the path: a node that moves up or down when a branch
// collapses or splits stays as it is.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "base/result.hpp"
#include "trie/lookup.hpp"
#include "trie/node.hpp"
#include "trie/node_set.hpp"

#include <optional>
#include <span>
#include <vector>

namespace hocket {

/// Keys have at most kMaxTrieKeySize bytes; callers of "secure" tries hash them first.
/// Errors of all functions: a node on the way is missing from the NodeSet or malformed; the message names its path and
/// hash, and the trie's content is as it was before. A trie without a NodeSet has no errors.
/// Thread safety: const functions may run concurrently; the others need the trie for themselves.
class Trie {
 public:
  /// Empty.
  Trie() = default;
  /// The trie with this root, its nodes read from `nodes` as they are needed. Requires: `nodes` outlives the trie.
  Trie(const NodeSet& nodes, const Hash32& root);

  /// Empty optional: the key is proven to be absent. The view is valid until the next change.
  Result<std::optional<BytesView>> get(BytesView key) const;
  /// Adds or replaces. Requires: `value` is not empty.
  Result<void> put(BytesView key, BytesView value);
  /// Removes the key if it is there. A branch that is left with one child collapses, which needs that child's node.
  Result<void> erase(BytesView key);

  bool is_empty() const noexcept { return root_.is_empty(); }
  /// Hashes what changed since the last time.
  Hash32 root();

  /// EIP-1186: the nodes from the root towards `key`, as far as there are any. Empty for the empty trie.
  Result<std::vector<Bytes>> prove(BytesView key);

  /// Puts another branch, whose reference is right, in the place of one. Requires: the branch at the first `depth`
  /// nibbles of `path` is in memory, and so is all on the way.
  void replace_branch(const PackedPath& path, std::size_t depth, trie::Edge branch) noexcept;

  /// What `root()` does, for several tries at once: many small ones together fill the lanes of keccak256_many.
  static void update_hashes(std::span<Trie* const> tries);

 private:
  class Trail;

  /// Reads the edge's node if it is not there yet. `path`: its first `depth` nibbles lead here.
  Result<void> resolve(trie::Edge& edge, const PackedPath& path, std::size_t depth, trie::Below below) const;
  Result<void> remove_last(const Trail& trail, const PackedPath& key);

  const NodeSet* nodes_ = nullptr;
  trie::Edge root_;
};

/// The value that an EIP-1186 proof gives for `key` under `root`; empty optional: it proves that there is none.
/// Errors: as `Trie`, if the proof does not lead from the root to an answer.
Result<std::optional<Bytes>> verify_proof(const Hash32& root, BytesView key, std::span<const Bytes> proof);

}  // namespace hocket
