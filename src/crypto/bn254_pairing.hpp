// The optimal ate pairing on BN254, as a check that a product of pairings is one: one Miller loop over up to kBatch
// pairs (their Fp12 squarings are shared), one final exponentiation for all.
//
// Sources: Vercauteren, "Optimal pairings" (eprint 2008/096); Costello, Lange, Naehrig (eprint 2009/615) and Aranha et
// al. (eprint 2010/526) for the steps in homogeneous coordinates; Fuentes-Castaneda, Knapp, Rodriguez-Henriquez,
// "Faster hashing to G2" (SAC 2011) for the hard part of the final exponentiation.
#pragma once

#include "crypto/bn254_group.hpp"

#include <span>

namespace hocket::bn254::HOCKET_BN254_VARIANT {

struct Pair {
  Affine<Fp> p;
  Affine<Fp2> q;
};

/// x = X/Z, y = Y/Z.
struct Homogeneous {
  Fp2 x, y, z;
};

/// Doubles t; the tangent at t, to be scaled to the point of G1 by `evaluate`.
inline Line double_step(Homogeneous& t) noexcept {
  const Fp2 a = halve(t.x * t.y);
  const Fp2 b = square(t.y);
  const Fp2 c = square(t.z);
  const Fp2 e = kTwistB * (twice(c) + c);
  const Fp2 f = twice(e) + e;
  const Fp2 g = halve(b + f);
  const Fp2 h = square(t.y + t.z) - (b + c);
  const Fp2 j = square(t.x);
  const Fp2 ee = square(e);
  t = {a * (b - f), square(g) - (twice(ee) + ee), b * h};
  return {-h, twice(j) + j, e - b};
}

/// Adds q to t; the line through both. Requires: t is neither q nor -q.
inline Line add_step(Homogeneous& t, const Affine<Fp2>& q) noexcept {
  const Fp2 theta = t.y - q.y * t.z;
  const Fp2 lambda = t.x - q.x * t.z;
  const Fp2 d = square(lambda);
  const Fp2 e = lambda * d;
  const Fp2 f = t.z * square(theta);
  const Fp2 g = t.x * d;
  const Fp2 h = e + f - twice(g);
  const Fp2 at_w3 = difference_of_products(theta, q.x, lambda, q.y);
  t = {lambda * h, difference_of_products(theta, g - h, e, t.y), t.z * e};
  return {lambda, -theta, at_w3};
}

inline Line evaluate(const Line& line, const Affine<Fp>& p) noexcept {
  return {line.at_1 * p.y, line.at_w * p.x, line.at_w3};
}

inline constexpr SignedDigits kLoopDigits = signed_digits(static_cast<u128>(6) * kCurveParameter + 2, 1);
inline constexpr std::size_t kBatch = 16;

/// Product of the Miller functions f_{6x+2,q}(p) with the two closing lines. Requires: pairs.size() <= kBatch; no point
/// is infinity.
inline Fp12 miller_loop(std::span<const Pair> pairs) noexcept {
  Homogeneous t[kBatch];
  Affine<Fp2> minus_q[kBatch];
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    t[i] = {pairs[i].q.x, pairs[i].q.y, kOne2};
    minus_q[i] = -pairs[i].q;
  }
  Fp12 f = kOne12;
  // Lines are multiplied into f by twos, of which the product is sparse as well.
  const auto multiply_lines = [&f, pairs](auto step) {
    const auto line = [&](std::size_t i) { return evaluate(step(i), pairs[i].p); };
    std::size_t i = 0;
    for (; i + 1 < pairs.size(); i += 2) f = f * (line(i) * line(i + 1));
    if (i < pairs.size()) f = f * line(i);
  };
  for (int digit = kLoopDigits.size - 1; digit-- > 0;) {
    if (digit != kLoopDigits.size - 2) f = square(f);
    multiply_lines([&t](std::size_t i) { return double_step(t[i]); });
    const int sign = kLoopDigits.digits[digit];
    if (sign > 0) multiply_lines([&](std::size_t i) { return add_step(t[i], pairs[i].q); });
    if (sign < 0) multiply_lines([&](std::size_t i) { return add_step(t[i], minus_q[i]); });
  }
  multiply_lines([&](std::size_t i) { return add_step(t[i], frobenius(pairs[i].q)); });
  multiply_lines([&](std::size_t i) { return add_step(t[i], -frobenius(frobenius(pairs[i].q))); });
  return f;
}

/// a^x in the cyclotomic subgroup: digits +-1 and +-5 leave 15 multiplications beside that for a^5.
[[gnu::noinline]] inline Fp12 raise_to_parameter(const Fp12& a) noexcept {
  constexpr SignedDigits kDigits = signed_digits(kCurveParameter, 5);
  static_assert(kDigits.digits[kDigits.size - 1] == 1);
  const Fp12 a5 = square_cyclotomic(square_cyclotomic(a)) * a;
  Fp12 result = a;
  for (int i = kDigits.size - 1; i-- > 0;) {
    result = square_cyclotomic(result);
    const int digit = kDigits.digits[i];
    if (digit == 0) continue;
    const Fp12& power = digit == 1 || digit == -1 ? a : a5;
    result = result * (digit > 0 ? power : conjugate(power));
  }
  return result;
}

/// f^(m (p^12 - 1) / r) with m = 2x (6x^2 + 3x + 1), which is prime to r: one exactly where the reduced pairing is one.
inline Fp12 final_exponentiation(const Fp12& f) noexcept {
  const Fp12 to_p6 = conjugate(f) * inverse(f);
  const Fp12 a = frobenius<2>(to_p6) * to_p6;

  const Fp12 x2 = square_cyclotomic(raise_to_parameter(a));  // a^(2x)
  const Fp12 x6 = square_cyclotomic(x2) * x2;                // a^(6x)
  const Fp12 xx6 = raise_to_parameter(x6);                   // a^(6x^2)
  const Fp12 xxx12 = raise_to_parameter(square_cyclotomic(xx6));
  const Fp12 s = xxx12 * xx6 * x6;   // a^(12x^3 + 6x^2 + 6x)
  const Fp12 t = s * conjugate(x2);  // a^(12x^3 + 6x^2 + 4x)
  return (s * xx6 * a) * frobenius<1>(t) * frobenius<2>(s) * frobenius<3>(t * conjugate(a));
}

}  // namespace hocket::bn254::HOCKET_BN254_VARIANT
