// run_in_disorder: a block's tasks done by one worker at moments that follow from a seed. What workers could meet in
// some schedule is met on purpose, with the EVM and all that stands around it; a block that fails fails again.
#pragma once

#include "base/assert.hpp"
#include "base/random.hpp"
#include "parallel/worker_loop.hpp"

#include <vector>

namespace hocket {

/// In place of run_worker, for tests: executes ahead of what is read, and without need; commits in order. Requires: it
/// is the only worker. `in_turn`: whether commit_at_once may be asked.
template <class Scheduler, class Transactions>
void run_in_disorder(Scheduler& scheduler, Transactions& transactions, TxnIndex count, bool in_turn,
                     std::uint64_t seed) {
  enum class Stage : std::uint8_t { untouched, begun, executed };
  Random random(seed);
  std::vector<Stage> stages(count, Stage::untouched);
  const auto execute = [&](TxnIndex txn) {
    const ExecutionEnd end = transactions.execute(txn);
    stages[txn] = end.blocker ? Stage::begun : Stage::executed;
    if (!end.blocker) scheduler.finish_execution(txn, end.changed);
  };
  const auto do_one_of = [&](TxnIndex first, std::uint64_t window, std::uint64_t executions_kept) {
    const TxnIndex txn = first + static_cast<TxnIndex>(random.below(window));
    if (txn >= count || (txn == first && !random.one_in(3))) return;
    if (stages[txn] != Stage::executed) return execute(txn);
    if (!random.one_in(executions_kept) || (random.flip() && transactions.is_settled(txn))) return;
    transactions.abort(txn);
    stages[txn] = Stage::begun;
    if (random.flip()) execute(txn);
  };
  const auto commit = [&](TxnIndex txn) {
    if (in_turn && stages[txn] == Stage::untouched && random.flip() && transactions.commit_at_once(txn)) return true;
    while (stages[txn] != Stage::executed) execute(txn);
    if (!transactions.is_valid(txn)) {
      transactions.abort(txn);
      scheduler.finish_commit(txn, false);
      execute(txn);
      // On a prefix that does not change.
      HOCKET_ASSERT(stages[txn] == Stage::executed && transactions.is_valid(txn));
    }
    return transactions.commit(txn);
  };

  const std::uint64_t window = random.between(1, 40);
  const std::uint64_t tries_for_each = random.between(2, 41);
  const std::uint64_t executions_kept = random.between(2, 91);
  for (TxnIndex head; (head = scheduler.committed()) < count;) {
    if (!random.one_in(tries_for_each)) {
      do_one_of(head, window, executions_kept);
      continue;
    }
    if (!commit(head)) return scheduler.stop();
    scheduler.finish_commit(head, true);
    if (random.one_in(3)) transactions.do_background();
  }
}

}  // namespace hocket
