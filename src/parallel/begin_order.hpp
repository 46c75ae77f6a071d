// BeginOrder: which transactions are handed out together (a unit), and in which order units are begun.
#pragma once

#include "parallel/sync.hpp"

#include <algorithm>
#include <span>

namespace hocket {

/// A view; what it looks at must live as long. Thread safety: any number of readers.
class BeginOrder {
 public:
  /// Every transaction is a unit, begun in the order of the block.
  explicit BeginOrder(TxnIndex count = 0) : count_(count) {}
  /// `units`: the first transaction of each, ascending, from 0 on. `order`: a permutation of the units in which nobody
  /// leaves its stretch of `reach` units; empty: in order.
  BeginOrder(TxnIndex count, std::span<const TxnIndex> units, std::span<const TxnIndex> order, TxnIndex reach)
      : count_(count), units_(units), order_(order), reach_(order.empty() ? 1 : reach) {}

  TxnIndex transactions() const noexcept { return count_; }
  /// Places in the order.
  TxnIndex size() const noexcept { return units_.empty() ? count_ : static_cast<TxnIndex>(units_.size()); }

  struct Range {
    TxnIndex begin = 0;
    TxnIndex end = 0;
  };
  /// The unit at a place.
  Range unit(TxnIndex place) const noexcept {
    const TxnIndex unit = order_.empty() ? place : order_[place];
    return {first(unit), first(unit + 1)};
  }
  /// Where the stretch begins that a place is in: all transactions below it stand at places before.
  TxnIndex stretch_begin(TxnIndex place) const noexcept { return first(place - place % reach_); }
  /// Nothing from here on is begun before `place`.
  TxnIndex untouched_from(TxnIndex place) const noexcept {
    return first(std::min((place + reach_ - 1) / reach_ * reach_, size()));
  }

 private:
  TxnIndex first(TxnIndex unit) const noexcept {
    if (unit >= size()) return count_;
    return units_.empty() ? unit : units_[unit];
  }

  TxnIndex count_;
  std::span<const TxnIndex> units_;
  std::span<const TxnIndex> order_;
  TxnIndex reach_ = 1;
};

}  // namespace hocket
