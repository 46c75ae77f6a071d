#include "crypto/secp256k1.hpp"

#include "base/hex.hpp"
#include "crypto/keccak.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

using namespace literals;

const u256 kOrder = to_u256("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"_hash32);

Hash32 secret_of(std::uint64_t i) { return to_hash32(u256{i}); }

TEST(Secp256k1, AddressOfKnownSecrets) {
  EXPECT_EQ(address_of(secret_of(1)), "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf"_address);
  EXPECT_EQ(address_of(secret_of(2)), "0x2b5ad5c4795c026514f8317c7a215e218dccd6cf"_address);
  EXPECT_EQ(address_of(secret_of(0)), std::nullopt);
  EXPECT_EQ(address_of(to_hash32(kOrder)), std::nullopt);
  EXPECT_TRUE(address_of(to_hash32(kOrder - u256{1})));
}

TEST(Secp256k1, RecoversWhoSigned) {
  for (std::uint64_t i = 1; i <= 50; ++i) {
    SCOPED_TRACE(i);
    const Hash32 hash = keccak256(secret_of(i));
    const auto signature = sign(hash, secret_of(i));
    ASSERT_TRUE(signature);
    const auto& [y_parity, r, s] = *signature;
    EXPECT_EQ(recover_signer(hash, y_parity, r, s), address_of(secret_of(i)));
    EXPECT_TRUE(s + s < kOrder) << "low s";
    // The other half of the order with the other parity is the same signature.
    EXPECT_EQ(recover_signer(hash, y_parity ^ 1, r, kOrder - s), address_of(secret_of(i)));
    EXPECT_NE(recover_signer(hash, y_parity ^ 1, r, s), address_of(secret_of(i)));
    EXPECT_NE(recover_signer(keccak256(hash), y_parity, r, s), address_of(secret_of(i)));
  }
}

TEST(Secp256k1, RefusesNumbersOutOfRange) {
  const Hash32 hash = keccak256({});
  const auto good = sign(hash, secret_of(7));
  ASSERT_TRUE(good);
  const u256 bad[] = {u256{}, kOrder, kOrder + u256{1}, u256::max()};
  for (const u256& number : bad) {
    EXPECT_FALSE(recover_signer(hash, good->y_parity, number, good->s));
    EXPECT_FALSE(recover_signer(hash, good->y_parity, good->r, number));
  }
  // 5 is no x coordinate of the curve.
  EXPECT_FALSE(recover_signer(hash, 0, u256{5}, u256{1}));
  EXPECT_FALSE(sign(hash, secret_of(0)));
}

TEST(Secp256k1, RefusesTheKeyAtInfinity) {
  // The key is (s R - hash G) / r: with R = G (r its x coordinate) and s = hash nothing is left.
  const u256 generator_x = to_u256("0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"_hash32);
  const u256 s{12345};
  EXPECT_FALSE(recover_signer(to_hash32(s), 0, generator_x, s));
  EXPECT_TRUE(recover_signer(to_hash32(s), 1, generator_x, s));
}

}  // namespace
}  // namespace hocket
