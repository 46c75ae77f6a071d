#include "crypto/p256.hpp"

#include "base/hex.hpp"
#include "base/uint256.hpp"
#include "crypto/sha256.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

using namespace literals;

const u256 kOrder = to_u256("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"_hash32);
const u256 kPrime = to_u256("0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff"_hash32);
const u256 kGeneratorX = to_u256("0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"_hash32);
const u256 kGeneratorY = to_u256("0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"_hash32);

struct Claim {
  u256 hash, r, s, x, y;
};

bool verify(const Claim& claim) {
  std::uint8_t input[160];
  store_be256(input, claim.hash);
  store_be256(input + 32, claim.r);
  store_be256(input + 64, claim.s);
  store_be256(input + 96, claim.x);
  store_be256(input + 128, claim.y);
  return p256_verify(input);
}

// With 1 for the secret and for the nonce, the key and R are the generator, and s is hash + r.
Claim signed_claim(const u256& hash) {
  return {hash, kGeneratorX, add_modulo(hash, kGeneratorX, kOrder), kGeneratorX, kGeneratorY};
}

TEST(P256, AcceptsSignatures) {
  EXPECT_TRUE(verify(signed_claim(u256{})));
  EXPECT_TRUE(verify(signed_claim(u256::max())));  // a hash above the order counts modulo it
  EXPECT_TRUE(verify(signed_claim(kOrder)));
  for (std::uint8_t i = 0; i < 20; ++i) {
    Claim claim = signed_claim(to_u256(sha256({&i, 1})));
    EXPECT_TRUE(verify(claim)) << int{i};
    claim.s = kOrder - claim.s;
    EXPECT_TRUE(verify(claim)) << "there is no low-s rule";
  }
}

TEST(P256, RefusesAnyChange) {
  const Claim good = signed_claim(to_u256(sha256({})));
  ASSERT_TRUE(verify(good));
  for (u256 Claim::* field : {&Claim::hash, &Claim::r, &Claim::s, &Claim::x, &Claim::y})
    for (unsigned bit = 0; bit < 256; ++bit) {
      Claim bad = good;
      bad.*field = bad.*field ^ (u256{1} << bit);
      EXPECT_FALSE(verify(bad)) << bit;
    }
}

TEST(P256, RefusesNumbersOutOfRange) {
  const Claim good = signed_claim(u256{99});
  for (const u256& number : {u256{}, kOrder, u256::max()}) {
    Claim bad = good;
    bad.r = number;
    EXPECT_FALSE(verify(bad));
    bad = good;
    bad.s = number;
    EXPECT_FALSE(verify(bad));
  }
  Claim bad = good;
  bad.x = kPrime;
  EXPECT_FALSE(verify(bad));
  bad = good;
  bad.y = kPrime;
  EXPECT_FALSE(verify(bad));
  bad.x = bad.y = u256{};
  EXPECT_FALSE(verify(bad));
  bad.x = bad.y = kPrime;  // infinity, not reduced
  EXPECT_FALSE(verify(bad));
}

// hash = s = r makes u1 = u2 = 1: a valid claim for any key Q, where r is the x coordinate of G + Q.
TEST(P256, RefusesCoordinatesThatAreNotReduced) {
  const u256 r = to_u256("0xe6e29ec5156940109aa9c54114f5958c8093c28429bec642fc2d2be10f6897c2"_hash32);
  const u256 x{5};  // x + p is below 2^256: the same point, written wrongly
  const u256 y = to_u256("0x459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc"_hash32);
  EXPECT_TRUE(verify({r, r, r, x, y}));
  EXPECT_FALSE(verify({r, r, r, x + kPrime, y}));
  EXPECT_FALSE(verify({r, r, r, x, kPrime - y}));
}

TEST(P256, ComparesModuloTheOrder) {
  // G + Q has the x coordinate order + 3, which is below the field's prime.
  const u256 x = to_u256("0x4850d2963fe5d2f3c1b251a96ba095ebadeee7b736b34c6a731a8666fcca67bf"_hash32);
  const u256 y = to_u256("0x999c111ef77bf8d58fd61dcecf607598f61d6651366c9902400b7dd93112b636"_hash32);
  const u256 r{3};
  EXPECT_TRUE(verify({r, r, r, x, y}));
}

TEST(P256, RefusesASumAtInfinity) {
  // hash = -r: u1 G + u2 Q = (hash + r) / s G is nothing.
  EXPECT_FALSE(verify({kOrder - kGeneratorX, kGeneratorX, u256{77}, kGeneratorX, kGeneratorY}));
}

}  // namespace
}  // namespace hocket
