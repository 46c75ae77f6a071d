// Timeline: what each worker did when, while one block was executed, for whoever wants to see it. It is recorded only
// where somebody asks for it (ParallelOptions::timeline); otherwise it costs a look at a null pointer an execution.
#pragma once

#include "base/fixed_bytes.hpp"
#include "base/uint256.hpp"
#include "parallel/sync.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace hocket {

/// Why a transaction was executed again: the first read that had changed.
enum class ConflictCause : std::uint8_t { slot, balance, nonce, code, cleared_storage, failed_read };
inline constexpr int kConflictCauseCount = static_cast<int>(ConflictCause::failed_read) + 1;

enum class ActivityKind : std::uint8_t {
  execute,          // a transaction, from its beginning
  resume,           // one that has waited, from where it was
  validate,         // its reads are compared
  commit,           // its result is taken over
  receipts,         // what is left to do for receipts of committed transactions; `txn` means nothing
  sequential,       // a transaction in its turn, while nobody else runs
  check_transfers,  // TransferBlock: what the state has no part in, of the transactions `txn` to `last`
  apply_transfers,  // TransferBlock: what happens to some accounts in the transactions `txn` to `last`
};
inline constexpr int kActivityKindCount = static_cast<int>(ActivityKind::apply_transfers) + 1;

enum class ActivityEnd : std::uint8_t {
  done,
  waiting,   // for a value still being produced; the work so far is kept
  given_up,  // the same, and the work is not kept
  changed,   // what it had read has changed: all was for nothing
  invalid,   // a validation: the execution that it looked at was for nothing
};
inline constexpr int kActivityEndCount = static_cast<int>(ActivityEnd::invalid) + 1;

/// What an activity ended for.
struct ActivityCause {
  /// Whose value is awaited, or has changed; absent: not known.
  std::optional<TxnIndex> writer;
  /// What had changed. Meaningful where `has_location` is true.
  ConflictCause conflict = ConflictCause::slot;
  bool has_location = false;
  Address address;
  u256 slot;  // zero unless it is one
};

/// What a worker did without a pause. Activities of one worker do not overlap.
struct Activity {
  ActivityKind kind = ActivityKind::execute;
  ActivityEnd end = ActivityEnd::done;
  TxnIndex txn = 0;
  TxnIndex last = 0;                      // the same as `txn` except for transfers
  std::chrono::nanoseconds begin_time{};  // since the timeline's begin
  std::chrono::nanoseconds end_time{};
  std::optional<ActivityCause> cause;
};

/// Thread safety: each worker its own lane; `begin` and `end` while no worker is active.
class Timeline {
 public:
  using Clock = std::chrono::steady_clock;

  /// Forgets what was recorded: the execution of a block begins.
  void begin(unsigned workers);
  void end() { duration_ = now(); }

  /// Since `begin`.
  std::chrono::nanoseconds now() const { return Clock::now() - begin_; }
  void add(unsigned worker, const Activity& activity) { lanes_[worker].activities.push_back(activity); }

  /// Of the last block. Each lane is in the order of time.
  unsigned workers() const noexcept { return static_cast<unsigned>(lanes_.size()); }
  const std::vector<Activity>& lane(unsigned worker) const noexcept { return lanes_[worker].activities; }
  std::chrono::nanoseconds duration() const noexcept { return duration_; }

 private:
  struct alignas(64) Lane {
    std::vector<Activity> activities;
  };

  Clock::time_point begin_;
  std::chrono::nanoseconds duration_{};
  std::vector<Lane> lanes_;
};

/// A block's execution, from its begin to its end, if there is a timeline.
class TimelineOfBlock {
 public:
  TimelineOfBlock(Timeline* timeline, unsigned workers) : timeline_(timeline) {
    if (timeline_ != nullptr) timeline_->begin(workers);
  }
  ~TimelineOfBlock() {
    if (timeline_ != nullptr) timeline_->end();
  }
  TimelineOfBlock(const TimelineOfBlock&) = delete;
  TimelineOfBlock& operator=(const TimelineOfBlock&) = delete;

 private:
  Timeline* timeline_;
};

/// Records what one worker does to one transaction, if there is a timeline.
class ActivityRecorder {
 public:
  /// The first activity begins.
  ActivityRecorder(Timeline* timeline, unsigned worker, TxnIndex txn, ActivityKind kind)
      : timeline_(timeline), worker_(worker), txn_(txn), kind_(kind) {
    if (is_on()) begin_ = timeline_->now();
  }

  bool is_on() const noexcept { return timeline_ != nullptr; }

  /// It has ended; if the worker goes on with the transaction, `next` begins.
  void end(ActivityEnd how, const std::optional<ActivityCause>& cause = std::nullopt,
           ActivityKind next = ActivityKind::execute) {
    if (is_on()) record(how, cause, next);
  }
  /// Of several transactions, up to `last`.
  void end_through(TxnIndex last) {
    last_ = last;
    end(ActivityEnd::done);
  }

 private:
  void record(ActivityEnd how, const std::optional<ActivityCause>& cause, ActivityKind next);

  Timeline* timeline_;
  unsigned worker_;
  TxnIndex txn_;
  std::optional<TxnIndex> last_;
  ActivityKind kind_;
  std::chrono::nanoseconds begin_{};
};

}  // namespace hocket
