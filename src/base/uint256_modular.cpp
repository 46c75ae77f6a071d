// Arithmetic modulo any number: ADDMOD, MULMOD.

#include "base/assert.hpp"
#include "base/long_division.hpp"
#include "base/modulus_memo.hpp"

namespace hocket {

using namespace long_division;

namespace {

struct Product {
  u256 low;
  u256 high;
};

[[gnu::always_inline]] inline Product full_product(const u256& a, const u256& b) noexcept {
  std::uint64_t limbs[8];
  for (int i = 0; i < 4; ++i) {
    // A row by itself first: two short carry chains where products and sums in turn would be one long one.
    u128 row[4];
    for (int j = 0; j < 4; ++j) row[j] = multiply(a.limbs[j], b.limbs[i]);
    std::uint64_t carry = 0;
    std::uint64_t sums[5] = {low(row[0])};
    for (int j = 1; j < 4; ++j) sums[j] = add_with_carry(high(row[j - 1]), low(row[j]), carry);
    sums[4] = high(row[3]) + carry;
    carry = 0;
    for (int j = 0; j < 4; ++j) limbs[i + j] = i == 0 ? sums[j] : add_with_carry(limbs[i + j], sums[j], carry);
    limbs[i + 4] = sums[4] + carry;
  }
  return {.low = {limbs[0], limbs[1], limbs[2], limbs[3]}, .high = {limbs[4], limbs[5], limbs[6], limbs[7]}};
}

/// The product modulo 2^256 - c. 2^256 is c there: the high half is folded in, and what that leaves above once more.
[[gnu::always_inline]] inline u256 reduce_by_complement(const Product& product, std::uint64_t c) noexcept {
  u256 sum;
  std::uint64_t above = 0;
  std::uint64_t carry = 0;
  for (int i = 0; i < 4; ++i) {
    const u128 t = multiply(product.high.limbs[i], c) + above;
    above = high(t);
    sum.limbs[i] = add_with_carry(product.low.limbs[i], low(t), carry);
  }
  const u128 folded = multiply(above + carry, c);  // at most c, as (c - 1) + 1
  carry = 0;
  sum.limbs[0] = add_with_carry(sum.limbs[0], low(folded), carry);
  sum.limbs[1] = add_with_carry(sum.limbs[1], high(folded), carry);
  sum.limbs[2] = add_with_carry(sum.limbs[2], 0, carry);
  sum.limbs[3] = add_with_carry(sum.limbs[3], 0, carry);
  // Less the modulus once more, which is c more and 2^256 less, if that is not below zero.
  u256 reduced;
  std::uint64_t reduced_carry = 0;
  reduced.limbs[0] = add_with_carry(sum.limbs[0], c, reduced_carry);
  for (int i = 1; i < 4; ++i) reduced.limbs[i] = add_with_carry(sum.limbs[i], 0, reduced_carry);
  const std::uint64_t take = ~(carry | reduced_carry) + 1;
  const u256 mask{take, take, take, take};
  return (reduced & mask) | (sum & ~mask);
}

[[gnu::always_inline]] inline u256 remainder_of(const Product& product, const u256& modulus) noexcept {
  const u256 &l = product.low, &h = product.high;
  const std::uint64_t limbs[8] = {l.limbs[0], l.limbs[1], l.limbs[2], l.limbs[3],
                                  h.limbs[0], h.limbs[1], h.limbs[2], h.limbs[3]};
  return divide_limbs(limbs, 8, modulus, nullptr);
}

[[gnu::always_inline]] inline u256 reduce(const Product& product, const PreparedModulus& modulus) noexcept {
  const unsigned shift = modulus.shift;
  const u256& d = modulus.divisor;
  u256 top;
  u256 next;
  next.limbs[0] = product.low.limbs[0] << shift;
  for (int i = 1; i < 4; ++i) next.limbs[i] = shift_in_left(product.low.limbs[i], product.low.limbs[i - 1], shift);
  top.limbs[0] = shift_in_left(product.high.limbs[0], product.low.limbs[3], shift);
  for (int i = 1; i < 4; ++i) top.limbs[i] = shift_in_left(product.high.limbs[i], product.high.limbs[i - 1], shift);
  // The quotient has more than four limbs only if neither factor is reduced.
  if (shift_in_left(0, product.high.limbs[3], shift) != 0 || top >= d) [[unlikely]]
    return remainder_of(product, d >> shift);
  // Algorithm 4 of long_division.hpp, in limbs of 256 bits.
  const Product estimate = full_product(modulus.reciprocal, top);
  u256 fraction;
  u256 quotient;
  std::uint64_t carry = 0;
  for (int i = 0; i < 4; ++i) fraction.limbs[i] = add_with_carry(estimate.low.limbs[i], next.limbs[i], carry);
  for (int i = 0; i < 4; ++i) quotient.limbs[i] = add_with_carry(estimate.high.limbs[i], top.limbs[i], carry);
  quotient += 1;
  u256 rest = next - quotient * d;
  const std::uint64_t one_less = ~std::uint64_t{rest > fraction} + 1;
  rest += d & u256{one_less, one_less, one_less, one_less};
  if (rest >= d) [[unlikely]]
    rest -= d;
  u256 remainder;
  for (int i = 0; i < 4; ++i) remainder.limbs[i] = shift_in_right(rest.limbs[i], i == 3 ? 0 : rest.limbs[i + 1], shift);
  return remainder;
}

/// 2^256 - c where c is one limb.
bool has_short_complement(const u256& modulus) noexcept {
  return (modulus.limbs[1] & modulus.limbs[2] & modulus.limbs[3]) == ~0ull && modulus.limbs[0] != 0;
}
bool is_short(const u256& v) noexcept { return (v.limbs[2] | v.limbs[3]) == 0; }

}  // namespace

u256 add_modulo(const u256& a, const u256& b, const u256& modulus) noexcept {
  if (modulus.is_zero()) return {};
  bool carry = false;
  const u256 sum = add_carry(a, b, carry);
  if (a < modulus && b < modulus) {
    bool below = false;
    const u256 reduced = sub_borrow(sum, modulus, below);
    const std::uint64_t keep = ~std::uint64_t{below && !carry} + 1;
    return (sum & u256{keep, keep, keep, keep}) | (reduced & u256{~keep, ~keep, ~keep, ~keep});
  }
  std::uint64_t wide[5] = {sum.limbs[0], sum.limbs[1], sum.limbs[2], sum.limbs[3], carry};
  return divide_limbs(wide, 5, modulus, nullptr);
}

u256 multiply_modulo(const u256& a, const u256& b, const u256& modulus) noexcept {
  if (modulus.is_zero() || a.is_zero() || b.is_zero()) return {};
  const Product product = full_product(a, b);
  if (has_short_complement(modulus)) return reduce_by_complement(product, ~modulus.limbs[0] + 1);
  return remainder_of(product, modulus);
}

PreparedModulus prepare_modulus(const u256& modulus) noexcept {
  HOCKET_DEBUG_ASSERT(modulus.limbs[3] != 0);
  const auto shift = static_cast<unsigned>(__builtin_clzll(modulus.limbs[3]));
  const u256 divisor = modulus << shift;
  const std::uint64_t ones[8] = {~0ull, ~0ull, ~0ull, ~0ull, ~0ull, ~0ull, ~0ull, ~0ull};
  std::uint64_t quotient[5];  // the top one is 1
  u256 remainder;
  divide_long<4>(ones, 8, divisor.limbs, quotient, remainder.limbs);
  return {.divisor = divisor, .reciprocal = {quotient[0], quotient[1], quotient[2], quotient[3]}, .shift = shift};
}

u256 multiply_modulo(const u256& a, const u256& b, const PreparedModulus& modulus) noexcept {
  return reduce(full_product(a, b), modulus);
}

u256 ModulusMemo::multiply(const u256& a, const u256& b, const u256& modulus) noexcept {
  // Where the modulus or a factor is short the quotient has few digits, and 2^256 - c has a way of its own.
  if (modulus.limbs[3] == 0 || has_short_complement(modulus)) return multiply_modulo(a, b, modulus);
  if (is_short(a) || is_short(b)) return multiply_modulo(a, b, modulus);
  Entry& entry = entries_[modulus.limbs[0] / 2 % kEntries];  // most moduli are odd
  if (entry.sightings != kSightings || entry.modulus != modulus) [[unlikely]] {
    sight(entry, modulus);
    return multiply_modulo(a, b, modulus);
  }
  return reduce(full_product(a, b), entry.prepared);
}

void ModulusMemo::sight(Entry& entry, const u256& modulus) noexcept {
  if (entry.modulus != modulus) {
    entry.modulus = modulus;
    entry.sightings = 0;
  }
  if (++entry.sightings == kSightings) entry.prepared = prepare_modulus(modulus);
}

}  // namespace hocket
