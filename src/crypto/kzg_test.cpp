// What needs no trusted setup; tests/precompiles compares whole proofs with c-kzg-4844's.
#include "crypto/kzg.hpp"

#include "base/hex.hpp"
#include "base/uint256.hpp"
#include "crypto/bls12_381.hpp"
#include "crypto/sha256.hpp"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <vector>

namespace hocket {
namespace {

using namespace literals;

using Point = std::array<std::uint8_t, 48>;

const u256 kOrder = to_u256("0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001"_hash32);

Point point(const Bytes& bytes) {
  Point result{};
  std::ranges::copy(bytes, result.begin());
  return result;
}
const Point kInfinity = point("c0"_hex);
// The generator of G1, as the commitment to the polynomial 1.
const Point kOne =
    point("97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"_hex);

bool verify(const Point& commitment, const u256& z, const u256& y, const Point& proof) {
  return verify_kzg_proof(commitment, to_hash32(z).bytes, to_hash32(y).bytes, proof);
}

TEST(Kzg, ConstantPolynomials) {
  for (const u256& z : {u256{}, u256{1}, kOrder - u256{1}, to_u256(sha256({})) >> 2}) {
    EXPECT_TRUE(verify(kInfinity, z, u256{}, kInfinity));
    EXPECT_FALSE(verify(kInfinity, z, u256{1}, kInfinity));
    EXPECT_TRUE(verify(kOne, z, u256{1}, kInfinity));
    EXPECT_FALSE(verify(kOne, z, u256{2}, kInfinity));
    EXPECT_FALSE(verify(kOne, z, u256{1}, kOne));
    EXPECT_FALSE(verify(kInfinity, z, u256{}, kOne));
  }
}

/// The commitment to the polynomial y: y times the generator.
Point constant(const u256& y) {
  Bytes pair =
      "0000000000000000000000000000000017f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aef"
      "fb3af00adb22c6bb0000000000000000000000000000000008b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3ed"
      "d0"
      "3cc744a2888ae40caa232946c5e7e1"_hex;
  append(pair, to_hash32(y));
  std::array<std::uint8_t, 128> uncompressed{};
  EXPECT_TRUE(bls12_381::g1_multi_scalar_multiply(pair, uncompressed));
  Point point{};
  std::copy_n(uncompressed.begin() + 16, 48, point.begin());
  if (std::ranges::all_of(uncompressed, [](std::uint8_t byte) { return byte == 0; })) return kInfinity;
  // Compressed; and whether y is the larger of the two.
  point[0] |= 0x80;
  std::array<std::uint8_t, 48> half{};  // (p - 1) / 2
  std::ranges::copy(
      "0d0088f51cbff34d258dd3db21a5d66bb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555"_hex,
      half.begin());
  if (std::lexicographical_compare(half.begin(), half.end(), uncompressed.begin() + 80, uncompressed.end()))
    point[0] |= 0x20;
  return point;
}

// Every digit of y at its ends: the product with the generator comes from tables.
TEST(Kzg, ConstantPolynomialsOfAnyValue) {
  std::vector<u256> values = {u256{}, kOrder - u256{1}, kOrder - u256{16}, kOrder - u256{17}, kOrder >> 1};
  for (std::uint64_t i = 1; i <= 33; ++i) values.push_back(u256{i});
  for (unsigned bit = 0; bit < 255; ++bit) {
    values.push_back((u256{1} << bit) % kOrder);
    values.push_back(((u256{1} << bit) - u256{1}) % kOrder);
    values.push_back((u256{17} << bit) % kOrder);
  }
  Hash32 hash{};
  for (int i = 0; i < 200; ++i) {
    hash = sha256(hash);
    values.push_back(to_u256(hash) % kOrder);
  }
  for (const u256& y : values) {
    EXPECT_TRUE(verify(constant(y), u256{5}, y, kInfinity)) << to_quantity(y);
    EXPECT_FALSE(verify(constant(y), u256{5}, add_modulo(y, u256{1}, kOrder), kInfinity)) << to_quantity(y);
  }
}

TEST(Kzg, RefusesNumbersThatAreNotReduced) {
  EXPECT_FALSE(verify(kOne, kOrder, u256{1}, kInfinity));
  EXPECT_FALSE(verify(kOne, u256::max(), u256{1}, kInfinity));
  EXPECT_FALSE(verify(kOne, u256{}, kOrder + u256{1}, kInfinity));
}

TEST(Kzg, RefusesWhatIsNoPoint) {
  Point uncompressed = kOne;
  uncompressed[0] &= 0x7f;
  Point infinity_with_content = kInfinity;
  infinity_with_content[47] = 1;
  Point off_curve{};
  off_curve[0] = 0x80;
  off_curve[47] = 1;
  Point outside_subgroup{};  // x = 0: (0, 2) has order 3
  outside_subgroup[0] = 0x80;
  Point not_reduced;
  not_reduced.fill(0xff);
  not_reduced[0] = 0x9f;
  for (const Point& bad : {uncompressed, infinity_with_content, off_curve, outside_subgroup, not_reduced, Point{}}) {
    SCOPED_TRACE(to_hex(bad));
    EXPECT_FALSE(verify(bad, u256{}, u256{1}, kInfinity));
    EXPECT_FALSE(verify(kOne, u256{}, u256{1}, bad));
  }
}

}  // namespace
}  // namespace hocket
