#include "report/dependency_graph.hpp"

#include <algorithm>

namespace hocket::report {
namespace {

/// When each transaction can start, and how long the longest chain through it is.
struct Chains {
  std::vector<std::uint64_t> start;
  std::vector<std::uint64_t> through;
  std::vector<bool> is_linked;
};

Chains chains_of(std::span<const ScheduledTransaction> transactions) {
  const std::size_t count = transactions.size();
  Chains chains{.start = std::vector<std::uint64_t>(count),
                .through = std::vector<std::uint64_t>(count),
                .is_linked = std::vector<bool>(count)};
  for (std::size_t i = 0; i < count; ++i) {
    for (const Dependency& needs : transactions[i].dependencies) {
      chains.start[i] = std::max(chains.start[i], chains.start[needs.writer] + transactions[needs.writer].cost);
      chains.is_linked[i] = chains.is_linked[needs.writer] = true;
    }
  }
  std::vector<std::uint64_t> after(count);  // from its end on
  for (std::size_t i = count; i-- > 0;) {
    const std::uint64_t from_here = after[i] + transactions[i].cost;
    for (const Dependency& needs : transactions[i].dependencies)
      after[needs.writer] = std::max(after[needs.writer], from_here);
    chains.through[i] = chains.start[i] + from_here;
  }
  return chains;
}

}  // namespace

DependencyGraph make_graph(std::span<const ScheduledTransaction> transactions, const GraphLimits& limits) {
  const Chains chains = chains_of(transactions);
  const CriticalPaths paths = critical_paths(transactions);
  DependencyGraph graph;
  graph.critical_path = paths.path;
  graph.critical_gas = paths.after_writers;

  std::vector<bool> is_critical(transactions.size());
  for (const std::uint32_t txn : paths.path) is_critical[txn] = true;
  std::vector<std::uint32_t> chosen;
  for (std::uint32_t i = 0; i < transactions.size(); ++i) {
    graph.all_edges += transactions[i].dependencies.size();
    if (chains.is_linked[i])
      ++graph.dependent;
    else
      ++graph.independent;
    if (chains.is_linked[i] || is_critical[i]) chosen.push_back(i);
  }
  std::ranges::sort(chosen, [&](std::uint32_t a, std::uint32_t b) {
    if (is_critical[a] != is_critical[b]) return static_cast<bool>(is_critical[a]);
    if (chains.through[a] != chains.through[b]) return chains.through[a] > chains.through[b];
    return a < b;
  });
  if (chosen.size() > limits.nodes) chosen.resize(limits.nodes);
  std::ranges::sort(chosen);

  std::vector<bool> is_there(transactions.size());
  for (const std::uint32_t txn : chosen) {
    is_there[txn] = true;
    graph.nodes.push_back(
        {.txn = txn, .start = chains.start[txn], .gas = transactions[txn].cost, .is_critical = is_critical[txn]});
  }
  // An edge that its reader starts by comes before one that waits for nothing.
  std::vector<GraphEdge> slack;
  for (const std::uint32_t reader : chosen) {
    for (const Dependency& needs : transactions[reader].dependencies) {
      if (!is_there[needs.writer]) continue;
      const GraphEdge edge{.writer = needs.writer, .reader = reader, .location = needs.location};
      const bool is_tight = chains.start[needs.writer] + transactions[needs.writer].cost == chains.start[reader];
      (is_tight ? graph.edges : slack).push_back(edge);
    }
  }
  graph.edges.insert(graph.edges.end(), slack.begin(), slack.end());
  if (graph.edges.size() > limits.edges) graph.edges.resize(limits.edges);
  return graph;
}

}  // namespace hocket::report
