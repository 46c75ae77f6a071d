#include "core/bloom_builder.hpp"

#include "base/endian.hpp"
#include "base/hash_seed.hpp"
#include "crypto/keccak.hpp"

#include <cstring>

namespace hocket {
namespace {

void set(Bloom& bloom, const std::array<std::uint16_t, 3>& bits) noexcept {
  // Bit 0 is the last byte's lowest.
  for (const unsigned bit : bits) bloom.bytes[Bloom::kSize - 1 - bit / 8] |= static_cast<std::uint8_t>(1u << bit % 8);
}

}  // namespace

void BloomBuilder::add(std::span<const Log> logs, Bloom& into) noexcept {
  for (const Log& log : logs) {
    add(log.address, into);
    for (const Hash32& topic : log.topics) add(topic, into);
  }
}

void BloomBuilder::add(BytesView bytes, Bloom& into) noexcept {
  Key key{.words = {}, .size = static_cast<std::uint8_t>(bytes.size())};
  std::memcpy(key.words.data(), bytes.data(), bytes.size());
  const HashSeed& seed = hash_seed();
  const std::uint64_t hash = fold_multiply(key.words[0] ^ seed.words[0], key.words[1] ^ seed.words[1]) ^
                             fold_multiply(key.words[2] ^ seed.words[2], key.words[3] ^ seed.words[3]);
  Entry& entry = entries_[hash % kRemembered];
  if (entry.key == key) {
    set(into, entry.bits);
    return;
  }
  queue_[queued_++] = {.bytes = bytes, .entry = &entry, .key = key, .into = &into};
  if (queued_ == kQueued) flush();
}

void BloomBuilder::flush() noexcept {
  if (queued_ == 0) return;
  std::array<BytesView, kQueued> inputs;
  std::array<Hash32, kQueued> hashes;
  for (std::size_t i = 0; i < queued_; ++i) inputs[i] = queue_[i].bytes;
  keccak256_many(std::span{inputs}.first(queued_), std::span{hashes}.first(queued_));
  for (std::size_t i = 0; i < queued_; ++i) {
    const Queued& queued = queue_[i];
    Entry& entry = *queued.entry;
    entry.key = queued.key;
    // Three bits, each from eleven bits of the hash.
    for (std::size_t k = 0; k < 3; ++k)
      entry.bits[k] = static_cast<std::uint16_t>(load_be16(hashes[i].data() + 2 * k) & 0x7ffu);
    set(*queued.into, entry.bits);
  }
  queued_ = 0;
}

void BloomBuilder::fill(std::span<Receipt> receipts) noexcept {
  for (Receipt& receipt : receipts) add(receipt.logs, receipt.logs_bloom);
  flush();
}

}  // namespace hocket
