// Finds the jump destinations of code: the bytes 0x5b that are not the data of a PUSH (YP 9.4.3).
//
// A PUSH is known by its byte, but what looks like one may be data itself, so in the strict sense code is read from its
// start, an instruction at a time. Most bytes 0x5b need not wait for that: where none of the 32 bytes in front could be
// a PUSH that reaches so far, whatever these bytes are, it is an instruction. That is one comparison with a row of
// limits. The others, some in ten of real code, are read up to from the last place that is known to be an instruction;
// so no byte is read twice, and no code costs more than reading it through.
#pragma once

#include "protocol/opcode.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#if defined(__SSE2__) && !defined(HOCKET_PORTABLE)
#include <emmintrin.h>
#endif

namespace hocket {

/// How much of zeros must be readable in front of the code and behind it.
inline constexpr std::size_t kCodePaddingBefore = 32;
inline constexpr std::size_t kCodePaddingBehind = 64;

/// How many bytes of data an instruction has.
inline std::size_t push_size(std::uint8_t opcode) noexcept {
  const unsigned size = static_cast<unsigned>(opcode) - OP_PUSH0;
  return size <= 32 ? size : 0;
}

/// An instruction at a time: the twin of `find_jump_destinations`, for every processor.
template <class Emit>
void find_jump_destinations_portable(const std::uint8_t* code, std::size_t size, Emit&& emit) {
  std::size_t pc = 0;
  for (std::size_t group = 0; group <= size / 64; ++group) {
    std::uint64_t bits = 0;
    while (pc < size && pc / 64 == group) {
      if (code[pc] == OP_JUMPDEST) bits |= std::uint64_t{1} << (pc % 64);
      pc += 1 + push_size(code[pc]);
    }
    emit(group, bits);
  }
}

#if defined(__SSE2__) && !defined(HOCKET_PORTABLE)

namespace jump_destinations {

inline __m128i load(const std::uint8_t* bytes) noexcept {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
}

/// Bit i: whether the i-th of 64 bytes is what `compare` (of 16 bytes) looks for.
template <class Compare>
std::uint64_t mask_of_64(const std::uint8_t* bytes, Compare compare) noexcept {
  std::uint64_t mask = 0;
  for (int i = 0; i < 4; ++i)
    mask |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(compare(load(bytes + 16 * i)))))
            << (16 * i);
  return mask;
}

/// Whether one of the 32 bytes in front of `place` could be a PUSH whose data reach there. PUSH1 to PUSH32 are the
/// bytes from 0x60 to 0x7f; above them there are, with a sign, negative numbers.
inline bool may_be_data(const std::uint8_t* place) noexcept {
  // Of the byte that is n in front: PUSHn and all longer ones reach the place.
  const __m128i far_limits =
      _mm_setr_epi8(0x7e, 0x7d, 0x7c, 0x7b, 0x7a, 0x79, 0x78, 0x77, 0x76, 0x75, 0x74, 0x73, 0x72, 0x71, 0x70, 0x6f);
  const __m128i near_limits = _mm_sub_epi8(far_limits, _mm_set1_epi8(16));
  const __m128i far_ones = _mm_cmpgt_epi8(load(place - 32), far_limits);
  const __m128i near_ones = _mm_cmpgt_epi8(load(place - 16), near_limits);
  return _mm_movemask_epi8(_mm_or_si128(far_ones, near_ones)) != 0;
}

}  // namespace jump_destinations

/// Calls `emit(group, bits)` for all groups of 64 bytes from 0 to size / 64: bit i is set if byte i of the group is a
/// jump destination. Requires: kCodePaddingBefore zeros in front of `code`, kCodePaddingBehind behind it.
template <class Emit>
void find_jump_destinations(const std::uint8_t* code, std::size_t size, Emit&& emit) {
  using namespace jump_destinations;
  std::size_t instruction = 0;        // a place that is one, or the end; what is before it is decided
  std::uint64_t pushes_in_front = 0;  // among the 64 bytes in front
  for (std::size_t group = 0; group <= size / 64; ++group) {
    const std::uint8_t* bytes = code + group * 64;
    std::uint64_t candidates =
        mask_of_64(bytes, [](__m128i v) { return _mm_cmpeq_epi8(v, _mm_set1_epi8(OP_JUMPDEST)); });
    const std::uint64_t pushes =
        mask_of_64(bytes, [](__m128i v) { return _mm_cmpgt_epi8(v, _mm_set1_epi8(OP_PUSH0)); });
    std::uint64_t bits = 0;
    if ((pushes | pushes_in_front >> 32) == 0) {
      bits = candidates;
    } else {
      for (; candidates != 0; candidates &= candidates - 1) {
        const std::size_t pc = group * 64 + static_cast<std::size_t>(std::countr_zero(candidates));
        if (pc < instruction) continue;
        if (pc != instruction && may_be_data(code + pc)) {
          while (instruction < pc) instruction += 1 + push_size(code[instruction]);
          if (instruction != pc) continue;
        }
        bits |= candidates & -candidates;
        instruction = pc + 1;
      }
    }
    pushes_in_front = pushes;
    emit(group, bits);
  }
}

#else

template <class Emit>
void find_jump_destinations(const std::uint8_t* code, std::size_t size, Emit&& emit) {
  find_jump_destinations_portable(code, size, emit);
}

#endif

}  // namespace hocket
