// BundleChecks: one bundle's way from its header to its verified outcome, step by step; what replays bundles repeats
// the steps that it measures.
#pragma once

#include "block/execute_block.hpp"
#include "replay/replay_block.hpp"

#include <algorithm>

namespace hocket {

class BundleChecks {
 public:
  using Outcome = std::expected<void, ReplayFailure>;

  explicit BundleChecks(const BlockBundle& bundle);

  const BlockBundle& bundle() const noexcept { return bundle_; }

  /// What does not need the outcome: header, body; without the transactions root, if that is made meanwhile.
  Outcome check_before(bool with_transactions_root = true);
  /// Recovers the senders, on `pool` if it is given, and compares them with those that the bundle names. Measured.
  std::expected<RecoveredBlock, ReplayFailure> recover(WorkerPool* pool);
  std::expected<BlockOutput, BlockFailure> execute(const RecoveredBlock& block, Executor& executor) const;
  /// With the roots of transactions and receipts made by the executor's workers meanwhile; compares the first.
  std::expected<BlockOutput, ReplayFailure> execute_with_roots(const RecoveredBlock& block, Executor& executor);
  /// Compares with the header. Measured.
  Outcome check_output(const BlockOutput& output);

  /// With the medians of what was measured; execution is the caller's.
  ReplayReport report();

 private:
  const Header& header() const noexcept { return bundle_.block.header; }
  const Spec& spec() const noexcept { return bundle_.config.spec_for(header()); }
  void set(Check check, bool verified);

  Outcome check_body(bool with_transactions_root);
  Outcome check_transactions_root(const Hash32& root);
  Outcome compare_senders(const Block& recovered);
  Outcome compare_output(const BlockOutput& output);
  IntermediateRoot intermediate_root() const;

  const BlockBundle& bundle_;
  ReplayReport report_;
  std::vector<std::chrono::nanoseconds> recovery_;
  std::vector<std::chrono::nanoseconds> verification_;
};

/// Requires: `times` is not empty; reorders it.
std::chrono::nanoseconds median(std::vector<std::chrono::nanoseconds>& times);

/// What an execution took: on the clock, and of all cores together.
struct ExecutionTime {
  std::chrono::nanoseconds wall{};
  std::chrono::nanoseconds cpu{};
};

/// Starts now. The processor's time is the whole process's: nothing else may run in it meanwhile.
class ExecutionTimer {
 public:
  ExecutionTimer();
  ExecutionTime elapsed() const;

 private:
  // In this order: a process's first look at its processor time takes ten times as long as a short block.
  std::chrono::nanoseconds cpu_;
  std::chrono::steady_clock::time_point wall_;
};

/// Medians of many.
struct ExecutionTimes {
  std::vector<std::chrono::nanoseconds> wall;
  std::vector<std::chrono::nanoseconds> cpu;

  void add(const ExecutionTime& time);
  /// Requires: there is one; reorders them.
  ExecutionTime medians();
  std::chrono::nanoseconds least_wall() const { return *std::ranges::min_element(wall); }
};

}  // namespace hocket
