// BN254: its derived constants against their definitions, the algebra against slower ways to the same result, and the
// build that this processor uses against the portable one. The official vectors are in tests/precompiles.

#include "crypto/bn254.hpp"

#include "base/cpu.hpp"
#include "base/hex.hpp"
#include "crypto/bn254_variant.hpp"

#include <gmpxx.h>
#include <gtest/gtest.h>
#include <random>

namespace hocket::bn254::portable {
namespace {

std::mt19937_64& generator() {
  static std::mt19937_64 engine(254);
  return engine;
}
u256 random_u256() { return {generator()(), generator()(), generator()(), generator()()}; }
Fp random_fp() { return to_field(random_u256() % kPrime); }
Fp2 random_fp2() { return {random_fp(), random_fp()}; }
Fp6 random_fp6() { return {random_fp2(), random_fp2(), random_fp2()}; }
Fp12 random_fp12() { return {random_fp6(), random_fp6()}; }

const u256 kEdges[] = {u256{},
                       u256{1},
                       u256{2},
                       u256{3},
                       u256{1} << 63,
                       u256{1} << 64,
                       u256{1} << 192,
                       (u256{1} << 253) - u256{1},
                       u256{1} << 253,
                       kPrime - u256{1},
                       kPrime - u256{2},
                       (kPrime - u256{1}) >> 1,
                       (kPrime + u256{1}) >> 1};

std::vector<u256> field_samples() {
  std::vector<u256> samples(std::begin(kEdges), std::end(kEdges));
  for (int i = 0; i < 40; ++i) samples.push_back(random_u256() % kPrime);
  return samples;
}

mpz_class to_mpz(const u256& v) { return mpz_class(to_decimal(v)); }

using Scalar = u256;
template <class Field>
Jacobian<Field> multiply_plainly(const Affine<Field>& p, const Scalar& scalar) {
  Jacobian<Field> sum = {one_of<Field>(), one_of<Field>(), Field{}};
  for (unsigned bit = scalar.bit_length(); bit-- > 0;) {
    sum = twice(sum);
    if ((scalar.limbs[bit / 64] >> (bit % 64) & 1) != 0) sum = add(sum, p);
  }
  return sum;
}

const Affine<Fp> kG1 = {kOne, small(2)};
// The generator that EIP-197 gives.
Affine<Fp2> g2() {
  const auto field = [](const char* text) { return to_field(*u256_from_text(text)); };
  return {{field("10857046999023057135944570762232829481370756359578518086990519993285655852781"),
           field("11559732032986387107991004021392285783925812861821192530917403151452391805634")},
          {field("8495653923123431417604973247489272438418190587263600148770280649306958101930"),
           field("4082367875863433681332203403145435568316851327593401208105741076214120093531")}};
}

Bytes encode(const Affine<Fp>& p) {
  Bytes out(64);
  write_g1(out.data(), p);
  return out;
}
Bytes encode(const Jacobian<Fp>& p) {
  Bytes out(64);
  write_g1(out.data(), p);
  return out;
}
Bytes encode(const Affine<Fp2>& q) {
  Bytes out(128);
  store_be256(out.data(), from_field(q.x.imaginary));
  store_be256(out.data() + 32, from_field(q.x.real));
  store_be256(out.data() + 64, from_field(q.y.imaginary));
  store_be256(out.data() + 96, from_field(q.y.real));
  return out;
}
Bytes encode(const Jacobian<Fp2>& q) { return q.is_infinity() ? Bytes(128) : encode(to_affine(q)); }
Bytes encode(const u256& v) { return to_bytes(to_hash32(v)); }
Bytes operator+(Bytes a, const Bytes& b) {
  append(a, b);
  return a;
}

// The public functions on the heap's bytes; the portable build must agree with the one that this processor uses.
std::optional<Bytes> add_points(const Bytes& a, const Bytes& b) {
  Bytes out(64);
  Bytes portable_out(64);
  const bool ok =
      bn254_add(std::span<const std::uint8_t, 64>(a.data(), 64), std::span<const std::uint8_t, 64>(b.data(), 64),
                std::span<std::uint8_t, 64>(out.data(), 64));
  EXPECT_EQ(ok, add_bytes(a.data(), b.data(), portable_out.data()));
  if (!ok) return std::nullopt;
  EXPECT_EQ(out, portable_out);
  return out;
}
std::optional<Bytes> multiply_point(const Bytes& p, const u256& scalar) {
  Bytes out(64);
  Bytes portable_out(64);
  const Bytes number = encode(scalar);
  const bool ok =
      bn254_multiply(std::span<const std::uint8_t, 64>(p.data(), 64),
                     std::span<const std::uint8_t, 32>(number.data(), 32), std::span<std::uint8_t, 64>(out.data(), 64));
  EXPECT_EQ(ok, multiply_bytes(p.data(), number.data(), portable_out.data()));
  if (!ok) return std::nullopt;
  EXPECT_EQ(out, portable_out);
  return out;
}
std::optional<bool> check_pairing(const Bytes& input) {
  const auto result = bn254_pairing_check(input);
  EXPECT_EQ(result, pairing_check_bytes(input));
  return result;
}

TEST(Bn254Field, AgreesWithIntegers) {
  const auto samples = field_samples();
  for (const u256& a : samples) {
    const Fp fa = to_field(a);
    EXPECT_EQ(from_field(fa), a);
    EXPECT_EQ(from_field(halve(fa)), multiply_modulo(a, (kPrime + u256{1}) >> 1, kPrime));
    EXPECT_EQ(from_field(-fa), (kPrime - a) % kPrime);
    for (const u256& b : samples) {
      const Fp fb = to_field(b);
      EXPECT_EQ(from_field(fa * fb), multiply_modulo(a, b, kPrime));
      EXPECT_EQ(from_field(fa + fb), add_modulo(a, b, kPrime));
      EXPECT_EQ(from_field(fa - fb), add_modulo(a, kPrime - b, kPrime));
      EXPECT_EQ(from_field(nine_times_plus(fa, fb)), add_modulo(multiply_modulo(a, u256{9}, kPrime), b, kPrime));
      const Fp2 x = {fa, fb};
      EXPECT_EQ(square(x), x * x);
    }
  }
}

TEST(Bn254Field, ReductionsHoldAtTheirBounds) {
  // Stored numbers, not field values: the largest operands of every bound stated in bn254_field.hpp.
  const Fp top = raw(kPrime - u256{1});
  EXPECT_EQ(nine_times_plus(top, top), small(10) * top);
  const Fp2 both = {top, top};
  EXPECT_EQ(both * both, (Fp2{{}, twice(top * top)}));
  for (std::uint64_t k = 0; k < 10; ++k)
    for (const u256 around : {u256{}, u256{1}, u256{2}}) {
      const u256 ninth = (u256{k} * kPrime) / u256{9};  // 9a + b on both sides of a multiple of p
      const Fp a = raw((ninth + around) % kPrime);
      EXPECT_EQ(nine_times_plus(a, Fp{}), small(9) * a);
      EXPECT_EQ(nine_times_plus(a, top), small(9) * a + top);
    }
}

TEST(Bn254Field, LazyNumbersStayBelowTwiceThePrime) {
  std::vector<Fp> numbers;
  for (const u256& v : field_samples())
    for (const u256& shifted : {v, v + kPrime}) numbers.push_back(raw(shifted));
  const auto lazy = [](const Fp& v) {
    LazyFp a;
    std::ranges::copy(v.limbs, a.limbs);
    return a;
  };
  const auto check = [](const LazyFp& result, const Fp& expected) {
    const Fp value = unreduced(result);
    EXPECT_TRUE((u256{value.limbs[0], value.limbs[1], value.limbs[2], value.limbs[3]} < kTwicePrime));
    EXPECT_EQ(reduced(result), expected);
    EXPECT_EQ(result.is_zero(), expected.is_zero());
  };
  for (const Fp& x : numbers) {
    const LazyFp a = lazy(x);
    const Fp p = reduced(a);
    check(-a, -p);
    check(halve(a), halve(p));
    check(twice(a), twice(p));
    check(square(a), square(p));
    for (const Fp& y : numbers) {
      const LazyFp b = lazy(y);
      const Fp q = reduced(b);
      check(a + b, p + q);
      check(a - b, p - q);
      check(a * b, p * q);
      check(difference_of_products(a, b, b, b), difference_of_products(p, q, q, q));
      check(difference_of_products(a, a, b, a), difference_of_products(p, p, q, p));
    }
  }
}

TEST(Bn254Field, InverseTimesValueIsOne) {
  EXPECT_EQ(inverse(Fp{}), Fp{});
  auto samples = field_samples();
  for (int i = 0; i < 254; ++i) samples.push_back((u256{1} << static_cast<unsigned>(i)) % kPrime);
  for (int i = 0; i < 500; ++i) samples.push_back(random_u256() % kPrime);
  for (int i = 0; i < 200; ++i) samples.push_back(random_u256() >> static_cast<unsigned>(generator()() % 255 + 2));
  for (const u256& a : samples) {
    if (a.is_zero() || a >= kPrime) continue;
    EXPECT_EQ(inverse(raw(a)) * raw(a), kOne) << to_quantity(a);
    EXPECT_EQ(multiply_modulo(invert_modulo(a, OddModulus(kPrime)), a, kPrime), u256{1}) << to_quantity(a);
  }
}

TEST(Bn254Tower, IsARingWithTheStatedRelations) {
  const Fp2 xi = {small(9), kOne};
  const Fp6 v = {{}, kOne2, {}};
  const Fp12 w = {{}, kOne6};
  EXPECT_EQ((Fp2{{}, kOne} * Fp2{{}, kOne}), (Fp2{-kOne, {}}));
  EXPECT_EQ(v * v * v, (Fp6{xi, {}, {}}));
  EXPECT_EQ(w * w, (Fp12{v, {}}));
  for (int i = 0; i < 20; ++i) {
    const Fp2 a2 = random_fp2();
    const Fp6 a6 = random_fp6();
    const Fp12 a = random_fp12();
    const Fp12 b = random_fp12();
    const Fp12 c = random_fp12();
    EXPECT_EQ(multiply_by_xi(a2), a2 * xi);
    EXPECT_EQ(multiply_by_v(a6), a6 * v);
    EXPECT_EQ(multiply_by_01(a6, b.c0.c0, b.c0.c1), a6 * (Fp6{b.c0.c0, b.c0.c1, {}}));
    EXPECT_EQ(inverse(a2) * a2, kOne2);
    EXPECT_EQ(inverse(a6) * a6, kOne6);
    EXPECT_EQ(inverse(a) * a, kOne12);
    EXPECT_EQ((a * b) * c, a * (b * c));
    EXPECT_EQ((Fp12{a.c0 + b.c0, a.c1 + b.c1} * c), (Fp12{(a * c).c0 + (b * c).c0, (a * c).c1 + (b * c).c1}));
    EXPECT_EQ(square(a), a * a);
    const Line line = {random_fp2(), random_fp2(), random_fp2()};
    EXPECT_EQ(a * line, a * (Fp12{{line.at_1, {}, {}}, {line.at_w, line.at_w3, {}}}));
  }
}

TEST(Bn254Tower, FrobeniusIsThePowerOfThePrime) {
  for (int i = 0; i < 3; ++i) {
    const Fp12 a = random_fp12();
    const Fp12 p1 = raise(a, kOne12, kPrime);
    const Fp12 p2 = raise(p1, kOne12, kPrime);
    const Fp12 p3 = raise(p2, kOne12, kPrime);
    EXPECT_EQ(frobenius<1>(a), p1);
    EXPECT_EQ(frobenius<2>(a), p2);
    EXPECT_EQ(frobenius<3>(a), p3);
    EXPECT_EQ(conjugate(a), frobenius<3>(p3));
    const Fp12 unit = conjugate(a) * inverse(a);
    const Fp12 cyclotomic = frobenius<2>(unit) * unit;
    EXPECT_EQ(square_cyclotomic(cyclotomic), square(cyclotomic));
    EXPECT_EQ(raise_to_parameter(cyclotomic), raise(cyclotomic, kOne12, u256{kCurveParameter}));
  }
}

TEST(Bn254Pairing, FinalExponentIsAMultipleOfTheFullOnePrimeToTheOrder) {
  const mpz_class x = to_mpz(u256{kCurveParameter});
  const mpz_class p = to_mpz(kPrime);
  const mpz_class r = to_mpz(kOrder);
  const mpz_class s = 12 * x * x * x + 6 * x * x + 6 * x;
  const mpz_class t = s - 2 * x;
  const mpz_class exponent = (s + 6 * x * x + 1) + t * p + s * p * p + (t - 1) * p * p * p;
  const mpz_class cyclotomic = p * p * p * p - p * p + 1;
  EXPECT_EQ(cyclotomic % r, 0);
  const mpz_class hard = cyclotomic / r;
  EXPECT_EQ(exponent % hard, 0);
  EXPECT_EQ(gcd(mpz_class(exponent / hard), r), 1);
}

TEST(Bn254Group, SubgroupCheckIsExactForThisCurve) {
  // psi^2 - t psi + p = 0 on the twist over Fp2, which has r (2p - r) points.
  const mpz_class x = to_mpz(u256{kCurveParameter});
  const mpz_class p = to_mpz(kPrime);
  const mpz_class r = to_mpz(kOrder);
  const mpz_class t = p + 1 - r;
  // (x + 1) + x psi + x psi^2 - 2x psi^3 = a + b psi
  const mpz_class a = (x + 1) - x * p + 2 * x * t * p;
  const mpz_class b = x + x * t - 2 * x * (t * t - p);
  // On G2 psi is p, and the condition holds.
  EXPECT_EQ((a + b * p) % r, 0);
  // Where it holds, the norm of a + b psi kills the point, and so does the twist's order.
  const mpz_class norm = a * a + a * b * t + b * b * p;
  EXPECT_EQ(gcd(norm, mpz_class(r * (2 * p - r))), r);
  EXPECT_NE((2 * p - r) % r, 0);
}

// Square root in Fp, p = 3 (mod 4); nothing where there is none.
std::optional<Fp> square_root(const Fp& a) {
  const Fp root = raise(a, kOne, (kPrime + u256{1}) >> 2);
  if (square(root) == a) return root;
  return std::nullopt;
}
std::optional<Fp2> square_root(const Fp2& a) {
  const auto norm_root = square_root(square(a.real) + square(a.imaginary));
  if (!norm_root) return std::nullopt;
  for (const Fp& s : {*norm_root, -*norm_root}) {
    const auto real = square_root(halve(a.real + s));
    if (!real || real->is_zero()) continue;
    const Fp2 root = {*real, halve(a.imaginary) * inverse(*real)};
    if (square(root) == a) return root;
  }
  return std::nullopt;
}
Affine<Fp2> random_twist_point() {
  for (;;) {
    const Fp2 x = random_fp2();
    if (const auto y = square_root(square(x) * x + kTwistB)) return {x, *y};
  }
}

TEST(Bn254Group, SubgroupCheckAgreesWithMultiplicationByTheOrder) {
  const u256 cofactor = (kPrime - kOrder) + kPrime;
  ASSERT_EQ(cofactor % u256{10069}, u256{});  // its smallest factor
  int outside = 0;
  for (int i = 0; i < 8; ++i) {
    const Affine<Fp2> any = random_twist_point();
    ASSERT_TRUE(is_on_twist(any));
    EXPECT_EQ(is_in_g2(any), multiply_plainly(any, kOrder).is_infinity());
    outside += is_in_g2(any) ? 0 : 1;

    const Affine<Fp2> inside = to_affine(multiply_plainly(any, cofactor));
    EXPECT_TRUE(is_in_g2(inside));
    const Affine<Fp2> complement = to_affine(multiply_plainly(any, kOrder));
    EXPECT_FALSE(is_in_g2(complement));
    EXPECT_FALSE(is_in_g2(to_affine(add(to_jacobian(inside), complement))));
    const Jacobian<Fp2> tiny = multiply_plainly(complement, cofactor / u256{10069});
    if (!tiny.is_infinity()) {
      EXPECT_FALSE(is_in_g2(to_affine(tiny)));
    }
  }
  EXPECT_GT(outside, 0);
  EXPECT_TRUE(is_in_g2(g2()));
}

TEST(Bn254Group, ScalarsSplitIntoShortHalves) {
  const u256 lambda = [] {
    // kLatticeA / kLatticeB modulo r, by Fermat.
    u256 inverse_b{1};
    for (unsigned bit = 254; bit-- > 0;) {
      inverse_b = multiply_modulo(inverse_b, inverse_b, kOrder);
      const u256 exponent = kOrder - u256{2};
      if ((exponent.limbs[bit / 64] >> (bit % 64) & 1) != 0) inverse_b = multiply_modulo(inverse_b, kLatticeB, kOrder);
    }
    return multiply_modulo(kLatticeA, inverse_b, kOrder);
  }();
  EXPECT_EQ(add_modulo(multiply_modulo(lambda, lambda, kOrder), lambda + u256{1}, kOrder), u256{});
  std::vector<u256> scalars = {u256{},      u256{1}, kOrder,    kOrder - u256{1}, kOrder + u256{1},
                               u256::max(), lambda,  kLatticeA, kLatticeB,        kLatticeA + kLatticeB};
  for (int i = 0; i < 256; ++i) scalars.push_back(u256{1} << static_cast<unsigned>(i));
  for (int i = 0; i < 2000; ++i) scalars.push_back(random_u256());
  for (const u256& k : scalars) {
    const SplitScalar halves = split(k);
    const auto residue = [](const HalfScalar& half) {
      return half.negative ? kOrder - half.magnitude % kOrder : half.magnitude % kOrder;
    };
    EXPECT_LE(halves.by_one.magnitude.bit_length(), 128u);
    EXPECT_LE(halves.by_lambda.magnitude.bit_length(), 128u);
    EXPECT_EQ(add_modulo(residue(halves.by_one), multiply_modulo(residue(halves.by_lambda), lambda, kOrder), kOrder),
              k % kOrder)
        << to_quantity(k);
  }
}

TEST(Bn254Group, RecodingKeepsTheValue) {
  std::vector<u256> magnitudes = {u256{},
                                  u256{1},
                                  u256{15},
                                  u256{16},
                                  u256{17},
                                  u256{31},
                                  (u256{1} << 128) - u256{1},
                                  (u256{1} << 128) - u256{15},
                                  u256{1} << 127};
  for (int i = 0; i < 500; ++i) magnitudes.push_back(random_u256() >> 128);
  for (const u256& magnitude : magnitudes)
    for (const bool negative : {false, true}) {
      std::int16_t digits[kMaxDigits];
      const int size = recode<kWindow>({magnitude, negative}, digits);
      ASSERT_LE(size, kMaxDigits);
      u256 value;
      for (int i = size; i-- > 0;) {
        value = value + value;
        const int d = digits[i];
        ASSERT_TRUE(d == 0 || (d % 2 != 0 && d < 16 && d > -16)) << d;
        value = d < 0 ? value - u256{static_cast<std::uint64_t>(-d)} : value + u256{static_cast<std::uint64_t>(d)};
      }
      EXPECT_EQ(value, negative ? -magnitude : magnitude);
    }
}

TEST(Bn254Multiply, AgreesWithDoubleAndAdd) {
  std::vector<u256> scalars = {
      kOrder, kOrder - u256{1}, kOrder + u256{1},           u256::max(),   kLatticeA, kLatticeB,
      kPrime, u256{1} << 128,   (u256{1} << 128) - u256{1}, u256{1} << 255};
  for (std::uint64_t i = 0; i <= 70; ++i) scalars.push_back(u256{i});
  for (int i = 0; i < 60; ++i) scalars.push_back(random_u256());
  const Affine<Fp> base = to_affine(multiply_plainly(kG1, random_u256()));
  for (const u256& k : scalars)
    for (const Affine<Fp>& p : {kG1, base})
      EXPECT_EQ(multiply_point(encode(p), k), encode(multiply_plainly(p, k))) << to_quantity(k);
  EXPECT_EQ(multiply_point(Bytes(64), u256{12345}), Bytes(64));
}

TEST(Bn254Add, FollowsTheGroupLaws) {
  const Bytes zero(64);
  for (int i = 0; i < 10; ++i) {
    const u256 k = random_u256();
    const u256 m = random_u256();
    const Bytes p = encode(multiply_plainly(kG1, k));
    const Bytes q = encode(multiply_plainly(kG1, m));
    const Bytes minus_p = encode(multiply_plainly(kG1, kOrder - k % kOrder));
    EXPECT_EQ(add_points(p, q), encode(multiply_plainly(kG1, add_modulo(k, m, kOrder))));
    EXPECT_EQ(add_points(q, p), add_points(p, q));
    EXPECT_EQ(add_points(p, p), multiply_point(p, u256{2}));
    EXPECT_EQ(add_points(p, minus_p), zero);
    EXPECT_EQ(add_points(p, zero), p);
    EXPECT_EQ(add_points(zero, p), p);
  }
  EXPECT_EQ(add_points(zero, zero), zero);
}

TEST(Bn254Add, RefusesWhatIsNoPoint) {
  const Bytes good = encode(kG1);
  const Bytes p = encode(kPrime);
  const std::pair<const char*, Bytes> bad[] = {
      {"x is p", p + encode(u256{2})},
      {"y is p", encode(u256{}) + p},
      {"x and y are p", p + p},
      {"x is 2^256 - 1", encode(u256::max()) + encode(u256{2})},
      {"x is p + 1", encode(kPrime + u256{1}) + encode(u256{2})},
      {"y is p + 2", encode(u256{1}) + encode(kPrime + u256{2})},
      {"not on the curve", encode(u256{1}) + encode(u256{1})},
      {"x is 0, y is not", encode(u256{}) + encode(u256{1})},
      {"y is 0, x is not", encode(u256{1}) + encode(u256{})},
  };
  for (const auto& [what, point] : bad) {
    EXPECT_EQ(add_points(point, good), std::nullopt) << what;
    EXPECT_EQ(add_points(good, point), std::nullopt) << what;
    EXPECT_EQ(multiply_point(point, u256{}), std::nullopt) << what;
    EXPECT_EQ(check_pairing(point + encode(g2())), std::nullopt) << what;
    EXPECT_EQ(check_pairing(point + Bytes(128)), std::nullopt) << what;
  }
}

TEST(Bn254Pairing, IsBilinear) {
  for (int i = 0; i < 4; ++i) {
    const u256 a = random_u256() % kOrder;
    const u256 b = random_u256() % kOrder;
    const u256 minus_ab = kOrder - multiply_modulo(a, b, kOrder);
    const Bytes left = encode(multiply_plainly(kG1, a)) + encode(multiply_plainly(g2(), b));
    EXPECT_EQ(check_pairing(left + encode(multiply_plainly(kG1, minus_ab)) + encode(g2())), true);
    EXPECT_EQ(check_pairing(left + encode(kG1) + encode(multiply_plainly(g2(), minus_ab))), true);
    EXPECT_EQ(check_pairing(left + encode(multiply_plainly(kG1, minus_ab + u256{1})) + encode(g2())), false);
    EXPECT_EQ(check_pairing(left), false);
  }
}

TEST(Bn254Pairing, IsNotDegenerateAndSkipsInfinity) {
  const Bytes one = encode(kG1) + encode(g2());
  const Bytes nothing_left = Bytes(64) + encode(g2());
  const Bytes nothing_right = encode(kG1) + Bytes(128);
  EXPECT_EQ(check_pairing({}), true);
  EXPECT_EQ(check_pairing(Bytes(192)), true);
  EXPECT_EQ(check_pairing(nothing_left), true);
  EXPECT_EQ(check_pairing(nothing_right), true);
  EXPECT_EQ(check_pairing(nothing_left + nothing_right + Bytes(192)), true);
  EXPECT_EQ(check_pairing(one), false);
  EXPECT_EQ(check_pairing(nothing_left + one + nothing_right), false);
}

TEST(Bn254Pairing, AnyNumberOfPairs) {
  // sum of i for i < n, undone by one last pair; the counts lie around one and two batches.
  for (const std::size_t n : {kBatch - 2, kBatch - 1, kBatch, 2 * kBatch, 2 * kBatch + 1}) {
    Bytes input;
    u256 sum;
    for (std::size_t i = 1; i <= n; ++i) {
      append(input, encode(multiply_plainly(kG1, u256{i})) + encode(multiply_plainly(g2(), u256{i + 5})));
      sum += u256{i} * u256{i + 5};
    }
    EXPECT_EQ(check_pairing(input + encode(multiply_plainly(kG1, kOrder - sum)) + encode(g2())), true);
    EXPECT_EQ(check_pairing(input + encode(multiply_plainly(kG1, kOrder - sum - u256{1})) + encode(g2())), false);
  }
}

TEST(Bn254Pairing, RefusesWhatIsNotInG2) {
  const Bytes p = encode(kG1);
  const Affine<Fp2> outside = [] {
    for (;;)
      if (const auto q = random_twist_point(); !is_in_g2(q)) return q;
  }();
  Affine<Fp2> off_twist = g2();
  off_twist.y = off_twist.y + kOne2;
  const Bytes good = encode(g2());
  EXPECT_EQ(check_pairing(p + encode(outside)), std::nullopt);
  EXPECT_EQ(check_pairing(p + good + p + encode(outside)), std::nullopt);
  EXPECT_EQ(check_pairing(Bytes(64) + encode(outside)), std::nullopt);
  EXPECT_EQ(check_pairing(p + encode(off_twist)), std::nullopt);
  for (std::size_t coordinate = 0; coordinate < 4; ++coordinate) {
    Bytes large = good;
    const auto at = large.data() + 32 * coordinate;
    store_be256(at, load_be256(at) + kPrime);
    EXPECT_EQ(check_pairing(p + large), std::nullopt) << coordinate;
    Bytes lone(128);
    store_be256(lone.data() + 32 * coordinate, u256{1});
    EXPECT_EQ(check_pairing(p + lone), std::nullopt) << coordinate;
    store_be256(lone.data() + 32 * coordinate, kPrime);
    EXPECT_EQ(check_pairing(p + lone), std::nullopt) << coordinate;
  }
}

}  // namespace
}  // namespace hocket::bn254::portable
