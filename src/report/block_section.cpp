#include "report/block_section.hpp"

#include "analysis/block_report.hpp"
#include "base/hex.hpp"
#include "report/dependency_graph.hpp"
#include "report/details.hpp"
#include "report/format.hpp"
#include "report/names.hpp"
#include "report/recording.hpp"

#include <algorithm>
#include <set>

namespace hocket::report {
namespace {

using nlohmann::ordered_json;
using workloads::Cost;
using workloads::Measurement;

constexpr const char* kCauses[kConflictCauseCount] = {"slot", "balance",        "nonce",
                                                      "code", "clearedStorage", "failedRead"};

ordered_json to_json(const Change& change) {
  return {{"ms", change.old_ms},
          {"ratio", change.ratio},
          {"probability", change.probability},
          {"verdict", to_string(change.verdict)}};
}

void add_statistics(const ParallelStatistics& statistics, ordered_json& json) {
  json["parallel"] = statistics.parallel;
  json["accountByAccount"] = statistics.split;
  json["workers"] = std::max(statistics.workers, 1u);
  json["executions"] = statistics.parallel ? statistics.executions : statistics.transactions;
  std::uint64_t again = 0;
  for (int i = 0; i < kConflictCauseCount; ++i) {
    again += statistics.reexecutions[i];
    json["reexecutionsBy"][kCauses[i]] = statistics.reexecutions[i];
  }
  json["reexecutions"] = again;
  json["waits"] = statistics.waits;
  json["givenUp"] = statistics.given_up;
  json["earlyAborts"] = statistics.early_aborts;
  json["followed"] = statistics.followed;
  json["redone"] = statistics.redone;
  json["transfersInTurn"] = statistics.in_turn;
  json["redoneInVain"] = statistics.redone_in_vain;
  json["finishedSequentially"] = statistics.finished_sequentially;
}

ordered_json to_json(const Measurement& measurement, const Cost& cost) {
  ordered_json json;
  json["threads"] = cost.threads;
  json["ms"] = milliseconds(cost.wall);
  json["msAll"] = ordered_json::array();
  for (const auto wall : cost.walls) json["msAll"].push_back(milliseconds(wall));
  json["msLeast"] = milliseconds(*std::ranges::min_element(cost.walls));
  json["msMost"] = milliseconds(*std::ranges::max_element(cost.walls));
  json["mgasPerSecond"] = measurement.megagas_per_second(cost);
  json["speedUp"] = measurement.speed_up(cost);
  json["cpuOverWall"] = cost.cpu_share;
  json["peakMb"] = cost.peak_bytes ? ordered_json(static_cast<double>(*cost.peak_bytes) / 1e6) : ordered_json();
  ParallelStatistics statistics = cost.statistics;
  if (cost.threads == 1) statistics.transactions = measurement.transactions;
  add_statistics(statistics, json);
  json["executedGas"] = cost.statistics.parallel ? cost.statistics.executed_gas : measurement.gas;
  json["executedOverCommitted"] = cost.executed_over_committed();
  return json;
}

/// What M2's dependencies allow, by number of workers.
ordered_json bounds_of(std::span<const ScheduledTransaction> transactions, const CriticalPaths& paths,
                       std::uint64_t gas, const Measurement& measurement) {
  std::set<unsigned> workers = {1};
  workers.insert(kReportedWorkers.begin(), kReportedWorkers.end());
  for (const Cost& cost : measurement.parallel) workers.insert(cost.threads);
  const std::vector<ScheduledTransaction> parts = split_at_first_reads(transactions);
  const auto speed_up = [&](std::uint64_t time) {
    return time == 0 ? 1.0 : static_cast<double>(gas) / static_cast<double>(time);
  };
  ordered_json json = ordered_json::array();
  for (const unsigned count : workers) {
    json.push_back({{"workers", count},
                    {"bound", speed_up_bound(gas, paths.waiting_at_first_read, count)},
                    {"boundWhole", speed_up_bound(gas, paths.after_writers, count)},
                    {"schedule", speed_up(makespan(parts, count))},
                    {"scheduleWhole", speed_up(makespan(transactions, count))}});
  }
  return json;
}

ordered_json to_json(const Schedule& schedule, Details& details) {
  ordered_json json;
  json["workers"] = schedule.workers;
  json["ms"] = milliseconds(schedule.duration);
  json["busyMs"] = ordered_json::array();
  for (const auto& of_worker : schedule.busy) {
    ordered_json busy;
    for (std::size_t kind = 0; kind < kBarKindCount; ++kind)
      busy[std::string(to_string(static_cast<BarKind>(kind)))] = milliseconds(of_worker[kind]);
    json["busyMs"].push_back(std::move(busy));
  }
  ordered_json spent;
  std::chrono::nanoseconds idle = schedule.duration * schedule.workers;
  for (std::size_t kind = 0; kind < kBarKindCount; ++kind) {
    std::chrono::nanoseconds of_kind{};
    for (const auto& of_worker : schedule.busy) of_kind += of_worker[kind];
    idle -= of_kind;
    spent[std::string(to_string(static_cast<BarKind>(kind)))] = milliseconds(of_kind);
  }
  spent["idle"] = milliseconds(idle);
  json["spentMs"] = std::move(spent);
  json["barsBefore"] = schedule.bars_before;
  json["barsShown"] = schedule.bars.size();
  ordered_json bars;
  for (const char* column : {"worker", "kind", "txn", "last", "count", "begin", "end", "by", "at"})
    bars[column] = ordered_json::array();
  for (const Bar& bar : schedule.bars) {
    bars["worker"].push_back(bar.worker);
    bars["kind"].push_back(static_cast<int>(bar.kind));
    bars["txn"].push_back(bar.txn);
    bars["last"].push_back(bar.last);
    bars["count"].push_back(bar.count);
    bars["begin"].push_back(bar.begin.count());
    bars["end"].push_back(bar.end.count());
    bars["by"].push_back(bar.cause && bar.cause->writer ? std::int64_t{*bar.cause->writer} : -1);
    bars["at"].push_back(bar.cause ? details.location(*bar.cause) : -1);
  }
  json["bars"] = std::move(bars);
  return json;
}

ordered_json to_json(const DependencyGraph& graph, Details& details) {
  ordered_json json;
  json["criticalGas"] = graph.critical_gas;
  json["criticalPath"] = graph.critical_path;
  json["dependent"] = graph.dependent;
  json["independent"] = graph.independent;
  json["edgesInAll"] = graph.all_edges;
  ordered_json nodes{{"txn", ordered_json::array()}, {"start", ordered_json::array()}, {"gas", ordered_json::array()}};
  for (const GraphNode& node : graph.nodes) {
    nodes["txn"].push_back(node.txn);
    nodes["start"].push_back(node.start);
    nodes["gas"].push_back(node.gas);
  }
  ordered_json edges{
      {"writer", ordered_json::array()}, {"reader", ordered_json::array()}, {"at", ordered_json::array()}};
  for (const GraphEdge& edge : graph.edges) {
    edges["writer"].push_back(edge.writer);
    edges["reader"].push_back(edge.reader);
    edges["at"].push_back(details.traced_location(edge.location));
  }
  json["nodes"] = std::move(nodes);
  json["edges"] = std::move(edges);
  return json;
}

/// A writer that the timeline does not name is the last one before the reader that the trace knows.
void complete_causes(const BlockTrace& trace, Schedule& schedule) {
  const auto location_of = [](const ActivityCause& cause) {
    Location location{.kind = LocationKind::balance, .address = cause.address, .slot = {}};
    if (cause.conflict == ConflictCause::nonce) location.kind = LocationKind::nonce;
    if (cause.conflict == ConflictCause::code) location.kind = LocationKind::code;
    return location;
  };
  for (Bar& bar : schedule.bars) {
    if (!bar.cause || bar.cause->writer || !bar.cause->has_location) continue;
    const auto found = std::ranges::find(trace.locations, location_of(*bar.cause));
    if (found == trace.locations.end()) continue;
    const auto number = static_cast<std::uint32_t>(found - trace.locations.begin());
    for (TxnIndex txn = bar.txn; txn-- > 0 && !bar.cause->writer;)
      for (const Access& access : trace.transactions[txn].accesses)
        if (access.location == number && access.writes) bar.cause->writer = txn;
  }
}

std::vector<TxnIndex> transactions_of_interest(const std::vector<Recording>& recordings, const DependencyGraph& graph) {
  std::vector<TxnIndex> wanted(graph.critical_path.begin(), graph.critical_path.end());
  for (const Recording& recording : recordings) {
    for (const Bar& bar : recording.schedule.bars) {
      if (bar.count != 1 || bar.kind == BarKind::accounts) continue;
      wanted.push_back(bar.txn);
      if (bar.cause && bar.cause->writer) wanted.push_back(*bar.cause->writer);
    }
  }
  for (const GraphNode& node : graph.nodes) wanted.push_back(node.txn);
  return wanted;
}

}  // namespace

Result<ordered_json> make_section(const MeasuredBlock& block, WorkerPool& pool, const SectionOptions& options) {
  const Measurement& measurement = block.measurement;
  const Header& header = block.subject.block.block().header;

  std::vector<Recording> recordings;
  for (const Cost& cost : measurement.parallel) {
    HOCKET_TRY(Recording recording, record(block.subject, pool, cost.threads, options.recordings, cost.wall));
    merge_bars(recording.schedule, options.limits.bars);
    recordings.push_back(std::move(recording));
  }

  const BlockTrace& trace = block.trace;
  const BlockReport report = report_of(trace, options.limits.hottest);
  const auto transactions = by_gas(trace, dependencies(trace, ConflictModel::predicted_nonces));
  const CriticalPaths& paths = report.of(ConflictModel::predicted_nonces).paths;
  const DependencyGraph graph =
      make_graph(transactions, {.nodes = options.limits.graph_nodes, .edges = options.limits.graph_edges});

  Names names(block.state, block.subject.config.chain_id);
  Details details(block.subject.block, trace, names, options.limits);
  for (Recording& recording : recordings) complete_causes(trace, recording.schedule);

  ordered_json json;
  json["name"] = measurement.name;
  json["number"] = header.number;
  json["hash"] = to_hex(measurement.hash);
  json["fork"] = to_string(block.subject.config.spec_for(header).revision);
  json["transactions"] = measurement.transactions;
  json["gas"] = measurement.gas;

  json["costs"] = ordered_json::array();
  const auto add_cost = [&](const Cost& cost) {
    ordered_json of = to_json(measurement, cost);
    const double bound = speed_up_bound(report.gas, paths.waiting_at_first_read, cost.threads);
    of["bound"] = bound;
    of["shareOfBound"] = ratio(measurement.speed_up(cost), bound);
    if (options.baseline != nullptr) {
      const auto change = options.baseline->change(measurement, cost);
      of["baseline"] = change ? to_json(*change) : ordered_json();
    }
    json["costs"].push_back(std::move(of));
  };
  add_cost(measurement.sequential);
  for (const Cost& cost : measurement.parallel) add_cost(cost);

  json["criticalGas"] = paths.after_writers;
  json["criticalGasWaiting"] = paths.waiting_at_first_read;
  json["criticalTransactions"] = paths.path.size();
  json["criticalMs"] = milliseconds(report.critical_time);
  json["transactionsMs"] = milliseconds(report.total_time);
  json["bounds"] = bounds_of(transactions, paths, report.gas, measurement);
  json["models"] = ordered_json::object();
  for (const ModelReport& model : report.models)
    json["models"][std::string(to_string(model.model))] = {{"dependencies", model.edges},
                                                           {"dependentTransactions", model.dependents},
                                                           {"criticalGas", model.paths.after_writers},
                                                           {"criticalGasWaiting", model.paths.waiting_at_first_read}};

  details.choose(transactions_of_interest(recordings, graph));
  json["schedules"] = ordered_json::array();
  for (const Recording& recording : recordings) {
    ordered_json of;
    of["threads"] = recording.threads;
    of["blockMs"] = milliseconds(recording.wall);
    add_statistics(recording.statistics, of);
    of.update(to_json(recording.schedule, details));
    json["schedules"].push_back(std::move(of));
  }
  json["graph"] = to_json(graph, details);
  json["hottest"] = details.hottest(report);
  details.write(json);
  return json;
}

}  // namespace hocket::report
