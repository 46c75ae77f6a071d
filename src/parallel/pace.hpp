// Pace: whether it pays to go ahead. The work that a period's transactions took is compared with the time that has
// passed: where it is no more than one worker alone would do, the block is a chain at this place, and one worker goes
// on alone for a while; if that happens again and again, so is the rest.
#pragma once

#include "parallel/sync.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace hocket {

/// Thread safety: belongs to whoever commits, one at a time.
class Pace {
 public:
  enum class Advice : std::uint8_t {
    go_on,     // as before
    alone,     // one worker
    together,  // all of them again
    chain,     // one worker, to the end
  };

  Pace() = default;
  /// `begins_alone`: one worker goes first, for one period, so that the others are compared with it.
  Pace(bool begins_alone, std::uint64_t now) : period_begin_(now), periods_left_(begins_alone ? 1 : 2) {}

  /// A transaction was found stale when its turn had come.
  void note_stale() noexcept { ++stale_; }
  /// A transaction was committed at `now`, whose last execution took `work`. `period`: what is worth measuring; all in
  /// ticks. `is_alone`: one worker goes on alone at present.
  Advice note_commit(std::uint64_t work, std::uint64_t now, bool is_alone, std::uint64_t period) noexcept {
    work_ += work;
    largest_ = std::max(largest_, work);
    if (is_alone) ++committed_alone_;
    if (++commits_ < kCommits) return Advice::go_on;
    const std::uint64_t passed = now - period_begin_;
    if (passed < period) return Advice::go_on;  // waking a worker takes time too
    return judge(now, passed, is_alone);
  }
  /// Transactions that were committed while one worker went on alone.
  TxnIndex committed_alone() const noexcept { return committed_alone_; }

 private:
  static constexpr TxnIndex kCommits = 32;      // of a period, at least
  static constexpr TxnIndex kLongestAlone = 8;  // periods until going together is tried again, at most

  Advice judge(std::uint64_t now, std::uint64_t passed, bool is_alone) noexcept {
    const std::uint64_t work = std::exchange(work_, 0);
    const TxnIndex commits = std::exchange(commits_, 0);
    const TxnIndex stale = std::exchange(stale_, 0);
    const std::uint64_t largest = std::exchange(largest_, 0);
    period_begin_ = now;
    if (periods_left_ > 0) --periods_left_;
    if (periods_left_ > 0) return Advice::go_on;
    // One large transaction takes its time, whatever the others do meanwhile.
    if (!is_alone && largest > passed / 4) return Advice::go_on;
    const std::uint64_t per_commit = passed / commits;
    if (is_alone) {
      alone_ = per_commit;
      periods_left_ = 2;  // the first is spent on waking up
      return stay_alone_ > kLongestAlone ? Advice::chain : Advice::together;
    }
    const bool alone_was_faster = alone_ != 0 ? per_commit >= alone_ : stale >= commits / 8;
    if (work < passed + passed / 8 || alone_was_faster) {
      // One such period may be somebody else's doing.
      ++slow_periods_;
      if (alone_ == 0 && slow_periods_ < 2) return Advice::go_on;
      periods_left_ = stay_alone_;
      stay_alone_ = std::min(2 * stay_alone_, 8 * kLongestAlone);
      return Advice::alone;
    }
    stay_alone_ = 1;
    slow_periods_ = 0;
    return Advice::go_on;
  }

  std::uint64_t period_begin_ = 0;  // ticks
  std::uint64_t work_ = 0;          // ticks of this period's transactions
  std::uint64_t largest_ = 0;       // of one of them
  std::uint64_t alone_ = 0;         // ticks of a commit, when one worker last went on alone
  TxnIndex commits_ = 0;            // of this period
  TxnIndex stale_ = 0;              // found at their turn
  TxnIndex committed_alone_ = 0;
  TxnIndex slow_periods_ = 0;  // in a row, until one worker has been timed
  TxnIndex periods_left_ = 2;  // until something is decided
  TxnIndex stay_alone_ = 1;    // periods, the next time
};

}  // namespace hocket
