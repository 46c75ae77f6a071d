#include "rlp/decode.hpp"

#include <string>
#include <vector>

namespace hocket::rlp {
namespace {

std::string at(std::size_t offset) { return "byte " + std::to_string(offset) + ": "; }

std::string describe(const Item& item) {
  if (item.is_list) return "a list";
  return "a string of " + std::to_string(item.payload.size()) + (item.payload.size() == 1 ? " byte" : " bytes");
}

}  // namespace

std::string_view to_string(Fault fault) noexcept {
  switch (fault) {
    case Fault::input_ended:
      return "RLP item goes beyond the end of its input";
    case Fault::leading_zero_length:
      return "RLP length with a leading zero byte";
    case Fault::long_form_too_short:
      return "RLP long form for a payload of less than 56 bytes";
    case Fault::wrapped_single_byte:
      return "RLP header before a byte below 0x80, which stands for itself";
  }
  return "unknown RLP fault";
}

std::expected<Item, Fault> read_item(BytesView input) noexcept {
  if (input.empty()) return std::unexpected(Fault::input_ended);
  const std::uint8_t first = input[0];
  if (first < 0x80) return Item{false, input.first(1), input.first(1)};

  const bool is_list = first >= 0xc0;
  const std::uint8_t length_code = static_cast<std::uint8_t>(first - (is_list ? 0xc0 : 0x80));
  if (length_code < 56) {
    if (length_code > input.size() - 1) return std::unexpected(Fault::input_ended);
    if (first == 0x81 && input[1] < 0x80) return std::unexpected(Fault::wrapped_single_byte);
    return Item{is_list, input.subspan(1, length_code), input.first(1 + std::size_t{length_code})};
  }

  const std::size_t length_size = length_code - 55u;
  if (length_size > input.size() - 1) return std::unexpected(Fault::input_ended);
  if (input[1] == 0) return std::unexpected(Fault::leading_zero_length);
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < length_size; ++i) length = length << 8 | input[1 + i];
  if (length < 56) return std::unexpected(Fault::long_form_too_short);
  const std::size_t header = 1 + length_size;
  if (length > input.size() - header) return std::unexpected(Fault::input_ended);
  return Item{is_list, input.subspan(header, length), input.first(header + length)};
}

Result<void> validate(BytesView input) {
  // The ends of the lists around the current position: nesting costs heap in proportion to the input, no stack.
  std::vector<std::size_t> ends{input.size()};
  std::size_t position = 0;
  do {
    const auto item = read_item(input.subspan(position, ends.back() - position));
    if (!item) return fail(at(position) + std::string(to_string(item.error())));
    if (item->is_list && !item->payload.empty()) {
      ends.push_back(position + item->encoded.size());
      position += item->encoded.size() - item->payload.size();
    } else {
      position += item->encoded.size();
      while (ends.size() > 1 && position == ends.back()) ends.pop_back();
    }
  } while (ends.size() > 1);
  if (position != input.size()) return fail(at(position) + "expected the end of the input after one RLP item");
  return {};
}

Result<std::size_t> Reader::count() const {
  Reader reader = *this;
  std::size_t items = 0;
  for (; !reader.at_end(); ++items) HOCKET_CHECK(reader.item());
  return items;
}

Result<Item> Reader::item() {
  const auto item = read_item(rest_);
  if (!item) return fail(at(offset_) + std::string(to_string(item.error())));
  rest_ = rest_.subspan(item->encoded.size());
  offset_ += item->encoded.size();
  return *item;
}

Result<Reader> Reader::list() {
  const std::size_t start = offset_;
  HOCKET_TRY(const Item found, item());
  if (!found.is_list) return fail(at(start) + "expected a list, found " + describe(found));
  return Reader(found.payload, offset_ - found.payload.size());
}

Result<BytesView> Reader::string() {
  const std::size_t start = offset_;
  HOCKET_TRY(const Item found, item());
  if (found.is_list) return fail(at(start) + "expected a string, found a list");
  return found.payload;
}

Result<BytesView> Reader::string_of(std::size_t size) {
  const std::size_t start = offset_;
  HOCKET_TRY(const Item found, item());
  if (found.is_list || found.payload.size() != size)
    return fail(at(start) + "expected a string of " + std::to_string(size) + " bytes, found " + describe(found));
  return found.payload;
}

Result<BytesView> Reader::integer_bytes(std::size_t max_size) {
  const std::size_t start = offset_;
  HOCKET_TRY(const Item found, item());
  if (found.is_list) return fail(at(start) + "expected an integer, found a list");
  if (!found.payload.empty() && found.payload[0] == 0) return fail(at(start) + "integer with a leading zero byte");
  if (found.payload.size() > max_size)
    return fail(at(start) + "expected an integer of at most " + std::to_string(max_size) + " bytes, found " +
                std::to_string(found.payload.size()));
  return found.payload;
}

Result<std::uint64_t> Reader::integer64() {
  HOCKET_TRY(const BytesView bytes, integer_bytes(8));
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

Result<u256> Reader::integer256() {
  HOCKET_TRY(const BytesView bytes, integer_bytes(32));
  return u256_from_be(bytes);
}

Result<void> Reader::end() const {
  if (!at_end()) return fail(at(offset_) + "expected the end, found " + std::to_string(rest_.size()) + " more bytes");
  return {};
}

}  // namespace hocket::rlp
