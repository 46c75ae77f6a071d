#include "workloads/abi.hpp"

#include "crypto/keccak.hpp"

namespace hocket::workloads {
namespace {

void append_word(Bytes& bytes, const u256& word) { append(bytes, to_hash32(word)); }

void append_arguments(Bytes& bytes, std::initializer_list<AbiValue> arguments) {
  std::size_t tail_offset = 32 * arguments.size();
  for (const AbiValue& argument : arguments) {
    append_word(bytes, argument.is_dynamic() ? u256(tail_offset) : argument.word());
    tail_offset += argument.tail().size();
  }
  for (const AbiValue& argument : arguments) append(bytes, argument.tail());
}

}  // namespace

AbiValue::AbiValue(const std::vector<Address>& list) {
  append_word(tail_, list.size());
  for (const Address& address : list) append_word(tail_, to_u256(address));
}

AbiValue::AbiValue(const std::vector<u256>& list) {
  append_word(tail_, list.size());
  for (const u256& word : list) append_word(tail_, word);
}

AbiValue AbiValue::bytes(BytesView bytes) {
  AbiValue value;
  append_word(value.tail_, bytes.size());
  append(value.tail_, bytes);
  value.tail_.resize((value.tail_.size() + 31) / 32 * 32);
  return value;
}

AbiValue AbiValue::list_of_bytes(const std::vector<Bytes>& list) {
  AbiValue value;
  append_word(value.tail_, list.size());
  // Where each begins, counted from behind the length.
  const std::size_t offset = 32 * list.size();
  Bytes contents;
  for (const Bytes& element : list) {
    append_word(value.tail_, offset + contents.size());
    append(contents, bytes(element).tail_);
  }
  append(value.tail_, contents);
  return value;
}

Bytes encode_arguments(std::initializer_list<AbiValue> arguments) {
  Bytes bytes;
  append_arguments(bytes, arguments);
  return bytes;
}

Bytes encode_call(std::string_view signature, std::initializer_list<AbiValue> arguments) {
  const Hash32 hash = event_topic(signature);
  Bytes bytes = to_bytes(BytesView(hash).first(4));
  append_arguments(bytes, arguments);
  return bytes;
}

Hash32 event_topic(std::string_view signature) { return keccak256(as_bytes(signature)); }

u256 array_slot(const u256& slot) { return to_u256(keccak256(to_hash32(slot))); }

u256 mapping_slot(const u256& key, const u256& slot) {
  std::uint8_t bytes[64];
  store_be256(bytes, key);
  store_be256(bytes + 32, slot);
  return to_u256(keccak256(bytes));
}

}  // namespace hocket::workloads
