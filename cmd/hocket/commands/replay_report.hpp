// What hocket replay --report shows of a block: what its execution cost, how much parallelism it holds, and where its
// conflicts are.
#pragma once

#include "analysis/block_report.hpp"
#include "commands/replay_rows.hpp"
#include "parallel/parallel_executor.hpp"

#include <nlohmann/json.hpp>
#include <optional>

namespace hocket::replay_report {

struct Report {
  BlockReport block;
  /// Of the parallel executor's last execution; none with one thread.
  std::optional<ParallelStatistics> statistics;
};

/// Executes the block once more, sequentially, with a tracer. Errors: as execution's; none for a verified block.
Result<BlockReport> analyse(const BlockBundle& bundle, ProgramCache& programs);

void print(const Report& report, const replay_rows::Row& row, const replay_rows::Mode& mode);
nlohmann::ordered_json to_json(const Report& report, const replay_rows::Row& row, const replay_rows::Mode& mode);

}  // namespace hocket::replay_report
