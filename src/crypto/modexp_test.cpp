#include "crypto/modexp.hpp"

#include "base/hex.hpp"
#include "base/uint256.hpp"
#include "crypto/sha256.hpp"

#include <gtest/gtest.h>
#include <string>

namespace hocket {
namespace {

Bytes modexp(BytesView base, BytesView exponent, BytesView modulus) {
  Bytes out(modulus.size(), 0xcc);
  modular_exponentiation(base, exponent, modulus, out);
  return out;
}

u256 by_squaring(u256 base, const u256& exponent, const u256& modulus) {
  u256 result = u256{1} % modulus;
  for (unsigned i = exponent.bit_length(); i-- > 0;) {
    result = multiply_modulo(result, result, modulus);
    if (((exponent >> i) & u256{1}) == u256{1}) result = multiply_modulo(result, base, modulus);
  }
  return result;
}

TEST(Modexp, AllSmallNumbers) {
  for (std::uint8_t base = 0; base < 12; ++base)
    for (std::uint8_t exponent = 0; exponent < 12; ++exponent)
      for (std::uint8_t modulus = 0; modulus < 24; ++modulus) {
        unsigned expected = modulus == 0 ? 0 : 1 % modulus;
        for (unsigned i = 0; i < exponent && modulus != 0; ++i) expected = expected * base % modulus;
        const Bytes found = modexp({&base, 1}, {&exponent, 1}, {&modulus, 1});
        ASSERT_EQ(found[0], expected) << int{base} << " ^ " << int{exponent} << " mod " << int{modulus};
      }
}

TEST(Modexp, WordsAgreeWithSquaring) {
  for (int i = 0; i < 200; ++i) {
    const auto number = [&](char name) { return sha256(as_bytes(name + std::to_string(i))); };
    const Hash32 base = number('b'), exponent = number('e');
    Hash32 modulus = number('m');
    // Odd, even, and divisible by a high power of two; then short ones.
    if (i % 3 == 1) modulus.bytes[31] &= 0xfe;
    if (i % 3 == 2) std::fill(modulus.bytes.begin() + 20, modulus.bytes.end(), std::uint8_t{0});
    if (i % 5 == 4) std::fill(modulus.bytes.begin(), modulus.bytes.begin() + 17, std::uint8_t{0});
    if (modulus.is_zero()) continue;
    const u256 expected = by_squaring(to_u256(base), to_u256(exponent), to_u256(modulus));
    EXPECT_EQ(to_hex(modexp(base, exponent, modulus)), to_hex(to_hash32(expected))) << i;
  }
}

TEST(Modexp, FermatOnALongPrime) {
  // p = 2^521 - 1 is prime: a ^ (p - 1) = 1.
  Bytes prime(66, 0xff);
  prime[0] = 0x01;
  Bytes exponent = prime;
  exponent.back() = 0xfe;
  Bytes one(66);
  one.back() = 1;
  EXPECT_EQ(modexp(sha256({}), exponent, prime), one);
}

TEST(Modexp, EmptyAndPaddedNumbers) {
  const Bytes empty, zero{0}, three{3}, padded_three(40, 0), five{5};
  Bytes long_three = padded_three;
  long_three.back() = 3;
  EXPECT_EQ(modexp(three, three, empty), empty);
  EXPECT_EQ(modexp(empty, empty, five), Bytes{1});
  EXPECT_EQ(modexp(empty, three, five), Bytes{0});
  EXPECT_EQ(modexp(three, empty, five), Bytes{1});
  EXPECT_EQ(modexp(long_three, long_three, five), Bytes{2});
  Bytes long_five(40, 0), two(40, 0);
  long_five.back() = 5;
  two.back() = 2;
  EXPECT_EQ(modexp(three, three, long_five), two);
  EXPECT_EQ(modexp(three, three, Bytes(40, 0)), Bytes(40, 0));
  EXPECT_EQ(modexp(empty, empty, Bytes{1}), zero);
}

}  // namespace
}  // namespace hocket
