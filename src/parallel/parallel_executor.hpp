// ParallelExecutor: the transactions of a block on several cores, with exactly the sequential result.
#pragma once

#include "base/worker_pool.hpp"
#include "parallel/policies/order_policy.hpp"
#include "parallel/sync.hpp"
#include "parallel/timeline.hpp"
#include "transition/executor.hpp"

#include <atomic>
#include <functional>
#include <memory>

namespace hocket {

/// Of which slots it is followed what a transaction makes of their values (evm/operation_log.hpp): they are not waited
/// for, and where they have changed when its turn comes only that is done again, if possible.
enum class FollowedSlots : std::uint8_t {
  none,
  hot,  // those that have made a transaction stale or wait before
  all,
};

struct ParallelOptions {
  /// Workers at most, the calling thread included; the pool's size limits it too.
  unsigned threads = 2;
  /// Also where sequential execution is expected to be faster: small blocks, one worker. For tests.
  bool forced = false;
  /// In which order transactions are begun.
  PolicyKind policy = PolicyKind::critical_path;
  /// A sender's transactions see the nonce that its earlier ones will leave.
  bool predict_nonces = true;
  /// A transaction that meets a value still being produced waits for it, rather than taking the one before.
  bool wait_for_estimates = true;
  /// A transaction waits for an earlier one of the same sender to the same target, and for writes that the history of
  /// its kind (target and selector) lets expect.
  bool predict_writes = true;
  FollowedSlots followed_slots = FollowedSlots::hot;
  /// Slots are followed by so many workers, or more: with few that costs more than it saves.
  unsigned follows_from = 4;
  /// Executions that wait with their work kept, at most; those beyond are given up and begin anew.
  unsigned max_suspended = 64;
  /// An execution whose reads have changed meanwhile ends at its next state access.
  bool early_abort = true;
  /// A block of plain transfers is executed account by account.
  bool split_transfers = true;
  /// In other blocks, from EIP-161 on, a plain transfer waits for its turn, and is executed by whoever commits it.
  bool transfers_in_turn = true;
  /// A block of small transactions is executed in segments: see SegmentBlock. Not where `on_commit` is set.
  bool segments = true;
  /// Transactions in a segment, and no giving up; 0: as it pays, and not where `forced`. For tests.
  TxnIndex segment_length = 0;
  /// The beneficiary's fees are credited at commitment, rather than in each transaction.
  bool defer_fees = true;
  /// The rest of a block is executed sequentially after this many transactions; 0: where it turns out to be a chain.
  /// For tests.
  TxnIndex sequential_after = 0;
  /// One worker does everything at moments that follow from this number (run_in_disorder); 0: as the scheduler says.
  /// For tests.
  std::uint64_t disorder = 0;
  /// Bits of a location's hash that choose its chain; tests use few.
  unsigned hash_bits = 64;
  /// Called for each receipt with the transaction's index, in order, as soon as its transaction is committed. On a
  /// worker's thread; never by two at once.
  std::function<void(TxnIndex, const Receipt&)> on_commit;
  /// Set from any thread: the execution ends with StateFault::interrupted at the next state access; where transactions
  /// are executed sequentially, before the next one.
  const std::atomic<bool>* cancelled = nullptr;
  /// Set: what the workers do in each block is recorded there.
  Timeline* timeline = nullptr;
};

/// What the last block cost.
struct ParallelStatistics {
  bool parallel = false;  // false: the block was executed sequentially
  bool split = false;     // it was, account by account: see TransferBlock
  bool segments = false;  // it was, or its first part: see SegmentBlock
  unsigned workers = 0;
  std::uint64_t transactions = 0;
  std::uint64_t executions = 0;
  std::uint64_t finished_sequentially = 0;  // transactions at the block's end: a chain, or for lack of state
  std::uint64_t waits = 0;                  // for a value still being produced, the work kept
  std::uint64_t given_up = 0;               // executions that had to begin anew after a wait
  std::uint64_t early_aborts = 0;           // executions ended before their end, because of what they had read
  std::uint64_t in_turn = 0;                // plain transfers that were left to their turn
  std::uint64_t followed = 0;               // transactions that were to be committed, and had followed slots
  std::uint64_t redone = 0;                 // of these, committed after what depended on changed slots was done again
  std::uint64_t redone_in_vain = 0;         // executed again, since they might have taken another way
  std::uint64_t reexecutions[kConflictCauseCount] = {};
  std::uint64_t executed_gas = 0;
  std::uint64_t committed_gas = 0;
};

/// Thread safety: one block at a time; the pool and the program cache may be shared by several executors.
class ParallelExecutor final : public Executor {
 public:
  ParallelExecutor(ProgramCache& programs, WorkerPool& pool, ParallelOptions options);
  ~ParallelExecutor() override;

  /// As SequentialExecutor. Errors: besides its own, the fault of a worker's read. What `on_commit` or a read of the
  /// state throws is thrown here, and std::bad_alloc from anywhere. In each case the workers are back in the pool, and
  /// another block may follow.
  std::expected<ExecutedTransactions, BlockFailure> execute(const BlockEnvironment& block,
                                                            std::span<const Transaction> transactions, Journal& journal,
                                                            const IntermediateRoot& intermediate_root) override;
  StateDiff diff(const Journal& journal) const override;

  const ParallelStatistics& statistics() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hocket
