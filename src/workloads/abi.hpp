// What goes into a contract and where its storage lies, by Solidity's rules: calldata of calls, slots of mappings.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "base/uint256.hpp"

#include <initializer_list>
#include <string_view>
#include <vector>

namespace hocket::workloads {

/// One argument: a word in its place, or something of any length that stands behind all words.
class AbiValue {
 public:
  AbiValue(const u256& word) : word_(word) {}                    // NOLINT: implicit, so that calls read well
  AbiValue(std::uint64_t word) : word_(word) {}                  // NOLINT
  AbiValue(const Address& address) : word_(to_u256(address)) {}  // NOLINT
  AbiValue(const Hash32& hash) : word_(to_u256(hash)) {}         // NOLINT
  AbiValue(const std::vector<Address>& list);                    // NOLINT: address[]
  AbiValue(const std::vector<u256>& list);                       // NOLINT: uint256[], bytes32[]
  /// bytes, string
  static AbiValue bytes(BytesView bytes);
  /// bytes[]
  static AbiValue list_of_bytes(const std::vector<Bytes>& list);
  static AbiValue text(std::string_view text) { return bytes(as_bytes(text)); }

  bool is_dynamic() const noexcept { return !tail_.empty(); }
  const u256& word() const noexcept { return word_; }
  const Bytes& tail() const noexcept { return tail_; }

 private:
  AbiValue() = default;
  u256 word_;
  Bytes tail_;  // length and content; empty: the word is the value
};

/// A negative number as an int256.
inline u256 signed_word(std::int64_t value) {
  return value < 0 ? -u256(static_cast<std::uint64_t>(-value)) : u256(static_cast<std::uint64_t>(value));
}

/// What a constructor gets, or a call behind its selector.
Bytes encode_arguments(std::initializer_list<AbiValue> arguments);
/// `signature`: "transfer(address,uint256)".
Bytes encode_call(std::string_view signature, std::initializer_list<AbiValue> arguments);

/// keccak256 of the signature: a log's first topic.
Hash32 event_topic(std::string_view signature);

/// Slot of the first element of a dynamic array that itself has slot `slot`.
u256 array_slot(const u256& slot);
/// Slot of `mapping[key]`, for a mapping that itself has slot `slot`.
u256 mapping_slot(const u256& key, const u256& slot);
inline u256 mapping_slot(const Address& key, const u256& slot) { return mapping_slot(to_u256(key), slot); }

}  // namespace hocket::workloads
