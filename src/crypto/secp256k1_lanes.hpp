// secp256k1's field in eight lanes: the arithmetic of secp256k1_ifma.cpp, which alone includes this, after it has told
// the compiler what processor the code is for.
#pragma once

#include "crypto/secp256k1_batch.hpp"

#include <immintrin.h>

namespace hocket::secp256k1 {
namespace {

using Scalar = FieldElement<true>;

constexpr std::uint64_t kLimbMask = (std::uint64_t{1} << 52) - 1;
constexpr std::uint64_t kTopMask = (std::uint64_t{1} << 48) - 1;

/// Eight numbers modulo p in five limbs of 52 bits. A multiplication takes limbs below 2^52, and every operation here
/// leaves such limbs and a number below 2^256 + 2^224; sums and differences get there by `settle`.
struct Lanes {
  __m512i limbs[5];
};
#define HOCKET_LANES [[gnu::always_inline]] inline

HOCKET_LANES __m512i broadcast(std::uint64_t word) noexcept { return _mm512_set1_epi64(static_cast<long long>(word)); }
HOCKET_LANES Lanes broadcast(const u256& v) noexcept {
  return {{broadcast(v.limbs[0] & kLimbMask), broadcast((v.limbs[0] >> 52 | v.limbs[1] << 12) & kLimbMask),
           broadcast((v.limbs[1] >> 40 | v.limbs[2] << 24) & kLimbMask),
           broadcast((v.limbs[2] >> 28 | v.limbs[3] << 36) & kLimbMask), broadcast(v.limbs[3] >> 16)}};
}

/// From limbs below 2^62 of a number below 2^266: what is above 2^256 counts kFold times, and carries move on.
HOCKET_LANES Lanes settle(const Lanes& a) noexcept {
  const __m512i mask = broadcast(kLimbMask);
  Lanes r = a;
  const __m512i above = _mm512_srli_epi64(r.limbs[4], 48);
  r.limbs[4] = _mm512_and_si512(r.limbs[4], broadcast(kTopMask));
  r.limbs[0] = _mm512_madd52lo_epu64(r.limbs[0], above, broadcast(kFold));  // `above` has 14 bits, kFold 33
  for (int i = 0; i < 4; ++i) {
    r.limbs[i + 1] = _mm512_add_epi64(r.limbs[i + 1], _mm512_srli_epi64(r.limbs[i], 52));
    r.limbs[i] = _mm512_and_si512(r.limbs[i], mask);
  }
  return r;
}

HOCKET_LANES Lanes sum(const Lanes& a, const Lanes& b) noexcept {
  Lanes r;
  for (int i = 0; i < 5; ++i) r.limbs[i] = _mm512_add_epi64(a.limbs[i], b.limbs[i]);
  return r;
}
/// 2^n a
template <int n>
HOCKET_LANES Lanes shifted(const Lanes& a) noexcept {
  Lanes r;
  for (int i = 0; i < 5; ++i) r.limbs[i] = _mm512_slli_epi64(a.limbs[i], n);
  return r;
}
/// a - b modulo p: 16 p is added limb by limb. Requires: b's limbs are at most 15 times those that operations leave.
HOCKET_LANES Lanes difference(const Lanes& a, const Lanes& b) noexcept {
  constexpr std::uint64_t kLimbsOfPrime[5] = {0xffffefffffc2f, kLimbMask, kLimbMask, kLimbMask, kTopMask};
  Lanes r;
  for (int i = 0; i < 5; ++i)
    r.limbs[i] = _mm512_sub_epi64(_mm512_add_epi64(a.limbs[i], broadcast(16 * kLimbsOfPrime[i])), b.limbs[i]);
  return r;
}

/// A product's ten limbs, each below 2^57, modulo p.
HOCKET_LANES Lanes reduce(__m512i (&t)[10]) noexcept {
  const __m512i mask = broadcast(kLimbMask);
  for (int i = 5; i < 9; ++i) {
    t[i + 1] = _mm512_add_epi64(t[i + 1], _mm512_srli_epi64(t[i], 52));
    t[i] = _mm512_and_si512(t[i], mask);
  }
  // 2^260 is 16 kFold.
  const __m512i fold260 = broadcast(kFold << 4);
  for (int i = 0; i < 5; ++i) t[i] = _mm512_madd52lo_epu64(t[i], t[i + 5], fold260);
  for (int i = 0; i < 4; ++i) t[i + 1] = _mm512_madd52hi_epu64(t[i + 1], t[i + 5], fold260);
  const __m512i top = _mm512_madd52hi_epu64(_mm512_setzero_si512(), t[9], fold260);
  // What is above 2^256 now, in 42 bits.
  const __m512i above = _mm512_add_epi64(_mm512_srli_epi64(t[4], 48), _mm512_slli_epi64(top, 4));
  t[4] = _mm512_and_si512(t[4], broadcast(kTopMask));
  t[0] = _mm512_madd52lo_epu64(t[0], above, broadcast(kFold));
  t[1] = _mm512_madd52hi_epu64(t[1], above, broadcast(kFold));
  for (int i = 0; i < 4; ++i) {
    t[i + 1] = _mm512_add_epi64(t[i + 1], _mm512_srli_epi64(t[i], 52));
    t[i] = _mm512_and_si512(t[i], mask);
  }
  return {{t[0], t[1], t[2], t[3], t[4]}};
}

HOCKET_LANES Lanes operator*(const Lanes& a, const Lanes& b) noexcept {
  // Lower and upper halves apart, so that the chains of additions are half as long.
  __m512i low[9];
  __m512i high[9];
  for (int i = 0; i < 9; ++i) low[i] = high[i] = _mm512_setzero_si512();
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 5; ++j) {
      low[i + j] = _mm512_madd52lo_epu64(low[i + j], a.limbs[i], b.limbs[j]);
      high[i + j] = _mm512_madd52hi_epu64(high[i + j], a.limbs[i], b.limbs[j]);
    }
  __m512i t[10];
  t[0] = low[0];
  for (int i = 1; i < 9; ++i) t[i] = _mm512_add_epi64(low[i], high[i - 1]);
  t[9] = high[8];
  return reduce(t);
}

HOCKET_LANES Lanes square(const Lanes& a) noexcept {
  __m512i low[9];
  __m512i high[9];
  for (int i = 0; i < 9; ++i) low[i] = high[i] = _mm512_setzero_si512();
  for (int i = 0; i < 5; ++i)
    for (int j = i + 1; j < 5; ++j) {
      low[i + j] = _mm512_madd52lo_epu64(low[i + j], a.limbs[i], a.limbs[j]);
      high[i + j] = _mm512_madd52hi_epu64(high[i + j], a.limbs[i], a.limbs[j]);
    }
  __m512i t[10];
  t[0] = _mm512_setzero_si512();
  for (int i = 1; i < 9; ++i) {
    const __m512i once = _mm512_add_epi64(low[i], high[i - 1]);
    t[i] = _mm512_add_epi64(once, once);
  }
  t[9] = _mm512_setzero_si512();
  for (int i = 0; i < 5; ++i) {
    t[2 * i] = _mm512_madd52lo_epu64(t[2 * i], a.limbs[i], a.limbs[i]);
    t[2 * i + 1] = _mm512_madd52hi_epu64(t[2 * i + 1], a.limbs[i], a.limbs[i]);
  }
  return reduce(t);
}

/// a where the mask's bit is not set, b where it is.
HOCKET_LANES Lanes choose(__mmask8 mask, const Lanes& a, const Lanes& b) noexcept {
  Lanes r;
  for (int i = 0; i < 5; ++i) r.limbs[i] = _mm512_mask_mov_epi64(a.limbs[i], mask, b.limbs[i]);
  return r;
}
/// a where the mask's bit is not set, -a where it is.
HOCKET_LANES Lanes negate_where(__mmask8 mask, const Lanes& a) noexcept {
  const Lanes zero = broadcast(u256{});
  return choose(mask, a, settle(difference(zero, a)));
}

[[gnu::noinline]] Lanes squared(Lanes a, int times) noexcept {
  while (times-- > 0) a = square(a);
  return a;
}

/// Eight numbers below 2^256 to lanes, and a lane to a number.
Lanes gather(const u256 (&values)[kLanes]) noexcept {
  alignas(64) std::uint64_t words[5][kLanes];
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const auto& v = values[lane].limbs;
    words[0][lane] = v[0] & kLimbMask;
    words[1][lane] = (v[0] >> 52 | v[1] << 12) & kLimbMask;
    words[2][lane] = (v[1] >> 40 | v[2] << 24) & kLimbMask;
    words[3][lane] = (v[2] >> 28 | v[3] << 36) & kLimbMask;
    words[4][lane] = v[3] >> 16;
  }
  Lanes r;
  for (int i = 0; i < 5; ++i) r.limbs[i] = _mm512_load_si512(words[i]);
  return r;
}
void scatter(const Lanes& a, Scalar (&out)[kLanes]) noexcept {
  alignas(64) std::uint64_t words[5][kLanes];
  for (int i = 0; i < 5; ++i) _mm512_store_si512(words[i], a.limbs[i]);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const auto limb = [&](int i) { return words[i][lane]; };
    const Scalar low = {{limb(0) | limb(1) << 52, limb(1) >> 12 | limb(2) << 40, limb(2) >> 24 | limb(3) << 28,
                         limb(3) >> 36 | limb(4) << 16}};
    // The rest above 2^256.
    out[lane] = low + Scalar{{(limb(4) >> 48) * kFold, 0, 0, 0}};
  }
}

/// As candidate_root.
Lanes root(const Lanes& a) noexcept {
  const Lanes ones2 = square(a) * a;
  const Lanes ones3 = square(ones2) * a;
  const Lanes ones5 = squared(ones3, 2) * ones2;
  const Lanes ones10 = squared(ones5, 5) * ones5;
  const Lanes ones11 = square(ones10) * a;
  const Lanes ones22 = squared(ones11, 11) * ones11;
  const Lanes ones44 = squared(ones22, 22) * ones22;
  const Lanes ones88 = squared(ones44, 44) * ones44;
  const Lanes ones176 = squared(ones88, 88) * ones88;
  const Lanes ones220 = squared(ones176, 44) * ones44;
  const Lanes ones223 = squared(ones220, 3) * ones3;
  return squared(squared(squared(ones223, 23) * ones22, 6) * ones2, 2);
}

}  // namespace
}  // namespace hocket::secp256k1
