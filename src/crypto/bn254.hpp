// BN254 (alt_bn128): the curve of EIP-196 and EIP-197. Points are big-endian coordinates as the EIPs give them;
// (0, 0) is the point at infinity. Ours, because nothing linkable exists.
// Thread safety: all functions are pure.
#pragma once

#include "base/bytes.hpp"

#include <optional>
#include <span>

namespace hocket {

/// `a`, `b`: x and y, 32 bytes each. False: a coordinate is not in the field or a point not on the curve.
bool bn254_add(std::span<const std::uint8_t, 64> a, std::span<const std::uint8_t, 64> b,
               std::span<std::uint8_t, 64> out) noexcept;
/// `scalar`: any 32-byte number.
bool bn254_multiply(std::span<const std::uint8_t, 64> point, std::span<const std::uint8_t, 32> scalar,
                    std::span<std::uint8_t, 64> out) noexcept;
/// `pairs`: k times (G1 point, 64 bytes; G2 point, 128 bytes with the imaginary parts first).
/// Whether the product of the pairings is one; nothing where an input is invalid (field, curve or subgroup).
/// Requires: `pairs.size() % 192 == 0`.
std::optional<bool> bn254_pairing_check(BytesView pairs) noexcept;

}  // namespace hocket
