// Eight Keccak states at once, one in each 64-bit element of AVX-512's registers: the whole of them stays in registers,
// theta's and chi's three-input operations are one instruction each, and so is a rotation.

#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 takes the undefined operands of its own intrinsics for uninitialized variables (GCC bug 105593); it asks for
// the setting where they are defined, in the header.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

#include "crypto/keccak_kernels.hpp"

#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)

#include <cstring>
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl")
#endif

#include "crypto/keccak_round.hpp"

namespace hocket::keccak {
namespace {

struct Lane8 {
  __m512i v;
  [[gnu::always_inline]] static Lane8 broadcast(std::uint64_t word) noexcept {
    return {_mm512_set1_epi64(static_cast<long long>(word))};
  }
};
[[gnu::always_inline]] inline Lane8 operator^(const Lane8& a, const Lane8& b) noexcept {
  return {_mm512_xor_si512(a.v, b.v)};
}
[[gnu::always_inline]] inline Lane8 xor3(const Lane8& a, const Lane8& b, const Lane8& c) noexcept {
  return {_mm512_ternarylogic_epi64(a.v, b.v, c.v, 0x96)};
}
[[gnu::always_inline]] inline Lane8 chi(const Lane8& a, const Lane8& b, const Lane8& c) noexcept {
  return {_mm512_ternarylogic_epi64(a.v, b.v, c.v, 0xd2)};
}
template <int n>
[[gnu::always_inline]] inline Lane8 rotate(const Lane8& a) noexcept {
  if constexpr (n == 0) return a;
  return {_mm512_rol_epi64(a.v, n)};
}

/// Bytes 64 `half` to 64 `half` + 63 of a block, with padding where the input ends there.
[[gnu::always_inline]] inline __m512i load_half(const Block& block, std::size_t half) noexcept {
  const std::uint8_t* const from = block.data + 64 * half;
  if (block.size == kRateBytes) return _mm512_loadu_si512(from);
  const std::size_t begin = 64 * half;
  if (block.size < begin) return _mm512_setzero_si512();
  const std::size_t count = block.size - begin;
  if (count >= 64) return _mm512_loadu_si512(from);
  const __mmask64 end = __mmask64{1} << count;
  // Lanes beyond the mask are not read; the blend puts the padding's first bit after them.
  return _mm512_mask_blend_epi8(end, _mm512_maskz_loadu_epi8(end - 1, from), _mm512_set1_epi8(1));
}

/// Word 16 of a block, padded.
[[gnu::always_inline]] inline long long load_last_word(const Block& block) noexcept {
  std::uint64_t word = 0;
  if (block.size == kRateBytes) {
    std::memcpy(&word, block.data + 128, 8);
  } else {
    if (block.size > 128) std::memcpy(&word, block.data + 128, block.size - 128);
    if (block.size >= 128) word |= std::uint64_t{1} << (8 * (block.size - 128));
    word ^= std::uint64_t{1} << 63;
  }
  return static_cast<long long>(word);
}

/// Words 8 `half` to 8 `half` + 7 of each block, xored into the states: an 8x8 transposition.
[[gnu::always_inline]] inline void absorb_eight_words(Lane8 (&state)[25], int half, const Block (&blocks)[8]) noexcept {
  __m512i in[8];
  for (int n = 0; n < 8; ++n) in[n] = load_half(blocks[n], static_cast<std::size_t>(half));
  __m512i even[4];  // words 0, 2, 4, 6 of two blocks
  __m512i odd[4];
  for (int n = 0; n < 4; ++n) {
    even[n] = _mm512_unpacklo_epi64(in[2 * n], in[2 * n + 1]);
    odd[n] = _mm512_unpackhi_epi64(in[2 * n], in[2 * n + 1]);
  }
  Lane8* const to = state + 8 * half;
  const auto finish = [to](const __m512i(&pairs)[4], int parity) {
    const __m512i low04 = _mm512_shuffle_i64x2(pairs[0], pairs[1], 0x88);  // words 0 and 4 of blocks 0 to 3
    const __m512i low26 = _mm512_shuffle_i64x2(pairs[0], pairs[1], 0xdd);
    const __m512i high04 = _mm512_shuffle_i64x2(pairs[2], pairs[3], 0x88);
    const __m512i high26 = _mm512_shuffle_i64x2(pairs[2], pairs[3], 0xdd);
    to[parity] = to[parity] ^ Lane8 { _mm512_shuffle_i64x2(low04, high04, 0x88) };
    to[parity + 4] = to[parity + 4] ^ Lane8 { _mm512_shuffle_i64x2(low04, high04, 0xdd) };
    to[parity + 2] = to[parity + 2] ^ Lane8 { _mm512_shuffle_i64x2(low26, high26, 0x88) };
    to[parity + 6] = to[parity + 6] ^ Lane8 { _mm512_shuffle_i64x2(low26, high26, 0xdd) };
  };
  finish(even, 0);
  finish(odd, 1);
}

}  // namespace

void absorb_with_avx512(InterleavedStates<8>& states, unsigned keep, const Block (&blocks)[8]) noexcept {
  Lane8 state[25];
  for (int i = 0; i < 25; ++i) state[i] = {_mm512_maskz_load_epi64(static_cast<__mmask8>(keep), states.words[i])};
  absorb_eight_words(state, 0, blocks);
  absorb_eight_words(state, 1, blocks);
  long long last[8];
  for (int n = 0; n < 8; ++n) last[n] = load_last_word(blocks[n]);
  state[16] =
      state[16] ^ Lane8 { _mm512_setr_epi64(last[0], last[1], last[2], last[3], last[4], last[5], last[6], last[7]) };
  permute(state);
  for (int i = 0; i < 25; ++i) _mm512_store_si512(states.words[i], state[i].v);
}

}  // namespace hocket::keccak

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
