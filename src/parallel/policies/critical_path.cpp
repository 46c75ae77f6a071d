#include "parallel/policies/critical_path.hpp"

#include <algorithm>

namespace hocket {
namespace {

/// A path shorter than this part of a stretch's work moves nobody: what it could win is small.
constexpr std::uint64_t kSmallestPart = 32;

}  // namespace

void CriticalPathPolicy::plan(const BlockForecast& forecast, unsigned workers, TxnIndex reach,
                              std::vector<TxnIndex>& order) {
  const auto count = static_cast<TxnIndex>(forecast.cost.size());
  order.clear();
  if (workers < 2) return;
  path_ = forecast.cost;
  for (TxnIndex i = count; i-- > 0;)
    if (const TxnIndex before = forecast.predecessor[i]; before != 0)
      path_[before - 1] = std::max(path_[before - 1], forecast.cost[before - 1] + path_[i]);
  begun_.assign(count, false);
  for (TxnIndex first = 0; first < count; first += reach)
    plan_stretch(forecast, workers, first, std::min(first + reach, count), order);
}

void CriticalPathPolicy::plan_stretch(const BlockForecast& forecast, unsigned workers, TxnIndex first, TxnIndex end,
                                      std::vector<TxnIndex>& order) {
  std::uint64_t left = 0;
  std::uint64_t behind = 0;
  commitment_behind_.resize(end);
  for (TxnIndex i = end; i-- > first;) {
    left += forecast.cost[i];
    commitment_behind_[i] = behind;
    behind += forecast.commitment[i];
  }
  by_path_.clear();
  for (TxnIndex i = first; i < end; ++i)
    if (path_[i] > left / kSmallestPart) by_path_.push_back(i);
  std::ranges::sort(by_path_,
                    [&](TxnIndex a, TxnIndex b) { return path_[a] != path_[b] ? path_[a] > path_[b] : a < b; });
  // What stands behind a transaction is committed when that has ended, one after the other.
  const auto until_end = [&](TxnIndex i) { return path_[i] + commitment_behind_[i]; };

  std::size_t longest = 0;  // in `by_path_`
  TxnIndex next = first;
  while (next < end) {
    while (longest < by_path_.size() && begun_[by_path_[longest]]) ++longest;
    TxnIndex txn;
    if (longest < by_path_.size() && until_end(by_path_[longest]) >= left / workers) {
      txn = by_path_[longest];
    } else {
      txn = next++;
      if (begun_[txn]) continue;
    }
    begun_[txn] = true;
    left -= forecast.cost[txn];
    order.push_back(txn);
  }
}

}  // namespace hocket
