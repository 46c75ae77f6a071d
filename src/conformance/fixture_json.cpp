#include "conformance/fixture_json.hpp"

#include "base/hex.hpp"

#include <algorithm>
#include <vector>

namespace hocket {
namespace {

std::string_view name_of(simdjson::dom::element_type type) {
  switch (type) {
    case simdjson::dom::element_type::ARRAY:
      return "an array";
    case simdjson::dom::element_type::OBJECT:
      return "an object";
    case simdjson::dom::element_type::STRING:
      return "text";
    case simdjson::dom::element_type::BOOL:
      return "a truth value";
    case simdjson::dom::element_type::NULL_VALUE:
      return "null";
    default:
      return "a number";
  }
}

std::unexpected<Error> mistyped(std::string_view expected, JsonValue found) {
  return fail("expected " + std::string(expected) + ", found " + std::string(name_of(found.type())));
}

/// What was found, short enough for one line.
std::string excerpt(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  return '"' + (text.size() <= kLongest ? std::string(text) : std::string(text.substr(0, kLongest)) + "...") + '"';
}

template <class Fixed>
Result<Fixed> read_fixed(JsonValue value) {
  HOCKET_TRY(const std::string_view text, read_json<std::string_view>(value));
  return fixed_from_hex<Fixed>(text);
}

}  // namespace

template <>
Result<std::string_view> read_json(JsonValue value) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return mistyped("text", value);
  return text;
}

template <>
Result<u256> read_json(JsonValue value) {
  if (std::uint64_t number = 0; value.get(number) == simdjson::SUCCESS) return u256(number);
  HOCKET_TRY(const std::string_view text, read_json<std::string_view>(value));
  auto number = u256_from_text(text);
  if (!number) return fail("expected an integer below 2^256, found " + excerpt(text));
  return *number;
}

template <>
Result<std::uint64_t> read_json(JsonValue value) {
  HOCKET_TRY(const u256 number, read_json<u256>(value));
  if (!number.fits_u64()) return fail("expected an integer below 2^64, found " + to_quantity(number));
  return number.low64();
}

template <>
Result<Bytes> read_json(JsonValue value) {
  HOCKET_TRY(const std::string_view text, read_json<std::string_view>(value));
  return from_hex(text);
}

template <>
Result<Address> read_json(JsonValue value) {
  return read_fixed<Address>(value);
}

template <>
Result<Bloom> read_json(JsonValue value) {
  return read_fixed<Bloom>(value);
}

template <>
Result<BlockNonce> read_json(JsonValue value) {
  return read_fixed<BlockNonce>(value);
}

template <>
Result<Hash32> read_json(JsonValue value) {
  HOCKET_TRY(const std::string_view text, read_json<std::string_view>(value));
  if (text.size() == 2 + 2 * Hash32::kSize) return fixed_from_hex<Hash32>(text);
  auto number = u256_from_text(text);
  if (!number) return fail("expected at most 32 bytes of hex, found " + excerpt(text));
  return to_hash32(*number);
}

template <>
Result<JsonObject> read_json(JsonValue value) {
  JsonObject object;
  if (value.get(object) != simdjson::SUCCESS) return mistyped("an object", value);
  return object;
}

template <>
Result<JsonArray> read_json(JsonValue value) {
  JsonArray array;
  if (value.get(array) != simdjson::SUCCESS) return mistyped("an array", value);
  return array;
}

Result<void> check_unique_keys(JsonObject object) {
  std::vector<std::string_view> keys;
  keys.reserve(object.size());
  for (const auto [key, value] : object) keys.push_back(key);
  std::ranges::sort(keys);
  const auto twice = std::ranges::adjacent_find(keys);
  if (twice != keys.end()) return fail(std::string(*twice) + ": stands twice");
  return {};
}

Result<void> check_unique_keys_within(JsonValue value) {
  if (JsonArray array; value.get(array) == simdjson::SUCCESS) {
    std::size_t index = 0;
    for (const JsonValue element : array) {
      auto checked = check_unique_keys_within(element);
      if (!checked) return std::unexpected(std::move(checked).error().in("entry " + std::to_string(index)));
      ++index;
    }
    return {};
  }
  JsonObject object;
  if (value.get(object) != simdjson::SUCCESS) return {};
  HOCKET_CHECK(check_unique_keys(object));
  for (const auto [key, element] : object) {
    auto checked = check_unique_keys_within(element);
    if (!checked) return std::unexpected(std::move(checked).error().in(key));
  }
  return {};
}

std::string json_quoted(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"':
        quoted += "\\\"";
        break;
      case '\\':
        quoted += "\\\\";
        break;
      case '\n':
        quoted += "\\n";
        break;
      case '\t':
        quoted += "\\t";
        break;
      default:
        if (byte < 0x20) {
          quoted += "\\u00";
          quoted += kDigits[byte >> 4];
          quoted += kDigits[byte & 15];
        } else {
          quoted += c;
        }
    }
  }
  return quoted += '"';
}

}  // namespace hocket
