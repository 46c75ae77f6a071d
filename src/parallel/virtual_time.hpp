// Virtual time: how long a block would take on more workers than this machine has. The real scheduler gives tasks to
// workers that have clocks instead of threads; transactions are what a profile says of them: how long they run, what
// they read when, and what they write at their end.
#pragma once

#include "parallel/policies/order_policy.hpp"
#include "parallel/sync.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace hocket {

/// Locations are numbers, from 0 on without large gaps.
struct TransactionProfile {
  struct Read {
    std::uint32_t location = 0;
    std::uint64_t at = 0;  // units of cost after the transaction's begin; ascending
  };
  struct Write {
    std::uint32_t location = 0;
    /// Adds to what is there, whatever it is: such writes commute, and a reader depends on all of them.
    bool adds = false;
  };

  std::uint64_t cost = 0;  // in any unit: gas, nanoseconds
  std::vector<Read> reads;
  std::vector<Write> writes;
  /// Number of its kind (see WriteHistory); 0: none.
  std::uint32_t kind = 0;
  /// Index + 1 of the last transaction before it with the same sender and target; 0: none.
  TxnIndex predecessor = 0;
};

struct CriticalPath {
  /// Each transaction begins when all that it depends on have ended.
  std::uint64_t after_writers = 0;
  /// Each begins at once, and waits where it reads. No schedule is shorter.
  std::uint64_t waiting_at_reads = 0;
};

/// Thread safety: pure.
CriticalPath critical_path(std::span<const TransactionProfile> transactions);

struct VirtualTimeOptions {
  unsigned workers = 2;
  /// See ParallelOptions. The policy knows what each transaction costs.
  PolicyKind policy = PolicyKind::critical_path;
  bool wait_for_estimates = true;
  bool predict_writes = true;
  bool early_abort = true;
  /// What transactions of each kind write where that makes others stale is known from another execution of the block.
  bool knows_writes = false;
  /// Cost of a validation, and of a commit.
  std::uint64_t validation_cost = 0;
};

struct VirtualTime {
  std::uint64_t makespan = 0;
  std::uint64_t executed_cost = 0;  // given-up executions included
  std::uint64_t executions = 0;
  std::uint64_t waits = 0;         // the work kept
  std::uint64_t early_aborts = 0;  // executions that ended at a read
};

/// Every transaction's value depends on all that it reads, so that nothing stale is ever valid by chance.
/// Deterministic. Requires: `workers >= 1`. Thread safety: pure.
VirtualTime simulate_execution(std::span<const TransactionProfile> transactions, const VirtualTimeOptions& options);

}  // namespace hocket
