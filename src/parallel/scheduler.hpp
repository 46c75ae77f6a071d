// Scheduler: decides what a worker does next. It knows transactions by index only, neither EVM nor state.
//
// A transaction is executed as soon as a worker is free, ahead of its turn. Its turn comes when all before it are
// committed: then everything it read is compared with what the committed prefix gives, and it is committed, or executed
// once more, now on values that cannot change. So a result never depends on how work was scheduled; the rest of this
// file is about not wasting any.
//
// - An execution that changed something, and one that was aborted, has the executed transactions above it looked at
// again
//   (validated) ahead of their turn; those whose reads changed, or probably will, are aborted and executed again.
// - An aborted transaction will probably write where it wrote before (an estimate): one that needs such a value parks
//   on it, and becomes ready when it is there.
// - Low indices go first, as they are the next to be committed, unless a policy has put them in another order. Nobody
//   goes further ahead of the committed prefix than a window: a hot location would collect versions without end.
// - How much work gets done at the same time is measured in periods of commits. Where it is no more than one worker
//   alone would do, the block is a chain at this place: one goes on, in order, and the others sleep for a while. If
//   that happens again and again the rest is left to sequential execution.
// - What takes less than going ahead costs is left to its turn, and to whoever commits it (BeginOrder).
// - A worker without work sleeps.
//
// Source: Block-STM (Gelashvili et al. 2022), with in-order commit, and validation by value done by the caller.
#pragma once

#include "base/assert.hpp"
#include "parallel/begin_order.hpp"
#include "parallel/pace.hpp"
#include "parallel/sync.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

namespace hocket {

enum class TaskKind : std::uint8_t {
  execute,   // run the transaction, then finish_execution or park
  validate,  // compare its reads, then finish_validation
  commit,    // compare its reads: its turn has come; then finish_commit
  in_turn,   // it has not been begun ahead of its turn, which has come: then finish_commit, or as `execute`
  sleep,     // nothing to do now: call wait
  done,      // the block is finished or stopped
};

struct Task {
  TaskKind kind = TaskKind::done;
  TxnIndex txn = 0;
  std::uint32_t epoch = 0;  // for wait: what was new when this task was given
};

/// Thread safety: any number of workers, except `reset`.
template <class Sync = RealSync>
class Scheduler {
 public:
  struct Options {
    /// How many transactions may be begun and not committed.
    TxnIndex window = 512;
    /// One worker goes on alone where several get no more done. It takes time that passes to see that.
    bool goes_alone = true;
    /// It does so at first. Requires: `goes_alone`.
    bool begins_alone = false;
    /// The scheduler may stop before the end: see `is_chain`.
    bool leaves_chains = false;
    /// It does so after this many transactions; 0: where it sees a chain. For tests.
    TxnIndex leaves_after = 0;
  };
  /// Requires: no worker is active.
  void reset(const BeginOrder& order, const Options& options);
  void reset(TxnIndex count) { reset(BeginOrder(count), Options{}); }

  Task next();

  /// `changed`: a reader above may see other values than before.
  void finish_execution(TxnIndex txn, bool changed);
  static std::uint64_t ticks() noexcept { return Sync::ticks(); }
  /// What the execution took. Requires: the caller has the task.
  void set_work(TxnIndex txn, std::uint64_t ticks) noexcept { slots_[txn].work = ticks; }
  /// The execution met an estimate of `blocker`, below it. It will be executed again when that value is there.
  void park(TxnIndex txn, TxnIndex blocker);
  /// False: its reads changed. The caller has marked its writes as estimates.
  void finish_validation(TxnIndex txn, bool valid);
  /// True: committed. False: its reads changed (its writes are estimates): the same worker executes it now. Of a task
  /// `in_turn` only true.
  void finish_commit(TxnIndex txn, bool valid);
  /// It has stopped because what is left is a chain, as far as can be seen: nothing is gained by this scheduler.
  /// Requires: no worker is active.
  bool is_chain() const noexcept { return is_chain_ && !finished(); }
  /// Transactions that were committed while one worker went on alone. Requires: no worker is active.
  TxnIndex committed_alone() const noexcept { return pace_.committed_alone(); }
  /// One worker goes on alone at present.
  bool is_narrow() const noexcept { return narrow_.load(std::memory_order_relaxed); }

  /// Sleeps until there may be work: returns at once where something is new since `sleep` was given.
  void wait(const Task& sleep);
  /// No further task is given; sleeping workers wake.
  void stop() noexcept;
  /// There may be something to do for workers that sleep, or for one of them.
  void notify() noexcept;
  void notify_one() noexcept;

  /// The executed transactions above it are to be validated.
  void look_again_after(TxnIndex txn) noexcept;

  /// Whether a worker that was given `sleep` would still be asleep in `wait`.
  bool would_sleep(const Task& sleep) const noexcept { return work_epoch_.load() == sleep.epoch; }

  /// Whether the transaction has been executed, and is not being executed again.
  bool is_executed(TxnIndex txn) const noexcept {
    const Status status = slots_[txn].status.load(std::memory_order_acquire);
    return status == Status::executed || status == Status::validating || status == Status::committing ||
           status == Status::committed;
  }
  /// Transactions below this are committed.
  TxnIndex committed() const noexcept { return commit_cursor_.load(std::memory_order_acquire); }
  bool finished() const noexcept { return committed() == count_; }

 private:
  template <class T>
  using Atomic = typename Sync::template Atomic<T>;

  static constexpr TxnIndex kFarStep = 16;  // commits between wake-ups of workers that are far ahead

  /// fresh: never begun; ready: to be executed again.
  enum class Status : std::uint8_t { fresh, ready, executing, executed, validating, committing, parked, committed };

  struct alignas(64) Slot {
    Atomic<Status> status{Status::fresh};
    std::uint64_t work = 0;         // ticks of the last execution; belongs to who has the task
    SpinLock<Sync> lock;            // guards `waiters`, and the decision to park
    std::vector<TxnIndex> waiters;  // parked on this transaction
  };

  bool claim(TxnIndex txn, Status from, Status to) noexcept {
    return slots_[txn].status.compare_exchange_strong(from, to, std::memory_order_acq_rel);
  }
  static void raise(Atomic<TxnIndex>& to, TxnIndex value) noexcept {
    TxnIndex now = to.load();
    while (now < value && !to.compare_exchange_weak(now, value)) {
    }
  }
  /// Of whose turn it is.
  std::optional<Task> claim_turn() noexcept;
  std::optional<TxnIndex> claim_validation() noexcept;
  void look_again_from(TxnIndex txn) noexcept;
  std::optional<TxnIndex> claim_retry();
  std::optional<TxnIndex> claim_new() noexcept;
  /// Whether what stands at a place of the order may begin ahead of its turn.
  bool is_near(TxnIndex place) noexcept;
  /// A transaction was committed.
  void pace(TxnIndex txn) noexcept;
  /// The rest of the block is somebody else's.
  void leave() noexcept;
  void make_ready(TxnIndex txn);
  void wake_waiters(TxnIndex txn);

  // What follows is laid out by who writes it: a task costs one cache line from the other cores, not three.
  // The same for the whole block:
  TxnIndex count_ = 0;
  BeginOrder order_;
  std::unique_ptr<Slot[]> slots_;
  std::size_t capacity_ = 0;
  bool goes_alone_ = true;
  bool leaves_chains_ = false;
  TxnIndex leaves_after_ = 0;
  TxnIndex window_ = 0;

  // By everybody, and read before each task:
  alignas(64) Atomic<TxnIndex> next_place_{0};  // in the order: units before it are handed out
  Atomic<TxnIndex> begun_end_{0};               // nothing from here on was begun ahead of its turn
  Atomic<TxnIndex> commit_cursor_{0};           // written by the holder of the `committing` status only
  // Executed ones from the cursor to the end are to be looked at again: what begins later sees what has changed.
  Atomic<TxnIndex> validation_cursor_{0};
  Atomic<TxnIndex> validation_end_{0};
  Atomic<TxnIndex> retry_count_{0};  // size of `retry_`: looked at before taking the lock
  Atomic<bool> stopped_{false};
  // relaxed: a guess that changes no result.
  Atomic<bool> narrow_{false};
  Atomic<bool> someone_is_far_{false};  // a worker found nothing near enough

  // By who has new work for others. Apart from what each commitment writes, or those who look at it while they have no
  // work would take that from whoever commits:
  /// Raised whenever there may be new work; sleepers wait for it to change.
  alignas(64) Atomic<std::uint32_t> work_epoch_{0};
  Atomic<std::uint32_t> sleepers_{0};

  // By whoever commits, one at a time:
  alignas(64) Pace pace_;
  bool is_chain_ = false;

  // By who parks and who wakes:
  alignas(64) SpinLock<Sync> retry_lock_;  // guards `retry_`
  std::priority_queue<TxnIndex, std::vector<TxnIndex>, std::greater<>> retry_;
};

template <class Sync>
void Scheduler<Sync>::reset(const BeginOrder& order, const Options& options) {
  const TxnIndex count = count_ = order.transactions();
  order_ = order;
  window_ = options.window;
  goes_alone_ = options.goes_alone;
  leaves_chains_ = options.leaves_chains;
  leaves_after_ = options.leaves_after;
  pace_ = Pace(options.begins_alone, Sync::ticks());
  is_chain_ = false;
  narrow_.store(options.begins_alone);
  someone_is_far_.store(false);
  if (capacity_ < count) {
    slots_ = std::make_unique<Slot[]>(count);
    capacity_ = count;
  }
  for (TxnIndex i = 0; i < count; ++i) {
    slots_[i].status.store(Status::fresh, std::memory_order_relaxed);
    slots_[i].waiters.clear();
    slots_[i].work = 0;
  }
  next_place_.store(0);
  begun_end_.store(0);
  commit_cursor_.store(0);
  validation_cursor_.store(count);
  validation_end_.store(0);
  stopped_.store(false);
  retry_count_.store(0);
  retry_ = {};
}

template <class Sync>
Task Scheduler<Sync>::next() {
  const std::uint32_t epoch = work_epoch_.load();  // before looking: what comes later makes `wait` return
  if (stopped_.load() || finished()) return {};
  if (const auto task = claim_turn()) return *task;
  if (const auto txn = claim_validation()) return {.kind = TaskKind::validate, .txn = *txn};
  if (const auto txn = claim_retry()) return {.kind = TaskKind::execute, .txn = *txn};
  if (const auto txn = claim_new()) return {.kind = TaskKind::execute, .txn = *txn};
  return {.kind = TaskKind::sleep, .epoch = epoch};
}

template <class Sync>
std::optional<Task> Scheduler<Sync>::claim_turn() noexcept {
  const TxnIndex head = commit_cursor_.load();
  // Again, now that the head is known: nothing is committed beyond the point where the rest was left.
  if (head >= count_ || stopped_.load()) return std::nullopt;
  const Status status = slots_[head].status.load();
  if (status == Status::executed && claim(head, Status::executed, Status::committing))
    return Task{.kind = TaskKind::commit, .txn = head};
  if (status == Status::fresh && order_.is_in_turn(head) && claim(head, Status::fresh, Status::executing))
    return Task{.kind = TaskKind::in_turn, .txn = head};
  return std::nullopt;
}

template <class Sync>
std::optional<TxnIndex> Scheduler<Sync>::claim_validation() noexcept {
  const auto find_executed = [&](TxnIndex from, TxnIndex before) {
    while (from < before && slots_[from].status.load() != Status::executed) ++from;
    return from;
  };
  for (;;) {
    TxnIndex cursor = validation_cursor_.load();
    const TxnIndex end = validation_end_.load();
    if (cursor >= end) return std::nullopt;
    // One that is not executed yet reads what it reads from now on. Those are passed over by looking alone: to take the
    // cursor from all others for each of them would keep everybody from beginning new ones.
    const TxnIndex txn = find_executed(cursor, end);
    if (!validation_cursor_.compare_exchange_strong(cursor, std::min(txn + 1, end))) continue;
    // One that has ended since may have read what was changed meanwhile: whoever changed it found the cursor low
    // enough.
    if (const TxnIndex ended = find_executed(cursor, txn); ended < txn) look_again_from(ended);
    if (txn < end && claim(txn, Status::executed, Status::validating)) return txn;
  }
}

template <class Sync>
std::optional<TxnIndex> Scheduler<Sync>::claim_retry() {
  if (retry_count_.load() == 0) return std::nullopt;
  TxnIndex txn;
  {
    const std::lock_guard guard(retry_lock_);
    if (retry_.empty()) return std::nullopt;
    txn = retry_.top();
    retry_.pop();
    retry_count_.store(static_cast<TxnIndex>(retry_.size()));
  }
  const bool claimed = claim(txn, Status::ready, Status::executing);
  HOCKET_ASSERT(claimed);
  return txn;
}

template <class Sync>
std::optional<TxnIndex> Scheduler<Sync>::claim_new() noexcept {
  for (;;) {
    TxnIndex place = next_place_.load();
    if (place >= order_.size()) return std::nullopt;
    if (is_narrow()) {
      // Whatever the order: nothing else can be committed next.
      const TxnIndex head = commit_cursor_.load();
      if (head < count_ && claim(head, Status::fresh, Status::executing)) return head;
    }
    if (!is_near(place)) return std::nullopt;
    if (!next_place_.compare_exchange_strong(place, place + 1)) continue;
    const TxnIndex txn = order_.at(place);
    if (order_.is_in_turn(txn) || !claim(txn, Status::fresh, Status::executing)) continue;  // or begun alone
    raise(begun_end_, txn + 1);
    return txn;
  }
}

template <class Sync>
bool Scheduler<Sync>::is_near(TxnIndex place) noexcept {
  const auto near = [&] { return !is_narrow() && order_.stretch_begin(place) < commit_cursor_.load() + window_; };
  if (near()) return true;
  // Either the committing worker sees this and wakes us, or we see here what it has committed.
  someone_is_far_.store(true);
  return near();
}

template <class Sync>
void Scheduler<Sync>::pace(TxnIndex txn) noexcept {
  const std::uint64_t work = std::exchange(slots_[txn].work, 0);
  if (leaves_after_ == txn + 1) return leave();
  if (!goes_alone_) return;
  switch (pace_.note_commit(work, Sync::ticks(), is_narrow(), Sync::kPeriodTicks)) {
    case Pace::Advice::go_on:
      return;
    case Pace::Advice::chain:
      if (leaves_chains_) return leave();
      [[fallthrough]];
    case Pace::Advice::together:
      narrow_.store(false, std::memory_order_relaxed);
      notify();
      return;
    case Pace::Advice::alone:
      narrow_.store(true, std::memory_order_relaxed);
      return;
  }
}

template <class Sync>
void Scheduler<Sync>::leave() noexcept {
  is_chain_ = true;
  stop();
}

template <class Sync>
void Scheduler<Sync>::finish_execution(TxnIndex txn, bool changed) {
  slots_[txn].status.store(Status::executed);
  wake_waiters(txn);
  if (changed) look_again_after(txn);
  // Another worker may be asleep although this transaction's turn has come; its own worker commits it next.
}

template <class Sync>
void Scheduler<Sync>::look_again_after(TxnIndex txn) noexcept {
  raise(validation_end_, begun_end_.load());
  look_again_from(txn + 1);
}

template <class Sync>
void Scheduler<Sync>::look_again_from(TxnIndex txn) noexcept {
  TxnIndex cursor = validation_cursor_.load();
  while (cursor > txn && !validation_cursor_.compare_exchange_weak(cursor, txn)) {
  }
}

template <class Sync>
void Scheduler<Sync>::park(TxnIndex txn, TxnIndex blocker) {
  HOCKET_ASSERT(blocker < txn);
  {
    Slot& slot = slots_[blocker];
    const std::lock_guard guard(slot.lock);
    const Status status = slot.status.load();
    // Whoever stores `executed` or `committed` takes this lock afterwards: either that is seen here, or the waiter
    // there. Until then the value is still being produced, or looked at by a validation that has just found it stale.
    if (status != Status::executed && status != Status::committed) {
      slots_[txn].status.store(Status::parked);
      slot.waiters.push_back(txn);
      return;
    }
  }
  make_ready(txn);
}

template <class Sync>
void Scheduler<Sync>::wake_waiters(TxnIndex txn) {
  Slot& slot = slots_[txn];
  std::vector<TxnIndex> woken;
  {
    const std::lock_guard guard(slot.lock);
    if (slot.waiters.empty()) return;
    woken.swap(slot.waiters);
  }
  for (const TxnIndex waiter : woken) make_ready(waiter);
}

template <class Sync>
void Scheduler<Sync>::make_ready(TxnIndex txn) {
  slots_[txn].status.store(Status::ready);
  {
    const std::lock_guard guard(retry_lock_);
    retry_.push(txn);
    retry_count_.store(static_cast<TxnIndex>(retry_.size()));
  }
  notify_one();
}

template <class Sync>
void Scheduler<Sync>::finish_validation(TxnIndex txn, bool valid) {
  if (!valid) {
    look_again_after(txn);
    make_ready(txn);
    return;
  }
  slots_[txn].status.store(Status::executed);
  wake_waiters(txn);
  // Its turn may have come meanwhile, and whoever looked found it being validated: this worker looks next itself.
}

template <class Sync>
void Scheduler<Sync>::finish_commit(TxnIndex txn, bool valid) {
  if (!valid) {
    pace_.note_stale();
    look_again_after(txn);
    slots_[txn].status.store(Status::executing);
    return;
  }
  slots_[txn].status.store(Status::committed);
  pace(txn);
  commit_cursor_.store(txn + 1);
  wake_waiters(txn);
  if (txn + 1 == count_) {
    notify();
  } else if (someone_is_far_.load() && !is_narrow() && (txn % kFarStep == 0 || window_ < 2 * kFarStep)) {
    someone_is_far_.store(false);
    notify();
  }
}

template <class Sync>
void Scheduler<Sync>::notify() noexcept {
  work_epoch_.fetch_add(1);
  if (sleepers_.load() != 0) work_epoch_.notify_all();
}

template <class Sync>
void Scheduler<Sync>::notify_one() noexcept {
  work_epoch_.fetch_add(1);
  if (sleepers_.load() != 0) work_epoch_.notify_one();
}

template <class Sync>
void Scheduler<Sync>::wait(const Task& sleep) {
  // Work often comes within the time that falling asleep takes.
  for (unsigned round = 0; round < Sync::kRoundsAwake; ++round) {
    if (!would_sleep(sleep)) return;
    Sync::pause(std::min(round, Sync::kPausingRounds - 1));
  }
  sleepers_.fetch_add(1);
  work_epoch_.wait(sleep.epoch);
  sleepers_.fetch_sub(1);
}

template <class Sync>
void Scheduler<Sync>::stop() noexcept {
  stopped_.store(true);
  notify();
}

}  // namespace hocket
