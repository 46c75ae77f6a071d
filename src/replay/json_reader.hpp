// Strict reading of JSON: every read says what it expects, and an error names the place ("block.transactions[3].gas").
// A duplicate key is an error, so is a number that does not fit; a key that is not asked for is nobody's business.
//
// How places arise: a reader's message starts with ": "; each enclosing object or array puts its key or index in front.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "base/result.hpp"
#include "base/uint256.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace hocket::json {

using Element = simdjson::dom::element;

/// A parsed text; elements live as long as it does.
class Document {
 public:
  /// `text` gets the padding that the parser needs, if it has it not yet; it is not needed afterwards.
  /// Errors: line and column of what is no JSON, and what was expected there.
  static Result<Document> parse(std::string& text);

  const Element& root() const noexcept { return root_; }

 private:
  Document() = default;
  std::unique_ptr<simdjson::dom::parser> parser_;
  Element root_;
};

/// Line and column of what is no JSON in a text that the parser has refused with `code`, and what was expected there.
std::string describe_fault(std::string_view text, simdjson::error_code code);
/// The same of a text that another parser has refused. Nothing: it is JSON.
std::optional<std::string> find_fault(std::string_view text);

/// The error seen from the enclosing object or array.
Error in_key(std::string_view key, const Error& inner);
Error in_index(std::size_t index, const Error& inner);

/// `text` cut to a length that fits a line, unprintable characters replaced, in quotes.
std::string shown(std::string_view text);

// --- values: each has the form Result<T>(Element), as Object::required wants it --------------------------------------

/// Up to 64 bits: "0x" and hex digits, or a JSON integer.
Result<std::uint64_t> u64_of(Element element);
Result<std::uint8_t> u8_of(Element element);
/// Up to 256 bits: the same.
Result<u256> u256_of(Element element);
/// The same, or decimal digits in a string, as geth's genesis files write them.
Result<u256> u256_or_decimal_of(Element element);
Result<std::uint64_t> u64_or_decimal_of(Element element);
/// "0x" and two digits a byte.
Result<Bytes> bytes_of(Element element);
Result<std::string_view> text_of(Element element);
Result<bool> bool_of(Element element);

/// Bytes that are a key or a value. Errors: no "0x" (unless `bare` allows that), odd or wrong digits.
Result<Bytes> bytes_from(std::string_view hex, bool bare = false);
/// A storage slot or value: up to 32 whole bytes, the missing ones are leading zeros.
Result<u256> word_from(std::string_view hex);
Result<u256> word_of(Element element);

/// Address, Hash32, Bloom, ...: exactly so many bytes.
template <class Fixed>
Result<Fixed> fixed_from(std::string_view hex, bool bare = false) {
  HOCKET_TRY(const Bytes bytes, bytes_from(hex, bare));
  if (bytes.size() != Fixed::kSize)
    return fail(": expected " + std::to_string(Fixed::kSize) + " bytes of hex, found " + std::to_string(bytes.size()));
  return Fixed::from(bytes);
}
template <class Fixed>
Result<Fixed> fixed_of(Element element) {
  HOCKET_TRY(const std::string_view text, text_of(element));
  return fixed_from<Fixed>(text);
}

// --- objects and arrays ----------------------------------------------------------------------------------------------

class Object {
 public:
  struct Member {
    std::string_view key;
    Element value;
  };

  /// Errors: not an object, a key twice.
  static Result<Object> from(Element element);

  const Element* find(std::string_view key) const noexcept;
  /// In the order of the keys.
  const std::vector<Member>& members() const noexcept { return members_; }
  /// Error for a member whose key is none of `known`.
  Result<void> only(std::initializer_list<std::string_view> known) const;

  /// What `read` makes of the member. Errors: it is missing; what `read` says.
  template <class Read>
  std::invoke_result_t<Read, Element> required(std::string_view key, Read&& read) const {
    const Element* element = find(key);
    if (element == nullptr) return std::unexpected(Error{std::string(key) + ": missing"});
    auto result = read(*element);
    if (!result) return std::unexpected(in_key(key, result.error()));
    return result;
  }
  /// The same; empty where the member is missing or null.
  template <class Read>
  Result<std::optional<typename std::invoke_result_t<Read, Element>::value_type>> optional(std::string_view key,
                                                                                           Read&& read) const {
    const Element* element = find(key);
    if (element == nullptr || element->is_null()) return std::nullopt;
    auto result = read(*element);
    if (!result) return std::unexpected(in_key(key, result.error()));
    return std::optional(std::move(*result));
  }

 private:
  std::vector<Member> members_;  // sorted by key
};

/// What `read` makes of each element of an array. Errors: not an array; what `read` says, with the index.
template <class Read>
auto list_of(Element element, Read&& read)
    -> Result<std::vector<typename std::invoke_result_t<Read, Element>::value_type>> {
  simdjson::dom::array array;
  if (element.get_array().get(array) != simdjson::SUCCESS) return fail(": expected an array");
  std::vector<typename std::invoke_result_t<Read, Element>::value_type> list;
  list.reserve(std::min<std::size_t>(array.size(), 1 << 16));
  for (const Element item : array) {
    auto value = read(item);
    if (!value) return std::unexpected(in_index(list.size(), value.error()));
    list.push_back(std::move(*value));
  }
  return list;
}

}  // namespace hocket::json
