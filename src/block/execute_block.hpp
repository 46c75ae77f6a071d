// A block's execution: system calls, transactions, withdrawals, requests, rewards (YP section 12).
#pragma once

#include "block/recover_senders.hpp"
#include "protocol/chain_config.hpp"
#include "transition/executor.hpp"

#include <expected>

namespace hocket {

struct BlockOutput {
  std::vector<Receipt> receipts;
  /// What changed since the parent.
  StateDiff diff;
  /// EIP-7685: each is its type byte and its data; empty ones are left out.
  std::vector<Bytes> requests;
  std::uint64_t gas_used = 0;
  std::uint64_t blob_gas_used = 0;
  Bloom logs_bloom;
  /// Where somebody has made it meanwhile (RootsMeanwhile).
  std::optional<Hash32> receipts_root;
  /// The fork's receipts hold state roots, and nothing could compute them: the receipts root cannot be checked.
  bool lacks_intermediate_roots = false;
};

/// What the block with this header gives its transactions.
BlockEnvironment environment_of(const Header& header, const ChainConfig& config);

/// Executes `block` on `state`, the state after its parent. Of the header only what execution reads is trusted; results
/// are not compared with it (verify).
/// Errors: an invalid transaction, a failed system contract, a malformed deposit; or a state that could not be read.
std::expected<BlockOutput, BlockFailure> execute_block(const RecoveredBlock& block, const ChainConfig& config,
                                                       const StateView& state, Executor& executor,
                                                       const IntermediateRoot& intermediate_root = {});

}  // namespace hocket
