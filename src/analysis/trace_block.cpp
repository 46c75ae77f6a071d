#include "analysis/trace_block.hpp"

#include "analysis/time_transactions.hpp"
#include "analysis/tracing_executor.hpp"

namespace hocket {

Result<TracedBlock> trace_block(const RecoveredBlock& block, const ChainConfig& config, const StateView& state,
                                ProgramCache& programs) {
  TracingExecutor executor(programs);
  auto output = execute_block(block, config, state, executor);
  if (!output) return fail(output.error().message());
  TracedBlock traced{.trace = executor.take_trace(), .output = std::move(*output)};
  HOCKET_TRY(traced.trace.durations, time_transactions(block, config, state, programs));
  return traced;
}

}  // namespace hocket
