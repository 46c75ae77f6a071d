// StateTrie: the state trie and all storage tries (YP section 4.1), kept up to date by applying the StateDiff of one
// block after the other. Whole, or partial over the nodes of a witness.
#pragma once

#include "base/result.hpp"
#include "state/in_memory_state.hpp"
#include "state/state_diff.hpp"
#include "trie/account_leaf.hpp"
#include "trie/trie.hpp"

#include <optional>
#include <unordered_map>
#include <vector>

namespace hocket {

/// Errors of all functions: a node that is needed is missing; the message names the account and the node's path and
/// hash. A StateTrie without a NodeSet has no errors.
/// Thread safety: none.
class StateTrie {
 public:
  /// The empty state.
  StateTrie() = default;
  explicit StateTrie(const InMemoryState& state);
  /// Requires: `nodes` outlives the StateTrie.
  StateTrie(const NodeSet& nodes, const Hash32& root);

  /// Makes the changes and returns the new root. After an error the StateTrie is of no more use.
  Result<Hash32> apply(const StateDiff& diff);
  Hash32 root() { return accounts_.root(); }

  /// EIP-1186: the nodes from the state's root towards an account, and from its storage root towards a slot, as far as
  /// there are any.
  Result<std::vector<Bytes>> prove_account(const Address& address);
  Result<std::vector<Bytes>> prove_slot(const Address& address, const u256& slot);

 private:
  struct Change;

  Result<std::optional<AccountLeaf>> leaf(const Hash32& hashed_address) const;
  Result<Trie*> open_storage(const Hash32& hashed_address);
  Result<void> apply_storage(Change& change);
  Result<void> put_account(const Change& change);

  const NodeSet* nodes_ = nullptr;
  Trie accounts_;
  /// By hashed address. Without a NodeSet: every storage that is not empty; with one: those that were changed.
  std::unordered_map<Hash32, Trie, FixedBytesHash> storages_;
};

/// Root of a whole state, built anew.
Hash32 state_root(const InMemoryState& state);

}  // namespace hocket
