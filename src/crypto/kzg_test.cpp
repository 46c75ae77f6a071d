// What needs no trusted setup; tests/precompiles compares whole proofs with c-kzg-4844's.
#include "crypto/kzg.hpp"

#include "base/hex.hpp"
#include "base/uint256.hpp"
#include "crypto/sha256.hpp"

#include <array>
#include <gtest/gtest.h>

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
