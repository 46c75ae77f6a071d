// The group of secp256k1, y^2 = x^3 + 7, which has prime order: points in Jacobian coordinates (x = X/Z^2, y = Y/Z^3),
// Z = 0 being the point at infinity.
#pragma once

#include "crypto/secp256k1_field.hpp"

namespace hocket::secp256k1 {

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
inline constexpr Field kOne = {{1, 0, 0, 0}};
template <class Field>
inline constexpr Jacobian<Field> kInfinity = {kOne<Field>, kOne<Field>, Field{}};

inline constexpr u256 kGeneratorX{0x59f2815b16f81798, 0x029bfcdb2dce28d9, 0x55a06295ce870b07, 0x79be667ef9dcbbac};
inline constexpr u256 kGeneratorY{0x9c47d08ffb10d4b8, 0xfd17b448a6855419, 0x5da4fbfc0e1108a8, 0x483ada7726a3c465};

/// 2p: the usual formulas for a = 0, scaled by Z -> Z/2. Valid for all points.
template <class Field>
[[gnu::always_inline]] inline Jacobian<Field> twice(const Jacobian<Field>& p) noexcept {
  const Field xx = square(p.x);
  const Field yy = square(p.y);
  const Field slope = xx + halve(xx);
  const Field t = p.x * yy;
  const Field x = square(slope) - twice(t);
  return {x, slope * (t - x) - square(yy), p.y * p.z};
}

/// The sum of p and the point whose coordinates in p's Z are (u, s), and by how much its Z is larger.
/// Requires: p is not infinity.
template <class Field>
[[gnu::always_inline]] inline Jacobian<Field> add_scaled(const Jacobian<Field>& p, const Field& u, const Field& s,
                                                         Field& ratio) noexcept {
  const Field h = u - p.x;
  const Field y_difference = s - p.y;
  if (h.is_zero()) [[unlikely]] {
    ratio = kOne<Field>;  // of no meaning
    return y_difference.is_zero() ? twice(p) : kInfinity<Field>;
  }
  const Field hh = square(h);
  const Field hhh = hh * h;
  const Field v = p.x * hh;
  const Field x = square(y_difference) - hhh - twice(v);
  ratio = h;
  return {x, y_difference * (v - x) - p.y * hhh, p.z * h};
}

/// p + q, for all p.
template <class Field>
[[gnu::noinline]] Jacobian<Field> add(const Jacobian<Field>& p, const Affine<Field>& q) noexcept {
  if (p.is_infinity()) return {q.x, q.y, kOne<Field>};
  const Field zz = square(p.z);
  Field unused;
  return add_scaled(p, q.x * zz, q.y * (zz * p.z), unused);
}

/// p + q, for all p, where p is on the isomorphic curve on which (x, y) of this one is (x f^2, y f^3), and q on this
/// one.
template <class Field>
[[gnu::noinline]] Jacobian<Field> add_from_below(const Jacobian<Field>& p, const Affine<Field>& q,
                                                 const Field& f) noexcept {
  if (p.is_infinity()) {
    const Field ff = square(f);
    return {q.x * ff, q.y * (ff * f), kOne<Field>};
  }
  const Field z = p.z * f;
  const Field zz = square(z);
  Field unused;
  return add_scaled(p, q.x * zz, q.y * (zz * z), unused);
}

/// Requires: p is not infinity.
template <class Field>
Affine<Field> to_affine(const Jacobian<Field>& p) noexcept {
  const Field z_inverse = inverse(p.z);
  const Field zz = square(z_inverse);
  return {p.x * zz, p.y * (zz * z_inverse)};
}

}  // namespace hocket::secp256k1
