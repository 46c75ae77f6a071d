// Keccak-256 of one input on 64-bit words. Included by keccak.cpp, for any machine, and by keccak_bmi.cpp, where the
// same code compiles to andn and rorx.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "crypto/keccak_round.hpp"

#include <cstring>

namespace hocket::keccak {
namespace {

struct Word {
  std::uint64_t value;
  [[gnu::always_inline]] static Word broadcast(std::uint64_t word) noexcept { return {word}; }
};
[[gnu::always_inline]] inline Word operator^(const Word& a, const Word& b) noexcept { return {a.value ^ b.value}; }
[[gnu::always_inline]] inline Word xor3(const Word& a, const Word& b, const Word& c) noexcept {
  return {a.value ^ b.value ^ c.value};
}
[[gnu::always_inline]] inline Word chi(const Word& a, const Word& b, const Word& c) noexcept {
  return {a.value ^ (~b.value & c.value)};
}
template <int n>
[[gnu::always_inline]] inline Word rotate(const Word& a) noexcept {
  return {n == 0 ? a.value : a.value << n | a.value >> ((64 - n) % 64)};
}

[[gnu::always_inline]] inline void hash_words(const std::uint8_t* data, std::size_t size, std::uint8_t* out) noexcept {
  Word state[25] = {};
  const auto absorb_word = [&state](int i, const std::uint8_t* at) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    state[i].value ^= word;
  };
  for (; size >= kRateBytes; data += kRateBytes, size -= kRateBytes) {
    for (int i = 0; i < static_cast<int>(kRateWords); ++i) absorb_word(i, data + 8 * i);
    permute(state);
  }
  const int words = static_cast<int>(size / 8);
  for (int i = 0; i < words; ++i) absorb_word(i, data + 8 * i);
  std::uint64_t last = 0;
  const std::size_t rest = size % 8;
  if (rest != 0) std::memcpy(&last, data + 8 * words, rest);
  state[words].value ^= last ^ std::uint64_t{1} << (8 * rest);
  state[kRateWords - 1].value ^= std::uint64_t{1} << 63;
  permute(state);
  std::memcpy(out, state, 32);
}

}  // namespace
}  // namespace hocket::keccak
