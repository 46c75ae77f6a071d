#include "commands/replay_report.hpp"

#include "base/processors.hpp"
#include "commands/block_analysis.hpp"

#include <fmt/core.h>

namespace hocket::replay_report {
namespace {

using replay_rows::Mode;
using replay_rows::Row;

constexpr std::size_t kHottest = 5;
constexpr const char* kCauses[kConflictCauseCount] = {"slot", "balance",         "nonce",
                                                      "code", "cleared storage", "failed read"};

double milliseconds(std::chrono::nanoseconds time) { return std::chrono::duration<double, std::milli>(time).count(); }
double megagas(std::uint64_t gas) { return static_cast<double>(gas) / 1e6; }
double ratio(double a, double b) { return b > 0 ? a / b : 0; }

double bound(const Report& report, unsigned workers) {
  return speed_up_bound(report.block.gas, report.block.of(ConflictModel::predicted_nonces).paths.after_writers,
                        workers);
}

/// "2 cores"
std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

double cpu_share(const Row& row) {
  return ratio(milliseconds(row.report->execution_cpu), milliseconds(row.report->execution));
}

void print_execution(const Report& report, const Row& row) {
  if (!report.statistics || !report.statistics->parallel) {
    fmt::print("  executed sequentially; CPU time / wall time {:.2f}\n", cpu_share(row));
    return;
  }
  const ParallelStatistics& of = *report.statistics;
  std::string causes;
  for (int i = 0; i < kConflictCauseCount; ++i)
    causes += fmt::format("{}{} {}", i == 0 ? "" : ", ", kCauses[i], of.reexecutions[i]);
  fmt::print("  {} transactions, {} executions; again because of {}; waits {}\n", of.transactions, of.executions,
             causes, of.waits);
  if (of.followed > 0)
    fmt::print("  slots followed in {} of them; changed and done again in part {}, as a whole {}\n", of.followed,
               of.redone, of.redone_in_vain);
  fmt::print("  executed gas / committed gas {:.3f}, CPU time / wall time {:.2f}\n",
             ratio(static_cast<double>(of.executed_gas), static_cast<double>(of.committed_gas)), cpu_share(row));
}

}  // namespace

Result<BlockReport> analyse(const BlockBundle& bundle, ProgramCache& programs) {
  HOCKET_TRY(const auto traced, block_analysis::trace(bundle, programs));
  return report_of(traced.trace, kHottest);
}

void print(const Report& report, const Row& row, const Mode& mode) {
  print_execution(report, row);
  const BlockReport& block = report.block;
  const CriticalPaths& paths = block.of(ConflictModel::predicted_nonces).paths;
  const double limit = bound(report, mode.threads);
  const double reached = row.speed_up_least();
  const unsigned processors = available_processors();
  const std::string fewer = processors >= mode.threads ? "" : " on " + counted(processors, "processor");
  fmt::print(
      "  critical path: {}, {:.3f} of {:.3f} Mgas, {:.3f} of {:.3f} ms; so at most {:.2f} times as fast "
      "on {}; this run {:.2f}{}, {:.0f} % of that\n",
      counted(paths.path.size(), "transaction"), megagas(paths.after_writers), megagas(block.gas),
      milliseconds(block.critical_time), milliseconds(block.total_time), limit, counted(mode.threads, "core"), reached,
      fewer, 100 * ratio(reached, limit));
  block_analysis::print_models(block);
  for (const HotLocation& hot : block.hottest)
    fmt::print("  {}: {} conflicting readers of {:.3f} Mgas, {} writers\n", block_analysis::text_of(hot.location),
               hot.readers, megagas(hot.gas), hot.writers);
}

nlohmann::ordered_json to_json(const Report& report, const Row& row, const Mode& mode) {
  using nlohmann::ordered_json;
  ordered_json json;
  json["parallel"] = report.statistics && report.statistics->parallel;
  if (report.statistics && report.statistics->parallel) {
    const ParallelStatistics& of = *report.statistics;
    json["executions"] = of.executions;
    json["waits"] = of.waits;
    json["followed"] = of.followed;
    json["redone"] = of.redone;
    json["transfersInTurn"] = of.in_turn;
    json["redoneInVain"] = of.redone_in_vain;
    for (int i = 0; i < kConflictCauseCount; ++i) json["reexecutions"][kCauses[i]] = of.reexecutions[i];
    json["executedOverCommittedGas"] =
        ratio(static_cast<double>(of.executed_gas), static_cast<double>(of.committed_gas));
  }
  json["cpuOverWall"] = cpu_share(row);
  const BlockReport& block = report.block;
  const CriticalPaths& paths = block.of(ConflictModel::predicted_nonces).paths;
  json["criticalPath"] = paths.path;
  json["criticalGas"] = paths.after_writers;
  json["criticalMs"] = milliseconds(block.critical_time);
  json["transactionsMs"] = milliseconds(block.total_time);
  json["speedUpBound"] = bound(report, mode.threads);
  json["speedUp"] = row.speed_up_least();
  json["processors"] = available_processors();
  json["models"] = block_analysis::models_json(block);
  json["hottest"] = ordered_json::array();
  for (const HotLocation& hot : block.hottest) json["hottest"].push_back(block_analysis::to_json(hot));
  return json;
}

}  // namespace hocket::replay_report
