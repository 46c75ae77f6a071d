// Schedule: a block's timeline as a picture shows it. Activities become bars, each with what became of it in the end.
#pragma once

#include "parallel/timeline.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace hocket::report {

enum class BarKind : std::uint8_t {
  first_time,   // of the execution that was committed; there was none before it
  reexecution,  // of the execution that was committed, after others that were for nothing
  lost,         // of an execution that was for nothing
  waiting,      // up to where it had to wait for a value; what was done was kept
  in_turn,      // sequential execution
  accounts,     // transfers, account by account
  bookkeeping,  // validations, commitments, receipts
};
inline constexpr std::size_t kBarKindCount = static_cast<std::size_t>(BarKind::bookkeeping) + 1;

/// As report.json has it.
std::string_view to_string(BarKind kind) noexcept;

struct Bar {
  unsigned worker = 0;
  BarKind kind = BarKind::first_time;
  TxnIndex txn = 0;   // bookkeeping: means nothing
  TxnIndex last = 0;  // the same, or the highest of several
  /// Executions, or parts of executions, that this bar stands for; 0: bookkeeping alone.
  std::uint32_t count = 1;
  std::chrono::nanoseconds begin{};  // since the execution of the transactions began
  std::chrono::nanoseconds end{};
  /// lost, waiting: by whom, and where.
  std::optional<ActivityCause> cause;
};

struct Schedule {
  unsigned workers = 0;
  std::chrono::nanoseconds duration{};
  std::vector<Bar> bars;  // by worker; those of one in the order of time
  /// What each worker spent, by kind, before any bars were put together.
  std::vector<std::array<std::chrono::nanoseconds, kBarKindCount>> busy;
  /// Bars there were before neighbours were put together.
  std::size_t bars_before = 0;
};

/// Neighbouring pieces of bookkeeping make one bar. Thread safety: pure.
Schedule make_schedule(const Timeline& timeline);

/// Puts short neighbours together until there are at most `limit` bars or so. The rare kinds (reexecution, lost,
/// waiting) stay as they are as long as they leave half of the limit. Requires: `limit` > 0. Thread safety: pure.
void merge_bars(Schedule& schedule, std::size_t limit);

}  // namespace hocket::report
