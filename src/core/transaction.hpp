// Transaction: every type in one struct; a field that a type does not have keeps its default.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "base/uint256.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace hocket {

enum class TransactionType : std::uint8_t {
  legacy = 0,
  access_list = 1,  // EIP-2930
  dynamic_fee = 2,  // EIP-1559
  blob = 3,         // EIP-4844
  set_code = 4,     // EIP-7702
};

struct AccessListEntry {
  Address address;
  std::vector<Hash32> storage_keys;

  friend bool operator==(const AccessListEntry&, const AccessListEntry&) = default;
};

/// secp256k1 signature; `y_parity` is 0 or 1 once decoded (legacy `v` is split into parity and chain id).
struct Signature {
  std::uint8_t y_parity = 0;
  u256 r;
  u256 s;

  friend bool operator==(const Signature&, const Signature&) = default;
};

/// EIP-7702. Out-of-range parts are kept as they are: such a tuple is skipped, it does not invalidate the transaction.
struct Authorization {
  u256 chain_id;
  Address address;
  std::uint64_t nonce = 0;
  Signature signature;  // y_parity may be any byte

  /// Set by sender recovery, which many cores share, and trusted after it; where it is not known, the execution
  /// recovers it. Known and empty: nobody's signature.
  bool authority_is_known = false;
  std::optional<Address> authority = std::nullopt;

  friend bool operator==(const Authorization&, const Authorization&) = default;
};

struct Transaction {
  TransactionType type = TransactionType::legacy;
  /// Absent for a legacy transaction without replay protection (before EIP-155).
  std::optional<std::uint64_t> chain_id;
  std::uint64_t nonce = 0;
  /// wei per gas; equals `max_fee_per_gas` for the types with one price.
  u256 max_priority_fee_per_gas;
  u256 max_fee_per_gas;
  std::uint64_t gas_limit = 0;
  /// Absent: contract creation.
  std::optional<Address> to;
  u256 value;  // wei
  Bytes data;
  std::vector<AccessListEntry> access_list;
  u256 max_fee_per_blob_gas;
  std::vector<Hash32> blob_versioned_hashes;
  std::vector<Authorization> authorization_list;
  Signature signature;

  /// Set by sender recovery; trusted by everything after it.
  Address sender;

  friend bool operator==(const Transaction&, const Transaction&) = default;
};

}  // namespace hocket
