#include "crypto/keccak.hpp"

#include "base/endian.hpp"

#include <bit>
#include <cstring>

namespace hocket {
namespace {

constexpr std::uint64_t kRoundConstants[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
constexpr int kRotations[24] = {1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};
constexpr int kLanes[24] = {10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1};

void permute(std::uint64_t (&s)[25]) noexcept {
  for (const std::uint64_t constant : kRoundConstants) {
    std::uint64_t c[5];
    for (int i = 0; i < 5; ++i) c[i] = s[i] ^ s[i + 5] ^ s[i + 10] ^ s[i + 15] ^ s[i + 20];
    for (int i = 0; i < 5; ++i) {
      const std::uint64_t d = c[(i + 4) % 5] ^ std::rotl(c[(i + 1) % 5], 1);
      for (int j = 0; j < 25; j += 5) s[i + j] ^= d;
    }
    std::uint64_t t = s[1];
    for (int i = 0; i < 24; ++i) {
      const std::uint64_t next = s[kLanes[i]];
      s[kLanes[i]] = std::rotl(t, kRotations[i]);
      t = next;
    }
    for (int j = 0; j < 25; j += 5) {
      std::uint64_t row[5];
      for (int i = 0; i < 5; ++i) row[i] = s[j + i];
      for (int i = 0; i < 5; ++i) s[j + i] = row[i] ^ (~row[(i + 1) % 5] & row[(i + 2) % 5]);
    }
    s[0] ^= constant;
  }
}

constexpr std::size_t kRate = 136;

}  // namespace

Hash32 keccak256(BytesView data) noexcept {
  std::uint64_t state[25] = {};
  while (data.size() >= kRate) {
    for (std::size_t i = 0; i < kRate / 8; ++i) state[i] ^= load_le64(data.data() + 8 * i);
    permute(state);
    data = data.subspan(kRate);
  }
  std::uint8_t block[kRate] = {};
  if (!data.empty()) std::memcpy(block, data.data(), data.size());
  block[data.size()] = 0x01;
  block[kRate - 1] |= 0x80;
  for (std::size_t i = 0; i < kRate / 8; ++i) state[i] ^= load_le64(block + 8 * i);
  permute(state);
  Hash32 out;
  std::memcpy(out.data(), state, 32);
  return out;
}

void keccak256_many(std::span<const BytesView> inputs, std::span<Hash32> out) noexcept {
  for (std::size_t i = 0; i < inputs.size(); ++i) out[i] = keccak256(inputs[i]);
}

}  // namespace hocket
