// The binary extended Euclidean algorithm in batches of 31 steps (Pornin, "Optimized binary GCD for modular inversion",
// eprint 2020/972): a batch is decided on 64-bit approximations, made of the low 31 and the top 33 bits of both
// numbers, and then applied to the whole numbers as a 2x2 matrix.

#include "crypto/modular_inverse.hpp"

#include <algorithm>

namespace hocket {
namespace {

constexpr int kSteps = 31;
constexpr std::uint64_t kLowMask = (1ull << kSteps) - 1;

// New a = (a aa + b ab) / 2^31, new b = (a ba + b bb) / 2^31. Entries are at most 2^31 in magnitude, and so is the sum
// of the magnitudes of a row.
struct Matrix {
  std::int64_t aa = 1, ab = 0, ba = 0, bb = 1;
};

Matrix decide(std::uint64_t a, std::uint64_t b) noexcept {
  Matrix m;
  for (int i = 0; i < kSteps; ++i) {
    if ((a & 1) != 0) {
      const bool swap = a < b;
      const std::uint64_t larger = swap ? b : a;
      b = swap ? a : b;
      a = larger - b;
      const Matrix old = m;
      m.ba = swap ? old.aa : old.ba;
      m.bb = swap ? old.ab : old.bb;
      m.aa = (swap ? old.ba : old.aa) - m.ba;
      m.ab = (swap ? old.bb : old.ab) - m.bb;
    }
    a >>= 1;
    m.ba *= 2;
    m.bb *= 2;
  }
  return m;
}

/// x * y for a signed y, in five limbs of two's complement.
struct Signed320 {
  std::uint64_t limbs[5];
};
Signed320 multiply_signed(const u256& x, std::int64_t y) noexcept {
  const bool negative = y < 0;
  const std::uint64_t magnitude = negative ? ~static_cast<std::uint64_t>(y) + 1 : static_cast<std::uint64_t>(y);
  Signed320 product;
  std::uint64_t carry = 0;
  for (int i = 0; i < 4; ++i) {
    const u128 sum = static_cast<u128>(x.limbs[i]) * magnitude + carry;
    product.limbs[i] = static_cast<std::uint64_t>(sum);
    carry = static_cast<std::uint64_t>(sum >> 64);
  }
  product.limbs[4] = carry;
  if (negative) {
    std::uint64_t borrow = 0;
    for (auto& limb : product.limbs) limb = sub_with_borrow(0, limb, borrow);
  }
  return product;
}
Signed320 combine(const u256& x, std::int64_t fx, const u256& y, std::int64_t fy) noexcept {
  Signed320 sum = multiply_signed(x, fx);
  const Signed320 other = multiply_signed(y, fy);
  std::uint64_t carry = 0;
  for (int i = 0; i < 5; ++i) sum.limbs[i] = add_with_carry(sum.limbs[i], other.limbs[i], carry);
  return sum;
}
u256 shift_down(const Signed320& v) noexcept {
  u256 r;
  for (int i = 0; i < 4; ++i) r.limbs[i] = v.limbs[i] >> kSteps | v.limbs[i + 1] << (64 - kSteps);
  return r;
}

/// (x fx + y fy) / 2^31 modulo the modulus, for x, y below it.
u256 combine_modulo(const u256& x, std::int64_t fx, const u256& y, std::int64_t fy,
                    const OddModulus& modulus) noexcept {
  Signed320 sum = combine(x, fx, y, fy);
  const auto add = [](Signed320& to, const Signed320& addend) {
    std::uint64_t carry = 0;
    for (int i = 0; i < 5; ++i) to.limbs[i] = add_with_carry(to.limbs[i], addend.limbs[i], carry);
  };
  // |sum| <= 2^31 n for a modulus n; adding m n with m < 2^31 clears the low bits and leaves a quotient in [-n, 2n).
  const std::uint64_t m = (sum.limbs[0] * modulus.negative_inverse) & kLowMask;
  add(sum, multiply_signed(modulus.value, static_cast<std::int64_t>(m)));
  u256 quotient = shift_down(sum);
  auto top = static_cast<std::int64_t>(sum.limbs[4]) >> kSteps;
  bool carry = false;
  if (top < 0) {
    quotient = add_carry(quotient, modulus.value, carry);
    top += carry;
  }
  if (top != 0 || quotient >= modulus.value) quotient -= modulus.value;
  return quotient;
}

/// The low 31 bits of v and below them its bits [length - 33, length).
std::uint64_t approximate(const u256& v, unsigned length) noexcept {
  const unsigned from = length - 33;
  const unsigned word = from / 64;
  const unsigned bit = from % 64;
  std::uint64_t top = v.limbs[word] >> bit;
  if (bit > 31 && word < 3) top |= v.limbs[word + 1] << (64 - bit);
  return (v.limbs[0] & kLowMask) | top << kSteps;
}

}  // namespace

u256 invert_modulo(const u256& value, const OddModulus& modulus) noexcept {
  // Throughout, a = value u and b = value v (mod n), and b is odd; in the end a = 0 and b = gcd = 1.
  u256 a = value;
  u256 b = modulus.value;
  u256 u{1};
  u256 v;
  while (!a.is_zero()) {
    const unsigned length = std::max({a.bit_length(), b.bit_length(), 64u});
    Matrix m = decide(approximate(a, length), approximate(b, length));
    Signed320 next_a = combine(a, m.aa, b, m.ab);
    Signed320 next_b = combine(a, m.ba, b, m.bb);
    // An approximation may order two close numbers wrongly; then the true difference is negative.
    const auto make_positive = [](Signed320& n, std::int64_t& fa, std::int64_t& fb) {
      if (n.limbs[4] >> 63 == 0) return;
      std::uint64_t borrow = 0;
      for (auto& limb : n.limbs) limb = sub_with_borrow(0, limb, borrow);
      fa = -fa;
      fb = -fb;
    };
    make_positive(next_a, m.aa, m.ab);
    make_positive(next_b, m.ba, m.bb);
    a = shift_down(next_a);
    b = shift_down(next_b);
    const u256 next_u = combine_modulo(u, m.aa, v, m.ab, modulus);
    v = combine_modulo(u, m.ba, v, m.bb, modulus);
    u = next_u;
  }
  return v;
}

}  // namespace hocket
