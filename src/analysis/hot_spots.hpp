// HotSpots: which locations, contracts and senders a block's, or many blocks', conflicts are about; and how many
// transactions only share keys, as against those that truly depend on others.
#pragma once

#include "analysis/block_report.hpp"
#include "core/transaction.hpp"

#include <span>
#include <unordered_map>

namespace hocket {

/// Some of the transactions.
struct TransactionShare {
  std::size_t count = 0;
  std::uint64_t gas = 0;

  void add(std::uint64_t of_one) {
    ++count;
    gas += of_one;
  }
  TransactionShare& operator+=(const TransactionShare& other) {
    count += other.count;
    gas += other.gas;
    return *this;
  }
};

/// Each contains the next. Locations are all that conflict under ConflictModel::every_location.
struct KeyOverlap {
  TransactionShare sharing;      // use a location that another transaction of the block uses too
  TransactionShare overlapping;  // one that somebody changes: what access lists or locks would keep apart
  TransactionShare dependent;    // need what earlier ones have changed, under predicted_nonces

  KeyOverlap& operator+=(const KeyOverlap& other);
};

/// Thread safety: pure.
KeyOverlap key_overlap(const BlockTrace& trace);

/// An address that transactions depend on each other for: by a slot, the balance, the code or that it exists.
struct HotContract {
  Address address;
  std::size_t locations = 0;  // of it, that somebody depends on others for
  std::size_t readers = 0;    // transactions that do
  std::size_t writers = 0;    // transactions that change something of it
  std::uint64_t gas = 0;      // of the readers
};

/// A sender of several transactions of one block.
struct HotSender {
  Address address;
  TransactionShare sent;
  TransactionShare dependent;  // of these, under predicted_nonces
};

/// Sums over blocks; every list with the most gas first.
class HotSpots {
 public:
  /// Requires: `trace` is that of `transactions`.
  void add(const BlockTrace& trace, std::span<const Transaction> transactions);

  /// By the gas of the readers. `count`: how many at most.
  std::vector<HotLocation> locations(std::size_t count) const;
  std::vector<HotContract> contracts(std::size_t count) const;
  /// By all that they sent.
  std::vector<HotSender> senders(std::size_t count) const;

 private:
  std::unordered_map<Location, HotLocation, LocationHash> locations_;
  std::unordered_map<Address, HotContract, FixedBytesHash> contracts_;
  std::unordered_map<Address, HotSender, FixedBytesHash> senders_;
};

}  // namespace hocket
