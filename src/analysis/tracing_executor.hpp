// TracingExecutor: executes a block sequentially and notes what every transaction reads and writes.
#pragma once

#include "analysis/block_trace.hpp"
#include "transition/executor.hpp"

#include <utility>

namespace hocket {

/// Each transaction runs with a tracer, some hundred times slower than without, and once more for what the block gives.
/// The trace is without durations. Thread safety: none.
class TracingExecutor final : public Executor {
 public:
  explicit TracingExecutor(ProgramCache& programs) : Executor(programs), programs_(programs), sequential_(programs) {}

  /// As SequentialExecutor; the trace of a block that fails is not to be used.
  std::expected<ExecutedTransactions, BlockFailure> execute(const BlockEnvironment& block,
                                                            std::span<const Transaction> transactions, Journal& journal,
                                                            const IntermediateRoot& intermediate_root) override;

  /// Of the last block.
  const BlockTrace& trace() const noexcept { return trace_; }
  BlockTrace take_trace() noexcept { return std::move(trace_); }

 private:
  ProgramCache& programs_;
  SequentialExecutor sequential_;
  BlockTrace trace_;
};

}  // namespace hocket
