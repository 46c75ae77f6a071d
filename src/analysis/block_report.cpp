#include "analysis/block_report.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <tuple>

namespace hocket {
namespace {

ModelReport report_of(const BlockTrace& trace, ConflictModel model) {
  ModelReport report;
  report.model = model;
  const std::vector<ScheduledTransaction> transactions = by_gas(trace, dependencies(trace, model));
  for (const ScheduledTransaction& transaction : transactions) {
    report.edges += transaction.dependencies.size();
    if (transaction.dependencies.empty()) continue;
    ++report.dependents;
    report.dependent_gas += transaction.cost;
    report.gas_before_reads += first_needed(transaction);
  }
  report.paths = critical_paths(transactions);
  const std::vector<ScheduledTransaction> parts = split_at_first_reads(transactions);
  for (std::size_t i = 0; i < kReportedWorkers.size(); ++i) {
    report.makespans[i] = makespan(transactions, kReportedWorkers[i]);
    report.makespans_waiting[i] = makespan(parts, kReportedWorkers[i]);
  }
  return report;
}

}  // namespace

void sort_by_gas(std::vector<HotLocation>& locations) {
  std::ranges::sort(locations, [](const HotLocation& a, const HotLocation& b) {
    if (a.gas != b.gas) return a.gas > b.gas;
    return std::tie(a.location.kind, a.location.address, a.location.slot) <
           std::tie(b.location.kind, b.location.address, b.location.slot);
  });
}

std::vector<HotLocation> hottest_locations(const BlockTrace& trace, std::size_t count) {
  std::vector<HotLocation> all(trace.locations.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i].location = trace.locations[i];
  const auto conflicts = conflicting_reads(trace, ConflictModel::predicted_nonces);
  for (std::size_t txn = 0; txn < conflicts.size(); ++txn) {
    for (const std::uint32_t location : conflicts[txn]) {
      ++all[location].readers;
      all[location].gas += trace.transactions[txn].gas;
    }
    for (const Access& access : trace.transactions[txn].accesses)
      if (access.writes) ++all[access.location].writers;
  }
  std::erase_if(all, [](const HotLocation& location) { return location.readers == 0; });
  sort_by_gas(all);
  if (all.size() > count) all.resize(count);
  return all;
}

BlockReport report_of(const BlockTrace& trace, std::size_t hottest) {
  BlockReport report;
  for (const TransactionTrace& transaction : trace.transactions) report.gas += transaction.gas;
  for (const ConflictModel model : kConflictModels) report.models.push_back(report_of(trace, model));
  report.hottest = hottest_locations(trace, hottest);
  std::vector<ScheduledTransaction> by_time = by_gas(trace, dependencies(trace, ConflictModel::predicted_nonces));
  HOCKET_ASSERT(trace.durations.size() == by_time.size());
  for (std::size_t i = 0; i < by_time.size(); ++i) {
    report.total_time += trace.durations[i];
    by_time[i].cost = static_cast<std::uint64_t>(trace.durations[i].count());
  }
  report.critical_time = std::chrono::nanoseconds(critical_paths(by_time).after_writers);
  return report;
}

double speed_up_bound(std::uint64_t total, std::uint64_t critical, unsigned workers) {
  if (total == 0) return 1;
  const double share = static_cast<double>(total) / workers;
  return static_cast<double>(total) / std::max(static_cast<double>(critical), share);
}

}  // namespace hocket
