// Schedules: how long a block takes where who waits for whom is known ahead.
#pragma once

#include "analysis/conflict_models.hpp"

#include <span>

namespace hocket {

/// What a schedule is made of: costs in any unit, and dependencies whose `at` are in it too.
struct ScheduledTransaction {
  std::uint64_t cost = 0;
  std::vector<Dependency> dependencies;
};

/// The transactions of a block, with their gas as cost. Requires: `needs` is what `dependencies` gave for `trace`.
std::vector<ScheduledTransaction> by_gas(const BlockTrace& trace, std::vector<std::vector<Dependency>> needs);

/// When a transaction first needs what others write; its cost if it needs nothing.
std::uint64_t first_needed(const ScheduledTransaction& transaction);

/// Each transaction as two, that run to the first read that depends on others and from there on: number 2i and 2i + 1.
/// Its makespan is that of transactions that wait at that read and leave their worker to others, or that go on there
/// from a checkpoint. Thread safety: pure.
std::vector<ScheduledTransaction> split_at_first_reads(std::span<const ScheduledTransaction> transactions);

struct CriticalPaths {
  /// Each transaction begins when all that it depends on have ended: the longest chain.
  std::uint64_t after_writers = 0;
  /// Its transactions, in order; of several longest ones the one that ends first.
  std::vector<std::uint32_t> path;
  /// Each runs at once to the first read that depends on others, and goes on when all that it depends on have ended.
  std::uint64_t waiting_at_first_read = 0;
};

/// Thread safety: pure.
CriticalPaths critical_paths(std::span<const ScheduledTransaction> transactions);

/// A list schedule on `workers`: whenever one is free, it takes the first transaction whose writers have all ended.
/// Requires: `workers >= 1`. Thread safety: pure.
std::uint64_t makespan(std::span<const ScheduledTransaction> transactions, unsigned workers);

}  // namespace hocket
