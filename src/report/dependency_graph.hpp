// DependencyGraph: which transactions of a block need which others' changes, laid out in time as if there were workers
// for all of them; cut to what a picture can show.
#pragma once

#include "analysis/schedules.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hocket::report {

struct GraphNode {
  std::uint32_t txn = 0;
  std::uint64_t start = 0;  // gas: when all that it depends on have ended
  std::uint64_t gas = 0;
  bool is_critical = false;
};

struct GraphEdge {
  std::uint32_t writer = 0;  // indices of transactions
  std::uint32_t reader = 0;
  std::uint32_t location = 0;  // the first that it is needed for
};

struct DependencyGraph {
  std::vector<GraphNode> nodes;  // by transaction
  std::vector<GraphEdge> edges;  // between these
  std::vector<std::uint32_t> critical_path;
  std::uint64_t critical_gas = 0;
  std::size_t independent = 0;  // transactions that neither depend on others nor others on them
  /// Of the others, and of their dependencies, how many there are in all.
  std::size_t dependent = 0;
  std::size_t all_edges = 0;
};

struct GraphLimits {
  std::size_t nodes = 1500;
  std::size_t edges = 3000;
};

/// What is on the longest chains stays. Requires: costs are gas. Thread safety: pure.
DependencyGraph make_graph(std::span<const ScheduledTransaction> transactions, const GraphLimits& limits);

}  // namespace hocket::report
