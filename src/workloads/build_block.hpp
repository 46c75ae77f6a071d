// build_block: a workload's transactions become a valid block of the wanted size.
#pragma once

#include "block/execute_block.hpp"
#include "workloads/workload.hpp"

namespace hocket::workloads {

/// A block that a workload made, with all that is needed to execute and to judge it.
struct WorkloadBlock {
  std::string name;
  ChainConfig config;
  Header parent;
  /// Its header says what the sequential execution gave; the state root is left zero unless `with_state_root`.
  RecoveredBlock block;
  Hash32 hash;
  InMemoryState state;  // after the parent
  bool all_succeed = true;
  bool ends_by_itself = false;  // its size is the workload's, not the wanted one
  std::function<Violation(const Aftermath&)> violation;

  /// Checks what `output` leaves behind: ether neither made nor lost, nonces, success where it is due, and the
  /// workload's own invariants.
  Violation check(const BlockOutput& output) const;
};

struct BuildOptions {
  /// Computes the root of the state after the block too, which takes as long as the block.
  bool with_state_root = false;
};

/// Errors: a transaction that is invalid or fails though it should not; more gas than the state allows for.
/// Thread safety: pure.
Result<WorkloadBlock> build_block(const Workload& workload, const WorkloadOptions& options, BuildOptions build = {});

}  // namespace hocket::workloads
