// SegmentLine: a block in segments on one thread, each executed when so many segments are committed as a test wants.
// Whatever workers could meet in some schedule is met here on purpose, and again.
#pragma once

#include "base/random.hpp"
#include "base/worker_pool.hpp"
#include "parallel/block_plan.hpp"
#include "parallel/overlay_view.hpp"
#include "parallel/segments/segment.hpp"
#include "transition/executor.hpp"

#include <deque>
#include <optional>
#include <vector>

namespace hocket::testing {

/// Thread safety: none.
class SegmentLine final : public Executor {
 public:
  struct Step {
    TxnIndex end = 0;       // of its transactions; they begin where the step before ends
    std::size_t after = 0;  // it is executed when so many segments are committed: at most those before it
  };
  struct Options {
    bool predicts_nonces = true;
    unsigned hash_bits = 64;
  };

  SegmentLine(ProgramCache& programs, std::vector<Step> steps, const Options& options)
      : Executor(programs), sequential_(programs), steps_(std::move(steps)), options_(options) {}

  /// For the next block.
  void set_steps(std::vector<Step> steps) { steps_ = std::move(steps); }

  /// Until a segment is not committed; the rest sequentially. Requires: the steps end with the last transaction, and
  /// segments can execute the block (SegmentBlock::may_be).
  std::expected<ExecutedTransactions, BlockFailure> execute(const BlockEnvironment& block,
                                                            std::span<const Transaction> transactions, Journal& journal,
                                                            const IntermediateRoot& intermediate_root) override;
  StateDiff diff(const Journal& journal) const override;

  /// What a segment was judged to be, in its turn.
  struct Judgement {
    Segment::Verdict first{};               // of what was executed ahead
    std::optional<ConflictCause> changed;   // why that had to be executed again
    std::optional<Segment::Verdict> again;  // of what was executed in turn
    bool had_room = true;

    Segment::Verdict last() const noexcept { return again.value_or(first); }
    bool committed() const noexcept { return last() == Segment::Verdict::holds && had_room; }
  };
  /// As far as it was executed in segments.
  const std::vector<Judgement>& judgements() const noexcept { return judgements_; }

 private:
  SequentialExecutor sequential_;
  std::vector<Step> steps_;
  Options options_;
  std::optional<OverlayView> base_;
  BlockPlan plan_{PolicyKind::in_order};
  CommittedSegments committed_;
  Arena nodes_;
  std::deque<Segment> segments_;
  std::vector<Judgement> judgements_;
  mutable WorkerPool pool_{1};
};

/// Steps for `count` transactions, by chance.
std::vector<SegmentLine::Step> random_steps(TxnIndex count, Random& random);

}  // namespace hocket::testing
