#include "crypto/secp256k1.hpp"

#include "base/cpu.hpp"
#include "base/hex.hpp"
#include "crypto/keccak.hpp"
#include "crypto/secp256k1_batch.hpp"
#include "crypto/secp256k1_recover.hpp"

#include <gtest/gtest.h>
#include <random>
#include <secp256k1.h>
#include <secp256k1_recovery.h>
#include <vector>

namespace hocket {
namespace {

using namespace literals;
using secp256k1::kOrder;
using secp256k1::kPrime;

std::mt19937_64& generator() {
  static std::mt19937_64 engine(1);
  return engine;
}
u256 random_u256() { return {generator()(), generator()(), generator()(), generator()()}; }

u256 negative(const u256& v, const u256& modulus) { return v.is_zero() ? v : modulus - v % modulus; }
u256 product(const u256& a, const u256& b) { return multiply_modulo(a, b, kOrder); }

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

TEST(ModularInverse, OfFieldAndGroup) {
  static constexpr OddModulus kField(kPrime);
  static constexpr OddModulus kGroup(kOrder);
  for (const OddModulus& modulus : {kField, kGroup}) {
    std::vector<u256> values = {u256{1}, u256{2}, u256{3}, modulus.value - u256{1}, modulus.value - u256{2}};
    for (unsigned i = 1; i < 256; ++i) values.push_back((u256{1} << i) % modulus.value);
    for (int i = 0; i < 5000; ++i) values.push_back(random_u256() % modulus.value);
    for (const u256& value : values)
      EXPECT_EQ(multiply_modulo(invert_modulo(value, modulus), value, modulus.value), u256{1}) << to_quantity(value);
    EXPECT_EQ(invert_modulo(u256{}, modulus), u256{});
  }
}

// --- the arithmetic, in both builds --------------------------------------------------------------------------------

using Portable = secp256k1::FieldElement<false>;
using WithAdx = secp256k1::FieldElement<true>;

template <class Field>
class Secp256k1Field : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::is_same_v<Field, WithAdx> && !(cpu_features.bmi2 && cpu_features.adx))
      GTEST_SKIP() << "this processor has no ADX";
  }
};
using Fields = ::testing::Types<Portable, WithAdx>;
TYPED_TEST_SUITE(Secp256k1Field, Fields);

TYPED_TEST(Secp256k1Field, AgreesWithIntegers) {
  using Field = TypeParam;
  // Where carries run through: near zero, near p and its multiples, near 2^256; words of ones and zeros.
  std::vector<u256> values;
  for (std::uint64_t i = 0; i < 4; ++i) {
    values.push_back(u256{i});
    values.push_back(kPrime + u256{i});
    values.push_back(kPrime - u256{i + 1});
    values.push_back(u256::max() - u256{i});
    values.push_back((u256{1} << 64) + u256{i});
    values.push_back(u256::max() << static_cast<unsigned>(64 * i + 1));
    values.push_back(u256::max() >> static_cast<unsigned>(64 * i + 1));
  }
  for (std::uint64_t pattern = 0; pattern < 16; ++pattern) {
    u256 v;
    for (int i = 0; i < 4; ++i) v.limbs[i] = (pattern >> i & 1) != 0 ? ~0ull : 0;
    values.push_back(v);
  }
  for (int i = 0; i < 200; ++i) values.push_back(random_u256());
  for (const u256& x : values) {
    const auto a = secp256k1::to_field<Field>(x);
    EXPECT_EQ(canonical(a), x % kPrime);
    EXPECT_EQ(a.is_zero(), (x % kPrime).is_zero()) << to_quantity(x);
    EXPECT_EQ(canonical(-a), negative(x % kPrime, kPrime)) << to_quantity(x);
    EXPECT_EQ(canonical(square(a)), multiply_modulo(x, x, kPrime)) << to_quantity(x);
    EXPECT_EQ(canonical(twice(halve(a))), x % kPrime) << to_quantity(x);
    for (const u256& y : values) {
      const auto b = secp256k1::to_field<Field>(y);
      ASSERT_EQ(canonical(a + b), add_modulo(x, y, kPrime)) << to_quantity(x) << " " << to_quantity(y);
      ASSERT_EQ(canonical(a - b), add_modulo(x, negative(y % kPrime, kPrime), kPrime))
          << to_quantity(x) << " " << to_quantity(y);
      ASSERT_EQ(canonical(a * b), multiply_modulo(x, y, kPrime)) << to_quantity(x) << " " << to_quantity(y);
      ASSERT_EQ(a == b, x % kPrime == y % kPrime);
    }
  }
}

TYPED_TEST(Secp256k1Field, LongChainsStayRight) {
  using Field = TypeParam;
  // What operations leave is not what `to_field` makes.
  u256 x = random_u256() % kPrime;
  u256 y = random_u256() % kPrime;
  auto a = secp256k1::to_field<Field>(x);
  auto b = secp256k1::to_field<Field>(y);
  for (int i = 0; i < 20'000; ++i) {
    switch (generator()() % 6) {
      case 0:
        a = a + b, x = add_modulo(x, y, kPrime);
        break;
      case 1:
        a = a - b, x = add_modulo(x, negative(y, kPrime), kPrime);
        break;
      case 2:
        a = a * b, x = multiply_modulo(x, y, kPrime);
        break;
      case 3:
        a = square(a), x = multiply_modulo(x, x, kPrime);
        break;
      case 4:
        a = -a, x = negative(x, kPrime);
        break;
      default:
        std::swap(a, b), std::swap(x, y);
        break;
    }
    ASSERT_EQ(canonical(a), x) << i;
  }
}

TYPED_TEST(Secp256k1Field, Roots) {
  using Field = TypeParam;
  for (int i = 0; i < 200; ++i) {
    const auto a = secp256k1::to_field<Field>(random_u256());
    const auto root = candidate_root(square(a));
    EXPECT_TRUE(root == a || root == -a);
    EXPECT_TRUE(square(candidate_root(a)) == a || square(candidate_root(a)) == -a);
  }
  EXPECT_TRUE(candidate_root(Field{}).is_zero());
}

TEST(Secp256k1Group, SplitsScalars) {
  using secp256k1::kLambda;
  EXPECT_EQ(add_modulo(product(kLambda, kLambda), kLambda + u256{1}, kOrder), u256{});
  std::vector<u256> scalars = {u256{},
                               u256{1},
                               kOrder - u256{1},
                               kOrder,
                               u256::max(),
                               kLambda,
                               kOrder - kLambda,
                               secp256k1::kLatticeA,
                               secp256k1::kLatticeB,
                               kOrder >> 1};
  for (unsigned i = 0; i < 256; ++i) scalars.push_back(u256{1} << i);
  for (int i = 0; i < 5000; ++i) scalars.push_back(random_u256());
  // Where the lattice coordinates are just at a half, so that what remains is largest.
  for (std::uint64_t i = 1; i < 200; i += 2)
    for (const u256& lattice : {secp256k1::kLatticeA, secp256k1::kLatticeB})
      for (int d = -2; d <= 2; ++d)
        scalars.push_back(product(kOrder >> 1, product(u256{i}, lattice)) + u256{static_cast<std::uint64_t>(d + 2)});
  for (const u256& k : scalars) {
    const secp256k1::SplitScalar halves = secp256k1::split(k);
    const auto residue = [](const HalfScalar& half) {
      return half.negative ? negative(half.magnitude, kOrder) : half.magnitude % kOrder;
    };
    EXPECT_LE(halves.by_one.magnitude.bit_length(), 128u) << to_quantity(k);
    EXPECT_LE(halves.by_lambda.magnitude.bit_length(), 128u) << to_quantity(k);
    EXPECT_EQ(add_modulo(residue(halves.by_one), product(residue(halves.by_lambda), kLambda), kOrder), k % kOrder)
        << to_quantity(k);
  }
}

// --- recovery, against libsecp256k1 --------------------------------------------------------------------------------

using secp256k1::Claim;
using Key = std::optional<secp256k1::PublicKey>;

Key by_the_library(const Claim& claim) {
  static const secp256k1_context* const context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
  std::uint8_t compact[64];
  store_be256(compact, claim.r);
  store_be256(compact + 32, claim.s);
  secp256k1_ecdsa_recoverable_signature signature;
  secp256k1_pubkey key;
  if (!secp256k1_ecdsa_recoverable_signature_parse_compact(context, &signature, compact, claim.y_is_odd ? 1 : 0))
    return std::nullopt;
  if (!secp256k1_ecdsa_recover(context, &key, &signature, to_hash32(claim.hash).data())) return std::nullopt;
  std::uint8_t point[65];
  std::size_t size = sizeof point;
  secp256k1_ec_pubkey_serialize(context, point, &size, &key, SECP256K1_EC_UNCOMPRESSED);
  return secp256k1::PublicKey{load_be256(point + 1), load_be256(point + 33)};
}

template <class Field>
Key by_us(const Claim& claim) {
  return secp256k1::recover<Field>(claim);
}

/// Waits until there are eight, and recovers them together.
class Batch {
 public:
  ~Batch() {
    while (size_ != 0) add(claims_[0], expected_[0]);
  }
  void add(const Claim& claim, const Key& expected) {
    claims_[size_] = claim;
    expected_[size_] = expected;
    if (++size_ < secp256k1::kLanes) return;
    size_ = 0;
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
    if (!(cpu_features.bmi2 && cpu_features.adx && cpu_features.avx512_ifma)) return;
    Key keys[secp256k1::kLanes];
    secp256k1::recover_with_ifma(claims_, keys);
    for (std::size_t i = 0; i < secp256k1::kLanes; ++i)
      EXPECT_TRUE(keys[i] == expected_[i]) << "lane " << i << ", r " << to_quantity(claims_[i].r) << ", s "
                                           << to_quantity(claims_[i].s) << ", hash " << to_quantity(claims_[i].hash);
#endif
  }

 private:
  Claim claims_[secp256k1::kLanes];
  Key expected_[secp256k1::kLanes];
  std::size_t size_ = 0;
};

void expect_agreement(const Claim& claim, Batch& batch) {
  const Key expected = by_the_library(claim);
  batch.add(claim, expected);
  const auto what = [&claim] {
    return "hash " + to_quantity(claim.hash) + (claim.y_is_odd ? ", odd" : ", even") + ", r " + to_quantity(claim.r) +
           ", s " + to_quantity(claim.s);
  };
  EXPECT_TRUE(by_us<Portable>(claim) == expected) << what();
  if (cpu_features.bmi2 && cpu_features.adx) {
    EXPECT_TRUE(by_us<WithAdx>(claim) == expected) << what();
  }
}

/// The x coordinate of k times the generator.
u256 x_of_multiple(const u256& k) {
  static const secp256k1_context* const context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
  secp256k1_pubkey key;
  EXPECT_TRUE(secp256k1_ec_pubkey_create(context, &key, to_hash32(k).data()));
  std::uint8_t point[65];
  std::size_t size = sizeof point;
  secp256k1_ec_pubkey_serialize(context, point, &size, &key, SECP256K1_EC_UNCOMPRESSED);
  return load_be256(point + 1);
}

TEST(Secp256k1Recovery, RandomNumbers) {
  Batch batch;
  for (int i = 0; i < 3000; ++i) expect_agreement({random_u256(), i % 2 == 0, random_u256(), random_u256()}, batch);
}

TEST(Secp256k1Recovery, EveryNumberAtItsEdge) {
  Batch batch;
  const u256 edges[] = {u256{},
                        u256{1},
                        u256{2},
                        u256{3},
                        u256{1} << 128,
                        (u256{1} << 128) - u256{1},
                        kOrder >> 1,
                        (kOrder >> 1) + u256{1},
                        kOrder - u256{2},
                        kOrder - u256{1},
                        kOrder,
                        kOrder + u256{1},
                        kPrime - kOrder,
                        kPrime - u256{1},
                        kPrime,
                        kPrime + u256{1},
                        u256::max(),
                        secp256k1::kGeneratorX,
                        secp256k1::kLambda,
                        secp256k1::kBeta};
  for (const u256& hash : edges)
    for (const u256& r : edges)
      for (const u256& s : edges)
        for (const bool odd : {false, true}) expect_agreement({hash, odd, r, s}, batch);
}

// u1 G + u2 R with R a known multiple of G: sums that meet equal and opposite points on the way and at the end.
TEST(Secp256k1Recovery, WhereAdditionIsExceptional) {
  Batch batch;
  std::vector<u256> multiples = {secp256k1::kLambda, kOrder - secp256k1::kLambda, u256{1} << 128, kOrder >> 1};
  for (std::uint64_t i = 1; i <= 17; ++i) multiples.push_back(u256{i});
  std::vector<u256> factors = {u256{}, secp256k1::kLambda, u256{1} << 128, u256{1} << 127};
  for (std::uint64_t i = 1; i <= 9; ++i) factors.push_back(u256{i});
  for (std::size_t i = factors.size(); i-- > 0;) factors.push_back(negative(factors[i], kOrder));
  for (const u256& multiple : multiples) {
    const u256 r = x_of_multiple(multiple) % kOrder;
    for (const u256& u1 : factors)
      for (const u256& u2 : factors)
        for (const bool odd : {false, true})
          expect_agreement({negative(product(u1, r), kOrder), odd, r, product(u2, r)}, batch);
  }
}

TEST(Secp256k1Recovery, CancelsExactly) {
  Batch batch;
  // u1 = -k u2 and R = k G leave nothing, whatever k and u2 are.
  for (int i = 0; i < 300; ++i) {
    const u256 k = random_u256() % kOrder;
    const u256 r = x_of_multiple(k);
    if (r >= kOrder) continue;
    const u256 u2 = random_u256() % kOrder;
    const Claim even{product(product(k, u2), r), false, r, product(u2, r)};
    Claim odd = even;
    odd.y_is_odd = true;
    expect_agreement(even, batch);
    expect_agreement(odd, batch);
    EXPECT_NE(by_us<Portable>(even).has_value(), by_us<Portable>(odd).has_value()) << "one of them is infinity";
  }
}

}  // namespace
}  // namespace hocket
