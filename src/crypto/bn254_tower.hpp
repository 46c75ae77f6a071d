// The extension fields of BN254's pairing: Fp2 = Fp[u]/(u^2 + 1), Fp6 = Fp2[v]/(v^3 - xi) with xi = 9 + u,
// Fp12 = Fp6[w]/(w^2 - v).
//
// Source: Devegili et al., "Multiplication and squaring on pairing-friendly fields" (eprint 2006/471), for the
// formulas; Granger and Scott (eprint 2009/565) for squaring in the cyclotomic subgroup.
#pragma once

#include "crypto/bn254_field.hpp"

namespace hocket::bn254::HOCKET_BN254_VARIANT {

struct Fp2 {
  Fp real;
  Fp imaginary;

  constexpr bool is_zero() const noexcept { return real.is_zero() && imaginary.is_zero(); }
  friend constexpr bool operator==(const Fp2& a, const Fp2& b) noexcept {
    return a.real == b.real && a.imaginary == b.imaginary;
  }
};

inline constexpr Fp2 kOne2 = {kOne, {}};

constexpr Fp2 operator+(const Fp2& a, const Fp2& b) noexcept { return {a.real + b.real, a.imaginary + b.imaginary}; }
constexpr Fp2 operator-(const Fp2& a, const Fp2& b) noexcept { return {a.real - b.real, a.imaginary - b.imaginary}; }
constexpr Fp2 operator-(const Fp2& a) noexcept { return {-a.real, -a.imaginary}; }
constexpr Fp2 twice(const Fp2& a) noexcept { return {twice(a.real), twice(a.imaginary)}; }
constexpr Fp2 halve(const Fp2& a) noexcept { return {halve(a.real), halve(a.imaginary)}; }
constexpr Fp2 conjugate(const Fp2& a) noexcept { return {a.real, -a.imaginary}; }
constexpr Fp2 operator*(const Fp2& a, const Fp& b) noexcept { return {a.real * b, a.imaginary * b}; }

/// Karatsuba with the reductions last: three products of 512 bits, two reductions.
[[gnu::noinline]] constexpr Fp2 operator*(const Fp2& a, const Fp2& b) noexcept {
  const Wide reals = multiply_wide(a.real, b.real);
  const Wide imaginaries = multiply_wide(a.imaginary, b.imaginary);
  const Wide cross = multiply_wide(add_unreduced(a.real, a.imaginary), add_unreduced(b.real, b.imaginary));
  return {reduce(reals - imaginaries), reduce(subtract_exact(subtract_exact(cross, reals), imaginaries))};
}
[[gnu::noinline]] constexpr Fp2 square(const Fp2& a) noexcept {
  const Fp product = a.real * a.imaginary;
  return {(a.real + a.imaginary) * (a.real - a.imaginary), twice(product)};
}
/// a b - c d with the reductions of one product.
[[gnu::noinline]] constexpr Fp2 difference_of_products(const Fp2& a, const Fp2& b, const Fp2& c,
                                                       const Fp2& d) noexcept {
  const Wide ab_reals = multiply_wide(a.real, b.real);
  const Wide ab_imaginaries = multiply_wide(a.imaginary, b.imaginary);
  const Wide cd_reals = multiply_wide(c.real, d.real);
  const Wide cd_imaginaries = multiply_wide(c.imaginary, d.imaginary);
  const Wide ab_cross = multiply_wide(add_unreduced(a.real, a.imaginary), add_unreduced(b.real, b.imaginary));
  const Wide cd_cross = multiply_wide(add_unreduced(c.real, c.imaginary), add_unreduced(d.real, d.imaginary));
  const Wide ab = subtract_exact(subtract_exact(ab_cross, ab_reals), ab_imaginaries);
  const Wide cd = subtract_exact(subtract_exact(cd_cross, cd_reals), cd_imaginaries);
  return {reduce(add_exact(ab_reals, cd_imaginaries) - add_exact(ab_imaginaries, cd_reals)), reduce(ab - cd)};
}
/// a * xi
constexpr Fp2 multiply_by_xi(const Fp2& a) noexcept {
  return {nine_times_plus(a.real, -a.imaginary), nine_times_plus(a.imaginary, a.real)};
}
inline Fp2 inverse(const Fp2& a) noexcept {
  const Fp norm_inverse = inverse(square(a.real) + square(a.imaginary));
  return {a.real * norm_inverse, -(a.imaginary * norm_inverse)};
}

struct Fp6 {
  Fp2 c0, c1, c2;
  friend constexpr bool operator==(const Fp6&, const Fp6&) noexcept = default;
};

inline constexpr Fp6 kOne6 = {kOne2, {}, {}};

constexpr Fp6 operator+(const Fp6& a, const Fp6& b) noexcept { return {a.c0 + b.c0, a.c1 + b.c1, a.c2 + b.c2}; }
constexpr Fp6 operator-(const Fp6& a, const Fp6& b) noexcept { return {a.c0 - b.c0, a.c1 - b.c1, a.c2 - b.c2}; }
constexpr Fp6 operator-(const Fp6& a) noexcept { return {-a.c0, -a.c1, -a.c2}; }
/// a * v
constexpr Fp6 multiply_by_v(const Fp6& a) noexcept { return {multiply_by_xi(a.c2), a.c0, a.c1}; }

[[gnu::noinline]] constexpr Fp6 operator*(const Fp6& a, const Fp6& b) noexcept {
  const Fp2 p0 = a.c0 * b.c0;
  const Fp2 p1 = a.c1 * b.c1;
  const Fp2 p2 = a.c2 * b.c2;
  return {p0 + multiply_by_xi((a.c1 + a.c2) * (b.c1 + b.c2) - p1 - p2),
          (a.c0 + a.c1) * (b.c0 + b.c1) - p0 - p1 + multiply_by_xi(p2), (a.c0 + a.c2) * (b.c0 + b.c2) - p0 - p2 + p1};
}
constexpr Fp6 operator*(const Fp6& a, const Fp2& b) noexcept { return {a.c0 * b, a.c1 * b, a.c2 * b}; }
/// a * (b0 + b1 v)
[[gnu::noinline]] constexpr Fp6 multiply_by_01(const Fp6& a, const Fp2& b0, const Fp2& b1) noexcept {
  const Fp2 p0 = a.c0 * b0;
  const Fp2 p1 = a.c1 * b1;
  return {p0 + multiply_by_xi((a.c1 + a.c2) * b1 - p1), (a.c0 + a.c1) * (b0 + b1) - p0 - p1,
          (a.c0 + a.c2) * b0 - p0 + p1};
}
inline Fp6 inverse(const Fp6& a) noexcept {
  const Fp2 t0 = square(a.c0) - multiply_by_xi(a.c1 * a.c2);
  const Fp2 t1 = multiply_by_xi(square(a.c2)) - a.c0 * a.c1;
  const Fp2 t2 = square(a.c1) - a.c0 * a.c2;
  const Fp2 norm = a.c0 * t0 + multiply_by_xi(a.c2 * t1 + a.c1 * t2);
  return Fp6{t0, t1, t2} * inverse(norm);
}

struct Fp12 {
  Fp6 c0, c1;
  friend constexpr bool operator==(const Fp12&, const Fp12&) noexcept = default;
};

inline constexpr Fp12 kOne12 = {kOne6, {}};

[[gnu::noinline]] inline Fp12 operator*(const Fp12& a, const Fp12& b) noexcept {
  const Fp6 p0 = a.c0 * b.c0;
  const Fp6 p1 = a.c1 * b.c1;
  return {p0 + multiply_by_v(p1), (a.c0 + a.c1) * (b.c0 + b.c1) - p0 - p1};
}
[[gnu::noinline]] inline Fp12 square(const Fp12& a) noexcept {
  const Fp6 product = a.c0 * a.c1;
  return {(a.c0 + a.c1) * (a.c0 + multiply_by_v(a.c1)) - product - multiply_by_v(product), product + product};
}
/// a^(p^6): also the inverse, in the cyclotomic subgroup.
inline Fp12 conjugate(const Fp12& a) noexcept { return {a.c0, -a.c1}; }
inline Fp12 inverse(const Fp12& a) noexcept {
  const Fp6 norm_inverse = inverse(a.c0 * a.c0 - multiply_by_v(a.c1 * a.c1));
  return {a.c0 * norm_inverse, -(a.c1 * norm_inverse)};
}

/// A line through points of the twist, evaluated: at_1 + at_w w + at_w3 w^3.
struct Line {
  Fp2 at_1, at_w, at_w3;
};

[[gnu::noinline]] inline Fp12 operator*(const Fp12& a, const Line& line) noexcept {
  const Fp6 p0 = a.c0 * line.at_1;
  const Fp6 p1 = multiply_by_01(a.c1, line.at_w, line.at_w3);
  const Fp6 cross = multiply_by_01(a.c0 + a.c1, line.at_1 + line.at_w, line.at_w3);
  return {p0 + multiply_by_v(p1), cross - p0 - p1};
}

/// The product of two lines: it has no w^5, and this one's c1 no v^2.
struct LinePair {
  Fp6 c0;
  Fp2 c10, c11;
};

inline LinePair operator*(const Line& a, const Line& b) noexcept {
  const Fp2 at_1 = a.at_1 * b.at_1;
  const Fp2 at_w2 = a.at_w * b.at_w;
  const Fp2 at_w6 = a.at_w3 * b.at_w3;
  return {{at_1 + multiply_by_xi(at_w6), at_w2, (a.at_w + a.at_w3) * (b.at_w + b.at_w3) - at_w2 - at_w6},
          (a.at_1 + a.at_w) * (b.at_1 + b.at_w) - at_1 - at_w2,
          (a.at_1 + a.at_w3) * (b.at_1 + b.at_w3) - at_1 - at_w6};
}
[[gnu::noinline]] inline Fp12 operator*(const Fp12& a, const LinePair& lines) noexcept {
  const Fp6 p0 = a.c0 * lines.c0;
  const Fp6 p1 = multiply_by_01(a.c1, lines.c10, lines.c11);
  const Fp6 cross = (a.c0 + a.c1) * Fp6{lines.c0.c0 + lines.c10, lines.c0.c1 + lines.c11, lines.c0.c2};
  return {p0 + multiply_by_v(p1), cross - p0 - p1};
}

/// a^2 for a in the cyclotomic subgroup, where Fp12 decomposes into three squarings in Fp4 = Fp2[s]/(s^2 - xi).
[[gnu::noinline]] inline Fp12 square_cyclotomic(const Fp12& a) noexcept {
  struct Fp4 {
    Fp2 c0, c1;
  };
  const auto square4 = [](const Fp2& x, const Fp2& y) -> Fp4 {
    const Fp2 xx = square(x);
    const Fp2 yy = square(y);
    return {xx + multiply_by_xi(yy), square(x + y) - xx - yy};
  };
  const Fp4 s0 = square4(a.c0.c0, a.c1.c1);
  const Fp4 s1 = square4(a.c1.c0, a.c0.c2);
  const Fp4 s2 = square4(a.c0.c1, a.c1.c2);
  const auto three_minus_two = [](const Fp2& s, const Fp2& x) { return twice(s - x) + s; };
  const auto three_plus_two = [](const Fp2& s, const Fp2& x) { return twice(s + x) + s; };
  return {
      {three_minus_two(s0.c0, a.c0.c0), three_minus_two(s1.c0, a.c0.c1), three_minus_two(s2.c0, a.c0.c2)},
      {three_plus_two(multiply_by_xi(s2.c1), a.c1.c0), three_plus_two(s0.c1, a.c1.c1), three_plus_two(s1.c1, a.c1.c2)}};
}

/// base^exponent, for constants.
template <class Field>
constexpr Field raise(const Field& base, const Field& one, const u256& exponent) noexcept {
  Field result = one;
  for (unsigned bit = exponent.bit_length(); bit-- > 0;) {
    result = square(result);
    if ((exponent.limbs[bit / 64] >> (bit % 64) & 1) != 0) result = result * base;
  }
  return result;
}

/// value / 6, exact for p - 1.
consteval u256 sixth(u256 value) {
  u256 quotient;
  std::uint64_t rest = 0;
  for (int i = 3; i >= 0; --i) {
    const u128 part = static_cast<u128>(rest) << 64 | value.limbs[i];
    quotient.limbs[i] = static_cast<std::uint64_t>(part / 6);
    rest = static_cast<std::uint64_t>(part % 6);
  }
  return quotient;
}

// w^p = kFrobenius[1] w with kFrobenius[i] = xi^(i (p - 1) / 6); kFrobenius2 the same for p^2, kFrobenius3 for p^3.
struct FrobeniusTable {
  Fp2 power[6];
};
consteval FrobeniusTable frobenius_table(int times) {
  const Fp2 gamma = raise(Fp2{small(9), kOne}, kOne2, sixth(kPrime - u256{1}));
  // xi^((p^2 - 1) / 6) = gamma^(p + 1), and so on: raising to p is conjugation.
  Fp2 root = gamma;
  if (times == 2) root = gamma * conjugate(gamma);
  if (times == 3) root = gamma * conjugate(gamma) * gamma;
  FrobeniusTable table = {};
  table.power[0] = kOne2;
  for (int i = 1; i < 6; ++i) table.power[i] = table.power[i - 1] * root;
  return table;
}
inline constexpr FrobeniusTable kFrobenius = frobenius_table(1);
inline constexpr FrobeniusTable kFrobenius2 = frobenius_table(2);
inline constexpr FrobeniusTable kFrobenius3 = frobenius_table(3);

/// a^(p^n) for n = 1, 2, 3. The coefficient of w^i is conjugated n times and multiplied by the table's power i.
template <int n>
Fp12 frobenius(const Fp12& a) noexcept {
  constexpr const Fp2(&kPower)[6] = n == 1 ? kFrobenius.power : n == 2 ? kFrobenius2.power : kFrobenius3.power;
  const auto image = [](const Fp2& c, const Fp2& factor) { return (n % 2 == 1 ? conjugate(c) : c) * factor; };
  return {{image(a.c0.c0, kPower[0]), image(a.c0.c1, kPower[2]), image(a.c0.c2, kPower[4])},
          {image(a.c1.c0, kPower[1]), image(a.c1.c1, kPower[3]), image(a.c1.c2, kPower[5])}};
}

}  // namespace hocket::bn254::HOCKET_BN254_VARIANT
