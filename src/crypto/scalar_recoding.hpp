// Scalars made ready for multiplication: halves of a decomposition, and their digits in signed windows. Shared by the
// curves, and compiled for any machine.
#pragma once

#include "base/uint256.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace hocket {

/// The upper limbs of a b: floor(a b / 2^320), and the limb below.
inline u256 high_product(const u256& a, const u256& b, std::uint64_t& below) noexcept {
  std::uint64_t product[8] = {};
  for (int i = 0; i < 4; ++i) {
    std::uint64_t carry = 0;
    for (int j = 0; j < 4; ++j) {
      const u128 sum = static_cast<u128>(a.limbs[i]) * b.limbs[j] + product[i + j] + carry;
      product[i + j] = static_cast<std::uint64_t>(sum);
      carry = static_cast<std::uint64_t>(sum >> 64);
    }
    product[i + 4] = carry;
  }
  below = product[4];
  return {product[5], product[6], product[7], 0};
}
/// floor(a b / 2^320)
inline u256 multiply_and_shift(const u256& a, const u256& b) noexcept {
  std::uint64_t below = 0;
  return high_product(a, b, below);
}
/// a b / 2^320, rounded to the nearest.
inline u256 multiply_and_round(const u256& a, const u256& b) noexcept {
  std::uint64_t below = 0;
  const u256 quotient = high_product(a, b, below);
  return quotient + u256{below >> 63};
}

struct HalfScalar {
  u256 magnitude;  // below 2^128
  bool negative;
};

/// More than digits of a HalfScalar.
inline constexpr int kMaxDigits = 132;

/// Digits d_i, zero or odd with |d_i| < 2^(kWindow - 1), the sum of d_i 2^i being +-magnitude; at least kWindow - 1
/// zeros follow each. Returns how many digits there are.
template <int kWindow>
int recode(const HalfScalar& scalar, std::int16_t (&digits)[kMaxDigits]) noexcept {
  std::ranges::fill(digits, std::int16_t{0});
  u128 rest = static_cast<u128>(scalar.magnitude.limbs[1]) << 64 | scalar.magnitude.limbs[0];
  int position = 0;
  int size = 0;
  while (rest != 0) {
    const auto low = static_cast<std::uint64_t>(rest);
    const int zeros = low != 0 ? std::countr_zero(low) : 64 + std::countr_zero(static_cast<std::uint64_t>(rest >> 64));
    rest >>= zeros;
    position += zeros;
    const int window = static_cast<int>(rest & ((1 << kWindow) - 1));
    const bool rounds_up = window >= 1 << (kWindow - 1);
    const int digit = rounds_up ? window - (1 << kWindow) : window;
    digits[position] = static_cast<std::int16_t>(scalar.negative ? -digit : digit);
    size = position + 1;
    rest = (rest >> kWindow) + static_cast<u128>(rounds_up);
    position += kWindow;
  }
  return size;
}

}  // namespace hocket
