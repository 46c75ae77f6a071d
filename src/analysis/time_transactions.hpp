// time_transactions: what each transaction of a block takes when the block is executed sequentially.
#pragma once

#include "base/result.hpp"
#include "block/execute_block.hpp"

#include <chrono>
#include <vector>

namespace hocket {

/// Medians of a few executions, after one that is not measured: as a block's sequential time is measured, so that the
/// sum is what its transactions take of that. Errors: as execute_block's. Thread safety: that of `programs`.
Result<std::vector<std::chrono::nanoseconds>> time_transactions(const RecoveredBlock& block, const ChainConfig& config,
                                                                const StateView& state, ProgramCache& programs);

}  // namespace hocket
