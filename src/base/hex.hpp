// Hexadecimal text: strict decoding (whole bytes, optional 0x), lower-case encoding.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace hocket {

/// "0x" and two lower-case digits a byte.
std::string to_hex(BytesView bytes);

/// The same without the prefix.
std::string to_hex_bare(BytesView bytes);

/// Bytes of `text`, with or without "0x".
/// Errors: an odd number of digits, or the position of the first character that is no digit.
Result<Bytes> from_hex(std::string_view text);

/// Exactly N bytes. Errors: as `from_hex`, and a length other than N.
template <class Fixed>
Result<Fixed> fixed_from_hex(std::string_view text) {
  HOCKET_TRY(const Bytes bytes, from_hex(text));
  if (bytes.size() != Fixed::kSize)
    return fail("expected " + std::to_string(Fixed::kSize) + " bytes of hex, found " + std::to_string(bytes.size()));
  return Fixed::from(bytes);
}

namespace literals {
/// Aborts on malformed text: for constants in code and tests.
Address operator""_address(const char* text, std::size_t size);
Hash32 operator""_hash32(const char* text, std::size_t size);
Bytes operator""_hex(const char* text, std::size_t size);
}  // namespace literals

}  // namespace hocket
