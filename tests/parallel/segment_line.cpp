#include "parallel/segment_line.hpp"

#include "base/assert.hpp"
#include "parallel/segments/segment_block.hpp"
#include "transition/validate_transaction.hpp"

namespace hocket::testing {

std::expected<ExecutedTransactions, BlockFailure> SegmentLine::execute(const BlockEnvironment& block,
                                                                       std::span<const Transaction> transactions,
                                                                       Journal& journal,
                                                                       const IntermediateRoot& intermediate_root) {
  judgements_.clear();
  HOCKET_ASSERT(SegmentBlock::may_be(block) && (steps_.empty() ? 0 : steps_.back().end) == transactions.size());
  base_.emplace(journal.base(), journal.diff());
  committed_.reset(steps_.size(), 2, 2 * transactions.size(), 2 * transactions.size(), options_.hash_bits);
  nodes_.clear();
  // Executed by one worker, judged by another: each has a filter of its own.
  LocationFilter &executing = committed_.filter(0), &judging = committed_.filter(1);
  for (LocationFilter* filter : {&executing, &judging}) filter->begin(committed_, 1, 1);
  while (segments_.size() < steps_.size()) segments_.emplace_back();
  plan_.choose(transactions, 2, {.transfers_only = false, .in_segments = true});
  evm().begin_block(*block.spec, block.context);
  std::vector<Receipt> receipts(transactions.size());
  const Segment::Surroundings of{.block = &block, .transactions = transactions, .receipts = receipts, .plan = &plan_};
  const auto execute_one = [&](std::size_t number, bool predicts_nonces) {
    segments_[number].execute(number == 0 ? 0 : steps_[number - 1].end, steps_[number].end, of, executing, *base_,
                              nullptr, predicts_nonces, evm(), nodes_, 0);
  };

  BlockUsage usage;
  std::size_t first_left = 0;
  for (std::size_t turn = 0; turn < steps_.size(); ++turn) {
    for (std::size_t number = turn; number < steps_.size(); ++number)
      if (steps_[number].after == turn) execute_one(number, options_.predicts_nonces);
    Segment& segment = segments_[turn];
    Judgement& judgement = judgements_.emplace_back();
    ConflictCause cause{};
    judgement.first = segment.judge(judging, cause);
    if (judgement.first == Segment::Verdict::changed) {
      judgement.changed = cause;
      execute_one(turn, false);
      judgement.again = segment.judge(judging, cause);
    }
    if (judgement.last() != Segment::Verdict::holds) break;
    BlockUsage next = usage;
    for (TxnIndex txn = segment.first(); txn < segment.end() && judgement.had_room; ++txn) {
      judgement.had_room = !check_room_in_block(transactions[txn], block, next);
      next.gas += receipts[txn].gas_used;
      next.blob_gas += blob_gas_of(transactions[txn]);
      receipts[txn].cumulative_gas_used = next.gas;
    }
    if (!judgement.had_room) break;
    usage = next;
    segment.commit(committed_);
    first_left = segment.end();
  }
  committed_.adopt_known(journal);
  journal.set_later_state(&committed_);
  receipts.resize(first_left);
  const Bloom bloom = BloomBuilder().fill(receipts);
  ExecutedTransactions executed{.receipts = std::move(receipts),
                                .skipped = {},
                                .logs_bloom = bloom,
                                .gas_used = usage.gas,
                                .blob_gas_used = usage.blob_gas};
  sequential_.evm().begin_block(*block.spec, block.context);
  auto all = sequential_.execute_rest(block, transactions, first_left, std::move(executed), journal, intermediate_root);
  BlockCompanion* companion = take_companion();
  if (companion == nullptr || !all) return all;
  const std::span<const Receipt> given = all->receipts;
  for (std::size_t first = 0; first < given.size(); first += BlockCompanion::kGroup)
    companion->take_receipts(first, given.subspan(first, std::min(BlockCompanion::kGroup, given.size() - first)));
  while (companion->work()) {
  }
  return all;
}

StateDiff SegmentLine::diff(const Journal& journal) const {
  StateDiff diff = journal.diff();
  committed_.append_others(journal, pool_, diff);
  return diff;
}

std::vector<SegmentLine::Step> random_steps(TxnIndex count, Random& random) {
  std::vector<SegmentLine::Step> steps;
  const std::uint64_t longest = random.between(1, 8);
  const bool runs_ahead = random.flip();  // as far as can be
  for (TxnIndex end = 0; end < count;) {
    end = std::min(count, end + static_cast<TxnIndex>(random.between(1, longest)));
    const std::size_t number = steps.size();
    steps.push_back(
        {.end = end, .after = runs_ahead ? 0 : number - random.below(std::min<std::size_t>(number, 3) + 1)});
  }
  return steps;
}

}  // namespace hocket::testing
