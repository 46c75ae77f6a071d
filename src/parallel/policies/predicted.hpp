// PredictedPolicy: transactions that probably wait for another one come after those that wait for nothing, those that
// wait for them after that, and so on: so that few are begun only to be suspended.
#pragma once

#include "parallel/policies/order_policy.hpp"

namespace hocket {

class PredictedPolicy final : public OrderPolicy {
 public:
  void plan(const BlockForecast& forecast, unsigned workers, TxnIndex reach, std::vector<TxnIndex>& order) override;

 private:
  std::vector<TxnIndex> level_;  // how many predecessors stand one behind the other, within the stretch
};

}  // namespace hocket
