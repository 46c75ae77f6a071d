// measure: a block executed sequentially and in parallel, in turns, with every result compared.
#pragma once

#include "base/worker_pool.hpp"
#include "block/execute_block.hpp"
#include "parallel/parallel_executor.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hocket::workloads {

/// A block to be measured, wherever it comes from. The references must outlive the measuring.
struct Subject {
  std::string name;
  const ChainConfig& config;
  const RecoveredBlock& block;
  const StateView& state;
  /// Judges the results; empty: there is nothing to judge by. Nothing: all is well.
  std::function<std::optional<std::string>(const BlockOutput&)> check = {};
};

struct MeasureOptions {
  /// Numbers of threads besides 1, which is the sequential execution and always measured.
  std::vector<unsigned> threads = {2};
  /// Timed executions each; one more before them is checked and not timed.
  unsigned repeat = 3;
  /// In parallel even where sequential execution is expected to be faster.
  bool forced = false;
  /// Called after each execution.
  std::function<void(unsigned done, unsigned total)> progress = {};
};

/// What executing the block took in one way.
struct Cost {
  unsigned threads = 1;
  std::vector<std::chrono::nanoseconds> walls;  // of each timed execution, in order
  std::chrono::nanoseconds wall{};              // median
  /// Processor time over wall time, median.
  double cpu_share = 0;
  /// Most memory above what was in use before, of the first execution; absent where the system does not tell.
  std::optional<std::uint64_t> peak_bytes = std::nullopt;
  /// Of the last execution; for the sequential one all is zero.
  ParallelStatistics statistics = {};

  double executed_over_committed() const noexcept {
    return statistics.parallel && statistics.committed_gas != 0
               ? static_cast<double>(statistics.executed_gas) / static_cast<double>(statistics.committed_gas)
               : 1.0;
  }
};

struct Measurement {
  std::string name;
  Hash32 hash;  // of the block
  std::size_t transactions = 0;
  std::uint64_t gas = 0;
  /// Gas of the longest chain of dependencies, where transactions begin when those that they depend on have ended, and
  /// where they wait at their first dependent read; set by whoever has traced the block, else absent.
  std::optional<std::uint64_t> critical_gas = std::nullopt;
  std::optional<std::uint64_t> critical_gas_waiting = std::nullopt;
  Cost sequential;
  std::vector<Cost> parallel;  // as MeasureOptions::threads

  double speed_up(const Cost& cost) const noexcept {
    return static_cast<double>(sequential.wall.count()) / static_cast<double>(cost.wall.count());
  }
  double megagas_per_second(const Cost& cost) const noexcept {
    return static_cast<double>(gas) * 1e3 / static_cast<double>(cost.wall.count());
  }
};

/// Requires: `pool` has as many workers as the largest number of threads; nothing else runs that allocates much.
/// Errors: the block cannot be executed, a result differs from the sequential one, or `check` finds something; the
/// message has the threads where it is not the sequential execution that failed, and not the block's name.
/// Thread safety: none; memory and processor time are the process's.
Result<Measurement> measure(const Subject& subject, WorkerPool& pool, const MeasureOptions& options);

}  // namespace hocket::workloads
