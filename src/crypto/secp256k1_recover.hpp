// Recovery of a public key from an ECDSA signature: Q = (s R - hash G) / r, where R is the point with x coordinate r.
// Both products share their doublings. R's scalar splits into two of half the length by the endomorphism
// (x, y) -> (beta x, y), which multiplies by lambda (Gallant, Lambert, Vanstone, CRYPTO 2001); the generator's into its
// two halves, for which there are tables.
//
// Everything here is variable in time: signatures, hashes and keys are public.
#pragma once

#include "crypto/scalar_recoding.hpp"
#include "crypto/secp256k1_group.hpp"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace hocket::secp256k1 {

inline constexpr u256 kLambda{0xdf02967c1b23bd72, 0x122e22ea20816678, 0xa5261c028812645a, 0x5363ad4cc05c30e0};
inline constexpr u256 kBeta{0xc1396c28719501ee, 0x9cf0497512f58995, 0x6e64479eac3434e9, 0x7ae96a2b657c0710};

// The lattice of (a, b) with a + b lambda = 0 (mod n) has the basis (kLatticeA, -kLatticeB), (kLatticeA + kLatticeB,
// kLatticeA), and kLatticeA^2 + kLatticeA kLatticeB + kLatticeB^2 = n.
inline constexpr u256 kLatticeA{0xe86c90e49284eb15, 0x3086d221a7d46bcd, 0, 0};
inline constexpr u256 kLatticeB{0x6f547fa90abfe4c3, 0xe4437ed6010e8828, 0, 0};
static_assert(kLatticeA * kLatticeA + kLatticeA * kLatticeB + kLatticeB * kLatticeB == kOrder);

/// floor(2^320 numerator / n). Requires: numerator < 2^192.
consteval u256 scaled_quotient(u256 numerator) {
  u256 quotient;
  for (int i = 0; i < 320; ++i) {
    const bool carry = numerator.limbs[3] >> 63 != 0;
    numerator = numerator << 1;
    quotient = quotient << 1;
    if (carry || numerator >= kOrder) {
      numerator -= kOrder;
      quotient = quotient | u256{1};
    }
  }
  return quotient;
}
inline constexpr u256 kScaledA = scaled_quotient(kLatticeA);
inline constexpr u256 kScaledB = scaled_quotient(kLatticeB);

struct SplitScalar {
  HalfScalar by_one, by_lambda;
};

/// scalar = by_one + by_lambda * lambda (mod n): the scalar's lattice coordinates are rounded to the nearest, so what
/// remains is about half a basis vector in each direction, less than 2^128. Any 256-bit scalar.
inline SplitScalar split(const u256& scalar) noexcept {
  const u256 c1 = multiply_and_round(scalar, kScaledA);
  const u256 c2 = multiply_and_round(scalar, kScaledB);
  const auto half = [](const u256& v) -> HalfScalar { return {v.is_negative() ? -v : v, v.is_negative()}; };
  return {half(scalar - c1 * kLatticeA - c2 * (kLatticeA + kLatticeB)), half(c1 * kLatticeB - c2 * kLatticeA)};
}

/// p, 3p, 5p, ..., all with one inversion. Requires: `out` is not empty; p's order is large.
template <class Field>
void odd_multiples(const Affine<Field>& p, std::span<Affine<Field>> out) {
  const Affine<Field> p2 = to_affine(twice(Jacobian<Field>{p.x, p.y, kOne<Field>}));
  std::vector<Jacobian<Field>> multiples = {{p.x, p.y, kOne<Field>}};
  std::vector<Field> products = {kOne<Field>};  // of all Z up to here
  for (std::size_t i = 1; i < out.size(); ++i) {
    multiples.push_back(add(multiples.back(), p2));
    products.push_back(products.back() * multiples.back().z);
  }
  Field inverse_product = inverse(products.back());
  for (std::size_t i = out.size(); i-- > 0;) {
    const Jacobian<Field>& multiple = multiples[i];
    const Field z_inverse = i == 0 ? inverse_product : inverse_product * products[i - 1];
    inverse_product = inverse_product * multiple.z;
    const Field zz = square(z_inverse);
    out[i] = {multiple.x * zz, multiple.y * (zz * z_inverse)};
  }
}

/// Odd multiples of the generator and of 2^128 times it: 64 KB, which the second-level cache has room for.
template <class Field>
struct GeneratorTables {
  static constexpr int kWindow = 11;
  static constexpr int kSize = 1 << (kWindow - 2);
  std::array<Affine<Field>, kSize> low;
  std::array<Affine<Field>, kSize> high;

  GeneratorTables() {
    const Affine<Field> generator = {to_field<Field>(kGeneratorX), to_field<Field>(kGeneratorY)};
    odd_multiples<Field>(generator, low);
    Jacobian<Field> shifted = {generator.x, generator.y, kOne<Field>};
    for (int i = 0; i < 128; ++i) shifted = twice(shifted);
    odd_multiples<Field>(to_affine(shifted), high);
  }
};

/// u1 G + u2 p. Requires: u1, u2 < n; p is on the curve.
template <class Field>
Jacobian<Field> multiply_and_add(const u256& u1, const u256& u2, const Affine<Field>& p) noexcept {
  // p, 3p, 5p, ...: on the isomorphic curve where 2p is affine, each is a mixed addition of 2p; ratios[i] is Z of entry
  // i over Z of entry i - 1. Nothing here is exceptional, since p has a large prime order.
  constexpr int kWindow = 5;
  constexpr int kTableSize = 1 << (kWindow - 2);
  Affine<Field> table[kTableSize];
  Field ratios[kTableSize];
  const Jacobian<Field> p2 = twice(Jacobian<Field>{p.x, p.y, kOne<Field>});
  const Field zz = square(p2.z);
  Jacobian<Field> entry = {p.x * zz, p.y * (zz * p2.z), kOne<Field>};
  table[0] = {entry.x, entry.y};
  for (int i = 1; i < kTableSize; ++i) {
    const Field entry_zz = square(entry.z);
    entry = add_scaled(entry, p2.x * entry_zz, p2.y * (entry_zz * entry.z), ratios[i]);
    table[i] = {entry.x, entry.y};
  }
  Field common = kOne<Field>;
  for (int i = kTableSize - 1; i-- > 0;) {
    common = common * ratios[i + 1];
    const Field common_square = square(common);
    table[i] = {table[i].x * common_square, table[i].y * (common_square * common)};
  }
  // All entries have this Z: the sum is gathered on the curve where it is one.
  const Field table_z = p2.z * entry.z;
  Field table_beta_x[kTableSize];
  for (int i = 0; i < kTableSize; ++i) table_beta_x[i] = table[i].x * to_field<Field>(kBeta);

  static const GeneratorTables<Field> generator;
  constexpr int kGeneratorWindow = GeneratorTables<Field>::kWindow;
  const SplitScalar halves = split(u2);
  std::int16_t digits_one[kMaxDigits], digits_lambda[kMaxDigits], digits_low[kMaxDigits], digits_high[kMaxDigits];
  const int size =
      std::max({recode<kWindow>(halves.by_one, digits_one), recode<kWindow>(halves.by_lambda, digits_lambda),
                recode<kGeneratorWindow>({{u1.limbs[0], u1.limbs[1], 0, 0}, false}, digits_low),
                recode<kGeneratorWindow>({{u1.limbs[2], u1.limbs[3], 0, 0}, false}, digits_high)});
  Jacobian<Field> sum = kInfinity<Field>;
  const auto index = [](int digit) { return static_cast<std::size_t>((digit < 0 ? -digit : digit) / 2); };
  for (int i = size; i-- > 0;) {
    sum = twice(sum);
    if (const int d = digits_one[i]; d != 0) {
      const Affine<Field>& multiple = table[index(d)];
      sum = add(sum, Affine<Field>{multiple.x, d < 0 ? -multiple.y : multiple.y});
    }
    if (const int d = digits_lambda[i]; d != 0) {
      const Affine<Field>& multiple = table[index(d)];
      sum = add(sum, Affine<Field>{table_beta_x[index(d)], d < 0 ? -multiple.y : multiple.y});
    }
    const auto add_generator = [&](int d, const auto& multiples) {
      const Affine<Field>& multiple = multiples[index(d)];
      sum = add_from_below(sum, Affine<Field>{multiple.x, d < 0 ? -multiple.y : multiple.y}, table_z);
    };
    if (digits_low[i] != 0) add_generator(digits_low[i], generator.low);
    if (digits_high[i] != 0) add_generator(digits_high[i], generator.high);
  }
  sum.z = sum.z * table_z;
  return sum;
}

/// A signature and what it is of.
struct Claim {
  u256 hash;
  bool y_is_odd;  // of R
  u256 r, s;
};

struct PublicKey {
  u256 x, y;

  friend bool operator==(const PublicKey&, const PublicKey&) = default;
};

/// The key, or nothing where there is none: r or s out of range, r not the x coordinate of a point, the key infinity.
template <class Field>
std::optional<PublicKey> recover(const Claim& claim) noexcept {
  const auto& [hash, y_is_odd, r, s] = claim;
  if (r.is_zero() || s.is_zero() || r >= kOrder || s >= kOrder) return std::nullopt;
  Affine<Field> point;
  point.x = to_field<Field>(r);
  const Field yy = square(point.x) * point.x + Field{{7, 0, 0, 0}};
  point.y = candidate_root(yy);
  if (!(square(point.y) == yy)) return std::nullopt;
  if (((canonical(point.y).low64() & 1) != 0) != y_is_odd) point.y = -point.y;

  static constexpr OddModulus kGroupOrder(kOrder);
  const u256 inverse_of_r = invert_modulo(r, kGroupOrder);
  const u256 minus_u1 = multiply_modulo(hash, inverse_of_r, kOrder);
  const u256 u1 = minus_u1.is_zero() ? minus_u1 : kOrder - minus_u1;
  const Jacobian<Field> key = multiply_and_add(u1, multiply_modulo(s, inverse_of_r, kOrder), point);
  if (key.is_infinity()) return std::nullopt;
  const Affine<Field> affine = to_affine(key);
  return PublicKey{canonical(affine.x), canonical(affine.y)};
}

}  // namespace hocket::secp256k1
