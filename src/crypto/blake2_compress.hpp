// BLAKE2b's compression. Included by blake2.cpp, for any machine, and by blake2_bmi.cpp, where the same code compiles
// to rorx.
#pragma once

#include "crypto/blake2.hpp"

#include <algorithm>
#include <bit>

namespace hocket::blake2 {

/// Requires: cpu_features.bmi2.
void compress_with_bmi(std::uint32_t rounds, std::uint64_t (&h)[8], const std::uint64_t (&message)[16],
                       const std::uint64_t (&t)[2], bool is_final) noexcept;

namespace {

constexpr std::uint64_t kInitialVector[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                             0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                             0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

/// The quarter round G.
[[gnu::always_inline]] inline void mix(std::uint64_t (&v)[16], int a, int b, int c, int d, std::uint64_t x,
                                       std::uint64_t y) noexcept {
  v[a] = v[a] + v[b] + x;
  v[d] = std::rotr(v[d] ^ v[a], 32);
  v[c] = v[c] + v[d];
  v[b] = std::rotr(v[b] ^ v[c], 24);
  v[a] = v[a] + v[b] + y;
  v[d] = std::rotr(v[d] ^ v[a], 16);
  v[c] = v[c] + v[d];
  v[b] = std::rotr(v[b] ^ v[c], 63);
}

/// One round, its message schedule as template arguments so that every index is a constant.
template <int s0, int s1, int s2, int s3, int s4, int s5, int s6, int s7, int s8, int s9, int s10, int s11, int s12,
          int s13, int s14, int s15>
[[gnu::always_inline]] inline void round(std::uint64_t (&v)[16], const std::uint64_t (&m)[16]) noexcept {
  mix(v, 0, 4, 8, 12, m[s0], m[s1]);
  mix(v, 1, 5, 9, 13, m[s2], m[s3]);
  mix(v, 2, 6, 10, 14, m[s4], m[s5]);
  mix(v, 3, 7, 11, 15, m[s6], m[s7]);
  mix(v, 0, 5, 10, 15, m[s8], m[s9]);
  mix(v, 1, 6, 11, 12, m[s10], m[s11]);
  mix(v, 2, 7, 8, 13, m[s12], m[s13]);
  mix(v, 3, 4, 9, 14, m[s14], m[s15]);
}

[[gnu::always_inline]] inline void compress_words(std::uint32_t rounds, std::uint64_t (&h)[8],
                                                  const std::uint64_t (&message)[16], const std::uint64_t (&t)[2],
                                                  bool is_final) noexcept {
  // A copy, which nobody else can change, nor a sanitizer wants to look at: up to 2^32 - 1 rounds read it.
  std::uint64_t m[16];
  std::ranges::copy(message, m);
  std::uint64_t v[16];
  for (int i = 0; i < 8; ++i) v[i] = h[i];
  for (int i = 0; i < 8; ++i) v[i + 8] = kInitialVector[i];
  v[12] ^= t[0];
  v[13] ^= t[1];
  if (is_final) v[14] = ~v[14];

  // The ten schedules (RFC 7693, section 2.7) repeat for as many rounds as are asked for; leaving in the middle of the
  // ten keeps their indices constant.
  for (std::uint32_t left = rounds;;) {
    if (left-- == 0) break;
    round<0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15>(v, m);
    if (left-- == 0) break;
    round<14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3>(v, m);
    if (left-- == 0) break;
    round<11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4>(v, m);
    if (left-- == 0) break;
    round<7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8>(v, m);
    if (left-- == 0) break;
    round<9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13>(v, m);
    if (left-- == 0) break;
    round<2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9>(v, m);
    if (left-- == 0) break;
    round<12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11>(v, m);
    if (left-- == 0) break;
    round<13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10>(v, m);
    if (left-- == 0) break;
    round<6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5>(v, m);
    if (left-- == 0) break;
    round<10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0>(v, m);
  }

  for (int i = 0; i < 8; ++i) h[i] ^= v[i] ^ v[i + 8];
}

}  // namespace
}  // namespace hocket::blake2
