#include "analysis/schedules.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <queue>

namespace hocket {

std::vector<ScheduledTransaction> by_gas(const BlockTrace& trace, std::vector<std::vector<Dependency>> needs) {
  HOCKET_ASSERT(needs.size() == trace.transactions.size());
  std::vector<ScheduledTransaction> transactions(needs.size());
  for (std::size_t i = 0; i < needs.size(); ++i)
    transactions[i] = {.cost = trace.transactions[i].gas, .dependencies = std::move(needs[i])};
  return transactions;
}

std::uint64_t first_needed(const ScheduledTransaction& transaction) {
  std::uint64_t first = transaction.cost;
  for (const Dependency& needed : transaction.dependencies) first = std::min(first, needed.at);
  return first;
}

std::vector<ScheduledTransaction> split_at_first_reads(std::span<const ScheduledTransaction> transactions) {
  std::vector<ScheduledTransaction> parts(2 * transactions.size());
  for (std::uint32_t i = 0; i < transactions.size(); ++i) {
    const ScheduledTransaction& transaction = transactions[i];
    parts[2 * i].cost = first_needed(transaction);
    ScheduledTransaction& rest = parts[2 * i + 1];
    rest.cost = transaction.cost - parts[2 * i].cost;
    for (const Dependency& needed : transaction.dependencies)
      rest.dependencies.push_back({.writer = 2 * needed.writer + 1, .location = needed.location, .at = 0});
    rest.dependencies.push_back({.writer = 2 * i, .location = 0, .at = 0});
  }
  return parts;
}

CriticalPaths critical_paths(std::span<const ScheduledTransaction> transactions) {
  CriticalPaths paths;
  std::vector<std::uint64_t> ends(transactions.size());
  std::vector<std::uint64_t> waiting_ends(transactions.size());
  std::vector<std::optional<std::uint32_t>> before(transactions.size());
  std::optional<std::uint32_t> last;
  for (std::uint32_t txn = 0; txn < transactions.size(); ++txn) {
    const ScheduledTransaction& transaction = transactions[txn];
    std::uint64_t begin = 0;
    const std::uint64_t needed_from = first_needed(transaction);
    std::uint64_t there = 0;
    for (const Dependency& needed : transaction.dependencies) {
      HOCKET_ASSERT(needed.writer < txn);
      if (ends[needed.writer] > begin) {
        begin = ends[needed.writer];
        before[txn] = needed.writer;
      }
      there = std::max(there, waiting_ends[needed.writer]);
    }
    ends[txn] = begin + transaction.cost;
    waiting_ends[txn] = std::max(needed_from, there) + transaction.cost - needed_from;
    if (ends[txn] > paths.after_writers) {
      paths.after_writers = ends[txn];
      last = txn;
    }
    paths.waiting_at_first_read = std::max(paths.waiting_at_first_read, waiting_ends[txn]);
  }
  for (; last; last = before[*last]) paths.path.push_back(*last);
  std::ranges::reverse(paths.path);
  return paths;
}

std::uint64_t makespan(std::span<const ScheduledTransaction> transactions, unsigned workers) {
  HOCKET_ASSERT(workers >= 1);
  std::vector<std::vector<std::uint32_t>> readers(transactions.size());
  std::vector<std::size_t> missing(transactions.size());
  using Ascending = std::greater<>;
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, Ascending> ready;
  for (std::uint32_t txn = 0; txn < transactions.size(); ++txn) {
    missing[txn] = transactions[txn].dependencies.size();
    for (const Dependency& needed : transactions[txn].dependencies) readers[needed.writer].push_back(txn);
    if (missing[txn] == 0) ready.push(txn);
  }
  using End = std::pair<std::uint64_t, std::uint32_t>;  // time, transaction
  std::priority_queue<End, std::vector<End>, Ascending> running;
  std::uint64_t now = 0;
  while (!ready.empty() || !running.empty()) {
    while (!ready.empty() && running.size() < workers) {
      running.emplace(now + transactions[ready.top()].cost, ready.top());
      ready.pop();
    }
    now = running.top().first;
    // All that end now, before anybody begins.
    while (!running.empty() && running.top().first == now) {
      for (const std::uint32_t reader : readers[running.top().second])
        if (--missing[reader] == 0) ready.push(reader);
      running.pop();
    }
  }
  return now;
}

}  // namespace hocket
