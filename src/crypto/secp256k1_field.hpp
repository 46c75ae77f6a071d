// secp256k1's base field: integers modulo p = 2^256 - 2^32 - 977. An element is any number below 2^256, so that a
// product needs no comparison with p; `canonical` brings it below p where its digits matter.
//
// The arithmetic is there twice, by a template parameter: in C++ for any machine, and with mulx and the two carry
// chains of ADX, which compilers do not interleave by themselves (a product 6.8 instead of 11.7 ns, a square 5.5
// instead of 8.3; throughput, Zen 5).
#pragma once

#include "base/uint256.hpp"
#include "crypto/modular_inverse.hpp"

#include <cstdint>

namespace hocket::secp256k1 {

/// 2^256 modulo p.
inline constexpr std::uint64_t kFold = 0x1000003d1;
inline constexpr u256 kPrime = u256{} - u256{kFold};
/// The order of the group. Source of all constants here: SEC 2, section 2.4.1.
inline constexpr u256 kOrder{0xbfd25e8cd0364141, 0xbaaedce6af48a03b, 0xfffffffffffffffe, 0xffffffffffffffff};

template <bool kWithAdx>
struct FieldElement {
  std::uint64_t limbs[4] = {0, 0, 0, 0};

  constexpr bool is_zero() const noexcept {
    return (limbs[0] | limbs[1] | limbs[2] | limbs[3]) == 0 ||
           ((limbs[0] ^ kPrime.limbs[0]) | ~(limbs[1] & limbs[2] & limbs[3])) == 0;
  }
};

#define HOCKET_FIELD       \
  template <bool kWithAdx> \
  [[gnu::always_inline]] constexpr

/// Any 256-bit number, modulo p.
template <class Field>
constexpr Field to_field(const u256& v) noexcept {
  return {{v.limbs[0], v.limbs[1], v.limbs[2], v.limbs[3]}};
}
/// Below p.
HOCKET_FIELD u256 canonical(const FieldElement<kWithAdx>& a) noexcept {
  const u256 value{a.limbs[0], a.limbs[1], a.limbs[2], a.limbs[3]};
  return value >= kPrime ? value - kPrime : value;
}

HOCKET_FIELD FieldElement<kWithAdx> operator+(const FieldElement<kWithAdx>& a,
                                              const FieldElement<kWithAdx>& b) noexcept {
  FieldElement<kWithAdx> sum;
  std::uint64_t carry = 0;
  for (int i = 0; i < 4; ++i) sum.limbs[i] = add_with_carry(a.limbs[i], b.limbs[i], carry);
  // 2^256 is kFold modulo p.
  std::uint64_t again = 0;
  sum.limbs[0] = add_with_carry(sum.limbs[0], (~carry + 1) & kFold, again);
  for (int i = 1; i < 4; ++i) sum.limbs[i] = add_with_carry(sum.limbs[i], 0, again);
  if (again != 0) [[unlikely]]
    sum.limbs[0] += kFold;  // what is left is below kFold
  return sum;
}
HOCKET_FIELD FieldElement<kWithAdx> operator-(const FieldElement<kWithAdx>& a,
                                              const FieldElement<kWithAdx>& b) noexcept {
  FieldElement<kWithAdx> difference;
  std::uint64_t borrow = 0;
  for (int i = 0; i < 4; ++i) difference.limbs[i] = sub_with_borrow(a.limbs[i], b.limbs[i], borrow);
  std::uint64_t again = 0;
  difference.limbs[0] = sub_with_borrow(difference.limbs[0], (~borrow + 1) & kFold, again);
  for (int i = 1; i < 4; ++i) difference.limbs[i] = sub_with_borrow(difference.limbs[i], 0, again);
  if (again != 0) [[unlikely]]
    difference.limbs[0] -= kFold;  // it is above 2^256 - kFold
  return difference;
}
HOCKET_FIELD FieldElement<kWithAdx> operator-(const FieldElement<kWithAdx>& a) noexcept {
  return FieldElement<kWithAdx>{} - a;
}
HOCKET_FIELD bool operator==(const FieldElement<kWithAdx>& a, const FieldElement<kWithAdx>& b) noexcept {
  return (a - b).is_zero();
}
HOCKET_FIELD FieldElement<kWithAdx> twice(const FieldElement<kWithAdx>& a) noexcept { return a + a; }

HOCKET_FIELD FieldElement<kWithAdx> halve(const FieldElement<kWithAdx>& a) noexcept {
  const std::uint64_t mask = ~(a.limbs[0] & 1) + 1;
  FieldElement<kWithAdx> sum;
  std::uint64_t carry = 0;
  for (int i = 0; i < 4; ++i) sum.limbs[i] = add_with_carry(a.limbs[i], kPrime.limbs[i] & mask, carry);
  return {{sum.limbs[0] >> 1 | sum.limbs[1] << 63, sum.limbs[1] >> 1 | sum.limbs[2] << 63,
           sum.limbs[2] >> 1 | sum.limbs[3] << 63, sum.limbs[3] >> 1 | carry << 63}};
}

/// A product of 512 bits modulo p: its upper half counts kFold times.
template <class Field>
constexpr Field fold(const std::uint64_t (&product)[8]) noexcept {
  Field result;
  std::uint64_t top = 0;
  for (int i = 0; i < 4; ++i) {
    const u128 sum = static_cast<u128>(product[i + 4]) * kFold + product[i] + top;
    result.limbs[i] = static_cast<std::uint64_t>(sum);
    top = static_cast<std::uint64_t>(sum >> 64);
  }
  const u128 folded = static_cast<u128>(top) * kFold;
  std::uint64_t carry = 0;
  result.limbs[0] = add_with_carry(result.limbs[0], static_cast<std::uint64_t>(folded), carry);
  result.limbs[1] = add_with_carry(result.limbs[1], static_cast<std::uint64_t>(folded >> 64), carry);
  result.limbs[2] = add_with_carry(result.limbs[2], 0, carry);
  result.limbs[3] = add_with_carry(result.limbs[3], 0, carry);
  // With a carry what is left is below 2^67.
  std::uint64_t again = 0;
  result.limbs[0] = add_with_carry(result.limbs[0], (~carry + 1) & kFold, again);
  result.limbs[1] += again;
  return result;
}

// They take nearly every register: not inlined, so that all are free, and not there without optimisation.
#if defined(__x86_64__) && defined(__OPTIMIZE__) && !defined(HOCKET_PORTABLE)
#define HOCKET_SECP256K1_ADX

// o0..o3 = o0..o7 modulo p, o0..o7 a product.
#define HOCKET_SECP256K1_FOLD                                                       \
  "movabsq $0x1000003d1, %%rdx\n\txorl %%eax, %%eax\n\t"                            \
  "mulxq %[o4], %%rax, %[low]\n\tadoxq %%rax, %[o0]\n\tadcxq %[low], %[o1]\n\t"     \
  "mulxq %[o5], %%rax, %[low]\n\tadoxq %%rax, %[o1]\n\tadcxq %[low], %[o2]\n\t"     \
  "mulxq %[o6], %%rax, %[low]\n\tadoxq %%rax, %[o2]\n\tadcxq %[low], %[o3]\n\t"     \
  "mulxq %[o7], %%rax, %[o4]\n\tadoxq %%rax, %[o3]\n\t"                             \
  "movl $0, %%eax\n\tadcxq %%rax, %[o4]\n\tadoxq %%rax, %[o4]\n\t"                  \
  "mulxq %[o4], %%rax, %[low]\n\t"                                                  \
  "addq %%rax, %[o0]\n\tadcq %[low], %[o1]\n\tadcq $0, %[o2]\n\tadcq $0, %[o3]\n\t" \
  "sbbq %%rax, %%rax\n\tandq %%rdx, %%rax\n\taddq %%rax, %[o0]\n\tadcq $0, %[o1]\n\t"

// t0.. += a * b[offset / 8], low halves on the overflow chain, high halves on the carry chain, the fifth limb to `top`.
#define HOCKET_SECP256K1_ROW(offset, t0, t1, t2, t3, top)                                        \
  "movq " #offset                                                                                \
  "(%[b]), %%rdx\n\txorl %%eax, %%eax\n\t"                                                       \
  "mulxq (%[a]), %%rax, %[low]\n\tadoxq %%rax, " t0 "\n\tadcxq %[low], " t1                      \
  "\n\t"                                                                                         \
  "mulxq 8(%[a]), %%rax, %[low]\n\tadoxq %%rax, " t1 "\n\tadcxq %[low], " t2                     \
  "\n\t"                                                                                         \
  "mulxq 16(%[a]), %%rax, %[low]\n\tadoxq %%rax, " t2 "\n\tadcxq %[low], " t3                    \
  "\n\t"                                                                                         \
  "mulxq 24(%[a]), %%rax, " top "\n\tadoxq %%rax, " t3 "\n\tmovl $0, %%eax\n\tadcxq %%rax, " top \
  "\n\tadoxq %%rax, " top "\n\t"

[[gnu::noinline]] inline FieldElement<true> multiply_with_adx(const FieldElement<true>& a,
                                                              const FieldElement<true>& b) noexcept {
  std::uint64_t o0, o1, o2, o3, o4, o5, o6, o7, low;
  asm("movq (%[b]), %%rdx\n\t"
      "mulxq (%[a]), %[o0], %[o1]\n\t"
      "mulxq 8(%[a]), %%rax, %[o2]\n\taddq %%rax, %[o1]\n\t"
      "mulxq 16(%[a]), %%rax, %[o3]\n\tadcq %%rax, %[o2]\n\t"
      "mulxq 24(%[a]), %%rax, %[o4]\n\tadcq %%rax, %[o3]\n\t"
      "adcq $0, %[o4]\n\t"  //
      HOCKET_SECP256K1_ROW(8, "%[o1]", "%[o2]", "%[o3]", "%[o4]", "%[o5]")
          HOCKET_SECP256K1_ROW(16, "%[o2]", "%[o3]", "%[o4]", "%[o5]", "%[o6]")
              HOCKET_SECP256K1_ROW(24, "%[o3]", "%[o4]", "%[o5]", "%[o6]", "%[o7]")  //
      HOCKET_SECP256K1_FOLD
      : [o0] "=&r"(o0), [o1] "=&r"(o1), [o2] "=&r"(o2), [o3] "=&r"(o3), [o4] "=&r"(o4), [o5] "=&r"(o5), [o6] "=&r"(o6),
        [o7] "=&r"(o7), [low] "=&r"(low)
      : [a] "r"(&a), [b] "r"(&b), "m"(a), "m"(b)
      : "rax", "rdx", "cc");
  return {{o0, o1, o2, o3}};
}

// The products of different limbs, doubled, and the squares.
[[gnu::noinline]] inline FieldElement<true> square_with_adx(const FieldElement<true>& a) noexcept {
  std::uint64_t o0, o1, o2, o3, o4, o5, o6, o7, low;
  asm("movq (%[a]), %%rdx\n\t"
      "mulxq 8(%[a]), %[o1], %[o2]\n\t"
      "mulxq 16(%[a]), %%rax, %[o3]\n\taddq %%rax, %[o2]\n\t"
      "mulxq 24(%[a]), %%rax, %[o4]\n\tadcq %%rax, %[o3]\n\tadcq $0, %[o4]\n\t"
      "movq 8(%[a]), %%rdx\n\txorl %%eax, %%eax\n\t"
      "mulxq 16(%[a]), %%rax, %[low]\n\tadoxq %%rax, %[o3]\n\tadcxq %[low], %[o4]\n\t"
      "mulxq 24(%[a]), %%rax, %[o5]\n\tadoxq %%rax, %[o4]\n\t"
      "movl $0, %%eax\n\tadcxq %%rax, %[o5]\n\tadoxq %%rax, %[o5]\n\t"
      "movq 16(%[a]), %%rdx\n\tmulxq 24(%[a]), %%rax, %[o6]\n\taddq %%rax, %[o5]\n\tadcq $0, %[o6]\n\t"
      "movq (%[a]), %%rdx\n\txorl %%eax, %%eax\n\t"
      "mulxq %%rdx, %[o0], %[low]\n\tadcxq %[o1], %[o1]\n\tadoxq %[low], %[o1]\n\t"
      "movq 8(%[a]), %%rdx\n\tmulxq %%rdx, %%rax, %[low]\n\t"
      "adcxq %[o2], %[o2]\n\tadoxq %%rax, %[o2]\n\tadcxq %[o3], %[o3]\n\tadoxq %[low], %[o3]\n\t"
      "movq 16(%[a]), %%rdx\n\tmulxq %%rdx, %%rax, %[low]\n\t"
      "adcxq %[o4], %[o4]\n\tadoxq %%rax, %[o4]\n\tadcxq %[o5], %[o5]\n\tadoxq %[low], %[o5]\n\t"
      "movq 24(%[a]), %%rdx\n\tmulxq %%rdx, %%rax, %[o7]\n\t"
      "adcxq %[o6], %[o6]\n\tadoxq %%rax, %[o6]\n\t"
      "movl $0, %%eax\n\tadcxq %%rax, %[o7]\n\tadoxq %%rax, %[o7]\n\t"  //
      HOCKET_SECP256K1_FOLD
      : [o0] "=&r"(o0), [o1] "=&r"(o1), [o2] "=&r"(o2), [o3] "=&r"(o3), [o4] "=&r"(o4), [o5] "=&r"(o5), [o6] "=&r"(o6),
        [o7] "=&r"(o7), [low] "=&r"(low)
      : [a] "r"(&a), "m"(a)
      : "rax", "rdx", "cc");
  return {{o0, o1, o2, o3}};
}

#undef HOCKET_SECP256K1_FOLD
#undef HOCKET_SECP256K1_ROW

#endif

HOCKET_FIELD FieldElement<kWithAdx> operator*(const FieldElement<kWithAdx>& a,
                                              const FieldElement<kWithAdx>& b) noexcept {
#ifdef HOCKET_SECP256K1_ADX
  if constexpr (kWithAdx) return multiply_with_adx(a, b);
#endif
  std::uint64_t product[8] = {};
  for (int i = 0; i < 4; ++i) {
    std::uint64_t carry = 0;
    for (int j = 0; j < 4; ++j) {
      const u128 sum = static_cast<u128>(a.limbs[i]) * b.limbs[j] + product[i + j] + carry;
      product[i + j] = static_cast<std::uint64_t>(sum);
      carry = static_cast<std::uint64_t>(sum >> 64);
    }
    product[i + 4] = carry;
  }
  return fold<FieldElement<kWithAdx>>(product);
}
HOCKET_FIELD FieldElement<kWithAdx> square(const FieldElement<kWithAdx>& a) noexcept {
#ifdef HOCKET_SECP256K1_ADX
  if constexpr (kWithAdx) return square_with_adx(a);
#endif
  return a * a;
}

#undef HOCKET_FIELD
#undef HOCKET_SECP256K1_ADX

/// 1 / a; 0 for 0.
template <class Field>
Field inverse(const Field& a) noexcept {
  static constexpr OddModulus kModulus(kPrime);
  return to_field<Field>(invert_modulo(canonical(a), kModulus));
}

/// a^((p + 1) / 4): a square root, where there is one.
template <class Field>
Field candidate_root(const Field& a) noexcept {
  const auto squared = [](Field v, int times) {
    while (times-- > 0) v = square(v);
    return v;
  };
  // (p + 1) / 4 is, from the top, 223 ones, a zero, 22 ones, four zeros, two ones, two zeros; ones<n> = a^(2^n - 1).
  const Field ones2 = square(a) * a;
  const Field ones3 = square(ones2) * a;
  const Field ones5 = squared(ones3, 2) * ones2;
  const Field ones10 = squared(ones5, 5) * ones5;
  const Field ones11 = square(ones10) * a;
  const Field ones22 = squared(ones11, 11) * ones11;
  const Field ones44 = squared(ones22, 22) * ones22;
  const Field ones88 = squared(ones44, 44) * ones44;
  const Field ones176 = squared(ones88, 88) * ones88;
  const Field ones220 = squared(ones176, 44) * ones44;
  const Field ones223 = squared(ones220, 3) * ones3;
  return squared(squared(squared(ones223, 23) * ones22, 6) * ones2, 2);
}

}  // namespace hocket::secp256k1
