// CriticalPathPolicy: a large transaction that is begun last is waited for by everybody. One whose cost, with the costs
// of those that wait for it one after another, and with what is to be committed behind it, is as much as the workers'
// share of what is left is begun now; all others keep their places, because what is begun early reads what is not final
// yet.
//
// Source: critical-path list scheduling (Graham 1969), with every task as late as it may be.
#pragma once

#include "parallel/policies/order_policy.hpp"

namespace hocket {

class CriticalPathPolicy final : public OrderPolicy {
 public:
  void plan(const BlockForecast& forecast, unsigned workers, TxnIndex reach, std::vector<TxnIndex>& order) override;

 private:
  void plan_stretch(const BlockForecast& forecast, unsigned workers, TxnIndex first, TxnIndex end,
                    std::vector<TxnIndex>& order);

  std::vector<std::uint64_t> path_;  // cost of a transaction and the longest chain behind it
  std::vector<TxnIndex> by_path_;    // the large ones, longest path first
  std::vector<std::uint64_t> commitment_behind_;
  std::vector<bool> begun_;
};

}  // namespace hocket
