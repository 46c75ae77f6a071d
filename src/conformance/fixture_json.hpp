// Reading of fixture values out of parsed JSON. Fixtures write numbers as hex text of any width ("0x00", "0x5",
// "0x016345785d8a0000"), addresses with or without their prefix and in either case; everything else is an error.
// Errors name the field that they stand in ("env: currentGasLimit: expected an integer below 2^64").
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "base/result.hpp"
#include "base/uint256.hpp"
#include "core/receipt.hpp"

#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>

namespace hocket {

using JsonValue = simdjson::dom::element;
using JsonObject = simdjson::dom::object;
using JsonArray = simdjson::dom::array;

/// The value as T. Errors: another JSON type, or text that is no T.
template <class T>
Result<T> read_json(JsonValue value);

template <>
Result<std::string_view> read_json(JsonValue value);
template <>
Result<std::uint64_t> read_json(JsonValue value);  // hex text, decimal text, or a JSON number
template <>
Result<u256> read_json(JsonValue value);
template <>
Result<Bytes> read_json(JsonValue value);
template <>
Result<Address> read_json(JsonValue value);
template <>
Result<Hash32> read_json(JsonValue value);  // at most 32 bytes, right aligned, as storage keys are written
template <>
Result<Bloom> read_json(JsonValue value);
template <>
Result<BlockNonce> read_json(JsonValue value);
template <>
Result<JsonObject> read_json(JsonValue value);
template <>
Result<JsonArray> read_json(JsonValue value);

/// The member `key`, or nothing where it is missing.
inline std::optional<JsonValue> member(JsonObject object, std::string_view key) {
  JsonValue value;
  if (object.at_key(key).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

/// The member `key` as T. Errors: it is missing, or no T.
template <class T>
Result<T> read_member(JsonObject object, std::string_view key) {
  const auto value = member(object, key);
  if (!value) return fail(std::string(key) + ": missing");
  auto read = read_json<T>(*value);
  if (!read) return std::unexpected(std::move(read).error().in(key));
  return read;
}

/// The same for a member that may be missing.
template <class T>
Result<std::optional<T>> read_optional_member(JsonObject object, std::string_view key) {
  const auto value = member(object, key);
  if (!value) return std::nullopt;
  auto read = read_json<T>(*value);
  if (!read) return std::unexpected(std::move(read).error().in(key));
  return std::optional<T>(*std::move(read));
}

/// Errors: a key that stands twice in `object`. JSON allows it, and a fixture that does it says two things.
Result<void> check_unique_keys(JsonObject object);
/// The same for `value` and everything in it.
Result<void> check_unique_keys_within(JsonValue value);

/// `text` as the content of a JSON string, with the quotes.
std::string json_quoted(std::string_view text);

}  // namespace hocket
