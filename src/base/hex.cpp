#include "base/hex.hpp"

#include "base/assert.hpp"

namespace hocket {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

int digit_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void append_hex(std::string& out, BytesView bytes) {
  for (const auto b : bytes) {
    out += kDigits[b >> 4];
    out += kDigits[b & 15];
  }
}

template <class T>
T must(Result<T> result) {
  HOCKET_ASSERT(result.has_value());
  return *std::move(result);
}

}  // namespace

std::string to_hex_bare(BytesView bytes) {
  std::string out;
  out.reserve(2 * bytes.size());
  append_hex(out, bytes);
  return out;
}

std::string to_hex(BytesView bytes) {
  std::string out = "0x";
  out.reserve(2 + 2 * bytes.size());
  append_hex(out, bytes);
  return out;
}

Result<Bytes> from_hex(std::string_view text) {
  const std::size_t prefix = text.starts_with("0x") || text.starts_with("0X") ? 2 : 0;
  const auto digits = text.substr(prefix);
  if (digits.size() % 2 != 0)
    return fail("hex text has an odd number of digits (" + std::to_string(digits.size()) + ")");
  Bytes out;
  out.reserve(digits.size() / 2);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = digit_value(digits[i]);
    const int low = digit_value(digits[i + 1]);
    if (high < 0 || low < 0)
      return fail("expected a hex digit at position " + std::to_string(prefix + i + (high < 0 ? 0 : 1)));
    out.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return out;
}

namespace literals {
Address operator""_address(const char* text, std::size_t size) { return must(fixed_from_hex<Address>({text, size})); }
Hash32 operator""_hash32(const char* text, std::size_t size) { return must(fixed_from_hex<Hash32>({text, size})); }
Bytes operator""_hex(const char* text, std::size_t size) { return must(from_hex({text, size})); }
}  // namespace literals

}  // namespace hocket
