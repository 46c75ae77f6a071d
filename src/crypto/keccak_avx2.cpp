// Four Keccak states at once, one in each 64-bit element of AVX2's registers.

#include "crypto/keccak_kernels.hpp"

#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)

#include <cstring>
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif

#include "crypto/keccak_round.hpp"

namespace hocket::keccak {
namespace {

struct Lane4 {
  __m256i v;
  [[gnu::always_inline]] static Lane4 broadcast(std::uint64_t word) noexcept {
    return {_mm256_set1_epi64x(static_cast<long long>(word))};
  }
};
[[gnu::always_inline]] inline Lane4 operator^(const Lane4& a, const Lane4& b) noexcept {
  return {_mm256_xor_si256(a.v, b.v)};
}
[[gnu::always_inline]] inline Lane4 xor3(const Lane4& a, const Lane4& b, const Lane4& c) noexcept { return a ^ b ^ c; }
[[gnu::always_inline]] inline Lane4 chi(const Lane4& a, const Lane4& b, const Lane4& c) noexcept {
  return {_mm256_xor_si256(a.v, _mm256_andnot_si256(b.v, c.v))};
}
template <int n>
[[gnu::always_inline]] inline Lane4 rotate(const Lane4& a) noexcept {
  if constexpr (n == 0) return a;
  if constexpr (n == 8)
    return {_mm256_shuffle_epi8(a.v, _mm256_setr_epi8(7, 0, 1, 2, 3, 4, 5, 6, 15, 8, 9, 10, 11, 12, 13, 14, 7, 0, 1, 2,
                                                      3, 4, 5, 6, 15, 8, 9, 10, 11, 12, 13, 14))};
  if constexpr (n == 56)
    return {_mm256_shuffle_epi8(a.v, _mm256_setr_epi8(1, 2, 3, 4, 5, 6, 7, 0, 9, 10, 11, 12, 13, 14, 15, 8, 1, 2, 3, 4,
                                                      5, 6, 7, 0, 9, 10, 11, 12, 13, 14, 15, 8))};
  return {_mm256_or_si256(_mm256_slli_epi64(a.v, n), _mm256_srli_epi64(a.v, 64 - n))};
}

inline __m256i load(const void* at) noexcept { return _mm256_loadu_si256(static_cast<const __m256i*>(at)); }

/// Words 4 `quarter` to 4 `quarter` + 3 of each block, xored into the states.
[[gnu::always_inline]] inline void absorb_four_words(Lane4 (&state)[25], int quarter,
                                                     const std::uint8_t* const (&blocks)[4]) noexcept {
  const __m256i a = load(blocks[0] + 32 * quarter);
  const __m256i b = load(blocks[1] + 32 * quarter);
  const __m256i c = load(blocks[2] + 32 * quarter);
  const __m256i d = load(blocks[3] + 32 * quarter);
  const __m256i ab_even = _mm256_unpacklo_epi64(a, b);
  const __m256i ab_odd = _mm256_unpackhi_epi64(a, b);
  const __m256i cd_even = _mm256_unpacklo_epi64(c, d);
  const __m256i cd_odd = _mm256_unpackhi_epi64(c, d);
  Lane4* const to = state + 4 * quarter;
  to[0] = to[0] ^ Lane4 { _mm256_permute2x128_si256(ab_even, cd_even, 0x20) };
  to[1] = to[1] ^ Lane4 { _mm256_permute2x128_si256(ab_odd, cd_odd, 0x20) };
  to[2] = to[2] ^ Lane4 { _mm256_permute2x128_si256(ab_even, cd_even, 0x31) };
  to[3] = to[3] ^ Lane4 { _mm256_permute2x128_si256(ab_odd, cd_odd, 0x31) };
}

}  // namespace

void absorb_with_avx2(InterleavedStates<4>& states, unsigned keep, const Block (&inputs)[4]) noexcept {
  std::uint8_t padded[4][kRateBytes];
  const std::uint8_t* blocks[4];
  for (int n = 0; n < 4; ++n) {
    blocks[n] = inputs[n].data;
    if (inputs[n].size == kRateBytes) continue;
    std::memset(padded[n], 0, kRateBytes);
    if (inputs[n].size != 0) std::memcpy(padded[n], inputs[n].data, inputs[n].size);
    padded[n][inputs[n].size] = 0x01;
    padded[n][kRateBytes - 1] |= 0x80;
    blocks[n] = padded[n];
  }
  const auto bit = [keep](int n) { return -static_cast<long long>(keep >> n & 1); };
  const __m256i mask = _mm256_setr_epi64x(bit(0), bit(1), bit(2), bit(3));
  Lane4 state[25];
  for (int i = 0; i < 25; ++i) state[i] = {_mm256_and_si256(load(states.words[i]), mask)};
  for (int quarter = 0; quarter < 4; ++quarter) absorb_four_words(state, quarter, blocks);
  long long last[4];
  for (int n = 0; n < 4; ++n) std::memcpy(&last[n], blocks[n] + 128, 8);
  state[16] = state[16] ^ Lane4 { _mm256_setr_epi64x(last[0], last[1], last[2], last[3]) };
  permute(state);
  for (int i = 0; i < 25; ++i) _mm256_store_si256(reinterpret_cast<__m256i*>(states.words[i]), state[i].v);
}

}  // namespace hocket::keccak

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
