// trace_block: a whole block's trace, with what its execution gave.
#pragma once

#include "analysis/block_trace.hpp"
#include "base/result.hpp"
#include "block/execute_block.hpp"

namespace hocket {

struct TracedBlock {
  BlockTrace trace;
  BlockOutput output;
};

/// Executes `block` sequentially on `state`, with a tracer (TracingExecutor), and for the times (time_transactions).
/// Results are not compared with the header. Errors: as execute_block's. Thread safety: that of `programs`.
Result<TracedBlock> trace_block(const RecoveredBlock& block, const ChainConfig& config, const StateView& state,
                                ProgramCache& programs);

}  // namespace hocket
