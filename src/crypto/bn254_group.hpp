// The groups of BN254: G1 = points of y^2 = x^3 + 3 over Fp, G2 = the subgroup of order r of the twist
// y^2 = x^3 + 3/xi over Fp2. Formulas are generic over the field; points are Jacobian (x = X/Z^2, y = Y/Z^3), and Z = 0
// is the point at infinity.
#pragma once

#include "crypto/bn254_tower.hpp"

namespace hocket::bn254::HOCKET_BN254_VARIANT {

template <class Field>
struct Affine {
  Field x, y;
};

template <class Field>
struct Jacobian {
  Field x, y, z;
  bool is_infinity() const noexcept { return z.is_zero(); }
};

template <class Field>
constexpr Field one_of() noexcept;
template <>
constexpr Fp one_of<Fp>() noexcept {
  return kOne;
}
template <>
constexpr Fp2 one_of<Fp2>() noexcept {
  return kOne2;
}

template <class Field>
Affine<Field> operator-(const Affine<Field>& p) noexcept {
  return {p.x, -p.y};
}
template <class Field>
Jacobian<Field> operator-(const Jacobian<Field>& p) noexcept {
  return {p.x, -p.y, p.z};
}
template <class Field>
Jacobian<Field> to_jacobian(const Affine<Field>& p) noexcept {
  return {p.x, p.y, one_of<Field>()};
}

/// 2p: the usual formulas for a = 0, scaled by Z -> Z/2, which turns doublings into one halving. Valid for all points.
template <class Field>
[[gnu::noinline]] Jacobian<Field> twice(const Jacobian<Field>& p) noexcept {
  const Field xx = square(p.x);
  const Field yy = square(p.y);
  const Field slope = xx + halve(xx);
  const Field t = p.x * yy;
  const Field x = square(slope) - t - t;
  return {x, difference_of_products(slope, t - x, yy, yy), p.y * p.z};
}

/// p + q for distinct x coordinates; `ratio` is Z of the sum over Z of p. False if the x coordinates are equal.
template <class Field>
[[gnu::always_inline]] inline bool add_distinct(Jacobian<Field>& p, const Affine<Field>& q, Field& ratio,
                                                Field& y_difference) noexcept {
  const Field zz = square(p.z);
  const Field h = q.x * zz - p.x;
  y_difference = q.y * (zz * p.z) - p.y;
  if (h.is_zero()) return false;
  const Field hh = square(h);
  const Field hhh = hh * h;
  const Field v = p.x * hh;
  const Field x = square(y_difference) - hhh - twice(v);
  p.y = difference_of_products(y_difference, v - x, p.y, hhh);
  p.x = x;
  p.z = p.z * h;
  ratio = h;
  return true;
}

/// p + q, for all p.
template <class Field>
[[gnu::noinline]] Jacobian<Field> add(const Jacobian<Field>& p, const Affine<Field>& q) noexcept {
  if (p.is_infinity()) return to_jacobian(q);
  Jacobian<Field> sum = p;
  Field ratio;
  Field y_difference;
  if (add_distinct(sum, q, ratio, y_difference)) return sum;
  if (y_difference.is_zero()) return twice(p);
  return {one_of<Field>(), one_of<Field>(), Field{}};
}

template <class Field>
[[gnu::noinline]] Jacobian<Field> add(const Jacobian<Field>& p, const Jacobian<Field>& q) noexcept {
  if (p.is_infinity()) return q;
  if (q.is_infinity()) return p;
  const Field pzz = square(p.z);
  const Field qzz = square(q.z);
  const Field u = p.x * qzz;
  const Field s = p.y * (qzz * q.z);
  const Field h = q.x * pzz - u;
  const Field y_difference = q.y * (pzz * p.z) - s;
  if (h.is_zero()) {
    if (y_difference.is_zero()) return twice(p);
    return {one_of<Field>(), one_of<Field>(), Field{}};
  }
  const Field hh = square(h);
  const Field hhh = hh * h;
  const Field v = u * hh;
  const Field x = square(y_difference) - hhh - twice(v);
  return {x, difference_of_products(y_difference, v - x, s, hhh), p.z * q.z * h};
}

template <class Field>
bool equal(const Jacobian<Field>& p, const Jacobian<Field>& q) noexcept {
  if (p.is_infinity() || q.is_infinity()) return p.is_infinity() && q.is_infinity();
  const Field pzz = square(p.z);
  const Field qzz = square(q.z);
  return p.x * qzz == q.x * pzz && p.y * (qzz * q.z) == q.y * (pzz * p.z);
}

/// Requires: p is not infinity.
template <class Field>
Affine<Field> to_affine(const Jacobian<Field>& p) noexcept {
  const Field z_inverse = inverse(p.z);
  const Field zz = square(z_inverse);
  return {p.x * zz, p.y * (zz * z_inverse)};
}

inline constexpr Fp kCurveB = small(3);
inline bool is_on_curve(const Affine<Fp>& p) noexcept { return square(p.y) == square(p.x) * p.x + kCurveB; }

/// 3 / xi = 3 (9 - u) / 82: 82 is xi's norm.
inline constexpr Fp2 kTwistB = Fp2{small(27), -small(3)} * raise(small(82), kOne, kPrime - u256{2});
inline bool is_on_twist(const Affine<Fp2>& p) noexcept { return square(p.y) == square(p.x) * p.x + kTwistB; }

/// The p-power Frobenius carried over to the twist. On G2 it multiplies by p modulo r.
inline Jacobian<Fp2> frobenius(const Jacobian<Fp2>& p) noexcept {
  return {conjugate(p.x) * kFrobenius.power[2], conjugate(p.y) * kFrobenius.power[3], conjugate(p.z)};
}
inline Affine<Fp2> frobenius(const Affine<Fp2>& p) noexcept {
  return {conjugate(p.x) * kFrobenius.power[2], conjugate(p.y) * kFrobenius.power[3]};
}

/// A number in digits 0, +-1 and +-`odd`, few of which are not 0: subtracting costs as much as adding.
struct SignedDigits {
  std::int16_t digits[68] = {};
  int size = 0;
};
/// Takes the digit that leaves the most zeros. With odd = 1 this is the non-adjacent form.
consteval SignedDigits signed_digits(u128 value, int odd) {
  SignedDigits result;
  const auto zeros_left_by = [&value](int digit) {
    u128 rest = value - static_cast<u128>(static_cast<__int128>(digit));
    int zeros = 0;
    for (; zeros < 100 && rest % 2 == 0; rest /= 2) ++zeros;
    return static_cast<__int128>(value) < digit ? 0 : zeros;
  };
  while (value != 0) {
    int digit = 0;
    if (value % 2 != 0)
      for (const int candidate : {1, -1, odd, -odd})
        if (digit == 0 || zeros_left_by(candidate) > zeros_left_by(digit)) digit = candidate;
    result.digits[result.size++] = static_cast<std::int16_t>(digit);
    value = (value - static_cast<u128>(static_cast<__int128>(digit))) / 2;
  }
  return result;
}
inline constexpr SignedDigits kParameterDigits = signed_digits(kCurveParameter, 1);

/// Whether a point of the twist is in G2: [x + 1]q + psi([x]q) + psi^2([x]q) = psi^3([2x]q), with psi the Frobenius.
/// Source: Dai, Lin, Zhao, Zhou, "Fast subgroup membership testings for G1, G2 and GT on pairing-friendly curves"
/// (eprint 2022/348). bn254_test.cpp proves it for this curve: reduced by psi's characteristic polynomial the condition
/// is (a + b psi) q = 0, and the norm of a + b psi has only r in common with the order of the twist.
inline bool is_in_g2(const Affine<Fp2>& q) noexcept {
  const Affine<Fp2> minus_q = -q;
  Jacobian<Fp2> xq = to_jacobian(q);
  for (int i = kParameterDigits.size - 1; i-- > 0;) {
    xq = twice(xq);
    if (kParameterDigits.digits[i] != 0) xq = add(xq, kParameterDigits.digits[i] > 0 ? q : minus_q);
  }
  const Jacobian<Fp2> psi = frobenius(xq);
  const Jacobian<Fp2> psi2 = frobenius(psi);
  return equal(add(add(add(xq, q), psi), psi2), frobenius(twice(psi2)));
}

}  // namespace hocket::bn254::HOCKET_BN254_VARIANT
