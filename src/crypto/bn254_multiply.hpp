// Scalar multiplication in G1. The endomorphism (x, y) -> (beta x, y), beta^3 = 1, multiplies by lambda, a cube root of
// one modulo r; with it a scalar splits into two of half the length that share their doublings (Gallant, Lambert,
// Vanstone, CRYPTO 2001). Each half is recoded in signed windows over a table of odd multiples, whose points are
// brought to one common Z so that every addition is a mixed one.
#pragma once

#include "crypto/bn254_lazy.hpp"
#include "crypto/scalar_recoding.hpp"

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

struct SplitScalar {
  HalfScalar by_one, by_lambda;
};

/// scalar = by_one + by_lambda * lambda (mod r): the scalar's lattice coordinates are rounded down, and what remains is
/// less than about one basis vector in each direction. Any 256-bit scalar.
inline SplitScalar split(const u256& scalar) noexcept {
  const u256 c1 = multiply_and_shift(scalar, kScaledA);
  const u256 c2 = multiply_and_shift(scalar, kScaledB);
  const auto half = [](const u256& v) -> HalfScalar { return {v.is_negative() ? -v : v, v.is_negative()}; };
  return {half(scalar - c1 * kLatticeA - c2 * kLatticeB), half(c1 * kLatticeB - c2 * (kLatticeA + kLatticeB))};
}

inline constexpr int kWindow = 5;
inline constexpr int kTableSize = 1 << (kWindow - 2);

/// scalar * p
inline Jacobian<Fp> multiply(const Affine<Fp>& point, const u256& scalar) noexcept {
  const Affine<LazyFp> p = {point.x, point.y};
  // p, 3p, 5p, ...: on the isomorphic curve where 2p is affine, each is a mixed addition of 2p. ratios[i] is Z of entry
  // i over Z of entry i - 1. No entry is infinity and no x equals that of 2p, since p has the large prime order r.
  Affine<LazyFp> table[kTableSize];
  LazyFp ratios[kTableSize];
  const Jacobian<LazyFp> p2 = twice(to_jacobian(p));
  const LazyFp zz = square(p2.z);
  Jacobian<LazyFp> entry = {p.x * zz, p.y * (zz * p2.z), kOne};
  table[0] = {entry.x, entry.y};
  for (int i = 1; i < kTableSize; ++i) {
    LazyFp unused;
    (void)add_distinct(entry, Affine<LazyFp>{p2.x, p2.y}, ratios[i], unused);
    table[i] = {entry.x, entry.y};
  }
  LazyFp common = kOne;
  for (int i = kTableSize - 1; i-- > 0;) {
    common = common * ratios[i + 1];
    const LazyFp square_of_common = square(common);
    table[i] = {table[i].x * square_of_common, table[i].y * (square_of_common * common)};
  }
  LazyFp table_beta_x[kTableSize];
  for (int i = 0; i < kTableSize; ++i) table_beta_x[i] = table[i].x * LazyFp(kBeta);

  const SplitScalar halves = split(scalar);
  std::int16_t digits_one[kMaxDigits];
  std::int16_t digits_lambda[kMaxDigits];
  const int size_one = recode<kWindow>(halves.by_one, digits_one);
  const int size_lambda = recode<kWindow>(halves.by_lambda, digits_lambda);
  Jacobian<LazyFp> sum = {kOne, kOne, LazyFp{}};
  for (int i = size_one > size_lambda ? size_one : size_lambda; i-- > 0;) {
    sum = twice(sum);
    if (i < size_one && digits_one[i] != 0) {
      const int d = digits_one[i];
      const Affine<LazyFp>& multiple = table[(d < 0 ? -d : d) / 2];
      sum = add(sum, d < 0 ? -multiple : multiple);
    }
    if (i < size_lambda && digits_lambda[i] != 0) {
      const int d = digits_lambda[i];
      const int at = (d < 0 ? -d : d) / 2;
      sum = add(sum, Affine<LazyFp>{table_beta_x[at], d < 0 ? -table[at].y : table[at].y});
    }
  }
  sum.z = sum.z * (p2.z * entry.z);
  return {reduced(sum.x), reduced(sum.y), reduced(sum.z)};
}

}  // namespace hocket::bn254::HOCKET_BN254_VARIANT
