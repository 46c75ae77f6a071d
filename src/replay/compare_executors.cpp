#include "replay/compare_executors.hpp"

#include "base/assert.hpp"
#include "replay/bundle_checks.hpp"
#include "replay/output_difference.hpp"

namespace hocket {
namespace {

using Output = std::expected<BlockOutput, BlockFailure>;

constexpr OutputNames kNames = {.expected = "sequentially", .found = "in parallel"};

/// A short block that is to be executed once is executed more often: one interruption may be a hundred times what it
/// takes, and would be its speed-up. Processor time, since wall time has the interruption in it.
constexpr std::chrono::milliseconds kLeastMeasured{10};
constexpr int kMostForShort = 101;

}  // namespace

std::expected<ExecutorComparison, ReplayFailure> compare_executors(const BlockBundle& bundle, Executor& reference,
                                                                   Executor& compared, const ReplayOptions& options) {
  HOCKET_ASSERT(options.repeat >= 1 && bundle.state != nullptr);
  BundleChecks checks(bundle);
  if (auto ok = checks.check_before(); !ok) return std::unexpected(std::move(ok).error());
  const auto recovered = checks.recover(options.pool);
  if (!recovered) return std::unexpected(recovered.error());

  const Output expected = checks.execute(*recovered, reference);
  // The failure of one of them only is their difference; of both, the block's.
  const auto check = [&](const Output& found) -> std::expected<void, ReplayFailure> {
    if (auto differs = difference(expected, found, kNames))
      return std::unexpected(ReplayFailure{"the executors differ: " + *std::move(differs)});
    if (!found) return std::unexpected(ReplayFailure{found.error().message()});
    return {};
  };
  if (auto ok = check(checks.execute(*recovered, compared)); !ok) return std::unexpected(std::move(ok).error());
  if (auto ok = checks.check_output(*expected); !ok) return std::unexpected(std::move(ok).error());

  ExecutionTimes reference_times;
  ExecutionTimes compared_times;
  std::chrono::nanoseconds measured{};
  const int most = options.repeat == 1 ? kMostForShort : options.repeat;
  for (int i = 0; i < options.repeat || (measured < kLeastMeasured && i < most); ++i) {
    for (const bool reference_runs : {i % 2 == 0, i % 2 != 0}) {
      const ExecutionTimer timer;
      const Output found = checks.execute(*recovered, reference_runs ? reference : compared);
      const ExecutionTime elapsed = timer.elapsed();
      (reference_runs ? reference_times : compared_times).add(elapsed);
      measured += elapsed.cpu;
      if (auto ok = check(found); !ok) return std::unexpected(std::move(ok).error());
    }
  }
  ExecutorComparison comparison;
  comparison.report = checks.report();
  comparison.least = compared_times.least_wall();
  comparison.reference_least = reference_times.least_wall();
  const ExecutionTime of_compared = compared_times.medians();
  comparison.report.execution = of_compared.wall;
  comparison.report.execution_cpu = of_compared.cpu;
  const ExecutionTime of_reference = reference_times.medians();
  comparison.reference = of_reference.wall;
  comparison.reference_cpu = of_reference.cpu;
  return comparison;
}

}  // namespace hocket
