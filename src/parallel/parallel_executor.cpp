#include "parallel/parallel_executor.hpp"

#include "base/assert.hpp"
#include "parallel/adopt.hpp"
#include "parallel/mv_view.hpp"
#include "parallel/overlay_view.hpp"
#include "parallel/worker_loop.hpp"
#include "transition/execute_transaction.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <unordered_map>

namespace hocket {
namespace {

/// Below this, the block is over before a second worker is awake.
constexpr std::uint64_t kSmallBlockGas = 1'000'000;

/// What is known of one transaction: its last execution.
struct TransactionState {
  ReadSet<> reads;
  WriteSet<> writes;
  /// What it gave, with the receipt's cumulative gas left for the commit; or why it gave nothing.
  std::expected<Receipt, TransactionFailure> result = std::unexpected(TransactionFailure{TransactionError{}});
};

/// What one worker executes with. alignas: its counters are its own.
struct alignas(64) Worker {
  Worker(ProgramCache& programs, MvMemory<>& memory, unsigned index)
      : evm(programs), view(memory, index), journal(view) {}

  Evm evm;
  MvView<> view;
  Journal journal;
  ParallelStatistics counts;
};

}  // namespace

struct ParallelExecutor::Impl {
  ProgramCache& programs;
  WorkerPool& pool;
  ParallelOptions options;
  SequentialExecutor sequential;
  MvMemory<> memory;
  Scheduler<> scheduler;
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<TransactionState> states;
  ParallelStatistics statistics;

  // The block under execution.
  const BlockEnvironment* block = nullptr;
  std::span<const Transaction> transactions;
  Journal* journal = nullptr;
  const IntermediateRoot* intermediate_root = nullptr;
  bool needs_roots = false;
  // Written by the worker that commits; the scheduler hands that from one to the next.
  BlockUsage usage;
  ExecutedTransactions executed;
  std::optional<BlockFailure> failure;
  std::mutex exception_mutex;
  std::exception_ptr exception;  // the first that a worker met; guarded by `exception_mutex`

  Impl(ProgramCache& cache, WorkerPool& workers_pool, ParallelOptions opts)
      : programs(cache), pool(workers_pool), options(std::move(opts)), sequential(cache) {}

  void predict_nonces();
  void work(unsigned index) noexcept;
  bool is_cancelled() const noexcept {
    return options.cancelled != nullptr && options.cancelled->load(std::memory_order_relaxed);
  }
  ExecutionEnd execute(Worker& worker, TxnIndex txn);
  /// False: the block has failed.
  bool commit(TxnIndex txn);
  /// `txn`, whose turn it is, is invalid. False: and so is the block.
  bool leave_out(TxnIndex txn, TransactionError error);
  void abort(TxnIndex txn, ParallelStatistics& counts);
};

namespace {

/// The first read that has changed decides what the re-execution is counted as.
ConflictCause cause_of(MvMemory<>& memory, TxnIndex txn, const ReadSet<>& reads) {
  for (const AccountRead<>& read : reads.accounts) {
    const auto now = memory.read(*read.at, txn);
    if (!now) return ConflictCause::failed_read;
    if (now->account.code_hash != read.code_hash) return ConflictCause::code;
    if ((read.observed & kObservedNonce) && now->account.nonce != read.nonce) return ConflictCause::nonce;
    if ((read.observed & kObservedStorage) && now->account.has_storage != read.has_storage)
      return ConflictCause::cleared_storage;
    const bool balance_changed = read.observed & kObservedBalance ? now->account.balance != read.balance
                                                                  : now->account.balance < read.balance_at_least;
    if (balance_changed || ((read.observed & kObservedExistence) && now->exists != read.exists) ||
        ((read.observed & kObservedDeath) && now->is_dead() != read.dead))
      return ConflictCause::balance;
  }
  return ConflictCause::slot;
}

}  // namespace

ParallelExecutor::ParallelExecutor(ProgramCache& programs, WorkerPool& pool, ParallelOptions options)
    : Executor(programs), impl_(std::make_unique<Impl>(programs, pool, std::move(options))) {}

ParallelExecutor::~ParallelExecutor() = default;

const ParallelStatistics& ParallelExecutor::statistics() const noexcept { return impl_->statistics; }

std::expected<ExecutedTransactions, BlockFailure> ParallelExecutor::execute(const BlockEnvironment& block,
                                                                            std::span<const Transaction> transactions,
                                                                            Journal& journal,
                                                                            const IntermediateRoot& intermediate_root) {
  Impl& x = *impl_;
  const unsigned worker_count = std::min(x.options.threads, x.pool.size());
  std::uint64_t gas_limits = 0;
  for (const Transaction& transaction : transactions) gas_limits += std::min(transaction.gas_limit, kSmallBlockGas);
  const bool small = transactions.size() < 2 || worker_count < 2 || gas_limits < kSmallBlockGas;
  x.statistics = {};
  x.statistics.transactions = transactions.size();
  if (transactions.empty() || (small && !x.options.forced)) {
    x.sequential.evm().begin_block(*block.spec, block.context);
    return x.sequential.execute(block, transactions, journal, intermediate_root);
  }

  const OverlayView base(journal.base(), journal.diff());
  x.memory.reset(base, 8 * transactions.size(), worker_count, x.options.hash_bits);
  const auto count = static_cast<TxnIndex>(transactions.size());
  x.scheduler.reset(count);
  if (x.states.size() < count) x.states.resize(count);
  for (TxnIndex i = 0; i < count; ++i) {
    x.states[i].reads.clear();
    x.states[i].writes.clear();
  }
  while (x.workers.size() < worker_count)
    x.workers.push_back(std::make_unique<Worker>(x.programs, x.memory, static_cast<unsigned>(x.workers.size())));
  for (auto& worker : x.workers) {
    worker->counts = {};
    worker->evm.begin_block(*block.spec, block.context);
  }
  x.block = &block;
  x.transactions = transactions;
  x.journal = &journal;
  x.intermediate_root = &intermediate_root;
  x.needs_roots = !block.spec->receipt_has_status && intermediate_root;
  x.usage = {};
  x.executed = {};
  x.executed.receipts.reserve(count);
  x.failure.reset();
  x.exception = nullptr;
  if (x.options.predict_nonces) x.predict_nonces();

  x.pool.run(worker_count, [&x](unsigned index) { x.work(index); });

  x.statistics.parallel = true;
  x.statistics.workers = worker_count;
  for (const auto& worker : x.workers) {
    x.statistics.executions += worker->counts.executions;
    x.statistics.waits += worker->counts.waits;
    x.statistics.executed_gas += worker->counts.executed_gas;
    for (int i = 0; i < kConflictCauseCount; ++i) x.statistics.reexecutions[i] += worker->counts.reexecutions[i];
  }
  x.statistics.committed_gas = x.usage.gas;
  if (x.exception) std::rethrow_exception(x.exception);
  if (x.failure) return std::unexpected(std::move(*x.failure));
  HOCKET_ASSERT(x.scheduler.finished());
  if (!x.needs_roots) adopt_all(x.memory, journal);
  x.executed.gas_used = x.usage.gas;
  x.executed.blob_gas_used = x.usage.blob_gas;
  return std::move(x.executed);
}

/// A sender with several transactions: each but the last gets its nonce as a version ahead of its execution.
void ParallelExecutor::Impl::predict_nonces() {
  std::unordered_map<Address, TxnIndex, FixedBytesHash> last;
  for (TxnIndex i = 0; i < transactions.size(); ++i) last[transactions[i].sender] = i;
  if (last.size() == transactions.size()) return;
  for (TxnIndex i = 0; i < transactions.size(); ++i) {
    if (last[transactions[i].sender] == i) continue;
    auto& at = memory.account(transactions[i].sender, 0);
    AccountVersion version;
    version.txn = i;
    version.parts = kPartNonce;
    version.exists = true;
    version.nonce = transactions[i].nonce + 1;
    memory.write(at, std::move(version));
    states[i].writes.accounts.push_back(&at);
  }
}

void ParallelExecutor::Impl::work(unsigned index) noexcept {
  /// What run_worker asks of this worker.
  struct Transactions {
    Impl& x;
    Worker& worker;
    ExecutionEnd execute(TxnIndex txn) { return x.execute(worker, txn); }
    bool is_valid(TxnIndex txn) { return hocket::is_valid(x.memory, txn, x.states[txn].reads); }
    void abort(TxnIndex txn) { x.abort(txn, worker.counts); }
    bool commit(TxnIndex txn) { return x.commit(txn); }
  } of_worker{*this, *workers[index]};
  try {
    run_worker(scheduler, of_worker);
  } catch (...) {
    {
      const std::lock_guard lock(exception_mutex);
      if (!exception) exception = std::current_exception();
    }
    scheduler.stop();
  }
}

ExecutionEnd ParallelExecutor::Impl::execute(Worker& worker, TxnIndex txn) {
  TransactionState& state = states[txn];
  const Transaction& transaction = transactions[txn];
  worker.view.begin(txn, options.wait_for_estimates, options.cancelled);
  worker.journal.reset(worker.view);
  ++worker.counts.executions;
  if (is_cancelled()) {
    // Nothing is committed any more: the worker that finds its transaction's turn come reports it.
    state.reads.clear();
    state.result = std::unexpected(TransactionFailure{StateFault::interrupted});
    return {.blocker = std::nullopt, .changed = worker.view.withdraw_writes(state.writes)};
  }
  auto outcome = execute_transaction(transaction, *block, worker.evm, worker.journal);
  if (const auto blocker = worker.view.blocker()) {
    ++worker.counts.waits;
    return {.blocker = blocker, .changed = false};
  }
  worker.view.collect_reads(worker.journal, state.reads);
  bool changed;
  if (outcome) {
    worker.counts.executed_gas += outcome->gas_used;
    changed = worker.view.publish_writes(worker.journal, state.writes);
    state.result = make_receipt(transaction.type, std::move(*outcome), 0);
  } else {
    changed = worker.view.withdraw_writes(state.writes);
    state.result = std::unexpected(outcome.error());
  }
  return {.blocker = std::nullopt, .changed = changed};
}

void ParallelExecutor::Impl::abort(TxnIndex txn, ParallelStatistics& counts) {
  TransactionState& state = states[txn];
  ++counts.reexecutions[static_cast<int>(cause_of(memory, txn, state.reads))];
  mark_estimates(memory, txn, state.writes);
}

bool ParallelExecutor::Impl::commit(TxnIndex txn) {
  TransactionState& state = states[txn];
  const Transaction& transaction = transactions[txn];
  // What depends on the transactions before, in the order in which sequential execution asks.
  if (check_room_in_block(transaction, *block, usage))
    return leave_out(txn, validate_transaction(transaction, *block, usage).error());
  if (!state.result) {
    if (const auto* error = std::get_if<TransactionError>(&state.result.error())) return leave_out(txn, *error);
    failure = UnreadableState{.fault = std::get<StateFault>(state.result.error()),
                              .detail = is_cancelled() ? "cancelled" : memory.base().fault_message()};
    return false;
  }
  commit_writes(memory, txn, state.writes);
  if (needs_roots) adopt_writes(txn, state.writes, *journal);
  Receipt& receipt = executed.receipts.emplace_back(std::move(*state.result));
  receipt.cumulative_gas_used = usage.gas + receipt.gas_used;
  usage.gas = receipt.cumulative_gas_used;
  usage.blob_gas += blob_gas_of(transaction);
  if (needs_roots) {
    const auto root = (*intermediate_root)(journal->diff());
    if (!root) {
      failure = UnreadableState{.fault = StateFault::missing_node, .detail = root.error().message};
      return false;
    }
    receipt.intermediate_state_root = *root;
  }
  if (options.on_commit) options.on_commit(txn, receipt);
  return true;
}

bool ParallelExecutor::Impl::leave_out(TxnIndex txn, TransactionError error) {
  if (!block->skips_invalid) {
    failure = InvalidBlock::of_transaction(txn, error);
    return false;
  }
  // Others may have seen what it wrote ahead of its turn, when the block still had room for it: theirs comes later.
  replace_writes(memory, txn, states[txn].writes, {});
  executed.skipped.push_back({txn, error});
  return true;
}

}  // namespace hocket
