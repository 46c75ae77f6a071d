// Keccak-f[1600], written once for any type of lane: a 64-bit word, or a vector of the same word of several states.
//
// A Lane has operator^, xor3(a, b, c), chi(a, b, c) = a ^ (~b & c), rotate<n>(a) and a static broadcast(word). Each
// file that includes this has its own Lane in an unnamed namespace, so that every build of the permutation stays in the
// file whose processor features it was compiled for.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hocket::keccak {

inline constexpr std::size_t kRateBytes = 136;
inline constexpr std::size_t kRateWords = kRateBytes / 8;

inline constexpr std::uint64_t kRoundConstants[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

/// One row of the result, from the lanes that rho and pi bring there.
template <int n0, int n1, int n2, int n3, int n4, class Lane>
[[gnu::always_inline]] inline void row(Lane* to, const Lane& a0, const Lane& a1, const Lane& a2, const Lane& a3,
                                       const Lane& a4) noexcept {
  const Lane b0 = rotate<n0>(a0);
  const Lane b1 = rotate<n1>(a1);
  const Lane b2 = rotate<n2>(a2);
  const Lane b3 = rotate<n3>(a3);
  const Lane b4 = rotate<n4>(a4);
  to[0] = chi(b0, b1, b2);
  to[1] = chi(b1, b2, b3);
  to[2] = chi(b2, b3, b4);
  to[3] = chi(b3, b4, b0);
  to[4] = chi(b4, b0, b1);
}

/// One round from `a` to `to`; lane (x, y) is at x + 5 y.
template <class Lane>
[[gnu::always_inline]] inline void round(const Lane (&a)[25], Lane (&to)[25], std::uint64_t constant) noexcept {
  const Lane c0 = xor3(xor3(a[0], a[5], a[10]), a[15], a[20]);
  const Lane c1 = xor3(xor3(a[1], a[6], a[11]), a[16], a[21]);
  const Lane c2 = xor3(xor3(a[2], a[7], a[12]), a[17], a[22]);
  const Lane c3 = xor3(xor3(a[3], a[8], a[13]), a[18], a[23]);
  const Lane c4 = xor3(xor3(a[4], a[9], a[14]), a[19], a[24]);
  const Lane r0 = rotate<1>(c0);
  const Lane r1 = rotate<1>(c1);
  const Lane r2 = rotate<1>(c2);
  const Lane r3 = rotate<1>(c3);
  const Lane r4 = rotate<1>(c4);
  // Lane i with theta's sum of two columns; where xor3 is two operations, compilers share c ^ r.
  const auto t0 = [&](int i) { return xor3(a[i], c4, r1); };
  const auto t1 = [&](int i) { return xor3(a[i], c0, r2); };
  const auto t2 = [&](int i) { return xor3(a[i], c1, r3); };
  const auto t3 = [&](int i) { return xor3(a[i], c2, r4); };
  const auto t4 = [&](int i) { return xor3(a[i], c3, r0); };
  row<0, 44, 43, 21, 14>(to, t0(0), t1(6), t2(12), t3(18), t4(24));
  to[0] = to[0] ^ Lane::broadcast(constant);
  row<28, 20, 3, 45, 61>(to + 5, t3(3), t4(9), t0(10), t1(16), t2(22));
  row<1, 6, 25, 8, 18>(to + 10, t1(1), t2(7), t3(13), t4(19), t0(20));
  row<27, 36, 10, 15, 56>(to + 15, t4(4), t0(5), t1(11), t2(17), t3(23));
  row<62, 55, 39, 41, 2>(to + 20, t2(2), t3(8), t4(14), t0(15), t1(21));
}

template <class Lane>
[[gnu::always_inline]] inline void permute(Lane (&state)[25]) noexcept {
  Lane between[25];
  for (int i = 0; i < 24; i += 2) {
    round(state, between, kRoundConstants[i]);
    round(between, state, kRoundConstants[i + 1]);
  }
}

}  // namespace hocket::keccak
