#include "parallel/block_plan.hpp"

#include "base/endian.hpp"
#include "base/hash_seed.hpp"
#include "parallel/plain_transfer.hpp"

#include <algorithm>
#include <atomic>
#include <bitset>

namespace hocket {
namespace {

constexpr double kTicksPerNs = RealSync::kTicksPerNs;
/// A block that takes less is over before much is won, and a guess that errs costs more.
constexpr double kSmallBlockTicks = 280'000 * kTicksPerNs;
/// Transactions that a first estimate of a block's time is made from, and how far below the bound it must be: looking
/// at all of them takes a twentieth of the time that a block of plain transfers does.
constexpr std::size_t kSample = 64;
constexpr double kSurelySmallPart = 0.7;
/// A block that takes more is worth the plan in any case.
constexpr double kPerhapsSmallTicks = 2 * kSmallBlockTicks;
/// Until a second worker has begun.
constexpr double kWakeTicks = 50'000 * kTicksPerNs;
/// What a transaction costs in parallel besides its execution: locations, versions, validation, commitment.
constexpr double kOverheadTicks = 1'300 * kTicksPerNs;
/// What a transaction takes from all others where many workers use the same locations: 0 for two workers, nearly so
/// much for 8 and 16.
constexpr double kSerialTicks = 2'000 * kTicksPerNs;
/// The bloom of a log, some of whose topics nobody has met.
constexpr std::uint64_t kLogTicks = static_cast<std::uint64_t>(100 * kTicksPerNs);
/// The first of these in segments.
constexpr double kSegmentOverheadTicks = 300 * kTicksPerNs;
/// What of the difference is sure.
constexpr double kSavedBySegmentTicks = 500 * kTicksPerNs;
/// Commitment of what another worker has executed.
constexpr std::uint64_t kCommitTicks = static_cast<std::uint64_t>(400 * kTicksPerNs);
/// What seems to be a plain transfer and takes longer meets code, or has met none, and many workers held it up.
constexpr std::uint64_t kTransferTicks = static_cast<std::uint64_t>(1'500 * kTicksPerNs);
/// Of a block of nothing but plain transfers, which is executed account by account.
constexpr double kTransferOverheadTicks = 100 * kTicksPerNs;
/// What is worth one more worker.
constexpr double kWorkerTicks = 150'000 * kTicksPerNs;
/// To be won at least.
constexpr double kLeastGain = 1.2;
/// For each of the other workers: so long a block that a period of one worker costs little.
constexpr std::uint64_t kLongBlockTicks = 10 * RealSync::kPeriodTicks;
/// Less, by an estimate from some of the transactions.
constexpr double kSurelyLessGain = 1.1;
/// Transactions are asked for so many before they are needed, and their data half of it.
constexpr std::size_t kAhead = 8;
/// Transactions whose estimates are worth a worker.
constexpr std::size_t kEstimatesOfPart = 4096;
/// Where a glance has taken a large block for a small one, so many blocks are looked at without one.
constexpr unsigned kLooksClosely = 16;
/// What has turned out to be a chain is tried again after so many blocks.
constexpr unsigned kRetryAfter = 16;

/// Larger transactions are better executed one by one, unless they are known to be independent: what they cost besides
/// their execution is little, and what a stale segment loses much.
constexpr double kSegmentTransactionTicks = 6'000 * kTicksPerNs;
/// Transfers that are left to their turn, one worker's work, are a smaller part of a block.
constexpr double kFewTransfersPart = 8;
/// Of a segment.
constexpr double kSegmentTicks = 300'000 * kTicksPerNs;
/// Segments for each worker, so that all have something to do to the end, and what is stale is not much.
constexpr double kSegmentsOfWorker = 16;
/// Segments of fewer transactions on average are not worth it.
constexpr double kShortestSegment = 8;
/// Places for a segment's end that are looked at, where the first ones are bad.
constexpr TxnIndex kBorders = 8;
/// What has held so much more often than not.
constexpr int kSurelyGoodBorder = 3;
/// Odd: two kinds in another order are another pair.
constexpr std::size_t kBorderFactor = 31;

std::uint64_t expected_ticks(const Transaction& transaction, const std::optional<CostHistory::Known>& known) noexcept {
  if (known) return known->cost;
  return static_cast<std::uint64_t>(static_cast<double>(expected_time_ns(transaction)) * kTicksPerNs);
}

}  // namespace

bool BlockPlan::is_small(std::span<const Transaction> transactions, unsigned max_workers) noexcept {
  if (looks_closely_ > 0) {
    --looks_closely_;
    return false;
  }
  const std::size_t step = std::max<std::size_t>(transactions.size() / kSample, 1);
  double sum = 0;
  std::size_t looked_at = 0;
  bool calls = false;
  for (std::size_t i = step / 2; i < transactions.size(); i += step, ++looked_at) {
    sum += static_cast<double>(expected_ticks(transactions[i], costs_.find(CostHistory::cell_of(transactions[i]))));
    calls = calls || !transactions[i].data.empty();
  }
  const auto count = static_cast<double>(transactions.size());
  const double total = sum * count / static_cast<double>(std::max<std::size_t>(looked_at, 1));
  if (total < kSurelySmallPart * kSmallBlockTicks) return true;
  if (total > kPerhapsSmallTicks || max_workers < 2) return false;
  // The way that costs least, if it can be gone.
  const double overhead = count * (calls ? kSegmentOverheadTicks : kTransferOverheadTicks);
  return total < kSurelyLessGain * (kWakeTicks + (total + overhead) / max_workers);
}

void BlockPlan::estimate(std::span<const Transaction> transactions, std::size_t begin, std::size_t end,
                         Estimate& estimate) noexcept {
  std::optional<CostHistory::Known> known;
  for (std::size_t i = begin; i < end; ++i) {
    // A large block's transactions are in nobody's cache.
    if (i + 2 * kAhead < end) __builtin_prefetch(&transactions[i + 2 * kAhead].to);
    if (i + 2 * kAhead < end) __builtin_prefetch(&transactions[i + 2 * kAhead].data);
    if (i + kAhead < end) __builtin_prefetch(transactions[i + kAhead].data.data());
    cells_[i] = i == begin ? CostHistory::cell_of(transactions[i])
                           : CostHistory::cell_of(transactions[i], transactions[i - 1], cells_[i - 1]);
    // Neighbours are often alike.
    if (i == begin || cells_[i] != cells_[i - 1] || !known) {
      known = costs_.find(cells_[i]);
      expected_[i] = expected_ticks(transactions[i], known);
      estimate.largest = std::max(estimate.largest, expected_[i] - (known ? known->of_logs : 0));
    } else {
      expected_[i] = known->cost;
    }
    estimate.total += expected_[i];
    if (transactions[i].data.empty() && expected_[i] <= kTransferTicks) {
      ++estimate.transfers;
      estimate.in_transfers += expected_[i];
    }
    if (known && known->was_in_chains) estimate.in_chains += expected_[i];
    if (known && known->was_contended) estimate.contended += expected_[i];
  }
}

/// A large block's is made by several workers.
BlockPlan::Estimate BlockPlan::estimate(std::span<const Transaction> transactions, unsigned workers, WorkerPool* pool) {
  const std::size_t parts =
      pool == nullptr ? 1 : std::min<std::size_t>(transactions.size() / kEstimatesOfPart, workers);
  if (parts < 2) {
    Estimate all;
    estimate(transactions, 0, transactions.size(), all);
    return all;
  }
  // Each takes the next part until none is left: a worker may come late, or not at all.
  struct alignas(64) Part {
    Estimate estimate;
  };
  std::vector<Part> estimates(4 * parts);
  std::atomic<std::size_t> next{0};
  pool->run(static_cast<unsigned>(parts), [&](unsigned) {
    // relaxed: the pool's end of the run orders everything.
    for (std::size_t i = next.fetch_add(1, std::memory_order_relaxed); i < estimates.size();
         i = next.fetch_add(1, std::memory_order_relaxed))
      estimate(transactions, transactions.size() * i / estimates.size(),
               transactions.size() * (i + 1) / estimates.size(), estimates[i].estimate);
  });
  Estimate all;
  for (const Part& part : estimates) {
    all.total += part.estimate.total;
    all.largest = std::max(all.largest, part.estimate.largest);
    all.in_chains += part.estimate.in_chains;
    all.contended += part.estimate.contended;
    all.in_transfers += part.estimate.in_transfers;
    all.transfers += part.estimate.transfers;
  }
  return all;
}

BlockPlan::Choice BlockPlan::choose(std::span<const Transaction> transactions, unsigned max_workers, const Ways& ways,
                                    WorkerPool* pool) {
  const std::size_t count = transactions.size();
  ++blocks_;
  cells_.resize(count);
  expected_.resize(count);
  const auto [all, largest, in_chains, contended, in_transfers, transfers] = estimate(transactions, max_workers, pool);
  total_ = all;
  begins_alone_ = total_ >= kLongBlockTicks * (std::max(max_workers, 2u) - 1) && contended >= total_ / 2;
  if (count < 2 || max_workers < 2) return {.workers = std::min(max_workers, 1u)};
  const auto total = static_cast<double>(total_);
  if (total < kSmallBlockTicks) return {};
  const auto workers = std::clamp(static_cast<unsigned>(total / kWorkerTicks), 1u, max_workers);
  if (workers < 2) return {};
  const bool was_chain = in_chains >= total_ - total_ / 8;
  Choice choice{.workers = workers};
  // Of transactions that are left to their turn, or not.
  const auto in_turn = static_cast<double>(ways.in_turn ? in_transfers : 0);
  const auto ahead = static_cast<double>(ways.in_turn ? count - transfers : count);
  // Where they are much of the block, they are better shared out, too.
  const bool are_few = in_turn < total / kFewTransfersPart;
  if (ways.in_segments && !ways.transfers_only && !was_chain)
    choice.segment_ticks =
        segment_ticks(workers, are_few ? (total - in_turn) / std::max(ahead, 1.0) : total / static_cast<double>(count));
  const bool is_shared = !ways.transfers_only && choice.segment_ticks == 0;
  const double overhead =
      is_shared ? ahead * kOverheadTicks
                : static_cast<double>(count) * (ways.transfers_only ? kTransferOverheadTicks : kSegmentOverheadTicks);
  const double serial = is_shared ? ahead * kSerialTicks * (1 - 2.0 / workers) : 0;
  const double longest = is_shared ? std::max(static_cast<double>(largest), in_turn) : static_cast<double>(largest);
  const double parallel = kWakeTicks + serial + std::max(longest, (total + overhead) / workers);
  if (total < kLeastGain * parallel) return {};
  if (was_chain) {
    if (++left_alone_ % kRetryAfter != 0) return {};
  } else {
    left_alone_ = 0;
  }
  return choice;
}

/// 0: segments do not suit the block.
std::uint64_t BlockPlan::segment_ticks(unsigned workers, double each) const {
  const double total = static_cast<double>(total_);
  const double ticks = std::min(kSegmentTicks, total / (kSegmentsOfWorker * workers));
  if (ticks < kShortestSegment * total / static_cast<double>(cells_.size())) return 0;
  std::uint64_t without = 0;
  std::uint64_t independent = 0;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (without_segments_[cells_[i].index] > blocks_) without += expected_[i];
    if (independent_[cells_[i].index]) independent += expected_[i];
  }
  if (each > kSegmentTransactionTicks && independent < total_ - total_ / 8) return 0;
  return without > total_ / 4 ? 0 : static_cast<std::uint64_t>(ticks);
}

TxnIndex BlockPlan::end_of_segment(TxnIndex first, TxnIndex most, std::uint64_t ticks) const noexcept {
  const auto last = static_cast<TxnIndex>(std::min<std::size_t>(expected_.size(), std::size_t{first} + most));
  TxnIndex end = first + 1;
  for (std::uint64_t sum = expected_[first]; end < last; ++end) {
    sum += expected_[end];
    if (sum > ticks) break;
  }
  for (TxnIndex txn = end; txn < end + kBorders && txn - first <= most; ++txn)
    if (txn == expected_.size() || borders_[border_before(txn)] <= 0) return txn;
  return end;
}

std::size_t BlockPlan::border_before(TxnIndex txn) const noexcept {
  return (kBorderFactor * cells_[txn - 1].index + cells_[txn].index) % borders_.size();
}

void BlockPlan::note_segment(TxnIndex first, bool stale) noexcept {
  if (first == 0) return;
  std::int8_t& border = borders_[border_before(first)];
  border = static_cast<std::int8_t>(std::clamp(border + (stale ? 1 : -1), -kSurelyGoodBorder, 1));
}

std::uint64_t BlockPlan::shortest_segment_ticks() const noexcept {
  return cells_.empty() ? 0 : static_cast<std::uint64_t>(kShortestSegment) * (total_ / cells_.size());
}

void BlockPlan::note_cost(TxnIndex txn, std::uint64_t ticks, std::uint64_t gas_used, std::size_t logs) noexcept {
  costs_.note_cost(cells_[txn], gas_used == kTransferGas ? std::min(ticks, kTransferTicks) : ticks, log_ticks(logs));
}

std::uint64_t BlockPlan::log_ticks(std::size_t logs) noexcept { return logs * kLogTicks; }

void BlockPlan::note_small(std::uint64_t ticks) noexcept {
  if (static_cast<double>(ticks) > kPerhapsSmallTicks) looks_closely_ = kLooksClosely;
}

void BlockPlan::note_sequential(std::uint64_t ticks) noexcept {
  // What one measurement says of many kinds: enough to correct an estimate that is far off.
  if (total_ == 0 || (ticks > total_ - total_ / 4 && ticks < total_ + total_ / 4)) return;
  const double part = static_cast<double>(ticks) / static_cast<double>(total_);
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (i == 0 || cells_[i] != cells_[i - 1])
      costs_.note_cost(cells_[i], static_cast<std::uint64_t>(static_cast<double>(expected_[i]) * part));
}

void BlockPlan::note_segments(bool paid) noexcept {
  if (paid) return note_outcome(CostHistory::Outcome::parallel);
  for (const CostHistory::Cell cell : cells_) without_segments_[cell.index] = blocks_ + kRetryAfter;
}

void BlockPlan::note_independence(bool independent) noexcept {
  for (const CostHistory::Cell cell : cells_) independent_[cell.index] = independent;
}

std::uint64_t BlockPlan::saved_by_segments(std::size_t transactions) noexcept {
  return static_cast<std::uint64_t>(static_cast<double>(transactions) * kSavedBySegmentTicks);
}

void BlockPlan::note_outcome(CostHistory::Outcome outcome) noexcept {
  // One note a kind, however kinds alternate.
  std::bitset<CostHistory::kCells> noted;
  for (const CostHistory::Cell cell : cells_) {
    if (noted[cell.index]) continue;
    noted[cell.index] = true;
    costs_.note_outcome(cell, outcome);
  }
}

BeginOrder BlockPlan::make_order(std::span<const Transaction> transactions, unsigned workers, TxnIndex reach,
                                 const WriteHistory& history, bool transfers_in_turn) {
  in_turn_.clear();
  if (transfers_in_turn) in_turn_.find(transactions, expected_, kTransferTicks);
  predecessors_.find(transactions);
  forecast_units(transactions, history);
  policy_->plan(forecast_, workers, reach, order_);
  return {static_cast<TxnIndex>(transactions.size()), units_, order_, reach, in_turn_.all()};
}

void BlockPlan::forecast_units(std::span<const Transaction> transactions, const WriteHistory& history) {
  units_.clear();
  forecast_.clear();
  last_writer_.clear();
  const auto count = static_cast<TxnIndex>(transactions.size());
  const auto is_in_turn = [&, all = in_turn_.all()](TxnIndex txn) { return !all.empty() && all[txn] != 0; };
  unit_of_.resize(count);
  for (TxnIndex first = 0, end; first < count; first = end) {
    const auto unit = static_cast<TxnIndex>(units_.size());
    units_.push_back(first);
    unit_of_[first] = unit;
    end = first + 1;
    std::uint64_t cost = expected_[first];
    if (is_in_turn(first)) {
      for (; end < count && is_in_turn(end); ++end) cost += expected_[end];
      forecast_.cost.push_back(cost);
      forecast_.commitment.push_back(cost);
      forecast_.predecessor.push_back(0);
      continue;
    }
    TxnIndex before = predecessors_.of(first);
    if (before != 0) before = unit_of_[before - 1] + 1;
    if (const auto kind = TransactionKind::of(transactions[first])) {
      slots_.clear();
      history.predict(*kind, slots_);
      for (const SlotKey& slot : slots_) {
        TxnIndex& writer = last_writer_[slot];
        before = std::max(before, writer);
        writer = unit + 1;
      }
    }
    forecast_.cost.push_back(cost);
    forecast_.commitment.push_back(kCommitTicks);
    forecast_.predecessor.push_back(before);
  }
}

std::size_t BlockPlan::SlotHash::operator()(const SlotKey& key) const noexcept {
  const HashSeed& seed = hash_seed();
  return fold_multiply(load_le64(key.account.data()) ^ seed.words[0], key.slot.limbs[0] ^ seed.words[1]) ^
         fold_multiply(key.slot.limbs[1] ^ seed.words[2], key.slot.limbs[2] ^ key.slot.limbs[3] ^ seed.words[3]);
}

}  // namespace hocket
