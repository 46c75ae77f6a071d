// SegmentBlock: a block of small transactions, executed in segments. What a transaction costs in parallel besides its
// execution is much of what it takes where it is a token transfer; in segments most of that is paid by the segment.
//
// Workers take the segments in order. A segment runs on what is committed when it begins, as far as it looks; at its
// turn it is compared with what is committed then, and executed again if something has changed. That is right for any
// block, and pays where segments seldom conflict. Where they often do, or a transaction does what a CommittedAccount
// cannot say (it deletes an account), the rest is left to others.
#pragma once

#include "base/worker_pool.hpp"
#include "evm/keccak_memo.hpp"
#include "parallel/segments/segment.hpp"
#include "parallel/segments/segment_length.hpp"
#include "transition/executor.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>

namespace hocket {

/// Kept from block to block; what it has committed is there until the next. Thread safety: none.
class SegmentBlock {
 public:
  explicit SegmentBlock(ProgramCache& programs) : programs_(&programs) {}

  struct Options {
    unsigned workers = 2;
    /// Transactions in a segment, at most.
    TxnIndex most = 1;
    /// What they take, at most, if they are more than one.
    std::uint64_t ticks = ~std::uint64_t{0};
    /// Segments become shorter where they turn out stale, and it ends where even that does not pay.
    bool adapts = true;
    bool predicts_nonces = true;
    unsigned hash_bits = 64;
    /// May be null.
    const std::atomic<bool>* cancelled = nullptr;
    /// May be null.
    Timeline* timeline = nullptr;
  };

  struct Outcome {
    /// Of those that are committed: all, or those before a segment that is left to others.
    ExecutedTransactions executed;
    /// Transactions that are committed, and that were executed at all: the first so many.
    TxnIndex committed = 0;
    TxnIndex begun = 0;
    std::uint64_t executions = 0;
    std::uint64_t executed_gas = 0;
    std::uint64_t reexecutions[kConflictCauseCount] = {};
    /// Of executions that were repeated.
    std::uint64_t lost_ticks = 0;
  };

  /// Whether such a block can be executed in segments. Thread safety: pure.
  static bool may_be(const BlockEnvironment& block) noexcept {
    // Before EIP-161 accounts come into being in more ways; who skips transactions asks for each what is left of the
    // gas.
    return block.spec->state_clearing && !block.skips_invalid;
  }

  /// Throws what a read does. Requires: `base` may be read by several threads, and outlives what is asked of the
  /// result; `plan` knows these transactions.
  Outcome execute(const BlockEnvironment& block, std::span<const Transaction> transactions, const StateView& base,
                  BlockPlan& plan, WorkerPool& pool, const Options& options);

  /// What the last block's committed transactions have made of the state.
  const CommittedSegments& committed() const noexcept { return committed_; }

 private:
  struct Worker {
    explicit Worker(ProgramCache& programs) : evm(programs) { evm.remember_in(hashes); }

    HashMemory hashes;
    Evm evm;
    BloomBuilder blooms;
    Arena nodes;  // of what is committed
    /// That nobody uses: those it has executed come back when they are committed.
    std::vector<std::unique_ptr<Segment>> free;
  };
  struct Place {
    std::unique_ptr<Segment> segment;
    TxnIndex first = 0;
    TxnIndex end = 0;
    unsigned worker = 0;  // who has executed it first
    bool executed = false;
    bool stale = false;  // it was, in its turn
    Bloom bloom;         // of its receipts
  };

  /// Of one of the segments in flight.
  Place& place_of(std::size_t number) noexcept { return places_[number % places_.size()]; }
  void work(unsigned index);
  void execute(Place& place, unsigned worker, bool in_turn);
  void commit_what_is_ready(std::unique_lock<std::mutex>& lock, unsigned worker);
  bool commit(Place& place, unsigned worker);
  bool is_worth_more(const Segment& stale) const noexcept;
  void record_stale(const Segment& segment, unsigned worker, ConflictCause conflict) const;
  bool has_room(const Segment& segment) const;
  void stop(std::exception_ptr exception);

  ProgramCache* programs_;
  CommittedSegments committed_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<Place> places_;  // of the segments in flight, by their number modulo their count

  // The block under execution.
  Segment::Surroundings of_;
  const StateView* base_ = nullptr;
  Options options_;

  std::mutex mutex_;  // guards the following, and `executed` of the places
  std::condition_variable changed_;
  std::size_t next_ = 0;             // segment to be executed
  TxnIndex next_transaction_ = 0;    // its first
  SegmentLength length_;             // its length
  std::size_t committed_count_ = 0;  // segments
  bool committing_ = false;          // a worker is: the rest is its
  bool stopped_ = false;
  std::exception_ptr exception_;

  // Of the worker that commits, one after the other.
  Outcome outcome_;
  BlockUsage usage_;
};

}  // namespace hocket
