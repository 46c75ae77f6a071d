// Reading a trie from the RLP of its nodes, without building them. Internal to trie/.
#pragma once

#include "base/result.hpp"
#include "trie/nibbles.hpp"
#include "trie/node_set.hpp"
#include "trie/node_view.hpp"

#include <optional>

namespace hocket::trie {

/// Where a reference stands: an extension leads to a branch and to nothing else.
enum class Below : std::uint8_t { root_or_branch, extension };

/// The node that `reference` (a short node itself, or 0xa0 and a hash) stands for, `depth` nibbles along `path`.
/// Errors: it is not in `nodes` (null: there are none) or malformed; names path and hash.
Result<NodeView> read_node(const NodeSet* nodes, BytesView reference, const PackedPath& path, std::size_t depth,
                           Below below);

/// The value at `key` (of `key_end` nibbles) below `reference`, which stands `depth` nibbles below the root.
Result<std::optional<BytesView>> lookup(const NodeSet* nodes, BytesView reference, const PackedPath& key,
                                        std::size_t depth, std::size_t key_end, Below below);

}  // namespace hocket::trie
