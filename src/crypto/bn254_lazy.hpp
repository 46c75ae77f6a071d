// Numbers below 2p: BN254's base field without the last subtraction of every product, which p's two free bits allow.
// For long runs of group operations in G1.
#pragma once

#include "crypto/bn254_group.hpp"

namespace hocket::bn254::HOCKET_BN254_VARIANT {

struct LazyFp {
  std::uint64_t limbs[4] = {0, 0, 0, 0};

  constexpr LazyFp() = default;
  constexpr LazyFp(const Fp& v) noexcept : limbs{v.limbs[0], v.limbs[1], v.limbs[2], v.limbs[3]} {}  // NOLINT: widens

  constexpr bool is_zero() const noexcept {
    const std::uint64_t difference = (limbs[0] ^ kPrime.limbs[0]) | (limbs[1] ^ kPrime.limbs[1]) |
                                     (limbs[2] ^ kPrime.limbs[2]) | (limbs[3] ^ kPrime.limbs[3]);
    return (limbs[0] | limbs[1] | limbs[2] | limbs[3]) == 0 || difference == 0;
  }
};

[[gnu::always_inline]] constexpr Fp unreduced(const LazyFp& a) noexcept {
  return {a.limbs[0], a.limbs[1], a.limbs[2], a.limbs[3]};
}
/// Below p.
constexpr Fp reduced(const LazyFp& a) noexcept { return reduce_once(unreduced(a)); }

inline constexpr u256 kTwicePrime = u256{2} * kPrime;

[[gnu::always_inline]] constexpr LazyFp operator-(const LazyFp& a, const LazyFp& b) noexcept {
  std::uint64_t borrow = 0;
  LazyFp difference;
  for (int i = 0; i < 4; ++i) difference.limbs[i] = sub_with_borrow(a.limbs[i], b.limbs[i], borrow);
  const std::uint64_t mask = mask_of(borrow);
  std::uint64_t carry = 0;
  for (int i = 0; i < 4; ++i)
    difference.limbs[i] = add_with_carry(difference.limbs[i], kTwicePrime.limbs[i] & mask, carry);
  return difference;
}
[[gnu::always_inline]] constexpr LazyFp operator-(const LazyFp& a) noexcept { return LazyFp{} - a; }
[[gnu::always_inline]] constexpr LazyFp operator+(const LazyFp& a, const LazyFp& b) noexcept {
  // a - (2p - b)
  std::uint64_t borrow = 0;
  LazyFp negative;
  for (int i = 0; i < 4; ++i) negative.limbs[i] = sub_with_borrow(kTwicePrime.limbs[i], b.limbs[i], borrow);
  return a - negative;
}
[[gnu::always_inline]] constexpr LazyFp twice(const LazyFp& a) noexcept { return a + a; }
[[gnu::always_inline]] constexpr LazyFp halve(const LazyFp& a) noexcept { return halve(unreduced(a)); }

// (4 p^2 + 2^256 p) / 2^256 < 2p
[[gnu::always_inline]] constexpr LazyFp operator*(const LazyFp& a, const LazyFp& b) noexcept {
#ifdef HOCKET_BN254_ADX
  if !consteval {
    LazyFp product;
    adx_multiply(product.limbs, a.limbs, b.limbs);
    return product;
  }
#endif
  return unreduced(a) * unreduced(b);
}
[[gnu::always_inline]] constexpr LazyFp square(const LazyFp& a) noexcept { return a * a; }
[[gnu::always_inline]] constexpr LazyFp difference_of_products(const LazyFp& a, const LazyFp& b, const LazyFp& c,
                                                               const LazyFp& d) noexcept {
  return reduce(multiply_wide(unreduced(a), unreduced(b)) - multiply_wide(unreduced(c), unreduced(d)));
}

template <>
constexpr LazyFp one_of<LazyFp>() noexcept {
  return kOne;
}

}  // namespace hocket::bn254::HOCKET_BN254_VARIANT
