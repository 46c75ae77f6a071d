#include "report/dependency_graph.hpp"

#include <gtest/gtest.h>

namespace hocket::report {
namespace {

ScheduledTransaction costing(std::uint64_t gas, const std::vector<std::uint32_t>& writers = {}) {
  ScheduledTransaction transaction{.cost = gas, .dependencies = {}};
  for (const std::uint32_t writer : writers)
    transaction.dependencies.push_back({.writer = writer, .location = 9, .at = 0});
  return transaction;
}

TEST(DependencyGraph, StartsEachTransactionWhenItsWritersHaveEnded) {
  const std::vector<ScheduledTransaction> block = {costing(10), costing(30), costing(5, {0, 1}), costing(7),
                                                   costing(1, {2})};
  const DependencyGraph graph = make_graph(block, {});
  EXPECT_EQ(graph.critical_path, (std::vector<std::uint32_t>{1, 2, 4}));
  EXPECT_EQ(graph.critical_gas, 36u);
  EXPECT_EQ(graph.independent, 1u);
  EXPECT_EQ(graph.dependent, 4u);
  EXPECT_EQ(graph.all_edges, 3u);
  ASSERT_EQ(graph.nodes.size(), 4u);  // all but the third, which nobody needs
  EXPECT_EQ(graph.nodes[2].txn, 2u);
  EXPECT_EQ(graph.nodes[2].start, 30u);
  EXPECT_TRUE(graph.nodes[2].is_critical);
  EXPECT_FALSE(graph.nodes[0].is_critical);
  EXPECT_EQ(graph.nodes[3].start, 35u);
  // Edges that make their reader start come first.
  ASSERT_EQ(graph.edges.size(), 3u);
  EXPECT_EQ(graph.edges[2].writer, 0u);
  EXPECT_EQ(graph.edges[2].reader, 2u);
  EXPECT_EQ(graph.edges[2].location, 9u);
}

TEST(DependencyGraph, KeepsTheLongestChainsWhereItMustCut) {
  // A chain of a hundred, and five hundred pairs.
  std::vector<ScheduledTransaction> block;
  for (std::uint32_t i = 0; i < 100; ++i) block.push_back(i == 0 ? costing(2) : costing(2, {i - 1}));
  for (std::uint32_t i = 0; i < 500; ++i) {
    block.push_back(costing(1));
    block.push_back(costing(1, {static_cast<std::uint32_t>(block.size()) - 1}));
  }
  const DependencyGraph graph = make_graph(block, {.nodes = 150, .edges = 110});
  EXPECT_EQ(graph.critical_path.size(), 100u);
  EXPECT_EQ(graph.dependent, 1100u);
  EXPECT_EQ(graph.all_edges, 599u);
  EXPECT_EQ(graph.nodes.size(), 150u);
  EXPECT_EQ(graph.edges.size(), 110u);
  for (std::uint32_t i = 0; i < 100; ++i) EXPECT_EQ(graph.nodes[i].txn, i);
}

TEST(DependencyGraph, OfNothing) {
  const DependencyGraph graph = make_graph({}, {});
  EXPECT_TRUE(graph.nodes.empty());
  EXPECT_EQ(graph.critical_gas, 0u);
}

}  // namespace
}  // namespace hocket::report
