// run_worker: what one worker does from the block's first task to its last. A template over the scheduler and over what
// a transaction is, so that the simulator under tests/simulation runs this very loop.
#pragma once

#include "parallel/scheduler.hpp"

#include <optional>

namespace hocket {

/// How an execution ended.
struct ExecutionEnd {
  /// Set: it needs the value that this transaction, below it, is still producing; it has published nothing.
  std::optional<TxnIndex> blocker;
  /// A reader above may see other values than before.
  bool changed = false;
};

/// Takes tasks until the block is finished or stopped. `transactions` does them, for this worker:
///   ExecutionEnd execute(TxnIndex)   runs it and publishes what it wrote
///   bool is_valid(TxnIndex)          whether its last execution would read the same now
///   bool is_settled(TxnIndex)        and nothing of it will probably change
///   void abort(TxnIndex)             makes its versions estimates
///   bool commit(TxnIndex)            takes the result of its last execution over; false: the block has failed
///   bool commit_at_once(TxnIndex)    executes and commits what was not begun ahead of its turn; false: nothing has
///                                    changed, it is to be executed as any other
///   bool do_background()             does a piece of work that nothing waits for; false: there is none
template <class Scheduler, class Transactions>
void run_worker(Scheduler& scheduler, Transactions& transactions) {
  const auto execute = [&](TxnIndex txn) {
    const std::uint64_t begin = scheduler.ticks();
    const ExecutionEnd end = transactions.execute(txn);
    scheduler.set_work(txn, scheduler.ticks() - begin);
    if (end.blocker)
      scheduler.park(txn, *end.blocker);
    else
      scheduler.finish_execution(txn, end.changed);
  };
  for (;;) {
    const Task task = scheduler.next();
    switch (task.kind) {
      case TaskKind::done:
        while (transactions.do_background()) {
        }
        return;
      case TaskKind::sleep:
        if (!transactions.do_background()) scheduler.wait(task);
        break;
      case TaskKind::execute:
        execute(task.txn);
        break;
      case TaskKind::validate: {
        const bool valid = transactions.is_settled(task.txn);
        if (!valid) transactions.abort(task.txn);
        scheduler.finish_validation(task.txn, valid);
        break;
      }
      case TaskKind::in_turn: {
        const std::uint64_t begin = scheduler.ticks();
        if (!transactions.commit_at_once(task.txn)) {
          execute(task.txn);
          break;
        }
        scheduler.set_work(task.txn, scheduler.ticks() - begin);
        scheduler.finish_commit(task.txn, true);
        break;
      }
      case TaskKind::commit:
        if (transactions.is_valid(task.txn)) {
          if (!transactions.commit(task.txn)) {
            scheduler.stop();
            return;
          }
          scheduler.finish_commit(task.txn, true);
        } else {
          transactions.abort(task.txn);
          scheduler.finish_commit(task.txn, false);
          execute(task.txn);
        }
        break;
    }
  }
}

}  // namespace hocket
