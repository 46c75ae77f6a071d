// compare_executors: the same block through two executors, in turn: are the results the same, and which is faster?
#pragma once

#include "replay/replay_block.hpp"

namespace hocket {

struct ExecutorComparison {
  /// Of the compared executor.
  ReplayReport report;
  /// The least time of its execution: what the machine's other work disturbs least.
  std::chrono::nanoseconds least{};
  /// The same of the reference; the first two are medians.
  std::chrono::nanoseconds reference{};
  std::chrono::nanoseconds reference_cpu{};
  std::chrono::nanoseconds reference_least{};
};

/// Both execute the block once unmeasured, so that neither pays for what the first execution brings into place; then
/// `options.repeat` times each in turn, and each is as often before the other as after it, give or take one. With 1
/// a short block is executed more often: until it has taken 10 ms of processor time, or 101 times. Every result is
/// compared with the reference's first, and that with the header. Thread safety: that of the executors. Errors: as
/// replay_block; and the first difference between two results, with its transaction and field.
std::expected<ExecutorComparison, ReplayFailure> compare_executors(const BlockBundle& bundle, Executor& reference,
                                                                   Executor& compared,
                                                                   const ReplayOptions& options = {});

}  // namespace hocket
