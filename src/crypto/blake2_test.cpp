// BLAKE2b's compression function against RFC 7693's definition, written as plainly as it stands there, and, through the
// whole hash, against OpenSSL. EIP-152's vectors are in tests/precompiles.

#include "crypto/blake2.hpp"

#include "base/bytes.hpp"
#include "base/endian.hpp"
#include "base/hex.hpp"

#include <bit>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <random>

namespace hocket {
namespace {

constexpr std::uint64_t kIv[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                                  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
constexpr int kSigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

void compress_by_the_rfc(std::uint32_t rounds, std::uint64_t (&h)[8], const std::uint64_t (&m)[16],
                         const std::uint64_t (&t)[2], bool is_final) {
  std::uint64_t v[16];
  for (int i = 0; i < 8; ++i) v[i] = h[i];
  for (int i = 0; i < 8; ++i) v[8 + i] = kIv[i];
  v[12] ^= t[0];
  v[13] ^= t[1];
  if (is_final) v[14] ^= ~0ull;
  constexpr int kColumnsAndDiagonals[8][4] = {{0, 4, 8, 12},  {1, 5, 9, 13},  {2, 6, 10, 14}, {3, 7, 11, 15},
                                              {0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13},  {3, 4, 9, 14}};
  for (std::uint32_t round = 0; round < rounds; ++round)
    for (int g = 0; g < 8; ++g) {
      const auto& [a, b, c, d] = kColumnsAndDiagonals[g];
      const int(&s)[16] = kSigma[round % 10];
      v[a] += v[b] + m[s[2 * g]];
      v[d] = std::rotr(v[d] ^ v[a], 32);
      v[c] += v[d];
      v[b] = std::rotr(v[b] ^ v[c], 24);
      v[a] += v[b] + m[s[2 * g + 1]];
      v[d] = std::rotr(v[d] ^ v[a], 16);
      v[c] += v[d];
      v[b] = std::rotr(v[b] ^ v[c], 63);
    }
  for (int i = 0; i < 8; ++i) h[i] ^= v[i] ^ v[i + 8];
}

/// Unkeyed BLAKE2b-512 by the function under test.
Bytes blake2b_512(BytesView data) {
  std::uint64_t h[8];
  for (int i = 0; i < 8; ++i) h[i] = kIv[i];
  h[0] ^= 0x01010000 ^ 64;
  std::uint64_t length = 0;
  do {
    const std::size_t size = std::min<std::size_t>(data.size(), 128);
    std::uint8_t block[128] = {};
    std::copy_n(data.begin(), size, block);
    data = data.subspan(size);
    length += size;
    std::uint64_t m[16];
    for (int i = 0; i < 16; ++i) m[i] = load_le64(block + 8 * i);
    const std::uint64_t t[2] = {length, 0};
    blake2b_compress(12, h, m, t, data.empty());
  } while (!data.empty());
  Bytes out(64);
  for (int i = 0; i < 8; ++i) store_le64(out.data() + 8 * i, h[i]);
  return out;
}

TEST(Blake2b, RfcAppendixA) {
  EXPECT_EQ(to_hex_bare(blake2b_512(as_bytes("abc"))),
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
            "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
}

TEST(Blake2b, HashesAsOpenSslDoes) {
  std::mt19937_64 random(152);
  for (std::size_t size = 0; size <= 400; size += size < 140 ? 1 : 37) {
    Bytes data(size);
    for (auto& b : data) b = static_cast<std::uint8_t>(random());
    Bytes expected(64);
    ASSERT_EQ(EVP_Digest(data.data(), data.size(), expected.data(), nullptr, EVP_blake2b512(), nullptr), 1);
    EXPECT_EQ(blake2b_512(data), expected) << size;
  }
}

TEST(Blake2b, AnyNumberOfRounds) {
  std::mt19937_64 random(7693);
  std::vector<std::uint32_t> counts = {97, 1000, 12345};
  for (std::uint32_t rounds = 0; rounds <= 45; ++rounds) counts.push_back(rounds);
  for (const std::uint32_t rounds : counts)
    for (const bool is_final : {false, true}) {
      std::uint64_t h[8];
      std::uint64_t m[16];
      for (auto& word : h) word = random();
      for (auto& word : m) word = random();
      const std::uint64_t t[2] = {random(), random()};
      std::uint64_t expected[8];
      std::copy_n(h, 8, expected);
      compress_by_the_rfc(rounds, expected, m, t, is_final);
      blake2b_compress(rounds, h, m, t, is_final);
      EXPECT_TRUE(std::equal(h, h + 8, expected)) << rounds << (is_final ? " final" : "");
    }
}

}  // namespace
}  // namespace hocket
