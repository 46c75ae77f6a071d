#include "rlp/encode.hpp"

#include "base/assert.hpp"

#include <cstring>

namespace hocket::rlp {
namespace {

constexpr std::uint8_t kShortString = 0x80;
constexpr std::uint8_t kShortList = 0xc0;

std::uint8_t* write_header(std::uint8_t* to, std::uint8_t short_form, std::size_t payload_size) noexcept {
  const std::size_t size = header_size(payload_size);
  if (size == 1) {
    *to = static_cast<std::uint8_t>(short_form + payload_size);
    return to + 1;
  }
  *to = static_cast<std::uint8_t>(short_form + 55 + (size - 1));
  for (std::size_t i = size - 1; i > 0; --i, payload_size >>= 8) to[i] = static_cast<std::uint8_t>(payload_size);
  return to + size;
}

/// The value's big-endian bytes without leading zeros, inside `buffer`.
BytesView significant_bytes(const u256& value, std::span<std::uint8_t, 32> buffer) noexcept {
  store_be256(buffer.data(), value);
  return buffer.last(value.byte_length());
}

}  // namespace

std::uint8_t* write_list_header(std::uint8_t* to, std::size_t payload_size) noexcept {
  return write_header(to, kShortList, payload_size);
}

std::uint8_t* write_string(std::uint8_t* to, BytesView bytes) noexcept {
  if (bytes.size() != 1 || bytes[0] >= 0x80) to = write_header(to, kShortString, bytes.size());
  if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
  return to + bytes.size();
}

Writer& Writer::string(BytesView bytes) {
  const std::size_t start = payload_.size();
  payload_.resize(start + string_size(bytes));
  write_string(payload_.data() + start, bytes);
  return *this;
}

Writer& Writer::integer(std::uint64_t value) { return integer(u256{value}); }

Writer& Writer::integer(const u256& value) {
  std::uint8_t buffer[32];
  return string(significant_bytes(value, buffer));
}

Writer& Writer::encoded(BytesView item) {
  append(payload_, item);
  return *this;
}

Writer& Writer::begin_list() {
  open_.push_back(lists_.size());
  lists_.push_back({payload_.size(), header_bytes_});
  return *this;
}

Writer& Writer::end_list() {
  HOCKET_ASSERT(!open_.empty());
  List& list = lists_[open_.back()];
  open_.pop_back();
  list.payload_size = payload_.size() - list.position + (header_bytes_ - list.headers_before);
  header_bytes_ += header_size(list.payload_size);
  return *this;
}

Bytes Writer::take() {
  HOCKET_ASSERT(open_.empty());
  Bytes out(payload_.size() + header_bytes_);
  std::uint8_t* to = out.data();
  std::size_t copied = 0;
  const auto copy_until = [&](std::size_t end) {
    if (end != copied) std::memcpy(to, payload_.data() + copied, end - copied);
    to += end - copied;
    copied = end;
  };
  // `lists_` is in the order in which the lists begin, which is the order of their headers.
  for (const List& list : lists_) {
    copy_until(list.position);
    to = write_list_header(to, list.payload_size);
  }
  copy_until(payload_.size());
  HOCKET_ASSERT(to == out.data() + out.size());
  payload_.clear();
  lists_.clear();
  header_bytes_ = 0;
  return out;
}

Bytes encode_string(BytesView bytes) {
  Bytes out(string_size(bytes));
  write_string(out.data(), bytes);
  return out;
}

Bytes encode_integer(std::uint64_t value) { return encode_integer(u256{value}); }

Bytes encode_integer(const u256& value) {
  std::uint8_t buffer[32];
  return encode_string(significant_bytes(value, buffer));
}

}  // namespace hocket::rlp
