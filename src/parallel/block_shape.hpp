// What can be said of a block's transactions ahead of their execution: how long they will take, which are worth handing
// out together, which call what an earlier one of their sender calls. Guesses: they change no result.
// Thread safety: functions are pure.
#pragma once

#include "core/transaction.hpp"
#include "parallel/sync.hpp"

#include <span>
#include <vector>

namespace hocket {

/// From the gas limit.
std::uint64_t expected_time_ns(const Transaction& transaction) noexcept;

/// What is worth handing out together: neighbouring plain transfers, at most `longest`; others are one each. `firsts`
/// becomes the first transaction of each unit.
void make_units(std::span<const Transaction> transactions, TxnIndex longest, std::vector<TxnIndex>& firsts);

/// Which transaction is the last one before another with the same sender and target. Kept from block to block.
class Predecessors {
 public:
  void find(std::span<const Transaction> transactions);
  /// Index + 1; 0: none. Requires: `find` was called with this transaction.
  TxnIndex of(TxnIndex txn) const noexcept { return predecessors_[txn]; }

 private:
  std::vector<TxnIndex> predecessors_;
  std::vector<TxnIndex> last_of_pair_;  // index + 1, by the hash of sender and target; open addressing
};

}  // namespace hocket
