#include "parallel/policies/order_policy.hpp"

#include "parallel/policies/critical_path.hpp"
#include "parallel/policies/predicted.hpp"

namespace hocket {
namespace {

class InOrder final : public OrderPolicy {
 public:
  void plan(const BlockForecast&, unsigned, TxnIndex, std::vector<TxnIndex>& order) override { order.clear(); }
};

}  // namespace

std::unique_ptr<OrderPolicy> make_policy(PolicyKind kind) {
  switch (kind) {
    case PolicyKind::in_order:
      break;
    case PolicyKind::critical_path:
      return std::make_unique<CriticalPathPolicy>();
    case PolicyKind::predicted:
      return std::make_unique<PredictedPolicy>();
  }
  return std::make_unique<InOrder>();
}

}  // namespace hocket
