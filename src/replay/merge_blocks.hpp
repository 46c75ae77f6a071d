// merge_blocks: several blocks become one big one, as benchmarks of "big blocks" do. docs/bundles.md says what is done
// about all that blocks have each for itself.
#pragma once

#include "base/result.hpp"
#include "block/execute_block.hpp"
#include "state/in_memory_state.hpp"

#include <span>

namespace hocket {

/// A block on the state after its parent.
struct MergePart {
  const ChainConfig& config;
  const RecoveredBlock& block;
  const StateView& state;
};

struct MergedBlock {
  /// As the last part's, with room for all blobs.
  ChainConfig config;
  /// Its header says how much gas it uses; roots and bloom are the last part's and mean nothing.
  RecoveredBlock block;
  /// What the parts' executions and the merged one's have read.
  InMemoryState state;

  // What had to be done so that transactions could be executed, and what came of it.
  std::size_t renumbered = 0;       // transactions that got another nonce
  std::size_t limits_changed = 0;   // ... another gas limit
  std::size_t left_out = 0;         // ... that cannot be made valid
  std::size_t ended_otherwise = 0;  // ... that succeed instead of failing in their own block, or the reverse
  std::size_t same_gas = 0;         // ... that end as in their own block and use the same gas
  std::size_t funded = 0;           // senders that were given ether
  std::size_t unknown_reads = 0;    // that no part's state can answer
};

/// Executes each part by itself, compares it with its header, and then all of their transactions as one block.
/// Requires: at least one part, of one chain, ascending by number. Thread safety: pure.
/// Errors: a part that is invalid, or does not give what its header says, or a state that cannot be read; with the
/// block's number.
Result<MergedBlock> merge_blocks(std::span<const MergePart> parts);

}  // namespace hocket
