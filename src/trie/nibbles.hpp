// Nibbles: the half bytes that a trie's paths are made of, high half first (YP appendix D), kept packed as the key is.
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace hocket {

/// Keys have at most this many bytes: a keccak hash, or the RLP of an index.
inline constexpr std::size_t kMaxTrieKeySize = 32;
inline constexpr std::size_t kMaxTrieDepth = 2 * kMaxTrieKeySize;

/// A key, or the leading part of one that is known so far; what lies beyond is unspecified.
using PackedPath = std::array<std::uint8_t, kMaxTrieKeySize>;

inline std::uint8_t nibble_at(const PackedPath& path, std::size_t index) noexcept {
  const std::uint8_t byte = path[index / 2];
  return index % 2 == 0 ? byte >> 4 : byte & 0x0f;
}

inline void set_nibble(PackedPath& path, std::size_t index, std::uint8_t nibble) noexcept {
  std::uint8_t& byte = path[index / 2];
  byte = static_cast<std::uint8_t>(index % 2 == 0 ? (byte & 0x0f) | nibble << 4 : (byte & 0xf0) | nibble);
}

/// The first index in [from, to) where the two differ, or `to`.
inline std::size_t first_difference(const PackedPath& a, const PackedPath& b, std::size_t from,
                                    std::size_t to) noexcept {
  while (from < to) {
    if (from % 2 == 0 && from + 1 < to && a[from / 2] == b[from / 2])
      from += 2;
    else if (nibble_at(a, from) == nibble_at(b, from))
      ++from;
    else
      break;
  }
  return from;
}

/// Requires: `key.size() <= kMaxTrieKeySize`.
inline PackedPath pack(BytesView key) noexcept {
  PackedPath path{};
  std::ranges::copy(key, path.begin());
  return path;
}

/// The first `size` nibbles as hex digits.
std::string nibbles_to_text(const PackedPath& path, std::size_t size);

/// Writes nibbles [from, to) and the leaf flag in "hex prefix" form (YP appendix C) at `out`; returns the number of
/// bytes, at most 33.
std::size_t write_hex_prefix(std::uint8_t* out, const PackedPath& path, std::size_t from, std::size_t to,
                             bool is_leaf) noexcept;

}  // namespace hocket
