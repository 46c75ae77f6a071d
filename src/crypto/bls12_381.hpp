// BLS12-381 in the encoding of EIP-2537, by blst: a base field element is 64 bytes, big-endian, of which the first 16
// are zero; a G1 point is 128 bytes and a G2 point 256; all zero is the point at infinity.
// False or nothing is returned where an input is not canonical, not on its curve or, but for the additions, not in the
// subgroup. Thread safety: all functions are pure.
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace hocket::bls12_381 {

inline constexpr std::size_t kFpSize = 64;
inline constexpr std::size_t kScalarSize = 32;
inline constexpr std::size_t kG1Size = 2 * kFpSize;
inline constexpr std::size_t kG2Size = 4 * kFpSize;

using G1View = std::span<const std::uint8_t, kG1Size>;
using G2View = std::span<const std::uint8_t, kG2Size>;
using G1Out = std::span<std::uint8_t, kG1Size>;
using G2Out = std::span<std::uint8_t, kG2Size>;

/// The sum; the points need not be in the subgroup.
[[nodiscard]] bool g1_add(G1View a, G1View b, G1Out out) noexcept;
[[nodiscard]] bool g2_add(G2View a, G2View b, G2Out out) noexcept;

/// The sum of scalar times point over `pairs`: a point and a scalar (any 32-byte number) each.
/// Requires: `pairs.size()` is a positive multiple of the pair's size.
[[nodiscard]] bool g1_multi_scalar_multiply(BytesView pairs, G1Out out);
[[nodiscard]] bool g2_multi_scalar_multiply(BytesView pairs, G2Out out);

/// Whether the product of the pairings of `pairs` (a G1 point and a G2 point each) is one.
/// Requires: `pairs.size()` is a positive multiple of the pair's size.
std::optional<bool> pairing_check(BytesView pairs);

/// The field element's image in the subgroup (RFC 9380, simplified SWU with the cofactor cleared).
[[nodiscard]] bool map_fp_to_g1(std::span<const std::uint8_t, kFpSize> element, G1Out out) noexcept;
[[nodiscard]] bool map_fp2_to_g2(std::span<const std::uint8_t, 2 * kFpSize> element, G2Out out) noexcept;

}  // namespace hocket::bls12_381
