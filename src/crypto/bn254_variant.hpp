// The precompiles' operations over one build of the arithmetic: bytes in, bytes out. bn254.cpp chooses between builds.
#pragma once

#include "crypto/bn254_multiply.hpp"
#include "crypto/bn254_pairing.hpp"
#include "crypto/modular_inverse.hpp"

#include <cstring>
#include <optional>

namespace hocket::bn254::HOCKET_BN254_VARIANT {

inline Fp inverse(const Fp& a) noexcept {
  constexpr OddModulus kModulus(kPrime);
  // The stored number is a R: its inverse needs two more factors R.
  const u256 plain = invert_modulo({a.limbs[0], a.limbs[1], a.limbs[2], a.limbs[3]}, kModulus);
  constexpr Fp kMontgomeryCube = kMontgomerySquare * kMontgomerySquare;
  return raw(plain) * kMontgomeryCube;
}

inline bool read_field(const std::uint8_t* bytes, Fp& out) noexcept {
  const u256 value = load_be256(bytes);
  if (value >= kPrime) return false;
  out = to_field(value);
  return true;
}

template <class Field>
struct Point {
  Affine<Field> affine;
  bool is_infinity;
};

inline std::optional<Point<Fp>> read_g1(const std::uint8_t* bytes) noexcept {
  Point<Fp> point;
  if (!read_field(bytes, point.affine.x) || !read_field(bytes + 32, point.affine.y)) return std::nullopt;
  point.is_infinity = point.affine.x.is_zero() && point.affine.y.is_zero();
  if (!point.is_infinity && !is_on_curve(point.affine)) return std::nullopt;
  return point;
}
inline std::optional<Point<Fp2>> read_g2(const std::uint8_t* bytes) noexcept {
  Point<Fp2> point;
  Affine<Fp2>& q = point.affine;
  if (!read_field(bytes, q.x.imaginary) || !read_field(bytes + 32, q.x.real) ||
      !read_field(bytes + 64, q.y.imaginary) || !read_field(bytes + 96, q.y.real))
    return std::nullopt;
  point.is_infinity = q.x.is_zero() && q.y.is_zero();
  if (!point.is_infinity && !(is_on_twist(q) && is_in_g2(q))) return std::nullopt;
  return point;
}
inline void write_g1(std::uint8_t* out, const Affine<Fp>& p) noexcept {
  store_be256(out, from_field(p.x));
  store_be256(out + 32, from_field(p.y));
}
inline void write_g1(std::uint8_t* out, const Jacobian<Fp>& p) noexcept {
  if (p.is_infinity())
    std::memset(out, 0, 64);
  else
    write_g1(out, to_affine(p));
}

inline bool add_bytes(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out) noexcept {
  const auto p = read_g1(a);
  const auto q = read_g1(b);
  if (!p || !q) return false;
  if (p->is_infinity || q->is_infinity) {
    if (p->is_infinity && q->is_infinity)
      std::memset(out, 0, 64);
    else
      write_g1(out, p->is_infinity ? q->affine : p->affine);
    return true;
  }
  write_g1(out, add(to_jacobian(p->affine), q->affine));
  return true;
}

inline bool multiply_bytes(const std::uint8_t* point, const std::uint8_t* scalar, std::uint8_t* out) noexcept {
  const auto p = read_g1(point);
  if (!p) return false;
  if (p->is_infinity)
    std::memset(out, 0, 64);
  else
    write_g1(out, multiply(p->affine, load_be256(scalar)));
  return true;
}

inline std::optional<bool> pairing_check_bytes(BytesView input) noexcept {
  constexpr std::size_t kPairSize = 192;
  Pair batch[kBatch];
  std::size_t size = 0;
  Fp12 product = kOne12;
  for (std::size_t at = 0; at < input.size(); at += kPairSize) {
    const auto p = read_g1(input.data() + at);
    if (!p) return std::nullopt;
    const auto q = read_g2(input.data() + at + 64);
    if (!q) return std::nullopt;
    if (p->is_infinity || q->is_infinity) continue;
    batch[size++] = {p->affine, q->affine};
    if (size == kBatch) {
      product = product * miller_loop({batch, size});
      size = 0;
    }
  }
  if (size != 0) product = product * miller_loop({batch, size});
  return final_exponentiation(product) == kOne12;
}

}  // namespace hocket::bn254::HOCKET_BN254_VARIANT
