// Inverses modulo an odd number of up to 256 bits, for the curves' fields and groups.
#pragma once

#include "base/uint256.hpp"

namespace hocket {

struct OddModulus {
  u256 value;
  std::uint64_t negative_inverse;  // -1 / value modulo 2^64

  consteval explicit OddModulus(const u256& modulus) : value(modulus) {
    std::uint64_t x = 1;
    for (int i = 0; i < 6; ++i) x *= 2 - modulus.limbs[0] * x;  // Newton's iteration
    negative_inverse = ~x + 1;
  }
};

/// 1 / value; 0 for 0. Time depends on the value: points, scalars and signatures are public here.
/// Requires: value < modulus; they have no common divisor. Thread safety: pure.
u256 invert_modulo(const u256& value, const OddModulus& modulus) noexcept;

}  // namespace hocket
