// What can be said of a block's transactions ahead of their execution: how long they will take, which are better left
// to their turn, which call what an earlier one of their sender calls. Guesses: they change no result.
// Thread safety: functions are pure.
#pragma once

#include "core/transaction.hpp"
#include "parallel/sync.hpp"

#include <span>
#include <vector>

namespace hocket {

/// From the gas limit.
std::uint64_t expected_time_ns(const Transaction& transaction) noexcept;

/// Plain transfers that nobody needs before their turn. Kept from block to block.
class TransfersInTurn {
 public:
  /// `ticks`: what each transaction is expected to take; a transfer that takes more than `most` meets code.
  void find(std::span<const Transaction> transactions, std::span<const std::uint64_t> ticks, std::uint64_t most);
  void clear() noexcept { in_turn_.clear(); }
  /// By transaction, not zero: it is one of them; empty: none is.
  std::span<const std::uint8_t> all() const noexcept { return in_turn_; }

 private:
  std::vector<std::uint8_t> in_turn_;
  std::vector<bool> senders_;  // by their hashes
};

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
