#include "parallel/policies/predicted.hpp"

#include <algorithm>
#include <numeric>

namespace hocket {

void PredictedPolicy::plan(const BlockForecast& forecast, unsigned workers, TxnIndex reach,
                           std::vector<TxnIndex>& order) {
  const auto count = static_cast<TxnIndex>(forecast.cost.size());
  order.clear();
  if (workers < 2) return;
  level_.assign(count, 0);
  bool any = false;
  for (TxnIndex i = 0; i < count; ++i) {
    const TxnIndex before = forecast.predecessor[i];
    if (before == 0 || (before - 1) / reach != i / reach) continue;
    level_[i] = level_[before - 1] + 1;
    any = true;
  }
  if (!any) return;
  order.resize(count);
  std::iota(order.begin(), order.end(), TxnIndex{0});
  for (TxnIndex first = 0; first < count; first += reach)
    std::sort(order.begin() + first, order.begin() + std::min(first + reach, count),
              [&](TxnIndex a, TxnIndex b) { return level_[a] != level_[b] ? level_[a] < level_[b] : a < b; });
}

}  // namespace hocket
