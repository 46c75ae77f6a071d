#include "crypto/ethash.hpp"

#include "base/assert.hpp"
#include "crypto/keccak.hpp"
#include "crypto/keccak_word.hpp"

#include <algorithm>
#include <cstring>

namespace hocket {
namespace {

using Words = std::array<std::uint32_t, 16>;
using Mix = std::array<std::uint32_t, 32>;

constexpr std::uint64_t kItemBytes = 64;
constexpr std::uint64_t kPageBytes = 128;
constexpr int kCacheRounds = 3;
constexpr std::uint32_t kParents = 256;
constexpr std::uint32_t kAccesses = 64;

/// Keccak-512 with the original padding, of less than one block of input.
Words keccak512(BytesView data) noexcept {
  constexpr std::size_t kRate = 72;
  HOCKET_ASSERT(data.size() < kRate);
  std::uint8_t block[kRate] = {};
  std::memcpy(block, data.data(), data.size());
  block[data.size()] = 0x01;
  block[kRate - 1] |= 0x80;
  keccak::Word state[25] = {};
  std::memcpy(state, block, kRate);
  keccak::permute(state);
  Words out;
  std::memcpy(out.data(), state, sizeof out);
  return out;
}

BytesView bytes_of(const Words& words) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(words.data()), sizeof words};
}

constexpr std::uint32_t fnv(std::uint32_t a, std::uint32_t b) noexcept { return a * 0x01000193u ^ b; }

bool is_prime(std::uint64_t n) noexcept {
  for (std::uint64_t divisor = 2; divisor * divisor <= n; ++divisor)
    if (n % divisor == 0) return false;
  return true;
}

/// The largest number of units, growing with the epoch, that is a prime.
std::uint64_t prime_count(std::uint64_t initial_bytes, std::uint64_t growth_bytes, std::uint64_t epoch,
                          std::uint64_t unit_bytes) noexcept {
  std::uint64_t count = (initial_bytes + growth_bytes * epoch) / unit_bytes - 1;
  while (!is_prime(count)) count -= 2;
  return count;
}

}  // namespace

EthashCache::EthashCache(std::uint64_t epoch) {
  HOCKET_ASSERT(epoch < 2048);
  const std::uint64_t count = prime_count(std::uint64_t{1} << 24, std::uint64_t{1} << 17, epoch, kItemBytes);
  data_set_pages_ =
      static_cast<std::uint32_t>(prime_count(std::uint64_t{1} << 30, std::uint64_t{1} << 23, epoch, kPageBytes));

  Hash32 seed;
  for (std::uint64_t i = 0; i < epoch; ++i) seed = keccak256(seed);
  items_.resize(count);
  items_[0] = keccak512(seed);
  for (std::size_t i = 1; i < count; ++i) items_[i] = keccak512(bytes_of(items_[i - 1]));
  for (int round = 0; round < kCacheRounds; ++round)
    for (std::size_t i = 0; i < count; ++i) {
      const Words& other = items_[items_[i][0] % count];
      Words mixed = items_[(i + count - 1) % count];
      for (std::size_t w = 0; w < mixed.size(); ++w) mixed[w] ^= other[w];
      items_[i] = keccak512(bytes_of(mixed));
    }
}

EthashCache::Words EthashCache::data_set_item(std::uint32_t index) const noexcept {
  const auto count = static_cast<std::uint32_t>(items_.size());
  Words mix = items_[index % count];
  mix[0] ^= index;
  mix = keccak512(bytes_of(mix));
  for (std::uint32_t parent = 0; parent < kParents; ++parent) {
    const Words& other = items_[fnv(index ^ parent, mix[parent % mix.size()]) % count];
    for (std::size_t w = 0; w < mix.size(); ++w) mix[w] = fnv(mix[w], other[w]);
  }
  return keccak512(bytes_of(mix));
}

bool EthashCache::proves_work(const Hash32& sealed_hash, const std::array<std::uint8_t, 8>& nonce,
                              const Hash32& mix_hash, const u256& difficulty) const {
  std::uint8_t start[40];
  std::ranges::copy(sealed_hash.bytes, start);
  std::ranges::reverse_copy(nonce, start + 32);
  const Words seed = keccak512(start);

  Mix mix;
  std::ranges::copy(seed, mix.begin());
  std::ranges::copy(seed, mix.begin() + seed.size());
  for (std::uint32_t access = 0; access < kAccesses; ++access) {
    const std::uint32_t page = fnv(access ^ seed[0], mix[access % mix.size()]) % data_set_pages_;
    const Words low = data_set_item(2 * page);
    const Words high = data_set_item(2 * page + 1);
    for (std::size_t w = 0; w < low.size(); ++w) {
      mix[w] = fnv(mix[w], low[w]);
      mix[low.size() + w] = fnv(mix[low.size() + w], high[w]);
    }
  }

  std::uint8_t end[96];
  std::memcpy(end, seed.data(), sizeof seed);
  for (std::size_t i = 0; i < mix.size() / 4; ++i) {
    const std::uint32_t compressed = fnv(fnv(fnv(mix[4 * i], mix[4 * i + 1]), mix[4 * i + 2]), mix[4 * i + 3]);
    store_le32(end + 64 + 4 * i, compressed);
  }
  if (!equal(BytesView(end).subspan(64), mix_hash)) return false;
  // YP (170): the result is at most 2^256 / difficulty.
  if (difficulty <= u256(1)) return true;
  const u256 quotient = u256::max() / difficulty;
  const bool divides = u256::max() - quotient * difficulty == difficulty - u256(1);
  return to_u256(keccak256(end)) <= (divides ? quotient + u256(1) : quotient);
}

}  // namespace hocket
