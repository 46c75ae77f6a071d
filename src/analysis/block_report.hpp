// BlockReport: how much parallelism a block holds, and where its conflicts are.
#pragma once

#include "analysis/schedules.hpp"

#include <array>
#include <vector>

namespace hocket {

inline constexpr std::array<unsigned, 6> kReportedWorkers = {2, 4, 8, 16, 32, 64};

/// A block under one conflict model; times in gas.
struct ModelReport {
  ConflictModel model = ConflictModel::every_location;
  std::size_t edges = 0;       // pairs of a reader and a writer
  std::size_t dependents = 0;  // transactions that depend on others
  CriticalPaths paths;
  /// List schedules of whole transactions, by kReportedWorkers.
  std::array<std::uint64_t, kReportedWorkers.size()> makespans{};
  /// The same where a transaction may stop at its first read that depends on others, and go on later.
  std::array<std::uint64_t, kReportedWorkers.size()> makespans_waiting{};
  /// Of the gas of dependent transactions, what comes before that read: what resuming there would not do again.
  std::uint64_t gas_before_reads = 0;
  std::uint64_t dependent_gas = 0;
};

/// A location that transactions depend on each other for.
struct HotLocation {
  Location location;
  std::size_t readers = 0;  // transactions that depend on earlier ones for it
  std::size_t writers = 0;  // transactions that change it
  std::uint64_t gas = 0;    // of these readers
};

struct BlockReport {
  std::uint64_t gas = 0;
  std::vector<ModelReport> models;  // one each, in their order
  /// Under predicted_nonces, the most gas first.
  std::vector<HotLocation> hottest;
  /// The longest chain under predicted_nonces by measured time.
  std::chrono::nanoseconds critical_time{};
  std::chrono::nanoseconds total_time{};

  const ModelReport& of(ConflictModel model) const noexcept { return models[static_cast<std::size_t>(model)]; }
};

/// The most gas first; equal ones in a fixed order.
void sort_by_gas(std::vector<HotLocation>& locations);

/// Under predicted_nonces, the most gas first; `count`: how many at most. Thread safety: pure.
std::vector<HotLocation> hottest_locations(const BlockTrace& trace, std::size_t count);

/// `hottest`: how many locations at most. Requires: `trace` has durations. Thread safety: pure.
BlockReport report_of(const BlockTrace& trace, std::size_t hottest);

/// No schedule of whole transactions on `workers` is more times as fast as one worker. 1 for an empty block.
double speed_up_bound(std::uint64_t total, std::uint64_t critical, unsigned workers);

}  // namespace hocket
