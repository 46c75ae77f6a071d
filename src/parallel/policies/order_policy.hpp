// OrderPolicy: in which order a block's transactions are begun. It only hints: transactions are committed in block
// order whatever it says, and no result depends on it.
#pragma once

#include "parallel/sync.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace hocket {

/// What is thought of a block's transactions before they are executed.
struct BlockForecast {
  std::vector<std::uint64_t> cost;  // of each, in ticks
  /// Of each, what is left for its turn, in ticks.
  std::vector<std::uint64_t> commitment;
  /// Index + 1 of an earlier one that each will probably wait for; 0: none is known.
  std::vector<TxnIndex> predecessor;

  void clear() {
    cost.clear();
    commitment.clear();
    predecessor.clear();
  }
};

enum class PolicyKind : std::uint8_t {
  in_order,       // as they stand in the block
  critical_path,  // in order, but what would end last is begun just in time
  predicted,      // what probably waits for another one comes after those that wait for nothing
};

/// Thread safety: none.
class OrderPolicy {
 public:
  virtual ~OrderPolicy() = default;
  OrderPolicy(const OrderPolicy&) = delete;
  OrderPolicy& operator=(const OrderPolicy&) = delete;

  /// Makes `order` a permutation of the transactions in which nobody leaves its stretch of `reach`, or leaves it empty
  /// for the order of the block.
  virtual void plan(const BlockForecast& forecast, unsigned workers, TxnIndex reach, std::vector<TxnIndex>& order) = 0;

 protected:
  OrderPolicy() = default;
};

std::unique_ptr<OrderPolicy> make_policy(PolicyKind kind);

}  // namespace hocket
