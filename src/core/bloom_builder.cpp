#include "core/bloom_builder.hpp"

#include "base/endian.hpp"
#include "base/hash_seed.hpp"
#include "core/codec.hpp"
#include "crypto/keccak.hpp"

#include <algorithm>
#include <cstring>

namespace hocket {
namespace {

/// Receipts whose blooms are put together while they are near.
constexpr std::size_t kGroup = 64;

}  // namespace

BloomBits::BloomBits(BytesView entry) noexcept : BloomBits(keccak256(entry)) {}

BloomBits::BloomBits(const Hash32& hash_of_entry) noexcept {
  // Three bits, each from eleven bits of the hash.
  for (std::size_t i = 0; i < bits_.size(); ++i)
    bits_[i] = static_cast<std::uint16_t>(load_be16(hash_of_entry.data() + 2 * i) & 0x7ffu);
}

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
    entry.bits.set_in(into);
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
    entry.bits = BloomBits(hashes[i]);
    entry.bits.set_in(*queued.into);
  }
  queued_ = 0;
}

Bloom BloomBuilder::fill(std::span<Receipt> receipts) noexcept {
  Bloom all;
  while (!receipts.empty()) {
    const auto group = receipts.first(std::min(kGroup, receipts.size()));
    for (Receipt& receipt : group) add(receipt.logs, receipt.logs_bloom);
    flush();
    for (const Receipt& receipt : group)
      if (!receipt.logs.empty()) merge(all, receipt.logs_bloom);
    receipts = receipts.subspan(group.size());
  }
  return all;
}

}  // namespace hocket
