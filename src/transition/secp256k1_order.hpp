// EIP-2: of the two signatures that s and n - s make, only the one with the low s is valid.
#pragma once

#include "base/uint256.hpp"

namespace hocket {

/// The order of the curve's group, n.
inline constexpr u256 kSecp256k1Order{0xbfd25e8cd0364141, 0xbaaedce6af48a03b, 0xfffffffffffffffe, 0xffffffffffffffff};

constexpr bool is_low_s(const u256& s) noexcept { return s <= (kSecp256k1Order >> 1); }

}  // namespace hocket
