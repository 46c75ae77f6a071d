// BlockSection: everything that a report says of one block, as report.json has it.
#pragma once

#include "analysis/block_trace.hpp"
#include "report/baseline.hpp"
#include "workloads/measure.hpp"

#include <nlohmann/json.hpp>

namespace hocket::report {

/// How much of a block's details a report holds at most; the rest is counted, not listed.
struct DetailLimits {
  std::size_t bars = 6000;          // of a schedule
  std::size_t transactions = 6000;  // with hash, target, reads and writes
  std::size_t accesses = 64;        // of a transaction
  std::size_t graph_nodes = 1500;
  std::size_t graph_edges = 3000;
  std::size_t hottest = 12;
};

/// A block that was measured. The references must outlive the call.
struct MeasuredBlock {
  const workloads::Subject& subject;
  const workloads::Measurement& measurement;
  /// The state that is read for the analysis: the subject's, without an added latency.
  const StateView& state;
  const BlockTrace& trace;
};

struct SectionOptions {
  DetailLimits limits;
  /// Executions with a timeline, for each number of threads; the one whose time is nearest to the median is shown.
  unsigned recordings = 3;
  const Baseline* baseline = nullptr;
};

/// Executes the block a few times more, in parallel and with timelines.
/// Errors: as execution's; none for a block that was measured. Thread safety: as measure's.
Result<nlohmann::ordered_json> make_section(const MeasuredBlock& block, WorkerPool& pool,
                                            const SectionOptions& options);

}  // namespace hocket::report
