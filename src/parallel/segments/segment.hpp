// Segment: some transactions of a block that follow each other, executed in one journal as in sequential execution, and
// committed together. What a transaction costs in parallel is then paid once a segment: only the locations that a
// segment meets first are compared at its turn.
#pragma once

#include "base/arena.hpp"
#include "parallel/block_plan.hpp"
#include "parallel/segments/segment_view.hpp"
#include "parallel/timeline.hpp"
#include "transition/execute_transaction.hpp"

#include <optional>

namespace hocket {

/// Used again as soon as it is committed. Thread safety: none; it goes from its worker to whoever commits.
class Segment {
 public:
  /// What an execution needs besides the state.
  struct Surroundings {
    const BlockEnvironment* block = nullptr;
    std::span<const Transaction> transactions;  // all of the block
    std::span<Receipt> receipts;                // where theirs go, without the gas of those before
    BlockPlan* plan = nullptr;                  // which is told what each took
    Timeline* timeline = nullptr;               // may be null
  };

  Segment() : journal_(view_) {}

  /// `known`: the worker's; knows afterwards what is committed now. `nodes`: where the worker puts what will be
  /// committed, until the block's end.
  /// `predicts_nonces`: transactions see the nonces that earlier ones of their sender will leave. Requires:
  /// `evm.begin_block` was called.
  void execute(TxnIndex first, TxnIndex end, const Surroundings& of, LocationFilter& known, const StateView& base,
               const std::atomic<bool>* cancelled, bool predicts_nonces, Evm& evm, Arena& nodes, unsigned worker);

  TxnIndex first() const noexcept { return first_; }
  TxnIndex end() const noexcept { return end_; }
  std::uint64_t gas_used() const noexcept { return gas_used_; }
  /// What the last execution took.
  std::uint64_t ticks() const noexcept { return ticks_; }

  enum class Verdict : std::uint8_t {
    holds,
    changed,  // something that it has read: to be executed again
    failed,   // a transaction is invalid, or the state could not be read
    unfit,    // it did what segments cannot do
  };
  /// At its turn: everything before it is committed. `known`: of whoever asks; knows that afterwards. `changed`: set to
  /// what has, if anything.
  Verdict judge(LocationFilter& known, ConflictCause& changed);
  /// Requires: `judge` has just said that it holds.
  void commit(CommittedSegments& committed);

 private:
  bool prepare(const CommittedSegments& committed, Arena& nodes);
  static void put_on(CommittedAccount& node, const AccountEntry& entry, const CommittedAccount* older);

  TxnIndex first_ = 0;
  TxnIndex end_ = 0;
  std::uint64_t gas_used_ = 0;
  std::uint64_t ticks_ = 0;
  bool failed_ = false;
  SegmentView view_;
  Journal journal_;
  TransactionExecution execution_;
  bool fit_ = false;  // it has done nothing but what a CommittedAccount can say
  // What it will add, on top of what it has found.
  CommittedSegments::Segment nodes_;
  std::vector<CommittedAccount*> node_of_account_;  // by the journal's entries, which are the reads
  std::vector<CommittedSlot*> node_of_slot_;        // by the reads
  // By the reads, what `judge` has found to be newer, where that does no harm.
  std::vector<std::pair<std::size_t, const CommittedAccount*>> newer_accounts_;
  std::vector<std::pair<std::size_t, const CommittedSlot*>> newer_slots_;
};

}  // namespace hocket
