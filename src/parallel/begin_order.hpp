// BeginOrder: in which order a block's transactions are begun ahead of their turn, and which of them are not. A unit is
// one transaction, or neighbours that are left to their turn.
#pragma once

#include "parallel/sync.hpp"

#include <span>

namespace hocket {

/// A view; what it looks at must live as long. Thread safety: any number of readers.
class BeginOrder {
 public:
  /// Every transaction is begun, in the order of the block.
  explicit BeginOrder(TxnIndex count = 0) : count_(count) {}
  /// `units`: the first transaction of each, ascending, from 0 on; empty: each transaction is one. `order`: a
  /// permutation of the units in which nobody leaves its stretch of `reach` units; empty: in order. `in_turn`: by
  /// transaction, not zero: it is left to its turn, as are all of its unit; empty: none is.
  BeginOrder(TxnIndex count, std::span<const TxnIndex> units, std::span<const TxnIndex> order, TxnIndex reach,
             std::span<const std::uint8_t> in_turn)
      : count_(count), units_(units), order_(order), in_turn_(in_turn), reach_(order.empty() ? 1 : reach) {}

  TxnIndex transactions() const noexcept { return count_; }
  /// Places in the order.
  TxnIndex size() const noexcept { return units_.empty() ? count_ : static_cast<TxnIndex>(units_.size()); }

  /// The first transaction of the unit at a place, which is the only one unless it is left to its turn.
  TxnIndex at(TxnIndex place) const noexcept { return first(order_.empty() ? place : order_[place]); }
  bool is_in_turn(TxnIndex txn) const noexcept { return !in_turn_.empty() && in_turn_[txn] != 0; }
  /// Where the stretch begins that a place is in: all transactions below it stand at places before.
  TxnIndex stretch_begin(TxnIndex place) const noexcept { return first(place - place % reach_); }

 private:
  TxnIndex first(TxnIndex unit) const noexcept {
    if (unit >= size()) return count_;
    return units_.empty() ? unit : units_[unit];
  }

  TxnIndex count_;
  std::span<const TxnIndex> units_;
  std::span<const TxnIndex> order_;
  std::span<const std::uint8_t> in_turn_;
  TxnIndex reach_ = 1;
};

}  // namespace hocket
