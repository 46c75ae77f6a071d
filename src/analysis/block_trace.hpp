// BlockTrace: what each transaction of a block reads and writes, and when in its gas: what conflict models are made of.
#pragma once

#include "base/fixed_bytes.hpp"
#include "base/uint256.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace hocket {

/// Existence: whether there is an account, or, from Spurious Dragon on, one that is not empty (EIP-161).
enum class LocationKind : std::uint8_t { balance, nonce, code, existence, slot };
inline constexpr int kLocationKindCount = static_cast<int>(LocationKind::slot) + 1;

struct Location {
  LocationKind kind = LocationKind::balance;
  Address address;
  u256 slot;  // zero unless it is one

  friend bool operator==(const Location&, const Location&) = default;
};

struct LocationHash {
  std::size_t operator()(const Location& location) const noexcept {
    const std::size_t slot = U256Hash{}(location.slot);
    return FixedBytesHash{}(location.address) ^ (slot * 31 + static_cast<std::size_t>(location.kind));
  }
};

/// How one transaction uses one location. At least one of `reads` and `writes` is true.
struct Access {
  std::uint32_t location = 0;  // index of BlockTrace::locations
  /// The value decides something other than its own next value.
  bool reads = false;
  /// The value after the transaction is another one than before.
  bool writes = false;
  /// It changes as x := x + c or x - c only: a balance by moves of value, a slot by what it was plus or minus what does
  /// not depend on it. Meaningful also where `writes` is not true: it would have.
  bool adds = false;
  /// The nonce of the transaction's sender, used as every transaction does.
  bool own_nonce = false;
  /// When the value was first needed, be it for its own next value; gas since the transaction's begin.
  std::uint64_t at = 0;
  /// When it was first looked at for something else; meaningful where `reads` is true.
  std::uint64_t read_at = 0;
};

struct TransactionTrace {
  std::uint64_t gas = 0;    // what the receipt says
  std::uint64_t steps = 0;  // executed instructions
  std::vector<Access> accesses;
};

struct BlockTrace {
  std::vector<Location> locations;
  std::vector<TransactionTrace> transactions;
  /// What each takes (time_transactions); empty where nobody has measured it.
  std::vector<std::chrono::nanoseconds> durations;
};

}  // namespace hocket
