#include "base/uint256.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace hocket {
namespace {

// Schoolbook division (Knuth, TAOCP 4.3.1, algorithm D) on 64-bit limbs.

/// Divides the two-limb `high:low` by `divisor`. Requires: high < divisor.
inline std::uint64_t divide_2by1(std::uint64_t high, std::uint64_t low, std::uint64_t divisor,
                                 std::uint64_t& remainder) noexcept {
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
  std::uint64_t quotient;
  asm("divq %[divisor]" : "=a"(quotient), "=d"(remainder) : "a"(low), "d"(high), [divisor] "r"(divisor) : "cc");
  return quotient;
#else
  const u128 value = static_cast<u128>(high) << 64 | low;
  remainder = static_cast<std::uint64_t>(value % divisor);
  return static_cast<std::uint64_t>(value / divisor);
#endif
}

/// Divides `u` (m limbs, m <= 8) by the one-limb `d` in place; returns the remainder.
std::uint64_t divide_by_limb(std::uint64_t* u, int m, std::uint64_t d) noexcept {
  std::uint64_t remainder = 0;
  for (int i = m - 1; i >= 0; --i) u[i] = divide_2by1(remainder, u[i], d, remainder);
  return remainder;
}

/// Divides `u` (m limbs) by `v` (n limbs, 2 <= n <= 4, top limb not zero, m >= n).
/// The remainder is left in u[0..n); the m - n + 1 quotient limbs go to `q` unless it is null.
void divide_long(std::uint64_t* u, int m, const std::uint64_t* v, int n, std::uint64_t* q) noexcept {
  const int shift = __builtin_clzll(v[n - 1]);
  std::uint64_t d[4];
  std::uint64_t w[9];
  for (int i = n - 1; i >= 0; --i)
    d[i] = shift == 0 ? v[i] : v[i] << shift | (i > 0 ? v[i - 1] >> (64 - shift) : 0);
  w[m] = shift == 0 ? 0 : u[m - 1] >> (64 - shift);
  for (int i = m - 1; i >= 0; --i)
    w[i] = shift == 0 ? u[i] : u[i] << shift | (i > 0 ? u[i - 1] >> (64 - shift) : 0);

  for (int j = m - n; j >= 0; --j) {
    std::uint64_t estimate;
    std::uint64_t rest;
    bool rest_overflowed = false;
    if (w[j + n] >= d[n - 1]) {
      estimate = ~0ull;
      rest = w[j + n - 1] + d[n - 1];
      rest_overflowed = rest < d[n - 1];
    } else {
      estimate = divide_2by1(w[j + n], w[j + n - 1], d[n - 1], rest);
    }
    while (!rest_overflowed && static_cast<u128>(estimate) * d[n - 2] > (static_cast<u128>(rest) << 64 | w[j + n - 2])) {
      --estimate;
      rest += d[n - 1];
      rest_overflowed = rest < d[n - 1];
    }
    std::uint64_t borrow = 0;
    std::uint64_t carry = 0;
    for (int i = 0; i < n; ++i) {
      const u128 product = static_cast<u128>(estimate) * d[i] + carry;
      carry = static_cast<std::uint64_t>(product >> 64);
      w[i + j] = sub_with_borrow(w[i + j], static_cast<std::uint64_t>(product), borrow);
    }
    w[j + n] = sub_with_borrow(w[j + n], carry, borrow);
    if (borrow != 0) {
      --estimate;
      std::uint64_t add_carry = 0;
      for (int i = 0; i < n; ++i) w[i + j] = add_with_carry(w[i + j], d[i], add_carry);
      w[j + n] += add_carry;
    }
    if (q != nullptr) q[j] = estimate;
  }
  for (int i = 0; i < n; ++i) u[i] = shift == 0 ? w[i] : w[i] >> shift | w[i + 1] << (64 - shift);
}

int limb_count(const std::uint64_t* limbs, int n) noexcept {
  while (n > 0 && limbs[n - 1] == 0) --n;
  return n;
}

/// `u` (m limbs, at most 8) modulo `modulus`. Requires: modulus != 0.
u256 modulo(std::uint64_t* u, int m, const u256& modulus) noexcept {
  m = limb_count(u, m);
  const int n = limb_count(modulus.limbs, 4);
  u256 r;
  if (n == 1) {
    r.limbs[0] = divide_by_limb(u, m, modulus.limbs[0]);
  } else if (m < n) {
    std::copy_n(u, m, r.limbs);
  } else {
    divide_long(u, m, modulus.limbs, n, nullptr);
    std::copy_n(u, n, r.limbs);
  }
  return r;
}

u256 absolute(const u256& v) noexcept { return v.is_negative() ? -v : v; }

}  // namespace

DivisionResult divide(const u256& dividend, const u256& divisor) noexcept {
  HOCKET_DEBUG_ASSERT(!divisor.is_zero());
  if (dividend < divisor) return {.quotient = {}, .remainder = dividend};
  DivisionResult result{.quotient = {}, .remainder = {}};
  const int n = limb_count(divisor.limbs, 4);
  const int m = limb_count(dividend.limbs, 4);
  if (n == 1) {
    result.quotient = dividend;
    result.remainder = divide_by_limb(result.quotient.limbs, m, divisor.limbs[0]);
    return result;
  }
  std::uint64_t u[4];
  std::copy_n(dividend.limbs, 4, u);
  divide_long(u, m, divisor.limbs, n, result.quotient.limbs);
  std::copy_n(u, n, result.remainder.limbs);
  return result;
}

u256 operator/(const u256& a, const u256& b) noexcept { return b.is_zero() ? u256{} : divide(a, b).quotient; }
u256 operator%(const u256& a, const u256& b) noexcept { return b.is_zero() ? u256{} : divide(a, b).remainder; }

u256 signed_divide(const u256& a, const u256& b) noexcept {
  const u256 magnitude = absolute(a) / absolute(b);
  return a.is_negative() != b.is_negative() ? -magnitude : magnitude;
}

u256 signed_modulo(const u256& a, const u256& b) noexcept {
  const u256 magnitude = absolute(a) % absolute(b);
  return a.is_negative() ? -magnitude : magnitude;
}

u256 add_modulo(const u256& a, const u256& b, const u256& modulus) noexcept {
  if (modulus.is_zero()) return {};
  bool carry = false;
  const u256 sum = add_carry(a, b, carry);
  std::uint64_t wide[5] = {sum.limbs[0], sum.limbs[1], sum.limbs[2], sum.limbs[3], carry};
  return modulo(wide, 5, modulus);
}

u256 multiply_modulo(const u256& a, const u256& b, const u256& modulus) noexcept {
  if (modulus.is_zero()) return {};
  std::uint64_t wide[8] = {};
  for (int i = 0; i < 4; ++i) {
    std::uint64_t carry = 0;
    for (int j = 0; j < 4; ++j) {
      const u128 t = static_cast<u128>(a.limbs[i]) * b.limbs[j] + wide[i + j] + carry;
      wide[i + j] = static_cast<std::uint64_t>(t);
      carry = static_cast<std::uint64_t>(t >> 64);
    }
    wide[i + 4] = carry;
  }
  return modulo(wide, 8, modulus);
}

u256 power(const u256& base, const u256& exponent) noexcept {
  u256 result = 1;
  if (base == u256{2}) return exponent.fits_u64() && exponent.low64() < 256 ? result << static_cast<unsigned>(exponent.low64()) : u256{};
  for (unsigned bit = exponent.bit_length(); bit-- > 0;) {
    result *= result;
    if ((exponent.limbs[bit / 64] >> (bit % 64) & 1) != 0) result *= base;
  }
  return result;
}

u256 arithmetic_shift_right(const u256& value, const u256& shift) noexcept {
  const bool negative = value.is_negative();
  const unsigned amount = static_cast<unsigned>(shift.clamp(256));
  if (amount >= 256) return negative ? u256::max() : u256{};
  const u256 shifted = value >> amount;
  return negative && amount > 0 ? shifted | (u256::max() << (256 - amount)) : shifted;
}

u256 sign_extend(const u256& byte_index, const u256& value) noexcept {
  if (!byte_index.fits_u64() || byte_index.low64() >= 31) return value;
  const unsigned sign_bit = static_cast<unsigned>(byte_index.low64()) * 8 + 7;
  const u256 mask = u256::max() << (sign_bit + 1);
  const bool negative = (value.limbs[sign_bit / 64] >> (sign_bit % 64) & 1) != 0;
  return negative ? value | mask : value & ~mask;
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
    out += static_cast<char>('0' + divide_by_limb(rest.limbs, 4, 10));
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
