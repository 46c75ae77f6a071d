// The builds of Keccak-256 that need processor features; keccak.cpp chooses among them.
#pragma once

#include "base/bytes.hpp"
#include "base/uint256.hpp"

#include <cstdint>

namespace hocket::keccak {

/// N states, word by word: words[i][n] is word i of state n.
template <int N>
struct alignas(64) InterleavedStates {
  std::uint64_t words[25][N];
};

/// One input. Requires: cpu_features.bmi2 or cpu_features.avx512, respectively. `out`: 32 bytes.
void hash_with_bmi(const std::uint8_t* data, std::size_t size, std::uint8_t* out) noexcept;
void hash_with_avx512(const std::uint8_t* data, std::size_t size, std::uint8_t* out) noexcept;
/// Of 32 bytes, 64 bytes, and two inputs of 64 bytes in hardly more time than one. Requires: cpu_features.avx512.
void hash_32_with_avx512(const std::uint8_t* data, u256& out) noexcept;
void hash_64_with_avx512(const std::uint8_t* data, u256& out) noexcept;
void hash_two_64_with_avx512(const std::uint8_t* first, const std::uint8_t* second, u256& first_out,
                             u256& second_out) noexcept;

/// What one state absorbs: a block of 136 bytes, or fewer, the last of an input, to which padding is added.
struct Block {
  const std::uint8_t* data;
  std::size_t size;
};

/// For each state: starts from zero unless its bit in `keep` is set, absorbs its block, permutes.
/// Requires: cpu_features.avx2 or cpu_features.avx512, respectively.
void absorb_with_avx2(InterleavedStates<4>& states, unsigned keep, const Block (&blocks)[4]) noexcept;
void absorb_with_avx512(InterleavedStates<8>& states, unsigned keep, const Block (&blocks)[8]) noexcept;

}  // namespace hocket::keccak
