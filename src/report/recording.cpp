#include "report/recording.hpp"

#include "base/assert.hpp"

#include <chrono>
#include <optional>

namespace hocket::report {

Result<Recording> record(const workloads::Subject& subject, WorkerPool& pool, unsigned threads, unsigned count,
                         std::chrono::nanoseconds wanted) {
  HOCKET_ASSERT(count > 0);
  ProgramCache programs;
  Timeline timeline;
  ParallelOptions options;
  options.threads = threads;
  ParallelExecutor warming(programs, pool, options);
  if (const auto output = execute_block(subject.block, subject.config, subject.state, warming); !output)
    return fail(output.error().message());

  options.timeline = &timeline;
  ParallelExecutor executor(programs, pool, options);
  std::optional<Recording> nearest;
  const auto distance = [&](std::chrono::nanoseconds wall) { return wall < wanted ? wanted - wall : wall - wanted; };
  // One more than asked for: the executor's own memory is new at first.
  for (unsigned round = 0; round <= count; ++round) {
    const auto start = Timeline::Clock::now();
    const auto output = execute_block(subject.block, subject.config, subject.state, executor);
    const std::chrono::nanoseconds wall = Timeline::Clock::now() - start;
    if (!output) return fail(output.error().message());
    if (round == 0 || (nearest && distance(nearest->wall) <= distance(wall))) continue;
    nearest = Recording{
        .threads = threads, .wall = wall, .statistics = executor.statistics(), .schedule = make_schedule(timeline)};
  }
  return *std::move(nearest);
}

}  // namespace hocket::report
