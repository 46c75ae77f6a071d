// Scalar multiplication in G1. The endomorphism (x, y) -> (beta x, y), beta^3 = 1, multiplies by lambda, a cube root of
// one modulo r; with it a scalar splits into two of half the length that share their doublings (Gallant, Lambert,
// Vanstone, CRYPTO 2001). Each half is recoded in signed windows over a table of odd multiples, whose points are
// brought to one common Z so that every addition is a mixed one.
#pragma once

#include "crypto/bn254_group.hpp"

namespace hocket::bn254::HOCKET_BN254_VARIANT {

// The lattice of (a, b) with a + b lambda = 0 (mod r) has the basis (kLatticeA, -kLatticeB),
// (kLatticeB, kLatticeA + kLatticeB), and kLatticeA^2 + kLatticeA kLatticeB + kLatticeB^2 = r.
inline constexpr u256 kLatticeA = u256{6} * kParameterSquared + u256{2} * u256{kCurveParameter};
inline constexpr u256 kLatticeB = u256{2} * u256{kCurveParameter} + u256{1};
static_assert(kLatticeA * kLatticeA + kLatticeA * kLatticeB + kLatticeB * kLatticeB == kOrder);

/// beta: the cube root of one in Fp for which lambda = kLatticeA / kLatticeB (the other one belongs to lambda^2).
inline constexpr Fp kBeta = kFrobenius2.power[2].real;
static_assert(kFrobenius2.power[2].imaginary.is_zero() && kBeta * kBeta + kBeta + kOne == Fp{});

/// floor(2^320 numerator / r). Requires: numerator < r.
consteval u256 scaled_quotient(u256 numerator) {
  u256 quotient;
  for (int i = 0; i < 320; ++i) {
    numerator = numerator << 1;
    quotient = quotient << 1;
    if (numerator >= kOrder) {
      numerator -= kOrder;
      quotient = quotient | u256{1};
    }
  }
  return quotient;
}
inline constexpr u256 kScaledA = scaled_quotient(kLatticeA + kLatticeB);
inline constexpr u256 kScaledB = scaled_quotient(kLatticeB);

/// floor(a b / 2^320)
inline u256 multiply_and_scale(const u256& a, const u256& b) noexcept {
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
  return {product[5], product[6], product[7], 0};
}

struct HalfScalar {
  u256 magnitude;  // below 2^128
  bool negative;
};
struct SplitScalar {
  HalfScalar by_one, by_lambda;
};

/// scalar = by_one + by_lambda * lambda (mod r): the scalar's lattice coordinates are rounded down, and what remains is
/// less than about one basis vector in each direction. Any 256-bit scalar.
inline SplitScalar split(const u256& scalar) noexcept {
  const u256 c1 = multiply_and_scale(scalar, kScaledA);
  const u256 c2 = multiply_and_scale(scalar, kScaledB);
  const auto half = [](const u256& v) -> HalfScalar { return {v.is_negative() ? -v : v, v.is_negative()}; };
  return {half(scalar - c1 * kLatticeA - c2 * kLatticeB), half(c1 * kLatticeB - c2 * (kLatticeA + kLatticeB))};
}

inline constexpr int kWindow = 5;
inline constexpr int kTableSize = 1 << (kWindow - 2);

/// Digits d_i, zero or odd with |d_i| < 2^(kWindow - 1), the sum of d_i 2^i being +-magnitude; at least kWindow - 1
/// zeros follow each. Returns how many digits there are.
inline int recode(const HalfScalar& scalar, std::int16_t (&digits)[132]) noexcept {
  u128 rest = static_cast<u128>(scalar.magnitude.limbs[1]) << 64 | scalar.magnitude.limbs[0];
  bool carry = false;  // 2^128, from rounding the window up
  int position = 0;
  int size = 0;
  while (rest != 0 || carry) {
    if ((rest & 1) == 0) {
      rest = rest >> 1 | static_cast<u128>(carry) << 127;
      carry = false;
      digits[position++] = 0;
      continue;
    }
    int digit = static_cast<int>(rest & ((1 << kWindow) - 1));
    if (digit >= 1 << (kWindow - 1)) digit -= 1 << kWindow;
    const u128 before = rest;
    rest -= static_cast<u128>(static_cast<__int128>(digit));
    if (digit < 0 && rest < before) carry = true;
    digits[position++] = static_cast<std::int16_t>(scalar.negative ? -digit : digit);
    size = position;
    rest = rest >> 1 | static_cast<u128>(carry) << 127;
    carry = false;
  }
  return size;
}

/// scalar * p
inline Jacobian<Fp> multiply(const Affine<Fp>& p, const u256& scalar) noexcept {
  // p, 3p, 5p, ...: on the isomorphic curve where 2p is affine, each is a mixed addition of 2p. ratios[i] is Z of entry
  // i over Z of entry i - 1. No entry is infinity and no x equals that of 2p, since p has the large prime order r.
  Affine<Fp> table[kTableSize];
  Fp ratios[kTableSize];
  const Jacobian<Fp> p2 = twice(to_jacobian(p));
  const Fp zz = square(p2.z);
  Jacobian<Fp> entry = {p.x * zz, p.y * (zz * p2.z), kOne};
  table[0] = {entry.x, entry.y};
  for (int i = 1; i < kTableSize; ++i) {
    Fp unused;
    (void)add_distinct(entry, Affine<Fp>{p2.x, p2.y}, ratios[i], unused);
    table[i] = {entry.x, entry.y};
  }
  Fp common = kOne;
  for (int i = kTableSize - 1; i-- > 0;) {
    common = common * ratios[i + 1];
    const Fp square_of_common = square(common);
    table[i] = {table[i].x * square_of_common, table[i].y * (square_of_common * common)};
  }
  Fp table_beta_x[kTableSize];
  for (int i = 0; i < kTableSize; ++i) table_beta_x[i] = table[i].x * kBeta;

  const SplitScalar halves = split(scalar);
  std::int16_t digits_one[132];
  std::int16_t digits_lambda[132];
  const int size_one = recode(halves.by_one, digits_one);
  const int size_lambda = recode(halves.by_lambda, digits_lambda);
  Jacobian<Fp> sum = {kOne, kOne, Fp{}};
  for (int i = size_one > size_lambda ? size_one : size_lambda; i-- > 0;) {
    sum = twice(sum);
    if (i < size_one && digits_one[i] != 0) {
      const int d = digits_one[i];
      const Affine<Fp>& multiple = table[(d < 0 ? -d : d) / 2];
      sum = add(sum, d < 0 ? -multiple : multiple);
    }
    if (i < size_lambda && digits_lambda[i] != 0) {
      const int d = digits_lambda[i];
      const int at = (d < 0 ? -d : d) / 2;
      sum = add(sum, Affine<Fp>{table_beta_x[at], d < 0 ? -table[at].y : table[at].y});
    }
  }
  sum.z = sum.z * (p2.z * entry.z);
  return sum;
}

}  // namespace hocket::bn254::HOCKET_BN254_VARIANT
