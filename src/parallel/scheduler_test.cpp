#include "parallel/scheduler.hpp"

#include "parallel/worker_loop.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <set>
#include <thread>
#include <utility>

namespace hocket {
namespace {

class SchedulerTest : public ::testing::Test {
 protected:
  void expect_next(TaskKind kind, TxnIndex txn) {
    const Task task = scheduler_.next();
    EXPECT_EQ(static_cast<int>(task.kind), static_cast<int>(kind)) << "for transaction " << txn;
    EXPECT_EQ(task.txn, txn);
  }
  void expect_next(TaskKind kind) { EXPECT_EQ(static_cast<int>(scheduler_.next().kind), static_cast<int>(kind)); }

  Scheduler<> scheduler_;
};

TEST_F(SchedulerTest, OneWorkerGoesInOrder) {
  scheduler_.reset(3);
  for (TxnIndex txn = 0; txn < 3; ++txn) {
    expect_next(TaskKind::execute, txn);
    scheduler_.finish_execution(txn, true);
    expect_next(TaskKind::commit, txn);
    scheduler_.finish_commit(txn, true);
    EXPECT_EQ(scheduler_.committed(), txn + 1);
  }
  EXPECT_TRUE(scheduler_.finished());
  expect_next(TaskKind::done);
}

TEST_F(SchedulerTest, ABlockWithoutTransactionsIsFinished) {
  scheduler_.reset(0);
  expect_next(TaskKind::done);
}

TEST_F(SchedulerTest, WorkersGoAheadAndSleepWhenNothingIsLeft) {
  scheduler_.reset(2);
  expect_next(TaskKind::execute, 0);
  expect_next(TaskKind::execute, 1);
  expect_next(TaskKind::sleep);
  scheduler_.finish_execution(1, true);
  expect_next(TaskKind::sleep);
  scheduler_.finish_execution(0, true);
  expect_next(TaskKind::commit, 0);
}

TEST_F(SchedulerTest, AChangeHasThoseAboveLookedAtAgain) {
  for (const bool changed : {false, true}) {
    scheduler_.reset(4);
    for (TxnIndex txn = 0; txn < 4; ++txn) expect_next(TaskKind::execute, txn);
    expect_next(TaskKind::sleep);
    scheduler_.finish_execution(3, true);
    expect_next(TaskKind::sleep);
    scheduler_.finish_execution(1, changed);
    if (changed) {
      expect_next(TaskKind::validate, 3);  // 2 is being executed
      scheduler_.finish_validation(3, true);
    }
    expect_next(TaskKind::sleep);
  }
}

TEST_F(SchedulerTest, TheLowestAbortedOneIsExecutedFirst) {
  scheduler_.reset(5);
  for (TxnIndex txn = 0; txn < 5; ++txn) expect_next(TaskKind::execute, txn);
  for (TxnIndex txn = 4; txn > 0; --txn) scheduler_.finish_execution(txn, true);
  for (TxnIndex txn = 2; txn < 5; ++txn) expect_next(TaskKind::validate, txn);
  for (TxnIndex txn = 4; txn > 1; --txn) scheduler_.finish_validation(txn, false);
  for (TxnIndex txn = 2; txn < 5; ++txn) expect_next(TaskKind::execute, txn);
}

TEST_F(SchedulerTest, AParkedTransactionIsReadyWhenItsBlockerIsExecuted) {
  scheduler_.reset(2);
  expect_next(TaskKind::execute, 0);
  expect_next(TaskKind::execute, 1);
  scheduler_.park(1, 0);
  expect_next(TaskKind::sleep);
  scheduler_.finish_execution(0, true);
  expect_next(TaskKind::commit, 0);
  expect_next(TaskKind::execute, 1);
}

TEST_F(SchedulerTest, ParkingOnAnExecutedTransactionIsARetry) {
  scheduler_.reset(2);
  expect_next(TaskKind::execute, 0);
  expect_next(TaskKind::execute, 1);
  scheduler_.finish_execution(0, true);
  scheduler_.park(1, 0);
  expect_next(TaskKind::commit, 0);
  expect_next(TaskKind::execute, 1);
}

// Simulator, seed 5185: it was executed again and again while the other's validation was held up.
TEST_F(SchedulerTest, AParkedTransactionWaitsOutAValidationAndACommit) {
  for (const bool valid : {false, true}) {
    scheduler_.reset(4);
    for (TxnIndex txn = 0; txn < 4; ++txn) expect_next(TaskKind::execute, txn);
    scheduler_.finish_execution(2, true);
    scheduler_.finish_execution(1, true);
    expect_next(TaskKind::validate, 2);
    scheduler_.park(3, 2);
    expect_next(TaskKind::sleep);
    scheduler_.finish_validation(2, valid);
    if (!valid) {
      expect_next(TaskKind::execute, 2);
      expect_next(TaskKind::sleep);
      scheduler_.finish_execution(2, true);
    }
    expect_next(TaskKind::execute, 3);
    scheduler_.finish_execution(0, false);
    for (TxnIndex txn = 0; txn < 2; ++txn) {
      expect_next(TaskKind::commit, txn);
      scheduler_.finish_commit(txn, true);
    }
    expect_next(TaskKind::commit, 2);
    scheduler_.park(3, 2);
    expect_next(TaskKind::sleep);
    scheduler_.finish_commit(2, valid);
    if (!valid) {
      expect_next(TaskKind::sleep);
      scheduler_.finish_execution(2, true);
      expect_next(TaskKind::commit, 2);
    }
    expect_next(TaskKind::execute, 3);
  }
}

TEST_F(SchedulerTest, AStaleTransactionAtItsTurnIsExecutedByTheSameWorker) {
  scheduler_.reset(1);
  expect_next(TaskKind::execute, 0);
  scheduler_.finish_execution(0, true);
  expect_next(TaskKind::commit, 0);
  scheduler_.finish_commit(0, false);
  expect_next(TaskKind::sleep);
  scheduler_.finish_execution(0, false);
  expect_next(TaskKind::commit, 0);
}

TEST_F(SchedulerTest, StopWakesSleepersAndGivesNoMoreTasks) {
  scheduler_.reset(2);
  expect_next(TaskKind::execute, 0);
  expect_next(TaskKind::execute, 1);
  const Task sleep = scheduler_.next();
  std::thread sleeper([&] {
    scheduler_.wait(sleep);
    expect_next(TaskKind::done);
  });
  scheduler_.stop();
  sleeper.join();
  expect_next(TaskKind::done);
  scheduler_.reset(1);
  expect_next(TaskKind::execute, 0);
}

TEST_F(SchedulerTest, WhatIsLeftToItsTurnIsNotBegunBefore) {
  const std::vector<TxnIndex> units = {0, 1, 3, 4};
  const std::vector<std::uint8_t> in_turn = {0, 1, 1, 0, 1};
  scheduler_.reset(BeginOrder(5, units, {}, 1, in_turn), {});
  expect_next(TaskKind::execute, 0);
  expect_next(TaskKind::execute, 3);
  expect_next(TaskKind::sleep);
  scheduler_.finish_execution(0, true);
  expect_next(TaskKind::commit, 0);
  expect_next(TaskKind::sleep);
  scheduler_.finish_commit(0, true);
  expect_next(TaskKind::in_turn, 1);
  expect_next(TaskKind::sleep);
  // Executed and committed in one.
  scheduler_.finish_commit(1, true);
  EXPECT_EQ(scheduler_.committed(), 2u);
  // Or as any other.
  expect_next(TaskKind::in_turn, 2);
  scheduler_.finish_execution(2, true);
  expect_next(TaskKind::commit, 2);
  scheduler_.finish_commit(2, true);
  scheduler_.finish_execution(3, false);
  expect_next(TaskKind::commit, 3);
  scheduler_.finish_commit(3, true);
  expect_next(TaskKind::in_turn, 4);
  scheduler_.finish_commit(4, true);
  expect_next(TaskKind::done);
}

/// Transactions that do nothing but count.
struct Counting {
  std::vector<std::atomic<int>>& executions;
  std::vector<TxnIndex>& commits;
  ExecutionEnd execute(TxnIndex txn) {
    ++executions[txn];
    return {.blocker = std::nullopt, .changed = true};
  }
  bool is_valid(TxnIndex) const { return true; }
  bool is_settled(TxnIndex txn) { return is_valid(txn); }
  void abort(TxnIndex) {}
  bool do_background() { return false; }
  bool commit(TxnIndex txn) {
    commits.push_back(txn);
    return true;
  }
  bool commit_at_once(TxnIndex txn) {
    if (txn % 4 == 0) return false;
    ++executions[txn];
    return commit(txn);
  }
};

TEST_F(SchedulerTest, RealWorkersFinishEveryBlock) {
  for (const TxnIndex count : {1u, 2u, 100u, 2000u, 1999u}) {
    std::vector<std::uint8_t> in_turn(count);
    for (TxnIndex txn = 0; txn < count; ++txn) in_turn[txn] = count % 2 != 0 && txn % 3 == 0;
    scheduler_.reset(BeginOrder(count, {}, {}, 1, in_turn), {});
    std::vector<std::atomic<int>> executions(count);
    std::vector<TxnIndex> commits;
    std::vector<std::thread> workers;
    for (int i = 0; i < 4; ++i) {
      workers.emplace_back([&] {
        Counting transactions{executions, commits};
        run_worker(scheduler_, transactions);
      });
    }
    for (std::thread& worker : workers) worker.join();
    ASSERT_EQ(commits.size(), count);
    for (TxnIndex txn = 0; txn < count; ++txn) {
      EXPECT_EQ(commits[txn], txn);
      EXPECT_EQ(executions[txn].load(), 1);
    }
  }
}

/// One thread, which does something else before one of its accesses.
struct InterruptedSync : RealSync {
  static inline std::function<void()> interruption;
  static inline int accesses_before = -1;

  static void access() {
    if (accesses_before < 0) return;
    --accesses_before;
    if (accesses_before < 0) interruption();
  }

  template <class T>
  struct Atomic {
    T value{};
    T load(std::memory_order = {}) const {
      access();
      return value;
    }
    void store(T now, std::memory_order = {}) {
      access();
      value = now;
    }
    T fetch_add(T more, std::memory_order = {}) {
      access();
      return std::exchange(value, static_cast<T>(value + more));
    }
    T exchange(T now, std::memory_order = {}) {
      access();
      return std::exchange(value, now);
    }
    bool compare_exchange_strong(T& expected, T now, std::memory_order = {}, std::memory_order = {}) {
      access();
      if (value != expected) {
        expected = value;
        return false;
      }
      value = now;
      return true;
    }
    bool compare_exchange_weak(T& expected, T now, std::memory_order = {}, std::memory_order = {}) {
      return compare_exchange_strong(expected, now);
    }
    void notify_one() {}
    void notify_all() {}
  };
};

// Found by review: a worker that looked for executed ones took the cursor past some that had ended and were asked for
// while it looked, since the cursor stood where the request would have set it.
TEST(InterruptedScheduler, NoValidationIsLostWhereverAnotherWorkerComesBetween) {
  using Interrupted = InterruptedSync;
  bool came = true;
  for (int at = 0; came; ++at) {
    Scheduler<Interrupted> scheduler;
    scheduler.reset(BeginOrder(6), {});
    for (TxnIndex txn = 0; txn < 6; ++txn) ASSERT_EQ(scheduler.next().txn, txn);
    scheduler.finish_execution(1, true);  // the cursor stands at 2
    came = false;
    Interrupted::interruption = [&] {
      came = true;
      scheduler.finish_execution(4, false);
      scheduler.finish_execution(3, false);
      scheduler.look_again_after(1);
    };
    Interrupted::accesses_before = at;
    std::set<TxnIndex> validated;
    for (int sleeps = 0; sleeps < 2;) {
      const Task task = scheduler.next();
      if (task.kind != TaskKind::validate) {
        ++sleeps;
        Interrupted::accesses_before = -1;
        continue;
      }
      validated.insert(task.txn);
      scheduler.finish_validation(task.txn, true);
    }
    if (came) {
      EXPECT_EQ(validated, (std::set<TxnIndex>{3, 4})) << "before access " << at;
    }
  }
}

}  // namespace
}  // namespace hocket
