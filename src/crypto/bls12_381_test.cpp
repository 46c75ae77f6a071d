#include "crypto/bls12_381.hpp"

#include "base/hex.hpp"
#include "base/uint256.hpp"
#include "crypto/sha256.hpp"

#include <gtest/gtest.h>
#include <string>

namespace hocket::bls12_381 {
namespace {

using namespace literals;

const u256 kOrder = to_u256("0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001"_hash32);

using FpView = std::span<const std::uint8_t, kFpSize>;
using Fp2View = std::span<const std::uint8_t, 2 * kFpSize>;

// The two groups under one set of names, so that each property is written once.
struct G1 {
  using View = G1View;
  using Out = G1Out;
  static constexpr std::size_t kSize = kG1Size;
  static bool add(View a, View b, Out out) { return g1_add(a, b, out); }
  static bool multiply(BytesView pairs, Out out) { return g1_multi_scalar_multiply(pairs, out); }
};
struct G2 {
  using View = G2View;
  using Out = G2Out;
  static constexpr std::size_t kSize = kG2Size;
  static bool add(View a, View b, Out out) { return g2_add(a, b, out); }
  static bool multiply(BytesView pairs, Out out) { return g2_multi_scalar_multiply(pairs, out); }
};

Bytes field_element(const std::string& seed) {
  Bytes element(16 + 1);  // below the modulus
  append(element, sha256(as_bytes(seed)));
  append(element, BytesView(sha256(as_bytes(seed + "'"))).first(15));
  return element;
}

template <class Group>
Bytes member(const std::string& seed) {
  Bytes element = field_element(seed);
  Bytes out(Group::kSize);
  if constexpr (Group::kSize == kG1Size) {
    EXPECT_TRUE(map_fp_to_g1(FpView(element), G1Out(out)));
  } else {
    append(element, field_element(seed + "i"));
    EXPECT_TRUE(map_fp2_to_g2(Fp2View(element), G2Out(out)));
  }
  return out;
}

template <class Group>
Bytes sum(const Bytes& a, const Bytes& b) {
  Bytes out(Group::kSize);
  EXPECT_TRUE(Group::add(typename Group::View(a), typename Group::View(b), typename Group::Out(out)));
  return out;
}

template <class Group>
Bytes msm(const Bytes& pairs) {
  Bytes out(Group::kSize);
  EXPECT_TRUE(Group::multiply(pairs, typename Group::Out(out)));
  return out;
}

void append_pair(Bytes& pairs, const Bytes& point, const u256& scalar) {
  append(pairs, point);
  append(pairs, to_hash32(scalar));
}

template <class Group>
Bytes multiple(const Bytes& point, const u256& scalar) {
  Bytes pairs;
  append_pair(pairs, point, scalar);
  return msm<Group>(pairs);
}

// By doublings and additions alone.
template <class Group>
Bytes slow_multiple(const Bytes& point, const u256& scalar) {
  Bytes result(Group::kSize);
  for (unsigned i = scalar.bit_length(); i-- > 0;) {
    result = sum<Group>(result, result);
    if (((scalar >> i) & u256{1}) == u256{1}) result = sum<Group>(result, point);
  }
  return result;
}

template <class Group>
class Bls12Group : public ::testing::Test {};
using Groups = ::testing::Types<G1, G2>;
TYPED_TEST_SUITE(Bls12Group, Groups);

TYPED_TEST(Bls12Group, MultiplicationIsRepeatedAddition) {
  const Bytes infinity(TypeParam::kSize);
  const Bytes point = member<TypeParam>("p");
  for (const u256& scalar : {u256{}, u256{1}, u256{2}, u256{3}, u256{1000003}, kOrder - u256{1}, kOrder,
                             kOrder + u256{1}, u256::max(), to_u256(sha256(as_bytes("scalar")))}) {
    EXPECT_EQ(multiple<TypeParam>(point, scalar), slow_multiple<TypeParam>(point, scalar)) << to_hex(to_hash32(scalar));
    EXPECT_EQ(multiple<TypeParam>(infinity, scalar), infinity);
  }
  EXPECT_EQ(multiple<TypeParam>(point, kOrder), infinity);
}

TYPED_TEST(Bls12Group, SumsOfAnyLength) {
  // blst changes its method with the number of points; repeated, opposite and infinite points are among them.
  for (const std::size_t count : {2, 3, 7, 31, 32, 40, 130}) {
    SCOPED_TRACE(count);
    Bytes pairs;
    Bytes expected(TypeParam::kSize);
    for (std::size_t i = 0; i < count; ++i) {
      Bytes point = member<TypeParam>(std::to_string(i % 5));
      if (i % 7 == 3) point = multiple<TypeParam>(point, kOrder - u256{1});
      if (i % 11 == 5) point.assign(TypeParam::kSize, 0);
      u256 scalar = to_u256(sha256(as_bytes(std::to_string(i / 6))));
      if (i % 13 == 2) scalar = u256{};
      append_pair(pairs, point, scalar);
      expected = sum<TypeParam>(expected, multiple<TypeParam>(point, scalar));
    }
    EXPECT_EQ(msm<TypeParam>(pairs), expected);
  }
}

TYPED_TEST(Bls12Group, OppositesCancel) {
  const Bytes infinity(TypeParam::kSize);
  const Bytes point = member<TypeParam>("p");
  const Bytes opposite = multiple<TypeParam>(point, kOrder - u256{1});
  EXPECT_EQ(sum<TypeParam>(point, opposite), infinity);
  EXPECT_EQ(sum<TypeParam>(infinity, infinity), infinity);
  EXPECT_EQ(sum<TypeParam>(point, infinity), point);
  EXPECT_EQ(sum<TypeParam>(infinity, point), point);
  for (const u256& scalar : {u256{1}, u256{0xffff}, to_u256(sha256({}))}) {
    Bytes pairs;
    append_pair(pairs, point, scalar);
    append_pair(pairs, opposite, scalar);
    EXPECT_EQ(msm<TypeParam>(pairs), infinity);
  }
}

TEST(Bls12Pairing, IsBilinear) {
  const Bytes p = member<G1>("p");
  const Bytes q = member<G2>("q");
  const u256 a{123456789};
  const auto check = [](std::initializer_list<Bytes> parts) {
    Bytes pairs;
    for (const Bytes& part : parts) append(pairs, part);
    return pairing_check(pairs);
  };
  const Bytes minus_p = multiple<G1>(p, kOrder - u256{1});
  EXPECT_EQ(check({multiple<G1>(p, a), q, minus_p, multiple<G2>(q, a)}), true);
  EXPECT_EQ(check({multiple<G1>(p, a), q, p, multiple<G2>(q, a)}), false);
  EXPECT_EQ(check({p, q}), false);
  EXPECT_EQ(check({Bytes(kG1Size), q}), true);
  EXPECT_EQ(check({p, Bytes(kG2Size)}), true);
  EXPECT_EQ(check({p, Bytes(kG2Size), p, q, Bytes(kG1Size), q, minus_p, q}), true);

  // More pairs than blst takes in one loop.
  Bytes many;
  for (int i = 0; i < 20; ++i) {
    append(many, i % 2 == 0 ? p : minus_p);
    append(many, q);
  }
  EXPECT_EQ(pairing_check(many), true);
  append(many, p);
  append(many, q);
  EXPECT_EQ(pairing_check(many), false);
}

TEST(Bls12Encoding, IsCanonical) {
  const Bytes modulus =
      "000000000000000000000000000000001a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffff"
      "b9feff"
      "ffffffaaab"_hex;
  Bytes out(kG1Size);
  const auto map = [&](const Bytes& element) { return map_fp_to_g1(FpView(element), G1Out(out)); };
  Bytes last = modulus;
  last.back() -= 1;
  EXPECT_TRUE(map(last));
  EXPECT_FALSE(map(modulus));
  Bytes padded = last;
  padded[15] = 1;
  EXPECT_FALSE(map(padded));

  // (0, 2) is on the curve y^2 = x^3 + 4 and outside the subgroup: fit for addition only.
  Bytes outside(kG1Size);
  outside.back() = 2;
  EXPECT_TRUE(g1_add(G1View(outside), G1View(outside), G1Out(out)));
  Bytes pairs;
  append_pair(pairs, outside, u256{1});
  EXPECT_FALSE(g1_multi_scalar_multiply(pairs, G1Out(out)));
  Bytes pairing = outside;
  append(pairing, member<G2>("q"));
  EXPECT_EQ(pairing_check(pairing), std::nullopt);
  outside.back() = 3;
  EXPECT_FALSE(g1_add(G1View(outside), G1View(outside), G1Out(out)));
}

}  // namespace
}  // namespace hocket::bls12_381
