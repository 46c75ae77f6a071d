// BlockProfile: what each transaction of a block runs for, reads and writes, in the terms of virtual time. Balances
// that are only added to, and nonces that follow from the sender's transaction before, conflict with nobody: as in
// parallel execution.
#pragma once

#include "parallel/virtual_time.hpp"
#include "transition/executor.hpp"

#include <chrono>
#include <vector>

namespace hocket {

struct BlockProfile {
  /// By gas used; when reads come is measured by time and scaled.
  std::vector<TransactionProfile> transactions;
  /// Measured, of each.
  std::vector<std::chrono::nanoseconds> durations;

  /// The same with the measured durations as cost.
  std::vector<TransactionProfile> by_duration() const;
};

/// Executes sequentially and makes the profile on the way, which takes longer. Thread safety: none.
class ProfilingExecutor final : public Executor {
 public:
  explicit ProfilingExecutor(ProgramCache& programs) : Executor(programs), programs_(programs), sequential_(programs) {}

  /// As SequentialExecutor; the profile of a block that fails is not to be used.
  std::expected<ExecutedTransactions, BlockFailure> execute(const BlockEnvironment& block,
                                                            std::span<const Transaction> transactions, Journal& journal,
                                                            const IntermediateRoot& intermediate_root) override;

  /// Of the last block.
  const BlockProfile& profile() const noexcept { return profile_; }

 private:
  ProgramCache& programs_;
  SequentialExecutor sequential_;
  BlockProfile profile_;
};

}  // namespace hocket
