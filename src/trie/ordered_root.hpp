// Roots of tries keyed by the RLP of a position: transactions, receipts, withdrawals (YP section 4.3.2).
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "trie/node.hpp"

#include <span>
#include <vector>

namespace hocket {

/// Requires: no value is empty. Thread safety: pure.
Hash32 ordered_trie_root(std::span<const Bytes> values);

/// The same trie made in pieces, by several threads, as its values come: the keys of positions 16 k to 16 k + 15 share
/// all but their last nibble, so that a group is a subtrie of its own.
class OrderedTrie {
 public:
  static constexpr std::size_t kGroup = 16;

  /// Of `count` values.
  explicit OrderedTrie(std::size_t count) : groups_((count + kGroup - 1) / kGroup), count_(count) {}

  /// The values from position `first` on, a multiple of kGroup: kGroup of them, or as many as there are. Hashes them.
  /// Requires: no value is empty. Thread safety: may run at the same time for different groups.
  void add(std::size_t first, std::vector<Bytes> values);

  /// Requires: every group was added. Thread safety: none.
  Hash32 root();

 private:
  struct Group {
    trie::Edge branch;          // of all values, hashed; empty:
    std::vector<Bytes> values;  // they are no subtrie of their own
  };

  std::vector<Group> groups_;
  std::size_t count_;
};

}  // namespace hocket
