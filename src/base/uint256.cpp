#include "base/uint256.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace hocket {
u256 power(const u256& base, const u256& exponent) noexcept {
  if (base == u256{2}) return exponent.fits_u64() ? u256{1} << static_cast<unsigned>(exponent.clamp(256)) : u256{};
  u256 result = 1;
  const unsigned length = exponent.bit_length();
  if (length <= 16) {
    for (unsigned bit = length; bit-- > 0;) {
      result *= result;
      if ((exponent.limbs[0] >> bit & 1) != 0) result *= base;
    }
    return result;
  }
  // Four bits at a time, from a table of the first powers.
  u256 powers[16] = {u256{1}, base};
  for (int i = 2; i < 16; ++i) powers[i] = powers[i - 1] * base;
  for (unsigned nibble = (length + 3) / 4; nibble-- > 0;) {
    for (int i = 0; i < 4; ++i) result *= result;
    const auto digit = exponent.limbs[nibble / 16] >> (nibble % 16 * 4) & 15;
    if (digit != 0) result *= powers[digit];
  }
  return result;
}

u256 u256_from_be(BytesView bytes) noexcept {
  HOCKET_DEBUG_ASSERT(bytes.size() <= 32);
  std::uint8_t padded[32] = {};
  std::copy(bytes.begin(), bytes.end(), padded + 32 - bytes.size());
  return load_be256(padded);
}

std::string to_quantity(const u256& v) {
  std::string out = "0x";
  unsigned nibble = std::max(1u, (v.bit_length() + 3) / 4);
  while (nibble-- > 0) out += "0123456789abcdef"[v.limbs[nibble / 16] >> (nibble % 16 * 4) & 15];
  return out;
}

std::string to_decimal(const u256& v) {
  std::string out;
  u256 rest = v;
  do {
    const DivisionResult division = divide(rest, u256{10});
    out += static_cast<char>('0' + division.remainder.low64());
    rest = division.quotient;
  } while (!rest.is_zero());
  std::ranges::reverse(out);
  return out;
}

Result<u256> u256_from_text(std::string_view text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  const auto digits = hex ? text.substr(2) : text;
  if (digits.empty()) return fail("expected a number, found \"" + std::string(text) + "\"");
  u256 value;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const char c = digits[i];
    std::uint64_t digit = 16;
    if (c >= '0' && c <= '9') digit = static_cast<std::uint64_t>(c - '0');
    if (hex && c >= 'a' && c <= 'f') digit = static_cast<std::uint64_t>(c - 'a' + 10);
    if (hex && c >= 'A' && c <= 'F') digit = static_cast<std::uint64_t>(c - 'A' + 10);
    if (digit == 16)
      return fail("expected a digit at position " + std::to_string(i + (hex ? 2 : 0)) + " of the number");
    if (hex) {
      if (value.limbs[3] >> 60 != 0) return fail("number exceeds 256 bits");
      value = (value << 4) | u256{digit};
    } else {
      if (value > (u256::max() - u256{digit}) / u256{10}) return fail("number exceeds 256 bits");
      value = value * u256{10} + u256{digit};
    }
  }
  return value;
}

}  // namespace hocket
