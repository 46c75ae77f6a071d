// u256: the EVM's word. Four little-endian 64-bit limbs, arithmetic modulo 2^256 (YP appendix H).
// Big-endian appears only in load_be / store_be.
#pragma once

#include "base/bytes.hpp"
#include "base/endian.hpp"
#include "base/fixed_bytes.hpp"
#include "base/result.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace hocket {

using u128 = unsigned __int128;

// a + b + carry and a - b - borrow on limbs, in a form that both compilers turn into adc and sbb.
constexpr std::uint64_t add_with_carry(std::uint64_t a, std::uint64_t b, std::uint64_t& carry) noexcept {
#if __has_builtin(__builtin_addcll)
  unsigned long long out = 0;
  const std::uint64_t r = __builtin_addcll(a, b, carry, &out);
  carry = out;
  return r;
#else
  const u128 sum = static_cast<u128>(a) + b + carry;
  carry = static_cast<std::uint64_t>(sum >> 64);
  return static_cast<std::uint64_t>(sum);
#endif
}
constexpr std::uint64_t sub_with_borrow(std::uint64_t a, std::uint64_t b, std::uint64_t& borrow) noexcept {
#if __has_builtin(__builtin_subcll)
  unsigned long long out = 0;
  const std::uint64_t r = __builtin_subcll(a, b, borrow, &out);
  borrow = out;
  return r;
#else
  const u128 difference = static_cast<u128>(a) - b - borrow;
  borrow = static_cast<std::uint64_t>(difference >> 64) & 1;
  return static_cast<std::uint64_t>(difference);
#endif
}

struct u256 {
  std::uint64_t limbs[4] = {0, 0, 0, 0};

  constexpr u256() = default;
  constexpr u256(std::uint64_t v) noexcept : limbs{v, 0, 0, 0} {}  // NOLINT: implicit, as for built-in integers
  constexpr u256(std::uint64_t l0, std::uint64_t l1, std::uint64_t l2, std::uint64_t l3) noexcept
      : limbs{l0, l1, l2, l3} {}

  static constexpr u256 max() noexcept { return {~0ull, ~0ull, ~0ull, ~0ull}; }

  constexpr bool is_zero() const noexcept { return (limbs[0] | limbs[1] | limbs[2] | limbs[3]) == 0; }
  constexpr explicit operator bool() const noexcept { return !is_zero(); }
  constexpr bool fits_u64() const noexcept { return (limbs[1] | limbs[2] | limbs[3]) == 0; }
  constexpr std::uint64_t low64() const noexcept { return limbs[0]; }
  constexpr bool is_negative() const noexcept { return (limbs[3] >> 63) != 0; }  // as two's complement

  /// The value, or `limit` where it is larger.
  constexpr std::uint64_t clamp(std::uint64_t limit) const noexcept {
    return fits_u64() && limbs[0] < limit ? limbs[0] : limit;
  }

  /// Number of bits without leading zeros; 0 for zero.
  constexpr unsigned bit_length() const noexcept {
    for (int i = 3; i >= 0; --i)
      if (limbs[i] != 0) return 64u * static_cast<unsigned>(i) + 64u - static_cast<unsigned>(__builtin_clzll(limbs[i]));
    return 0;
  }
  constexpr unsigned byte_length() const noexcept { return (bit_length() + 7) / 8; }

  friend constexpr bool operator==(const u256& a, const u256& b) noexcept {
    return ((a.limbs[0] ^ b.limbs[0]) | (a.limbs[1] ^ b.limbs[1]) | (a.limbs[2] ^ b.limbs[2]) |
            (a.limbs[3] ^ b.limbs[3])) == 0;
  }
  friend constexpr bool operator<(const u256& a, const u256& b) noexcept {
    std::uint64_t borrow = 0;
    for (int i = 0; i < 4; ++i) (void)sub_with_borrow(a.limbs[i], b.limbs[i], borrow);
    return borrow != 0;
  }
  friend constexpr bool operator>(const u256& a, const u256& b) noexcept { return b < a; }
  friend constexpr bool operator<=(const u256& a, const u256& b) noexcept { return !(b < a); }
  friend constexpr bool operator>=(const u256& a, const u256& b) noexcept { return !(a < b); }
};

static_assert(sizeof(u256) == 32 && std::is_trivially_copyable_v<u256>);

/// The sum modulo 2^256, and whether it overflowed.
constexpr u256 add_carry(const u256& a, const u256& b, bool& carry_out) noexcept {
  u256 r;
  std::uint64_t carry = 0;
  for (int i = 0; i < 4; ++i) r.limbs[i] = add_with_carry(a.limbs[i], b.limbs[i], carry);
  carry_out = carry != 0;
  return r;
}
/// The difference modulo 2^256, and whether it went below zero.
constexpr u256 sub_borrow(const u256& a, const u256& b, bool& borrow_out) noexcept {
  u256 r;
  std::uint64_t borrow = 0;
  for (int i = 0; i < 4; ++i) r.limbs[i] = sub_with_borrow(a.limbs[i], b.limbs[i], borrow);
  borrow_out = borrow != 0;
  return r;
}

constexpr u256 operator+(const u256& a, const u256& b) noexcept {
  bool carry = false;
  return add_carry(a, b, carry);
}
constexpr u256 operator-(const u256& a, const u256& b) noexcept {
  bool borrow = false;
  return sub_borrow(a, b, borrow);
}
constexpr u256 operator-(const u256& a) noexcept { return u256{} - a; }
constexpr u256 operator~(const u256& a) noexcept { return {~a.limbs[0], ~a.limbs[1], ~a.limbs[2], ~a.limbs[3]}; }
constexpr u256 operator&(const u256& a, const u256& b) noexcept {
  return {a.limbs[0] & b.limbs[0], a.limbs[1] & b.limbs[1], a.limbs[2] & b.limbs[2], a.limbs[3] & b.limbs[3]};
}
constexpr u256 operator|(const u256& a, const u256& b) noexcept {
  return {a.limbs[0] | b.limbs[0], a.limbs[1] | b.limbs[1], a.limbs[2] | b.limbs[2], a.limbs[3] | b.limbs[3]};
}
constexpr u256 operator^(const u256& a, const u256& b) noexcept {
  return {a.limbs[0] ^ b.limbs[0], a.limbs[1] ^ b.limbs[1], a.limbs[2] ^ b.limbs[2], a.limbs[3] ^ b.limbs[3]};
}

/// The product modulo 2^256.
constexpr u256 operator*(const u256& a, const u256& b) noexcept {
  const auto wide = [](std::uint64_t x, std::uint64_t y) { return static_cast<u128>(x) * y; };
  const auto lo = [](u128 x) { return static_cast<std::uint64_t>(x); };
  const auto hi = [](u128 x) { return static_cast<std::uint64_t>(x >> 64); };
  const u128 p00 = wide(a.limbs[0], b.limbs[0]);
  const u128 p01 = wide(a.limbs[0], b.limbs[1]);
  const u128 p10 = wide(a.limbs[1], b.limbs[0]);
  const u128 p02 = wide(a.limbs[0], b.limbs[2]);
  const u128 p11 = wide(a.limbs[1], b.limbs[1]);
  const u128 p20 = wide(a.limbs[2], b.limbs[0]);
  const u128 c1 = static_cast<u128>(hi(p00)) + lo(p01) + lo(p10);
  const u128 c2 = static_cast<u128>(hi(c1)) + hi(p01) + hi(p10) + lo(p02) + lo(p11) + lo(p20);
  const std::uint64_t l3 = hi(c2) + hi(p02) + hi(p11) + hi(p20) + a.limbs[0] * b.limbs[3] + a.limbs[1] * b.limbs[2] +
                           a.limbs[2] * b.limbs[1] + a.limbs[3] * b.limbs[0];
  return {lo(p00), lo(c1), lo(c2), l3};
}

// Shifts read the limbs at an index between limbs that fill up: no branch but for the shifts that leave nothing.
constexpr u256 operator<<(const u256& a, unsigned shift) noexcept {
  if (shift >= 256) return {};
  const std::uint64_t limbs[8] = {0, 0, 0, 0, a.limbs[0], a.limbs[1], a.limbs[2], a.limbs[3]};
  const std::uint64_t* from = limbs + 4 - shift / 64;
  const unsigned bits = shift % 64;
  u256 r;
  for (int i = 0; i < 4; ++i) r.limbs[i] = from[i] << bits | from[i - 1] >> 1 >> (63 - bits);
  return r;
}

/// The limbs of `a` and above them copies of `fill`, by `shift` < 256 bits lower.
constexpr u256 shift_right_filling(const u256& a, std::uint64_t fill, unsigned shift) noexcept {
  const std::uint64_t limbs[8] = {a.limbs[0], a.limbs[1], a.limbs[2], a.limbs[3], fill, fill, fill, fill};
  const std::uint64_t* from = limbs + shift / 64;
  const unsigned bits = shift % 64;
  u256 r;
  for (int i = 0; i < 4; ++i) r.limbs[i] = from[i] >> bits | from[i + 1] << 1 << (63 - bits);
  return r;
}
constexpr u256 operator>>(const u256& a, unsigned shift) noexcept {
  return shift >= 256 ? u256{} : shift_right_filling(a, 0, shift);
}

constexpr u256& operator+=(u256& a, const u256& b) noexcept { return a = a + b; }
constexpr u256& operator-=(u256& a, const u256& b) noexcept { return a = a - b; }
constexpr u256& operator*=(u256& a, const u256& b) noexcept { return a = a * b; }

struct DivisionResult {
  u256 quotient;
  u256 remainder;
};

/// Unsigned division. Requires: `divisor != 0`.
DivisionResult divide(const u256& dividend, const u256& divisor) noexcept;

/// DIV, MOD: zero where the divisor is zero.
u256 operator/(const u256& a, const u256& b) noexcept;
u256 operator%(const u256& a, const u256& b) noexcept;
/// SDIV, SMOD: two's complement, truncating; zero where the divisor is zero.
u256 signed_divide(const u256& a, const u256& b) noexcept;
u256 signed_modulo(const u256& a, const u256& b) noexcept;
/// ADDMOD, MULMOD: on the full sum or product; zero where the modulus is zero.
u256 add_modulo(const u256& a, const u256& b, const u256& modulus) noexcept;
u256 multiply_modulo(const u256& a, const u256& b, const u256& modulus) noexcept;
/// EXP modulo 2^256.
u256 power(const u256& base, const u256& exponent) noexcept;
/// SLT: two's complement comparison.
constexpr bool signed_less(const u256& a, const u256& b) noexcept {
  return a.is_negative() == b.is_negative() ? a < b : a.is_negative();
}
/// SAR for any shift.
constexpr u256 arithmetic_shift_right(const u256& value, const u256& shift) noexcept {
  const std::uint64_t fill = value.is_negative() ? ~std::uint64_t{0} : 0;
  const auto amount = static_cast<unsigned>(shift.clamp(256));
  return amount >= 256 ? u256{fill, fill, fill, fill} : shift_right_filling(value, fill, amount);
}
/// SIGNEXTEND: extends the sign bit of byte `byte_index` (0 is the least significant).
constexpr u256 sign_extend(const u256& byte_index, const u256& value) noexcept {
  if (!byte_index.fits_u64() || byte_index.low64() >= 31) return value;
  const std::uint64_t at = byte_index.low64() / 8;
  const auto above = static_cast<unsigned>(56 - byte_index.low64() % 8 * 8);  // bits of the limb above the sign
  const auto limb = static_cast<std::int64_t>(value.limbs[at] << above) >> above;
  const std::int64_t sign = limb >> 63;
  u256 extended;
  for (std::uint64_t i = 0; i < 4; ++i)
    extended.limbs[i] = i < at ? value.limbs[i] : static_cast<std::uint64_t>(i == at ? limb : sign);
  return extended;
}

/// 32 big-endian bytes.
inline u256 load_be256(const std::uint8_t* p) noexcept {
  return {load_be64(p + 24), load_be64(p + 16), load_be64(p + 8), load_be64(p)};
}
inline void store_be256(std::uint8_t* p, const u256& v) noexcept {
  store_be64(p, v.limbs[3]);
  store_be64(p + 8, v.limbs[2]);
  store_be64(p + 16, v.limbs[1]);
  store_be64(p + 24, v.limbs[0]);
}
/// Up to 32 big-endian bytes, right aligned. Requires: `bytes.size() <= 32`.
u256 u256_from_be(BytesView bytes) noexcept;

inline u256 to_u256(const Hash32& h) noexcept { return load_be256(h.data()); }
inline Hash32 to_hash32(const u256& v) noexcept {
  Hash32 h;
  store_be256(h.data(), v);
  return h;
}
inline u256 to_u256(const Address& a) noexcept {
  return {load_be64(a.data() + 12), load_be64(a.data() + 4), load_be32(a.data()), 0};
}
/// The low 20 bytes.
inline Address to_address(const u256& v) noexcept {
  Address a;
  store_be32(a.data(), static_cast<std::uint32_t>(v.limbs[2]));
  store_be64(a.data() + 4, v.limbs[1]);
  store_be64(a.data() + 12, v.limbs[0]);
  return a;
}

/// "0x" and hex digits without leading zeros ("0x0" for zero), as JSON-RPC quantities are written.
std::string to_quantity(const u256& v);
/// Decimal digits.
std::string to_decimal(const u256& v);
/// Hex with "0x" (leading zeros allowed), or decimal digits.
/// Errors: empty text, a character that is no digit, a value of 2^256 or more.
Result<u256> u256_from_text(std::string_view text);

struct U256Hash {
  std::size_t operator()(const u256& v) const noexcept {
    std::uint64_t h = 0x9e3779b97f4a7c15;
    for (const auto limb : v.limbs) {
      const u128 product = static_cast<u128>(h ^ limb) * 0xd6e8feb86659fd93u;
      h = static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }
    return h;
  }
};

}  // namespace hocket
