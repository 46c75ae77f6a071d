#include "core/codec.hpp"
#include "crypto/keccak.hpp"
#include "rlp/encode.hpp"

namespace hocket {

Bytes encode(const Receipt& receipt) {
  rlp::Writer out;
  out.begin_list();
  if (receipt.intermediate_state_root)
    out.string(*receipt.intermediate_state_root);
  else
    out.integer(receipt.success ? 1 : 0);
  out.integer(receipt.cumulative_gas_used).string(receipt.logs_bloom).begin_list();
  for (const Log& log : receipt.logs) {
    out.begin_list().string(log.address).begin_list();
    for (const Hash32& topic : log.topics) out.string(topic);
    out.end_list().string(log.data).end_list();
  }
  const Bytes payload = out.end_list().end_list().take();
  if (receipt.type == TransactionType::legacy) return payload;
  Bytes typed{static_cast<std::uint8_t>(receipt.type)};  // EIP-2718
  append(typed, payload);
  return typed;
}

Bloom bloom_of(std::span<const Log> logs) {
  if (logs.empty()) return {};
  std::vector<BytesView> entries;
  for (const Log& log : logs) {
    entries.push_back(log.address);
    for (const Hash32& topic : log.topics) entries.push_back(topic);
  }
  std::vector<Hash32> hashes(entries.size());
  keccak256_many(entries, hashes);

  // YP (28) to (34): three bits an entry, each from eleven bits of its hash; bit 0 is the last byte's lowest.
  Bloom bloom;
  for (const Hash32& hash : hashes) {
    for (const std::size_t i : {0u, 2u, 4u}) {
      const unsigned bit = load_be16(hash.data() + i) & 0x7ffu;
      bloom.bytes[Bloom::kSize - 1 - bit / 8] |= static_cast<std::uint8_t>(1u << bit % 8);
    }
  }
  return bloom;
}

void merge(Bloom& into, const Bloom& other) noexcept {
  for (std::size_t i = 0; i < Bloom::kSize; ++i) into.bytes[i] |= other.bytes[i];
}

}  // namespace hocket
