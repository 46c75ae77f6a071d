// Recording: one parallel execution of a block with its timeline, made for the report.
#pragma once

#include "report/schedule.hpp"
#include "workloads/measure.hpp"

namespace hocket::report {

struct Recording {
  unsigned threads = 1;
  std::chrono::nanoseconds wall{};  // of the whole block, as measure takes it
  ParallelStatistics statistics;
  Schedule schedule;
};

/// Executes the block once without a timeline and `count` times with one, and keeps the one whose time is nearest to
/// `wanted`. Requires: `count` > 0; the pool has `threads` workers. Errors: as execution's.
Result<Recording> record(const workloads::Subject& subject, WorkerPool& pool, unsigned threads, unsigned count,
                         std::chrono::nanoseconds wanted);

}  // namespace hocket::report
