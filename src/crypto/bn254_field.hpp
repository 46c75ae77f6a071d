// BN254's base field: integers modulo p in Montgomery form (x is stored as x * 2^256 mod p), always below p.
//
// The arithmetic of this curve is compiled twice, once for any machine and once with BMI2 and ADX, by including these
// headers with HOCKET_BN254_VARIANT naming the namespace. Everything is constexpr, so that constants are derived from
// p and the curve's parameter by the compiler instead of being written down.
#pragma once

#include "base/uint256.hpp"

#include <cstdint>

#ifndef HOCKET_BN254_VARIANT
#define HOCKET_BN254_VARIANT portable
#endif
#ifdef HOCKET_BN254_ADX
#include "crypto/bn254_field_adx.hpp"
#endif

namespace hocket::bn254::HOCKET_BN254_VARIANT {

// The parameter x of the Barreto-Naehrig family: p = 36x^4 + 36x^3 + 24x^2 + 6x + 1, order r = p - 6x^2.
inline constexpr std::uint64_t kCurveParameter = 4965661367192848881;
inline constexpr u256 kParameterSquared = u256{kCurveParameter} * u256{kCurveParameter};
inline constexpr u256 kPrime = u256{36} * kParameterSquared * kParameterSquared +
                               u256{36} * kParameterSquared * u256{kCurveParameter} + u256{24} * kParameterSquared +
                               u256{6} * u256{kCurveParameter} + u256{1};
inline constexpr u256 kOrder = kPrime - u256{6} * kParameterSquared;
static_assert(kPrime == u256{0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029});
static_assert(kOrder == u256{0x43e1f593f0000001, 0x2833e84879b97091, 0xb85045b68181585d, 0x30644e72e131a029});

/// -1 / p modulo 2^64, by Newton's iteration.
consteval std::uint64_t negative_inverse_of_prime() {
  std::uint64_t x = 1;
  for (int i = 0; i < 6; ++i) x *= 2 - kPrime.limbs[0] * x;
  return ~x + 1;
}
inline constexpr std::uint64_t kMontgomeryFactor = negative_inverse_of_prime();

struct Fp {
  std::uint64_t limbs[4] = {0, 0, 0, 0};

  constexpr bool is_zero() const noexcept { return (limbs[0] | limbs[1] | limbs[2] | limbs[3]) == 0; }
  friend constexpr bool operator==(const Fp& a, const Fp& b) noexcept {
    return ((a.limbs[0] ^ b.limbs[0]) | (a.limbs[1] ^ b.limbs[1]) | (a.limbs[2] ^ b.limbs[2]) |
            (a.limbs[3] ^ b.limbs[3])) == 0;
  }
};

/// All ones for 1, 0 for 0, in a way that compilers cannot turn into a branch: carries of reductions are random.
[[gnu::always_inline]] constexpr std::uint64_t mask_of(std::uint64_t bit) noexcept {
  std::uint64_t mask = ~bit + 1;
  if !consteval {
    asm("" : "+r"(mask));
  }
  return mask;
}

/// `value` < 2p brought below p.
[[gnu::always_inline]] constexpr Fp reduce_once(const Fp& value) noexcept {
#ifdef HOCKET_BN254_ADX
  if !consteval {
    Fp result = value;
    adx_reduce_once(result.limbs);
    return result;
  }
#endif
  std::uint64_t borrow = 0;
  Fp reduced;
  for (int i = 0; i < 4; ++i) reduced.limbs[i] = sub_with_borrow(value.limbs[i], kPrime.limbs[i], borrow);
  const std::uint64_t keep = mask_of(borrow);
  for (int i = 0; i < 4; ++i) reduced.limbs[i] = (value.limbs[i] & keep) | (reduced.limbs[i] & ~keep);
  return reduced;
}

/// The sum without reduction: below 2p, fit only as an operand of `multiply_wide`.
[[gnu::always_inline]] constexpr Fp add_unreduced(const Fp& a, const Fp& b) noexcept {
  std::uint64_t carry = 0;
  Fp sum;
  for (int i = 0; i < 4; ++i) sum.limbs[i] = add_with_carry(a.limbs[i], b.limbs[i], carry);
  return sum;
}
[[gnu::always_inline]] constexpr Fp operator+(const Fp& a, const Fp& b) noexcept {
  return reduce_once(add_unreduced(a, b));
}
[[gnu::always_inline]] constexpr Fp operator-(const Fp& a, const Fp& b) noexcept {
  std::uint64_t borrow = 0;
  Fp difference;
  for (int i = 0; i < 4; ++i) difference.limbs[i] = sub_with_borrow(a.limbs[i], b.limbs[i], borrow);
  const std::uint64_t mask = mask_of(borrow);
  std::uint64_t carry = 0;
  for (int i = 0; i < 4; ++i) difference.limbs[i] = add_with_carry(difference.limbs[i], kPrime.limbs[i] & mask, carry);
  return difference;
}
[[gnu::always_inline]] constexpr Fp operator-(const Fp& a) noexcept { return Fp{} - a; }
[[gnu::always_inline]] constexpr Fp twice(const Fp& a) noexcept { return a + a; }

// Products of 512 bits, taken modulo p * 2^256 (every Wide is below that), so that several can be added and subtracted
// before one Montgomery reduction. p^2 < p * 2^256 / 5, so sums of two operands may be multiplied unreduced.
struct Wide {
  std::uint64_t limbs[8];
};

/// Requires: a, b < 2p.
[[gnu::always_inline]] constexpr Wide multiply_wide(const Fp& a, const Fp& b) noexcept {
#ifdef HOCKET_BN254_ADX
  if !consteval {
    Wide product;
    adx_multiply_wide(product.limbs, a.limbs, b.limbs);
    return product;
  }
#endif
  Wide product = {};
  for (int i = 0; i < 4; ++i) {
    std::uint64_t carry = 0;
    for (int j = 0; j < 4; ++j) {
      const u128 sum = static_cast<u128>(a.limbs[i]) * b.limbs[j] + product.limbs[i + j] + carry;
      product.limbs[i + j] = static_cast<std::uint64_t>(sum);
      carry = static_cast<std::uint64_t>(sum >> 64);
    }
    product.limbs[i + 4] = carry;
  }
  return product;
}

/// a - b. Requires: a >= b as integers.
[[gnu::always_inline]] constexpr Wide subtract_exact(const Wide& a, const Wide& b) noexcept {
  std::uint64_t borrow = 0;
  Wide difference;
  for (int i = 0; i < 8; ++i) difference.limbs[i] = sub_with_borrow(a.limbs[i], b.limbs[i], borrow);
  return difference;
}
/// a - b modulo p * 2^256.
[[gnu::always_inline]] constexpr Wide operator-(const Wide& a, const Wide& b) noexcept {
  std::uint64_t borrow = 0;
  Wide difference;
  for (int i = 0; i < 8; ++i) difference.limbs[i] = sub_with_borrow(a.limbs[i], b.limbs[i], borrow);
  const std::uint64_t mask = mask_of(borrow);
  std::uint64_t carry = 0;
  for (int i = 0; i < 4; ++i)
    difference.limbs[i + 4] = add_with_carry(difference.limbs[i + 4], kPrime.limbs[i] & mask, carry);
  return difference;
}

/// Montgomery reduction: value / 2^256 modulo p.
[[gnu::always_inline]] constexpr Fp reduce(const Wide& value) noexcept {
  Fp low = {value.limbs[0], value.limbs[1], value.limbs[2], value.limbs[3]};
#ifdef HOCKET_BN254_ADX
  if !consteval {
    adx_reduce(low.limbs, value.limbs + 4);
    return reduce_once(low);
  }
#endif
  for (int i = 0; i < 4; ++i) {
    const std::uint64_t factor = low.limbs[0] * kMontgomeryFactor;
    u128 sum = static_cast<u128>(factor) * kPrime.limbs[0] + low.limbs[0];
    for (int j = 1; j < 4; ++j) {
      sum = static_cast<u128>(factor) * kPrime.limbs[j] + low.limbs[j] + static_cast<std::uint64_t>(sum >> 64);
      low.limbs[j - 1] = static_cast<std::uint64_t>(sum);
    }
    low.limbs[3] = static_cast<std::uint64_t>(sum >> 64);
  }
  // The reduced low half is at most p, the high half below p.
  return reduce_once(add_unreduced(low, {value.limbs[4], value.limbs[5], value.limbs[6], value.limbs[7]}));
}

[[gnu::always_inline]] constexpr Wide add_exact(const Wide& a, const Wide& b) noexcept {
  std::uint64_t carry = 0;
  Wide sum;
  for (int i = 0; i < 8; ++i) sum.limbs[i] = add_with_carry(a.limbs[i], b.limbs[i], carry);
  return sum;
}

/// The Montgomery product. p's top limb leaves two bits free, so the interleaved form needs no fifth limb.
[[gnu::always_inline]] constexpr Fp operator*(const Fp& a, const Fp& b) noexcept {
#ifdef HOCKET_BN254_ADX
  if !consteval {
    Fp product;
    adx_multiply(product.limbs, a.limbs, b.limbs);
    return reduce_once(product);
  }
#endif
  Fp t;
  for (int i = 0; i < 4; ++i) {
    const auto high = [](u128 v) { return static_cast<std::uint64_t>(v >> 64); };
    u128 row = static_cast<u128>(a.limbs[0]) * b.limbs[i] + t.limbs[0];
    const std::uint64_t factor = static_cast<std::uint64_t>(row) * kMontgomeryFactor;
    u128 sum = static_cast<u128>(factor) * kPrime.limbs[0] + static_cast<std::uint64_t>(row);
    for (int j = 1; j < 4; ++j) {
      row = static_cast<u128>(a.limbs[j]) * b.limbs[i] + t.limbs[j] + high(row);
      sum = static_cast<u128>(factor) * kPrime.limbs[j] + static_cast<std::uint64_t>(row) + high(sum);
      t.limbs[j - 1] = static_cast<std::uint64_t>(sum);
    }
    t.limbs[3] = high(row) + high(sum);
  }
  return reduce_once(t);
}
[[gnu::always_inline]] constexpr Fp square(const Fp& a) noexcept { return a * a; }
/// a b - c d with one reduction.
[[gnu::always_inline]] constexpr Fp difference_of_products(const Fp& a, const Fp& b, const Fp& c,
                                                           const Fp& d) noexcept {
  return reduce(multiply_wide(a, b) - multiply_wide(c, d));
}

/// 2^n modulo p, as an integer.
consteval u256 power_of_two_mod_prime(int n) {
  u256 value{1};
  for (int i = 0; i < n; ++i) {
    value = value << 1;
    if (value >= kPrime) value -= kPrime;
  }
  return value;
}
constexpr Fp raw(const u256& v) noexcept { return {v.limbs[0], v.limbs[1], v.limbs[2], v.limbs[3]}; }
inline constexpr Fp kOne = raw(power_of_two_mod_prime(256));
inline constexpr Fp kMontgomerySquare = raw(power_of_two_mod_prime(512));

/// Requires: value < p.
constexpr Fp to_field(const u256& value) noexcept { return raw(value) * kMontgomerySquare; }
constexpr u256 from_field(const Fp& value) noexcept {
  const Fp plain = reduce({value.limbs[0], value.limbs[1], value.limbs[2], value.limbs[3], 0, 0, 0, 0});
  return {plain.limbs[0], plain.limbs[1], plain.limbs[2], plain.limbs[3]};
}
constexpr Fp small(std::uint64_t value) noexcept { return to_field(u256{value}); }

constexpr Fp halve(const Fp& a) noexcept {
  const std::uint64_t mask = mask_of(a.limbs[0] & 1);
  std::uint64_t carry = 0;
  Fp sum;
  for (int i = 0; i < 4; ++i) sum.limbs[i] = add_with_carry(a.limbs[i], kPrime.limbs[i] & mask, carry);
  return {sum.limbs[0] >> 1 | sum.limbs[1] << 63, sum.limbs[1] >> 1 | sum.limbs[2] << 63,
          sum.limbs[2] >> 1 | sum.limbs[3] << 63, sum.limbs[3] >> 1};
}

struct PrimeMultiples {
  std::uint64_t limbs[10][4] = {};
};
consteval PrimeMultiples multiples_of_prime() {
  PrimeMultiples table;  // modulo 2^256: the fifth limb is not needed by a difference below 2^256
  u256 multiple;
  for (auto& row : table.limbs) {
    for (int i = 0; i < 4; ++i) row[i] = multiple.limbs[i];
    multiple += kPrime;
  }
  return table;
}
inline constexpr PrimeMultiples kPrimeMultiples = multiples_of_prime();

/// 9a + b, the step of a multiplication by 9 + u, with one quotient estimate instead of four reductions.
[[gnu::always_inline]] constexpr Fp nine_times_plus(const Fp& a, const Fp& b) noexcept {
  std::uint64_t carry = 0;
  const std::uint64_t shifted[5] = {a.limbs[0] << 3, a.limbs[1] << 3 | a.limbs[0] >> 61,
                                    a.limbs[2] << 3 | a.limbs[1] >> 61, a.limbs[3] << 3 | a.limbs[2] >> 61,
                                    a.limbs[3] >> 61};
  const Fp addend = add_unreduced(a, b);
  std::uint64_t sum[5];
  for (int i = 0; i < 4; ++i) sum[i] = add_with_carry(shifted[i], addend.limbs[i], carry);
  sum[4] = shifted[4] + carry;
  // With u = floor(sum / 2^250) <= 120 and p / 2^250 = 12.0985, 169 / 2048 is just below the reciprocal: the estimate
  // is never too large, and sum - estimate * p < 1.1 p.
  const std::uint64_t estimate = ((sum[4] << 6 | sum[3] >> 58) * 169) >> 11;
  std::uint64_t borrow = 0;
  Fp rest;
  for (int i = 0; i < 4; ++i) rest.limbs[i] = sub_with_borrow(sum[i], kPrimeMultiples.limbs[estimate][i], borrow);
  return reduce_once(rest);
}

/// 1 / a; 0 for 0.
Fp inverse(const Fp& a) noexcept;

}  // namespace hocket::bn254::HOCKET_BN254_VARIANT
