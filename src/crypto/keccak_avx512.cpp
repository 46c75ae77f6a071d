// One Keccak state in five AVX-512 registers of five lanes each: 160 ns for 64 bytes where andn and rorx take 209.
//
// Keeping lane (x, y) in register y makes theta's column parities one sum of registers, but pi then moves the lanes of
// one register into five, a transposition a round. The layouts here avoid it. Lane (x, y) is in register a x + b y, at
// position c x or c y (modulo 5). Theta wants positions that depend on x only, so that columns are aligned; chi
// positions that depend on y only, so that rows are. As long as a and b are not 0, one leads to the other, before and
// after pi, by a permutation inside each register, and with well chosen c that is a rotation of its five positions.
//
// pi takes (a, b) to (a + b, 3a), which goes through six ratios:
//   (0, 1)  register y: theta is aligned; after pi the registers are columns, which suits chi;
//   (1, 0)  register x: parities are summed inside the registers; from here on the layout is skewed;
//   (1, 3), (4, 3), (2, 2)  theta aligned, pi, rotation, chi, rotation;
//   (4, 1)  a + b = 0: pi makes the registers rows; chi takes its neighbours from rotations of them. Back at (0, 1).
// Everything but this table of layouts is derived from it at compile time, and checked there.

#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 takes the undefined operands of its own intrinsics for uninitialized variables (GCC bug 105593); it asks for
// the setting where they are defined, in the header.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

#include "crypto/keccak_kernels.hpp"

#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)

#include <array>
#include <immintrin.h>
#include <utility>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl")
#endif

#include "crypto/keccak_round.hpp"

namespace hocket::keccak {
namespace {

struct Layout {
  int register_x, register_y;  // the register of (x, y) is register_x x + register_y y
  int position_x, position_y;

  constexpr int register_of(int x, int y) const { return (register_x * x + register_y * y) % 5; }
  constexpr int position_of(int x, int y) const { return (position_x * x + position_y * y) % 5; }
};

constexpr int kStages = 6;
constexpr Layout kThetaLayouts[kStages] = {{0, 1, 1, 0}, {1, 0, 0, 4}, {1, 3, 4, 0},
                                           {4, 3, 3, 0}, {2, 2, 4, 0}, {4, 1, 1, 0}};
// After pi, in its coordinates. The last stage has none: it goes to the first theta layout at once.
constexpr Layout kChiLayouts[kStages - 1] = {{1, 0, 0, 4}, {1, 3, 0, 3}, {4, 3, 0, 4}, {2, 2, 0, 1}, {4, 1, 0, 1}};

struct Coordinates {
  int x, y;
};
constexpr Coordinates pi(int x, int y) { return {y, (2 * x + 3 * y) % 5}; }
constexpr Coordinates before_pi(int x, int y) { return {(x + 3 * y) % 5, x}; }

constexpr bool pi_keeps_registers() {
  for (int stage = 0; stage < kStages - 1; ++stage)
    for (int i = 0; i < 25; ++i) {
      const auto [x, y] = pi(i % 5, i / 5);
      const int at = kChiLayouts[stage].register_of(x, y);
      if (at != kThetaLayouts[stage].register_of(i % 5, i / 5) || at != kThetaLayouts[stage + 1].register_of(x, y))
        return false;
    }
  return true;
}
static_assert(pi_keeps_registers());

/// An index or a count for each element of a register; elements 5 to 7 stay where they are, and zero.
using Elements = std::array<std::uint64_t, 8>;
constexpr Elements kInPlace = {0, 1, 2, 3, 4, 5, 6, 7};

constexpr Elements rotation(int distance) {
  Elements index = kInPlace;
  for (int i = 0; i < 5; ++i) index[static_cast<std::size_t>(i)] = static_cast<std::uint64_t>((i + distance + 5) % 5);
  return index;
}
/// From the theta layout of a stage to its chi layout.
constexpr Elements theta_to_chi(int stage, int reg) {
  Elements index = kInPlace;
  for (int i = 0; i < 25; ++i) {
    const int x = i % 5;
    const int y = i / 5;
    const auto [new_x, new_y] = pi(x, y);
    if (kThetaLayouts[stage].register_of(x, y) == reg)
      index[static_cast<std::size_t>(kChiLayouts[stage].position_of(new_x, new_y))] =
          static_cast<std::uint64_t>(kThetaLayouts[stage].position_of(x, y));
  }
  return index;
}
/// `first`, then `second`.
constexpr Elements compose(const Elements& first, const Elements& second) {
  Elements index = {};
  for (std::size_t i = 0; i < 8; ++i) index[i] = first[second[i]];
  return index;
}
/// From the chi layout of a stage to the next theta layout.
constexpr Elements chi_to_theta(int stage, int reg) {
  Elements index = kInPlace;
  for (int i = 0; i < 25; ++i)
    if (kChiLayouts[stage].register_of(i % 5, i / 5) == reg)
      index[static_cast<std::size_t>(kThetaLayouts[stage + 1].position_of(i % 5, i / 5))] =
          static_cast<std::uint64_t>(kChiLayouts[stage].position_of(i % 5, i / 5));
  return index;
}
/// The last stage: the lanes (x + distance, y) of row y after pi, by x.
constexpr Elements to_row(int y, int distance) {
  Elements index = kInPlace;
  for (int x = 0; x < 5; ++x) {
    const auto [old_x, old_y] = before_pi((x + distance) % 5, y);
    index[static_cast<std::size_t>(x)] =
        static_cast<std::uint64_t>(kThetaLayouts[kStages - 1].position_of(old_x, old_y));
  }
  return index;
}
constexpr int register_of_row(int y) {
  const auto [x, old_y] = before_pi(0, y);
  return kThetaLayouts[kStages - 1].register_of(x, old_y);
}

/// rho's rotation counts, by walking its path.
constexpr Elements rotation_counts(int stage, int reg) {
  Elements counts = {};
  int x = 1;
  int y = 0;
  for (int t = 0; t < 24; ++t) {
    if (kThetaLayouts[stage].register_of(x, y) == reg)
      counts[static_cast<std::size_t>(kThetaLayouts[stage].position_of(x, y))] =
          static_cast<std::uint64_t>((t + 1) * (t + 2) / 2 % 64);
    const auto next = pi(x, y);
    x = next.x;
    y = next.y;
  }
  return counts;
}

/// Index vectors and masks that the rounds use again and again.
struct Indices {
  __m512i rotation[5];
  __mmask8 five_elements;
  __mmask8 one_element;
};

/// Loads a constant in a way that the compiler cannot see through: it would rematerialise such constants in the rounds
/// by shuffles, which compete with the rounds' own.
[[gnu::always_inline]] inline __m512i opaque(const Elements& elements) noexcept {
  __m512i v = _mm512_loadu_si512(elements.data());
  asm("" : "+v"(v));
  return v;
}
[[gnu::always_inline]] inline __mmask8 opaque(__mmask8 mask) noexcept {
  asm("" : "+k"(mask));
  return mask;
}

constexpr std::array<Elements, 5> kRotations = {rotation(0), rotation(1), rotation(2), rotation(3), rotation(4)};

[[gnu::always_inline]] inline Indices load_indices() noexcept {
  Indices indices;
  for (std::size_t i = 0; i < 5; ++i) indices.rotation[i] = opaque(kRotations[i]);
  indices.five_elements = opaque(static_cast<__mmask8>(0x1f));
  indices.one_element = opaque(static_cast<__mmask8>(1));
  return indices;
}

constexpr int which(const std::array<Elements, 5>& known, const Elements& index) {
  for (int i = 0; i < 5; ++i)
    if (known[static_cast<std::size_t>(i)] == index) return i;
  return -1;
}

template <Elements index>
[[gnu::always_inline]] inline __m512i permute_elements(__m512i v, const Indices& indices) noexcept {
  constexpr int kRotation = which(kRotations, index);
  if constexpr (kRotation == 0) {
    return v;
  } else if constexpr (kRotation > 0) {
    return _mm512_permutexvar_epi64(indices.rotation[kRotation], v);
  } else {  // in the first stage
    alignas(64) static constexpr Elements kIndex = index;
    return _mm512_permutexvar_epi64(opaque(kIndex), v);
  }
}

template <Elements counts>
[[gnu::always_inline]] inline __m512i rotate_lanes(__m512i v) noexcept {
  alignas(64) static constexpr Elements kCounts = counts;
  return _mm512_rolv_epi64(v, _mm512_load_si512(kCounts.data()));
}
[[gnu::always_inline]] inline __m512i xor3(__m512i a, __m512i b, __m512i c) noexcept {
  return _mm512_ternarylogic_epi64(a, b, c, 0x96);
}
[[gnu::always_inline]] inline __m512i chi(__m512i a, __m512i b, __m512i c) noexcept {
  return _mm512_ternarylogic_epi64(a, b, c, 0xd2);
}

/// The sum of elements 0 to 4, in each of them. Requires: elements 5 to 7 are zero.
[[gnu::always_inline]] inline __m512i sum_elements(__m512i v) noexcept {
  const __m512i pairs = _mm512_xor_si512(v, _mm512_shuffle_epi32(v, _MM_PERM_BADC));
  return xor3(pairs, _mm512_shuffle_i64x2(pairs, pairs, 0b11'01'00'10),
              _mm512_shuffle_i64x2(pairs, pairs, 0b11'00'10'01));
}

struct State {
  __m512i registers[5];
};

/// The sums of columns that theta adds, in the layout of the stage; where positions do not depend on x, those of the
/// columns of each register.
struct Parities {
  __m512i parity[5];
  __m512i turned[5];
};

template <int stage, int... i>
[[gnu::always_inline]] inline Parities parities(const State& s, std::integer_sequence<int, i...>) noexcept {
  if constexpr (kThetaLayouts[stage].position_x != 0) {
    const __m512i parity = xor3(xor3(s.registers[0], s.registers[1], s.registers[2]), s.registers[3], s.registers[4]);
    return {{parity}, {_mm512_rol_epi64(parity, 1)}};
  } else {
    const __m512i parity[5] = {sum_elements(s.registers[i])...};
    return {{parity[i]...}, {_mm512_rol_epi64(parity[i], 1)...}};
  }
}

/// A register after theta, `move` and rho. The move is made first: then it does not wait for the parities, which are
/// moved along, and the round is shorter by one permutation.
template <int stage, int reg, Elements move>
[[gnu::always_inline]] inline __m512i theta_move_rho(const State& s, const Parities& sums,
                                                     const Indices& indices) noexcept {
  const __m512i moved = permute_elements<move>(s.registers[reg], indices);
  constexpr Elements kCounts = compose(rotation_counts(stage, reg), move);
  constexpr int kStep = kThetaLayouts[stage].position_x;
  if constexpr (kStep != 0)
    return rotate_lanes<kCounts>(xor3(moved, permute_elements<compose(rotation(-kStep), move)>(sums.parity[0], indices),
                                      permute_elements<compose(rotation(kStep), move)>(sums.turned[0], indices)));
  else  // the sums are the same in every element; the mask keeps elements 5 to 7 zero
    return rotate_lanes<kCounts>(_mm512_maskz_ternarylogic_epi64(
        indices.five_elements, moved, sums.parity[(reg + 4) % 5], sums.turned[(reg + 1) % 5], 0x96));
}

template <int stage, int... i>
[[gnu::always_inline]] inline void plane_round(State& s, const Indices& indices, std::uint64_t constant,
                                               std::integer_sequence<int, i...> sequence) noexcept {
  const Parities sums = parities<stage>(s, sequence);
  if constexpr (stage < kStages - 1) {
    const __m512i b[5] = {theta_move_rho<stage, i, theta_to_chi(stage, i)>(s, sums, indices)...};
    constexpr int kNext = kChiLayouts[stage].register_x;
    s = {{chi(b[i], b[(i + kNext) % 5], b[(i + 2 * kNext) % 5])...}};
  } else {  // three moves a register: to make them first is slower
    const __m512i b[5] = {theta_move_rho<stage, register_of_row(i), kInPlace>(s, sums, indices)...};
    s = {{chi(permute_elements<to_row(i, 0)>(b[i], indices), permute_elements<to_row(i, 1)>(b[i], indices),
              permute_elements<to_row(i, 2)>(b[i], indices))...}};
  }
  // iota
  s.registers[0] = _mm512_mask_xor_epi64(s.registers[0], indices.one_element, s.registers[0],
                                         _mm512_set1_epi64(static_cast<long long>(constant)));
  if constexpr (stage < kStages - 1 && kThetaLayouts[(stage + 1) % kStages].position_x != 0)
    ((s.registers[i] = permute_elements<chi_to_theta(stage, i)>(s.registers[i], indices)), ...);
}

/// One state, or several at once: a round waits for itself more than it computes, so that two take hardly longer than
/// one.
template <class... States>
[[gnu::always_inline]] inline void permute_planes(States&... s) noexcept {
  const Indices indices = load_indices();
  constexpr std::make_integer_sequence<int, 5> kRegisters;
#if defined(__clang__)
#pragma clang loop unroll(disable)
#endif
  for (int i = 0; i < 24; i += kStages) {
    (plane_round<0>(s, indices, kRoundConstants[i], kRegisters), ...);
    (plane_round<1>(s, indices, kRoundConstants[i + 1], kRegisters), ...);
    (plane_round<2>(s, indices, kRoundConstants[i + 2], kRegisters), ...);
    (plane_round<3>(s, indices, kRoundConstants[i + 3], kRegisters), ...);
    (plane_round<4>(s, indices, kRoundConstants[i + 4], kRegisters), ...);
    (plane_round<5>(s, indices, kRoundConstants[i + 5], kRegisters), ...);
  }
}

constexpr std::size_t kPlaneBytes = 40;

/// Plane y of a final block of `size` bytes: its part of them, and of the padding.
[[gnu::always_inline]] inline __m512i last_plane(const std::uint8_t* data, std::size_t size, std::size_t y) noexcept {
  const std::size_t begin = kPlaneBytes * y;
  const std::size_t count = size <= begin ? 0 : size - begin < kPlaneBytes ? size - begin : kPlaneBytes;
  const __mmask64 taken = (__mmask64{1} << count) - 1;
  const __m512i bytes = _mm512_maskz_loadu_epi8(taken, count == 0 ? data : data + begin);
  const bool ends_here = size >= begin && size - begin < kPlaneBytes;
  return _mm512_or_si512(bytes, _mm512_maskz_set1_epi8(ends_here ? __mmask64{1} << (size - begin) : 0, 1));
}

/// The last bit of the padding, in plane 3.
[[gnu::always_inline]] inline __m512i final_bit() noexcept {
  return _mm512_setr_epi64(0, static_cast<long long>(1ull << 63), 0, 0, 0, 0, 0, 0);
}

/// A state that has absorbed 32 or 64 bytes, all there is: everything but the data is constant.
template <std::size_t size>
[[gnu::always_inline]] inline State absorb_words(const std::uint8_t* data) noexcept {
  const __m512i zero = _mm512_setzero_si512();
  if constexpr (size == 32) {
    const __m512i words = _mm512_maskz_loadu_epi64(0x0f, data);
    return {{_mm512_or_si512(words, _mm512_setr_epi64(0, 0, 0, 0, 1, 0, 0, 0)), zero, zero, final_bit(), zero}};
  } else {
    const __m512i words = _mm512_loadu_si512(data);
    const __m512i second =
        _mm512_or_si512(_mm512_alignr_epi64(zero, words, 5), _mm512_setr_epi64(0, 0, 0, 1, 0, 0, 0, 0));
    return {{_mm512_maskz_mov_epi64(0x1f, words), second, zero, final_bit(), zero}};
  }
}

/// The first 32 bytes as a number: big-endian.
[[gnu::always_inline]] inline void store_number(const State& s, u256& out) noexcept {
  const __m256i reversed = _mm256_setr_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11,
                                            10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const __m256i halves = _mm256_permute4x64_epi64(_mm512_castsi512_si256(s.registers[0]), 0b01'00'11'10);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out.limbs), _mm256_shuffle_epi8(halves, reversed));
}

}  // namespace

void hash_32_with_avx512(const std::uint8_t* data, u256& out) noexcept {
  State s = absorb_words<32>(data);
  permute_planes(s);
  store_number(s, out);
}

void hash_64_with_avx512(const std::uint8_t* data, u256& out) noexcept {
  State s = absorb_words<64>(data);
  permute_planes(s);
  store_number(s, out);
}

void hash_two_64_with_avx512(const std::uint8_t* first, const std::uint8_t* second, u256& first_out,
                             u256& second_out) noexcept {
  State s = absorb_words<64>(first);
  State t = absorb_words<64>(second);
  permute_planes(s, t);
  store_number(s, first_out);
  store_number(t, second_out);
}

void hash_with_avx512(const std::uint8_t* data, std::size_t size, std::uint8_t* out) noexcept {
  State s;
  for (auto& plane : s.registers) plane = _mm512_setzero_si512();
  const auto absorb = [&s](std::size_t y, __m512i plane) { s.registers[y] = _mm512_xor_si512(s.registers[y], plane); };
  for (; size >= kRateBytes; data += kRateBytes, size -= kRateBytes) {
    for (std::size_t y = 0; y < 3; ++y) absorb(y, _mm512_maskz_loadu_epi64(0x1f, data + kPlaneBytes * y));
    absorb(3, _mm512_maskz_loadu_epi64(0x03, data + kPlaneBytes * 3));
    permute_planes(s);
  }
  if (size == 64) {  // two words, as mappings hash them: everything but the data is constant
    const State words = absorb_words<64>(data);
    for (std::size_t y = 0; y < 4; ++y) absorb(y, words.registers[y]);
  } else {
    static constexpr std::uint8_t kNothing[1] = {};
    const std::uint8_t* const from = size == 0 ? kNothing : data;
    for (std::size_t y = 0; y < 3; ++y) absorb(y, last_plane(from, size, y));
    absorb(3, _mm512_xor_si512(last_plane(from, size, 3), final_bit()));
  }
  permute_planes(s);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm512_castsi512_si256(s.registers[0]));
}

}  // namespace hocket::keccak

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
