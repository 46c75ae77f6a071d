// Long division of numbers of up to eight limbs of 64 bits by u256: what the divisions of u256 share.
//
// Every step divides the three top limbs by the two top limbs of the divisor through a reciprocal computed once
// (Moeller and Granlund, "Improved division by invariant integers", IEEE Transactions on Computers 2011, algorithms 2,
// 4, 5 and 6): unlike Knuth's estimate it is almost always exact, so that its corrections are not mispredicted.
// Divisors of one limb use the processor's own 128-by-64-bit division where there is one.
//
// Limbs are read and written one at a time: a vector load of limbs that were just stored one by one waits for all of
// them to reach the cache, some 20 cycles, which is as long as several digits take.
#pragma once

#include "base/uint256.hpp"

namespace hocket::long_division {

constexpr std::uint64_t high(u128 v) noexcept { return static_cast<std::uint64_t>(v >> 64); }
constexpr std::uint64_t low(u128 v) noexcept { return static_cast<std::uint64_t>(v); }
constexpr u128 join(std::uint64_t high_limb, std::uint64_t low_limb) noexcept {
  return static_cast<u128>(high_limb) << 64 | low_limb;
}
constexpr u128 multiply(std::uint64_t a, std::uint64_t b) noexcept { return static_cast<u128>(a) * b; }

// The two halves of a shift across limbs, right for shift 0 too.
constexpr std::uint64_t shift_in_left(std::uint64_t limb, std::uint64_t below, unsigned shift) noexcept {
  return limb << shift | below >> 1 >> (63 - shift);
}
constexpr std::uint64_t shift_in_right(std::uint64_t limb, std::uint64_t above, unsigned shift) noexcept {
  return limb >> shift | above << 1 << (63 - shift);
}

/// floor((2^128 - 1) / divisor) - 2^64. Requires: the divisor's top bit is set.
inline std::uint64_t reciprocal_of_limb(std::uint64_t divisor) noexcept {
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
  std::uint64_t quotient;
  std::uint64_t remainder;
  asm("divq %[divisor]" : "=a"(quotient), "=d"(remainder) : "a"(~0ull), "d"(~divisor), [divisor] "r"(divisor) : "cc");
  return quotient;
#else
  return low(join(~divisor, ~0ull) / divisor);
#endif
}

/// floor((2^192 - 1) / divisor) - 2^64. Requires: the divisor's top bit is set. Algorithm 6.
inline std::uint64_t reciprocal_of_two_limbs(u128 divisor) noexcept {
  const std::uint64_t d1 = high(divisor);
  const std::uint64_t d0 = low(divisor);
  std::uint64_t v = reciprocal_of_limb(d1);
  std::uint64_t p = d1 * v + d0;
  if (p < d0) {
    --v;
    if (p >= d1) {
      --v;
      p -= d1;
    }
    p -= d1;
  }
  const u128 t = multiply(v, d0);
  p += high(t);
  if (p < high(t)) {
    --v;
    if (join(p, low(t)) >= divisor) --v;
  }
  return v;
}

/// Divides (top, next) by `divisor`; the remainder replaces `top`. Algorithm 5.
/// Requires: top < divisor, and the divisor's top bit is set.
[[gnu::always_inline]] inline std::uint64_t divide_3by2(u128& top, std::uint64_t next, u128 divisor,
                                                        std::uint64_t reciprocal) noexcept {
  const u128 product = multiply(reciprocal, high(top)) + top;
  std::uint64_t quotient = high(product) + 1;
  const std::uint64_t r1 = low(top) - high(product) * high(divisor);
  u128 rest = join(r1, next) - multiply(low(divisor), high(product)) - divisor;
  // As a mask: this goes either way about as often.
  const std::uint64_t one_less = ~std::uint64_t{high(rest) >= low(product)} + 1;
  quotient += one_less;
  rest += divisor & join(one_less, one_less);
  if (rest >= divisor) [[unlikely]] {
    ++quotient;
    rest -= divisor;
  }
  top = rest;
  return quotient;
}

/// Divides `u` (m limbs, the top one not zero) by the one-limb `divisor`. The quotient goes to `quotient` unless it is
/// null; returns the remainder.
[[gnu::always_inline]] inline std::uint64_t divide_by_limb(const std::uint64_t* u, int m, std::uint64_t divisor,
                                                           std::uint64_t* quotient) noexcept {
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
  std::uint64_t remainder = 0;
  for (int i = m - 1; i >= 0; --i) {
    std::uint64_t digit;
    asm("divq %[divisor]" : "=a"(digit), "+d"(remainder) : "a"(u[i]), [divisor] "r"(divisor) : "cc");
    if (quotient != nullptr) quotient[i] = digit;
  }
  return remainder;
#else
  const unsigned shift = static_cast<unsigned>(__builtin_clzll(divisor));
  const std::uint64_t d = divisor << shift;
  const std::uint64_t reciprocal = reciprocal_of_limb(d);
  std::uint64_t remainder = m == 0 ? 0 : shift_in_left(0, u[m - 1], shift);
  for (int i = m - 1; i >= 0; --i) {
    const std::uint64_t next = shift_in_left(u[i], i == 0 ? 0 : u[i - 1], shift);
    // Algorithm 4: two limbs by one.
    const u128 product = multiply(reciprocal, remainder) + join(remainder, next);
    std::uint64_t digit = high(product) + 1;
    std::uint64_t rest = next - digit * d;
    if (rest > low(product)) {
      --digit;
      rest += d;
    }
    if (rest >= d) [[unlikely]] {
      ++digit;
      rest -= d;
    }
    if (quotient != nullptr) quotient[i] = digit;
    remainder = rest;
  }
  return remainder >> shift;
#endif
}

/// a - factor * b on n limbs; returns what is to be taken from the limb above.
template <int n>
[[gnu::always_inline]] inline std::uint64_t subtract_multiple(std::uint64_t* a, std::uint64_t factor,
                                                              const std::uint64_t* b) noexcept {
  std::uint64_t carry = 0;
  std::uint64_t borrow = 0;
  for (int i = 0; i < n; ++i) {
    const u128 product = multiply(factor, b[i]) + carry;
    carry = high(product);
    a[i] = sub_with_borrow(a[i], low(product), borrow);
  }
  return carry + borrow;
}

/// Divides `u` (m limbs, at most 8) by `divisor` (n limbs, the top one not zero). The m - n + 1 limbs of the quotient
/// go to `quotient` unless it is null, the n of the remainder to `remainder`. Requires: m >= n.
template <int n>
void divide_long(const std::uint64_t* u, int m, const std::uint64_t* divisor, std::uint64_t* quotient,
                 std::uint64_t* remainder) noexcept {
  static_assert(n >= 2);
  const unsigned shift = static_cast<unsigned>(__builtin_clzll(divisor[n - 1]));
  std::uint64_t d[n];
  for (int i = 0; i < n; ++i) d[i] = shift_in_left(divisor[i], i == 0 ? 0 : divisor[i - 1], shift);
  const u128 d_top = join(d[n - 1], d[n - 2]);
  const std::uint64_t reciprocal = reciprocal_of_two_limbs(d_top);

  // The remainder so far: its two top limbs, and below them n - 2.
  u128 top = join(shift_in_left(0, u[m - 1], shift), shift_in_left(u[m - 1], u[m - 2], shift));
  std::uint64_t below[n - 1] = {};  // one more than used, for n = 2
  for (int i = 0; i < n - 2; ++i) below[i] = shift_in_left(u[m - n + 1 + i], u[m - n + i], shift);
  for (int j = m - n; j >= 0; --j) {
    const std::uint64_t next = shift_in_left(u[j], j == 0 ? 0 : u[j - 1], shift);
    std::uint64_t digit;
    if constexpr (n == 2) {
      digit = divide_3by2(top, next, d_top, reciprocal);
    } else if (top != d_top) [[likely]] {
      digit = divide_3by2(top, below[n - 3], d_top, reciprocal);
      for (int i = n - 3; i > 0; --i) below[i] = below[i - 1];
      below[0] = next;
      const std::uint64_t owed = subtract_multiple<n - 2>(below, digit, d);
      const bool too_large = top < owed;
      top -= owed;
      if (too_large) [[unlikely]] {
        --digit;
        std::uint64_t carry = 0;
        for (int i = 0; i < n - 2; ++i) below[i] = add_with_carry(below[i], d[i], carry);
        top += d_top + carry;
      }
    } else {
      // The digit is 2^64 - 1, and the top limb cancels.
      digit = ~0ull;
      std::uint64_t rest[n] = {next};
      for (int i = 0; i < n - 2; ++i) rest[i + 1] = below[i];
      rest[n - 1] = low(top);
      (void)subtract_multiple<n>(rest, digit, d);
      for (int i = 0; i < n - 2; ++i) below[i] = rest[i];
      top = join(rest[n - 1], rest[n - 2]);
    }
    if (quotient != nullptr) quotient[j] = digit;
  }
  below[n - 2] = low(top);
  for (int i = 0; i < n - 1; ++i) remainder[i] = shift_in_right(below[i], i == n - 2 ? high(top) : below[i + 1], shift);
  remainder[n - 1] = high(top) >> shift;
}

inline int limb_count(const std::uint64_t* limbs, int n) noexcept {
  while (n > 0 && limbs[n - 1] == 0) --n;
  return n;
}

/// `u` (m limbs, at most 8) by `divisor`; the quotient is thrown away where `quotient` is null.
/// Requires: divisor != 0; the quotient fits.
[[gnu::always_inline]] inline u256 divide_limbs(const std::uint64_t* u, int m, const u256& divisor,
                                                std::uint64_t* quotient) noexcept {
  m = limb_count(u, m);
  const int n = limb_count(divisor.limbs, 4);
  u256 remainder;
  if (m < n) {
    for (int i = 0; i < 4; ++i) remainder.limbs[i] = i < m ? u[i] : 0;
    return remainder;
  }
  switch (n) {
    case 1:
      remainder.limbs[0] = divide_by_limb(u, m, divisor.limbs[0], quotient);
      break;
    case 2:
      divide_long<2>(u, m, divisor.limbs, quotient, remainder.limbs);
      break;
    case 3:
      divide_long<3>(u, m, divisor.limbs, quotient, remainder.limbs);
      break;
    default:
      divide_long<4>(u, m, divisor.limbs, quotient, remainder.limbs);
  }
  return remainder;
}

}  // namespace hocket::long_division
