// WitnessState: the part of a state that a witness proves. Every node is found by the hash that its parent, and in the
// end the pre-state root, names for it: what the witness does not hold is a fault, never an empty value.
#pragma once

#include "base/result.hpp"
#include "state/state_diff.hpp"
#include "state/state_view.hpp"
#include "trie/account_leaf.hpp"
#include "trie/node_set.hpp"

#include <array>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace hocket {

/// Thread safety: all functions may run concurrently.
class WitnessState final : public StateView {
 public:
  /// `nodes`, `codes`: in any order, with duplicates; what nothing refers to is never looked at.
  /// `block_hashes`: of the ancestors, by number.
  WitnessState(std::vector<Bytes> nodes, std::vector<Bytes> codes, const Hash32& pre_state_root,
               std::unordered_map<std::uint64_t, Hash32> block_hashes);

  StateRead<std::optional<Account>> account(const Address& address) const override;
  StateRead<u256> storage(const Address& address, const u256& slot) const override;
  StateRead<BytesView> code(const Address& address, const Hash32& code_hash) const override;
  /// A hash that the witness does not bring is a fault: every ancestor has one.
  StateRead<Hash32> block_hash(std::uint64_t number) const override;
  /// The latest fault: account, slot, trie path and hash of what is missing.
  std::string fault_message() const override;

  /// The root after `diff`. Errors: a node that the change needs is missing (a deletion can need a sibling of what was
  /// read); names the account, the trie path and the hash.
  Result<Hash32> post_state_root(const StateDiff& diff) const;

  const Hash32& pre_state_root() const noexcept { return pre_state_root_; }

 private:
  using OptionalLeaf = std::optional<AccountLeaf>;

  StateRead<OptionalLeaf> leaf(const Address& address) const;
  std::unexpected<StateFault> fault(std::string message) const;

  /// Leaves read so far, so that the slots of an account do not look for it again. Sharded for parallel workers.
  struct Shard {
    std::mutex mutex;
    std::unordered_map<Address, OptionalLeaf, FixedBytesHash> leaves;  // guarded by `mutex`
  };
  static constexpr std::size_t kShards = 16;

  NodeSet nodes_;
  std::unordered_map<Hash32, Bytes, FixedBytesHash> codes_;
  Hash32 pre_state_root_;
  std::unordered_map<std::uint64_t, Hash32> block_hashes_;
  mutable std::array<Shard, kShards> shards_;
  mutable std::mutex fault_mutex_;
  mutable std::string fault_message_;  // guarded by `fault_mutex_`
};

}  // namespace hocket
