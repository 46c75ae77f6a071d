#include "replay/json_reader.hpp"

#include "base/hex.hpp"
#include "replay/input_files.hpp"

#include <cctype>
#include <nlohmann/json.hpp>

namespace hocket::json {
namespace {

static_assert(InputDocument::kTextPadding >= simdjson::SIMDJSON_PADDING);

// simdjson does not say where a text stops being JSON. nlohmann's parser does; it is asked only then.
struct FaultFinder : nlohmann::json_sax<nlohmann::json> {
  std::size_t read = 0;  // characters, with the one that does not fit; the end of the text counts as one

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(std::int64_t) override { return true; }
  bool number_unsigned(std::uint64_t) override { return true; }
  bool number_float(double, const std::string&) override { return true; }
  bool string(std::string&) override { return true; }
  bool binary(nlohmann::json::binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(std::string&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t at, const std::string&, const nlohmann::json::exception&) override {
    read = at;
    return false;
  }
};

bool is_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '+' || c == '.'; }

}  // namespace

std::optional<std::string> find_fault(std::string_view text) {
  // The standard lets parsers pass over it, and one of the two here does.
  if (text.starts_with("\xEF\xBB\xBF")) return "line 1, column 1: expected JSON, found a byte-order mark";
  FaultFinder finder;
  if (nlohmann::json::sax_parse(text.begin(), text.end(), &finder)) return std::nullopt;
  std::size_t at = std::min(std::max<std::size_t>(finder.read, 1) - 1, text.size());
  const bool is_end = at == text.size();
  if (!is_end)
    while (at > 0 && is_of_word(text[at - 1])) --at;
  const std::string_view before = text.substr(0, at);
  const auto line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  std::string place = "line " + std::to_string(line) + ", column " + std::to_string(at - line_start + 1) + ": ";
  if (is_end) return place + "the text ends here, expected more JSON";
  const std::string_view rest = text.substr(at);
  return place + "expected JSON, found " + shown(rest.substr(0, rest.find('\n')));
}

std::string describe_fault(std::string_view text, simdjson::error_code code) {
  const auto fault = find_fault(text);
  return fault ? *fault : std::string("not acceptable as JSON: ") + simdjson::error_message(code);
}

namespace {

std::string kind_of(Element element) {
  switch (element.type()) {
    case simdjson::dom::element_type::ARRAY:
      return "an array";
    case simdjson::dom::element_type::OBJECT:
      return "an object";
    case simdjson::dom::element_type::INT64:
      return element.get_int64().value_unsafe() < 0 ? "a negative number" : "a number";
    case simdjson::dom::element_type::UINT64:
      return "a number";
    case simdjson::dom::element_type::DOUBLE:
      return "a number with a fraction or an exponent";
    case simdjson::dom::element_type::STRING:
      return "text";
    case simdjson::dom::element_type::BOOL:
      return "a boolean";
    case simdjson::dom::element_type::NULL_VALUE:
      return "null";
  }
  return "something else";
}

constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_decimal(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Result<u256> quantity_of(Element element, unsigned bits, bool decimal_text) {
  const std::string expected = ": expected a number of up to " + std::to_string(bits) + " bits";
  if (element.is<std::uint64_t>()) {
    const std::uint64_t value = element.get_uint64().value_unsafe();
    if (bits < 64 && (value >> bits) != 0) return fail(expected + ", found " + std::to_string(value));
    return u256(value);
  }
  const std::string form = decimal_text ? " (0x and hex digits, or decimal)" : " (0x and hex digits)";
  if (!element.is_string()) return fail(expected + form + ", found " + kind_of(element));
  const std::string_view text = element.get_string().value_unsafe();
  u256 value;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    if (text.size() == 2) return fail(expected + form + ", found " + shown(text));
    // Leading zeros are tolerated up to the width of the type: some nodes pad.
    if (text.size() - 2 > 64) return fail(expected + ", found " + std::to_string(text.size() - 2) + " hex digits");
    for (const char c : text.substr(2)) {
      const int digit = hex_digit(c);
      if (digit < 0) return fail(expected + form + ", found " + shown(text));
      value = (value << 4) | u256(static_cast<std::uint64_t>(digit));
    }
  } else if (decimal_text && is_decimal(text)) {
    const auto parsed = u256_from_text(text);
    if (!parsed) return fail(expected + ", found " + shown(text));
    value = *parsed;
  } else {
    return fail(expected + form + ", found " + shown(text));
  }
  if (value.bit_length() > bits) return fail(expected + ", found " + shown(text));
  return value;
}

}  // namespace

Result<Document> Document::parse(std::string& text) {
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  Document document;
  document.parser_ = std::make_unique<simdjson::dom::parser>();
  const auto error = document.parser_->parse(text.data(), text.size(), false).get(document.root_);
  if (error != simdjson::SUCCESS) return fail(describe_fault(text, error));
  return document;
}

Error in_key(std::string_view key, const Error& inner) {
  const bool is_plain = std::ranges::all_of(key, [](unsigned char c) { return c > ' ' && c < 0x7f; });
  std::string place = is_plain && key.size() <= 80 ? std::string(key) : shown(key);
  const bool joined = inner.message.starts_with(':') || inner.message.starts_with('[');
  return {std::move(place) + (joined ? "" : ".") + inner.message};
}

Error in_index(std::size_t index, const Error& inner) {
  const bool joined = inner.message.starts_with(':') || inner.message.starts_with('[');
  return {"[" + std::to_string(index) + "]" + (joined ? "" : ".") + inner.message};
}

std::string shown(std::string_view text) {
  constexpr std::size_t kMaxShown = 48;
  std::string line = "'";
  for (const char c : text.substr(0, kMaxShown)) line += c >= ' ' && c < 0x7f ? c : '?';
  if (text.size() > kMaxShown) line += "...";
  return line + "'";
}

Result<std::uint64_t> u64_of(Element element) {
  HOCKET_TRY(const u256 value, quantity_of(element, 64, false));
  return value.low64();
}
Result<std::uint8_t> u8_of(Element element) {
  HOCKET_TRY(const u256 value, quantity_of(element, 8, false));
  return static_cast<std::uint8_t>(value.low64());
}
Result<u256> u256_of(Element element) { return quantity_of(element, 256, false); }
Result<u256> u256_or_decimal_of(Element element) { return quantity_of(element, 256, true); }
Result<std::uint64_t> u64_or_decimal_of(Element element) {
  HOCKET_TRY(const u256 value, quantity_of(element, 64, true));
  return value.low64();
}

Result<std::string_view> text_of(Element element) {
  std::string_view text;
  if (element.get_string().get(text) != simdjson::SUCCESS) return fail(": expected text, found " + kind_of(element));
  return text;
}

Result<bool> bool_of(Element element) {
  bool value = false;
  if (element.get_bool().get(value) != simdjson::SUCCESS)
    return fail(": expected true or false, found " + kind_of(element));
  return value;
}

Result<Bytes> bytes_from(std::string_view hex, bool bare) {
  if (!hex.starts_with("0x") && !bare) return fail(": expected 0x and hex digits, found " + shown(hex));
  auto bytes = from_hex(hex);
  if (!bytes) return fail(": " + bytes.error().message + " in " + shown(hex));
  return bytes;
}

Result<Bytes> bytes_of(Element element) {
  HOCKET_TRY(const std::string_view text, text_of(element));
  return bytes_from(text);
}

Result<u256> word_from(std::string_view hex) {
  HOCKET_TRY(const Bytes bytes, bytes_from(hex));
  if (bytes.size() > 32) return fail(": expected at most 32 bytes of hex, found " + std::to_string(bytes.size()));
  return u256_from_be(bytes);
}
Result<u256> word_of(Element element) {
  HOCKET_TRY(const std::string_view text, text_of(element));
  return word_from(text);
}

Result<Object> Object::from(Element element) {
  simdjson::dom::object object;
  if (element.get_object().get(object) != simdjson::SUCCESS)
    return fail(": expected an object, found " + kind_of(element));
  Object result;
  for (const auto field : object) result.members_.push_back({field.key, field.value});
  std::ranges::sort(result.members_, {}, &Member::key);
  const auto twice = std::ranges::adjacent_find(result.members_, {}, &Member::key);
  if (twice != result.members_.end()) return std::unexpected(in_key(twice->key, Error{": given twice"}));
  return result;
}

const Element* Object::find(std::string_view key) const noexcept {
  const auto at = std::ranges::lower_bound(members_, key, {}, &Member::key);
  return at != members_.end() && at->key == key ? &at->value : nullptr;
}

Result<void> Object::only(std::initializer_list<std::string_view> known) const {
  for (const Member& member : members_) {
    if (std::ranges::find(known, member.key) != known.end()) continue;
    std::string names;
    for (const std::string_view name : known) names += (names.empty() ? "" : ", ") + std::string(name);
    return std::unexpected(in_key(member.key, Error{": unknown field, expected " + names}));
  }
  return {};
}

}  // namespace hocket::json
