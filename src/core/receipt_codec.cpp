#include "core/codec.hpp"
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

void merge(Bloom& into, const Bloom& other) noexcept {
  for (std::size_t i = 0; i < Bloom::kSize; ++i) into.bytes[i] |= other.bytes[i];
}

}  // namespace hocket
