// What ParallelExecutor is made of. Internal to parallel_executor.cpp (one block), transaction_tasks.cpp (one
// transaction) and commitment.cpp (one whose turn has come).
#pragma once

#include "evm/keccak_memo.hpp"
#include "parallel/block_plan.hpp"
#include "parallel/committed_state.hpp"
#include "parallel/conflict.hpp"
#include "parallel/following.hpp"
#include "parallel/mv_view.hpp"
#include "parallel/overlay_view.hpp"
#include "parallel/parallel_executor.hpp"
#include "parallel/plain_transfer.hpp"
#include "parallel/receipt_jobs.hpp"
#include "parallel/segments/segment_block.hpp"
#include "parallel/transfer_block.hpp"
#include "parallel/worker_loop.hpp"
#include "parallel/write_history.hpp"
#include "transition/execute_transaction.hpp"

#include <exception>
#include <mutex>

namespace hocket {

struct ParallelExecutor::Impl {
  /// What an execution runs with. It keeps all of the execution while that is suspended.
  struct Context {
    Context(ProgramCache& programs, MvMemory<>& memory) : evm(programs), view(memory), journal(view) {}

    Evm evm;
    MvView<> view;
    Journal journal;
    TransactionExecution execution;
    OperationLog* log = nullptr;  // of the execution, if it may follow slots
    std::uint64_t block = 0;      // whose begin_block was called
    bool exact = false;           // all before the transaction were committed when it began
  };

  /// Following all slots takes half as much time again as following few, and less than executing again.
  static constexpr std::size_t kContendedShare = 4;

  /// Of those that a worker does not use at present. It needs one, and more where executions wait.
  static constexpr std::size_t kKeptContexts = 4;

  /// What an execution has read and written, as long as it is not committed.
  struct Record {
    ReadSet<> reads;
    WriteSet<> writes;
    u256 deferred_fee;
    Following<> following;
    /// Slots where a version was announced before the first execution.
    std::vector<SlotKey> predicted;
  };

  /// What is known of one transaction. Belongs to the worker that has its task. alignas: neighbours are often others'.
  struct alignas(64) TransactionState {
    Record* record = nullptr;
    Context* suspended = nullptr;
    /// Of the last execution, if it gave no receipt.
    std::optional<TransactionFailure> failure;
    std::uint64_t ticks = 0;  // of the present execution so far
    /// It has read the committed prefix, which does not change.
    bool exact = false;
    /// Somebody has changed something while it ran.
    bool may_be_stale = false;
  };

  static_assert(sizeof(TransactionState) == 64);

  struct TakenRecord {
    Record* record;
    TxnIndex txn;
  };

  /// What one worker has at hand. alignas: its counters are its own.
  struct alignas(64) Worker {
    Worker() { contexts.reserve(kKeptContexts); }

    std::vector<Context*> contexts;  // at most `kKeptContexts`
    // A record comes back to whoever took it, by whom it was last written, and not to whoever commits: some dozens of
    // cache lines would follow.
    std::vector<Record*> records;
    std::vector<TakenRecord> taken_records;  // of this block, mostly in the order of their transactions
    std::size_t records_back = 0;            // of those
    HashMemory hashes;
    ParallelStatistics counts;

    /// That are not back.
    std::span<const TakenRecord> taken() const noexcept { return std::span{taken_records}.subspan(records_back); }
  };

  ProgramCache& programs;
  WorkerPool& pool;
  ParallelOptions options;
  SequentialExecutor sequential;
  MvMemory<> memory;
  Scheduler<> scheduler;
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<TransactionState> states;
  BlockPlan plan;
  WriteHistory history;
  HotSlots hot_slots;
  bool follows = false;  // hot slots, in this block
  /// How often in this block somebody has read a slot too early, or waited for it. relaxed: for guesses.
  std::atomic<std::size_t> found_hot{0};
  ParallelStatistics statistics;

  std::mutex made_mutex;  // guards the three below; workers own what they have taken of the first and the last
  std::vector<std::unique_ptr<Context>> contexts;
  // A context goes to whoever resumes it. What is too much there is for workers that have none.
  std::vector<Context*> spare_contexts;
  std::vector<std::unique_ptr<Record>> records;
  std::atomic<unsigned> suspended{0};  // relaxed: a bound, not a promise

  // The block under execution.
  std::uint64_t block_number = 0;  // counts blocks
  const BlockEnvironment* block = nullptr;
  std::span<const Transaction> transactions;
  Journal* journal = nullptr;
  const IntermediateRoot* intermediate_root = nullptr;
  std::optional<OverlayView> base;
  std::optional<CommittedState> committed_state;
  TransferBlock transfers;
  std::optional<PlainTransfers> plain_transfers;
  SegmentBlock segments;
  const ExecutedState* executed_state = nullptr;  // set: the journal does not hold everything
  AccountLocation<RealSync>* beneficiary = nullptr;
  bool needs_roots = false;
  ExecutedTransactions executed;  // a receipt is written by whoever executes its transaction
  // Written by the worker that commits; the scheduler hands that from one to the next. alignas: for each transaction,
  // while the others read what stands before.
  alignas(64) BlockUsage usage;
  bool fees_begun = false;            // the beneficiary's location is loaded
  std::uint64_t committed_ticks = 0;  // of the executions that counted, and their logs' bloom
  ReceiptJobs receipt_jobs;
  BlockCompanion* companion = nullptr;
  std::size_t receipts_taken = 0;  // by the companion, from the first on
  BloomBuilder blooms;             // of whoever commits, where a receipt is wanted at once
  std::optional<BlockFailure> failure;
  /// Something is not in the state that somebody has asked for. Sequential execution may not ask (for a slot of an
  /// account that the block has destroyed), or for something else first: it has the last word, from here on.
  bool lacks_state = false;
  std::mutex exception_mutex;
  std::exception_ptr exception;  // the first that a worker met; guarded by `exception_mutex`

  Impl(ProgramCache& cache, WorkerPool& workers_pool, ParallelOptions opts)
      : programs(cache),
        pool(workers_pool),
        options(std::move(opts)),
        sequential(cache),
        plan(options.policy),
        segments(cache) {}

  std::expected<ExecutedTransactions, BlockFailure> execute(const BlockEnvironment& environment,
                                                            std::span<const Transaction> all_transactions,
                                                            Journal& of_block, const IntermediateRoot& roots);
  void accompany(BlockCompanion& of_block, std::span<const Receipt> receipts);
  /// False: it is another kind of block.
  bool execute_as_transfers(unsigned worker_count);
  bool leaves_transfers_to_their_turn() const noexcept;
  bool may_use_segments() const noexcept;
  /// `segment_ticks`: as chosen; 0: segments of the length that the options set. Nothing: the block is still to be
  /// executed.
  std::optional<std::expected<ExecutedTransactions, BlockFailure>> execute_in_segments(unsigned worker_count,
                                                                                       std::uint64_t segment_ticks);
  /// To whoever asks after the transactions.
  void show(const ExecutedState& state) {
    state.adopt_known(*journal);
    journal->set_later_state(&state);
    executed_state = &state;
  }
  void execute_together(unsigned worker_count);
  void begin_block(unsigned worker_count);
  void end_block();
  void drop_skipped();
  std::expected<ExecutedTransactions, BlockFailure> finish_sequentially(std::size_t first);
  std::expected<ExecutedTransactions, BlockFailure> execute_in_turn(std::size_t first, ExecutedTransactions before);
  void work(unsigned index) noexcept;
  /// A piece of what nobody waits for yet.
  bool do_background(unsigned index) {
    return receipt_jobs.do_one(index) || (companion != nullptr && companion->work());
  }
  static BlockFailure cancelled_block() {
    return UnreadableState{.fault = StateFault::interrupted, .detail = "cancelled"};
  }
  bool is_cancelled() const noexcept {
    return options.cancelled != nullptr && options.cancelled->load(std::memory_order_relaxed);
  }

  class HeldContext;
  Context& take_context(Worker& worker);
  void give_back(Worker& worker, Context& context) noexcept;
  Record& take_record(unsigned worker, TxnIndex txn);
  /// Folds what the committed ones among the transactions have written for which the worker has taken a record, and
  /// takes that back. The lines are at hand where they were written last; whoever commits, for all others to wait,
  /// would have to fetch them. False: there are none.
  bool fold_committed(unsigned worker);
  void fold_the_rest();
  bool may_suspend() noexcept;
  /// Announces what the transaction will probably write.
  void announce(unsigned worker, TxnIndex txn);
  void judge_predictions(TxnIndex txn);
  void learn(TxnIndex txn, const Conflict& conflict);
  /// So many slots turn out to be hot that all had better be followed from here on.
  bool is_contended() const noexcept;
  /// Somebody waits for its value, or has read one that was not the last: others had better follow it.
  void note_hot(SlotLocation<RealSync>& at);
  void judge_hot(SlotLocation<RealSync>& at, bool redone);
  /// `txn`, whose turn it is and whose other reads hold: does again what depends on followed slots. False: it has to be
  /// executed again.
  bool redo(unsigned worker, TxnIndex txn);
  TransactionExecution::Result begin(Context& context, unsigned worker, TxnIndex txn);
  /// Goes on where the execution has only stopped to follow slots from there on.
  TransactionExecution::Result follow_from_here(Context& context, unsigned worker,
                                                TransactionExecution::Result&& result);
  std::optional<TransactionExecution::Result> resume(Context& context, unsigned worker, TxnIndex txn);
  ExecutionEnd execute(unsigned index, TxnIndex txn);
  ExecutionEnd execute_once(unsigned index, TxnIndex txn);
  bool publish(Context& context, TxnIndex txn, TransactionExecution::Result&& outcome);
  bool is_valid(unsigned index, TxnIndex txn, bool settled) {
    const TransactionState& state = states[txn];
    return state.exact || hocket::is_valid(memory, txn, state.record->reads, index, settled);
  }
  void abort(unsigned index, TxnIndex txn);
  /// False: the block has failed.
  bool commit(unsigned worker, TxnIndex txn);
  /// Executes a plain transfer, whose turn it is, on the committed prefix. False: it is none, or something is wrong
  /// with it; nothing has changed.
  bool commit_transfer(unsigned index, TxnIndex txn);
  bool may_be_deleted(AccountLocation<RealSync>& at, unsigned worker, TxnIndex txn);
  /// What all that are committed have in common. False: the block has failed.
  bool conclude(TxnIndex txn);
  /// Whose turn it is cannot be executed without it. False: the block ends here.
  bool cannot_read(StateFault fault);
  /// As it is before `txn`. Nothing too if it cannot be read.
  std::optional<Account> account_before(TxnIndex txn, const Address& address, unsigned worker);
  /// `txn`, whose turn it is, is invalid. False: and so is the block.
  bool leave_out(unsigned worker, TxnIndex txn, TransactionError error);
};

}  // namespace hocket
