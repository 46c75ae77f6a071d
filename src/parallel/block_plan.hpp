// BlockPlan: what is decided about a block before it is executed: whether several workers pay, how many, in which order
// transactions are begun, and which are left to their turn. All of it rests on guesses, from gas limits and from what
// transactions of the same kind have taken lately; none of it changes a result.
#pragma once

#include "base/worker_pool.hpp"
#include "parallel/begin_order.hpp"
#include "parallel/block_shape.hpp"
#include "parallel/cost_history.hpp"
#include "parallel/policies/order_policy.hpp"
#include "parallel/write_history.hpp"

#include <array>
#include <span>
#include <unordered_map>
#include <vector>

namespace hocket {

/// Kept from block to block. Thread safety: one caller, except where said.
class BlockPlan {
 public:
  explicit BlockPlan(PolicyKind policy) : policy_(make_policy(policy)) {}

  /// At the first glance, at some of its transactions: not worth any plan, for at most `max_workers`. There is no
  /// glance for a while after one that erred.
  bool is_small(std::span<const Transaction> transactions, unsigned max_workers) noexcept;

  /// What the transactions of a block are.
  struct Ways {
    bool transfers_only = false;  // nothing but plain transfers, which are executed account by account
    bool in_segments = false;     // they may be executed in segments
    bool in_turn = false;         // plain transfers are left to their turn
  };
  struct Choice {
    /// Fewer than 2 if none but the caller pays.
    unsigned workers = 1;
    /// Of execution in a segment; 0: segments do not pay.
    std::uint64_t segment_ticks = 0;
  };
  /// How many of at most `max_workers` workers pay, and how they should execute the block. `pool`: who helps with a
  /// large block's estimate; may be null.
  Choice choose(std::span<const Transaction> transactions, unsigned max_workers, const Ways& ways,
                WorkerPool* pool = nullptr);

  /// Where a segment that begins at `first` ends: behind `most` transactions at most, which will take `ticks` at most
  /// if they are more than one. Where it would separate kinds that belong together it goes on for a few transactions,
  /// to `most` at most. Requires: `choose` was called; `first` is a transaction.
  TxnIndex end_of_segment(TxnIndex first, TxnIndex most, std::uint64_t ticks) const noexcept;
  /// A segment that begins at `first` was stale, or held. Not while somebody asks for another one's end.
  void note_segment(TxnIndex first, bool stale) noexcept;
  /// The shortest segments that are worth it, in ticks. Requires: `choose` was called.
  std::uint64_t shortest_segment_ticks() const noexcept;

  /// What a transaction, and the block's execution, is expected to take. Requires: `choose` was called.
  std::uint64_t ticks_of(TxnIndex txn) const noexcept { return expected_[txn]; }
  std::uint64_t total_ticks() const noexcept { return total_; }

  /// Executing the block in segments has paid, or not: another way suits it better.
  void note_segments(bool paid) noexcept;
  /// What so many transactions cost less in segments than one by one, in ticks: executions that were lost in segments
  /// must not take more. Thread safety: pure.
  static std::uint64_t saved_by_segments(std::size_t transactions) noexcept;

  /// Requires: `choose` was called with these transactions. `reach`: how far the order may differ from the
  /// block's. `transfers_in_turn`: what seems to be a plain transfer is left to its turn.
  BeginOrder make_order(std::span<const Transaction> transactions, unsigned workers, TxnIndex reach,
                        const WriteHistory& history, bool transfers_in_turn);

  /// The last transaction before another with the same sender and target: index + 1; 0: none.
  /// Requires: `make_order` was called.
  TxnIndex predecessor(TxnIndex txn) const noexcept { return predecessors_.of(txn); }

  /// What the bloom of so many logs takes, roughly. Thread safety: pure.
  static std::uint64_t log_ticks(std::size_t logs) noexcept;
  /// A transaction's execution took so long, used so much gas, and gave so many logs. By any worker.
  void note_cost(TxnIndex txn, std::uint64_t ticks, std::uint64_t gas_used, std::size_t logs) noexcept;
  void note_outcome(CostHistory::Outcome outcome) noexcept;
  /// Executed one by one, hardly any of the block's transactions had to do with each other, or some had: those that
  /// have not may be executed in segments even if they are large.
  void note_independence(bool independent) noexcept;
  /// What was taken for small has taken so many ticks.
  void note_small(std::uint64_t ticks) noexcept;
  /// One worker has executed the block by itself in so many ticks. Requires: `choose` was called with it.
  void note_sequential(std::uint64_t ticks) noexcept;

  /// What going together gives should be compared with one worker alone: blocks like this one were contended. Requires:
  /// `choose` was called.
  bool begins_alone() const noexcept { return begins_alone_; }

 private:
  /// Ticks, of all transactions and of some.
  struct Estimate {
    std::uint64_t total = 0;
    std::uint64_t largest = 0;  // of one transaction
    std::uint64_t in_chains = 0;
    std::uint64_t contended = 0;
    std::uint64_t in_transfers = 0;
    std::size_t transfers = 0;  // what seems to be one
  };
  Estimate estimate(std::span<const Transaction> transactions, unsigned workers, WorkerPool* pool);
  /// Adds those from `begin` to `end`.
  void estimate(std::span<const Transaction> transactions, std::size_t begin, std::size_t end,
                Estimate& estimate) noexcept;
  /// `each`: what one of the transactions that take long takes.
  std::uint64_t segment_ticks(unsigned workers, double each) const;
  /// Where `borders_` has the one between `txn` and the transaction before it.
  std::size_t border_before(TxnIndex txn) const noexcept;
  void forecast_units(std::span<const Transaction> transactions, const WriteHistory& history);

  struct SlotHash {
    std::size_t operator()(const SlotKey& key) const noexcept;
  };

  std::unique_ptr<OrderPolicy> policy_;
  CostHistory costs_;
  Predecessors predecessors_;
  unsigned looks_closely_ = 0;  // blocks
  unsigned left_alone_ = 0;     // blocks in a row that were taken for chains
  std::uint64_t blocks_ = 0;    // that a choice was made for
  /// By a kind's cell: the block from which on segments are tried again.
  std::array<std::uint64_t, CostHistory::kCells> without_segments_{};

  /// By a kind's cell: the last block that was executed one by one was independent.
  std::array<bool, CostHistory::kCells> independent_{};
  /// By the cells of two kinds: how often a segment that began between two such transactions was stale, less how often
  /// it held, up to a few.
  std::array<std::int8_t, CostHistory::kCells> borders_{};

  // Of the present block.
  std::vector<CostHistory::Cell> cells_;
  std::vector<std::uint64_t> expected_;  // ticks of each transaction
  std::uint64_t total_ = 0;
  bool begins_alone_ = false;
  TransfersInTurn in_turn_;
  std::vector<TxnIndex> units_;
  std::vector<TxnIndex> unit_of_;
  BlockForecast forecast_;  // of the units
  std::vector<TxnIndex> order_;
  std::vector<SlotKey> slots_;
  std::unordered_map<SlotKey, TxnIndex, SlotHash> last_writer_;  // unit + 1
};

}  // namespace hocket
