// u256 against GMP: every operation of the EVM's word on edge values, on operands of every length, and on those that
// make a quotient estimate wrong.

#include "base/uint256.hpp"

#include "base/modulus_memo.hpp"

#include <gmpxx.h>
#include <gtest/gtest.h>
#include <random>
#include <vector>

namespace hocket {
namespace {

const mpz_class kModulus = mpz_class(1) << 256;
const mpz_class kSignBit = mpz_class(1) << 255;

mpz_class to_mpz(const u256& v) {
  mpz_class out;
  mpz_import(out.get_mpz_t(), 4, -1, 8, 0, 0, v.limbs);
  return out;
}
/// Modulo 2^256, also of negative numbers.
u256 from_mpz(const mpz_class& v) {
  mpz_class reduced;
  mpz_fdiv_r(reduced.get_mpz_t(), v.get_mpz_t(), kModulus.get_mpz_t());
  u256 out;
  mpz_export(out.limbs, nullptr, -1, 8, 0, 0, reduced.get_mpz_t());
  return out;
}
mpz_class to_signed_mpz(const u256& v) {
  const mpz_class value = to_mpz(v);
  return value >= kSignBit ? mpz_class(value - kModulus) : value;
}
/// Truncating towards zero, and 0 for a zero divisor, as the EVM divides.
mpz_class quotient(const mpz_class& a, const mpz_class& b) { return b == 0 ? mpz_class(0) : mpz_class(a / b); }
mpz_class remainder(const mpz_class& a, const mpz_class& b) { return b == 0 ? mpz_class(0) : mpz_class(a % b); }

std::mt19937_64& generator() {
  static std::mt19937_64 engine(256);
  return engine;
}

/// Random limbs, of which some are all zeros or all ones, cut to a random length: carries, borrows and wrong quotient
/// estimates come up often.
u256 random_operand() {
  auto& random = generator();
  u256 v;
  for (auto& limb : v.limbs) {
    switch (random() % 6) {
      case 0:
        limb = 0;
        break;
      case 1:
        limb = ~0ull;
        break;
      case 2:
        limb = 1ull << 63;
        break;
      case 3:
        limb = random() | 1ull << 63;
        break;
      default:
        limb = random();
    }
  }
  return random() % 3 == 0 ? v : v >> static_cast<unsigned>(random() % 257);
}

const std::vector<u256>& edges() {
  static const std::vector<u256> values = [] {
    std::vector<u256> v = {u256{}, u256{1}, u256{2}, u256{3}, u256{5}, u256{10}, u256::max()};
    for (const unsigned bit : {8u, 31u, 32u, 63u, 64u, 65u, 127u, 128u, 129u, 191u, 192u, 193u, 254u, 255u}) {
      const u256 power_of_two = u256{1} << bit;
      v.push_back(power_of_two);
      v.push_back(power_of_two - u256{1});
      v.push_back(power_of_two + u256{1});
      v.push_back(-power_of_two);
    }
    v.push_back(u256{0, ~0ull, 0, ~0ull});
    v.push_back(u256{~0ull, 0, ~0ull, 0});
    v.push_back(u256{0, 0, 1ull << 63, 1ull << 63});
    v.push_back(u256{~0ull, ~0ull, (1ull << 63) - 1, 1ull << 63});
    return v;
  }();
  return values;
}

std::vector<std::pair<u256, u256>> operand_pairs() {
  std::vector<std::pair<u256, u256>> pairs;
  for (const u256& a : edges())
    for (const u256& b : edges()) pairs.emplace_back(a, b);
  for (int i = 0; i < 40000; ++i) pairs.emplace_back(random_operand(), random_operand());
  // Quotients next to an exact one, where an estimate is easily one too large.
  for (int i = 0; i < 20000; ++i) {
    const u256 divisor = random_operand();
    const u256 multiple = from_mpz(quotient(to_mpz(random_operand()), to_mpz(divisor)) * to_mpz(divisor));
    pairs.emplace_back(multiple, divisor);
    pairs.emplace_back(multiple - u256{1}, divisor);
  }
  return pairs;
}

/// The failing operands, in a form to paste into a test.
std::string named(const u256& a, const u256& b) { return to_quantity(a) + ", " + to_quantity(b); }

TEST(U256, BinaryOperationsAgreeWithGmp) {
  for (const auto& [a, b] : operand_pairs()) {
    const mpz_class x = to_mpz(a);
    const mpz_class y = to_mpz(b);
    const mpz_class sx = to_signed_mpz(a);
    const mpz_class sy = to_signed_mpz(b);
    ASSERT_EQ(a + b, from_mpz(x + y)) << named(a, b);
    ASSERT_EQ(a - b, from_mpz(x - y)) << named(a, b);
    ASSERT_EQ(a * b, from_mpz(x * y)) << named(a, b);
    ASSERT_EQ(a / b, from_mpz(quotient(x, y))) << named(a, b);
    ASSERT_EQ(a % b, from_mpz(remainder(x, y))) << named(a, b);
    ASSERT_EQ(signed_divide(a, b), from_mpz(quotient(sx, sy))) << named(a, b);
    ASSERT_EQ(signed_modulo(a, b), from_mpz(remainder(sx, sy))) << named(a, b);
    ASSERT_EQ(a & b, from_mpz(x & y)) << named(a, b);
    ASSERT_EQ(a | b, from_mpz(x | y)) << named(a, b);
    ASSERT_EQ(a ^ b, from_mpz(x ^ y)) << named(a, b);
    ASSERT_EQ(a == b, x == y) << named(a, b);
    ASSERT_EQ(a < b, x < y) << named(a, b);
    ASSERT_EQ(a > b, x > y) << named(a, b);
    ASSERT_EQ(a <= b, x <= y) << named(a, b);
    ASSERT_EQ(a >= b, x >= y) << named(a, b);
    ASSERT_EQ(signed_less(a, b), sx < sy) << named(a, b);
    bool flag = false;
    ASSERT_EQ(add_carry(a, b, flag), from_mpz(x + y));
    ASSERT_EQ(flag, x + y >= kModulus) << named(a, b);
    ASSERT_EQ(sub_borrow(a, b, flag), from_mpz(x - y));
    ASSERT_EQ(flag, x < y) << named(a, b);
    if (b.is_zero()) continue;
    const DivisionResult division = divide(a, b);
    ASSERT_EQ(division.quotient, from_mpz(quotient(x, y))) << named(a, b);
    ASSERT_EQ(division.remainder, from_mpz(remainder(x, y))) << named(a, b);
  }
}

TEST(U256, UnaryOperationsAgreeWithGmp) {
  std::vector<u256> values = edges();
  for (int i = 0; i < 2000; ++i) values.push_back(random_operand());
  for (const u256& a : values) {
    const mpz_class x = to_mpz(a);
    EXPECT_EQ(-a, from_mpz(-x)) << to_quantity(a);
    EXPECT_EQ(~a, from_mpz(kModulus - 1 - x)) << to_quantity(a);
    EXPECT_EQ(a.is_zero(), x == 0);
    EXPECT_EQ(static_cast<bool>(a), x != 0);
    EXPECT_EQ(a.is_negative(), x >= kSignBit);
    EXPECT_EQ(a.bit_length(), x == 0 ? 0 : mpz_sizeinbase(x.get_mpz_t(), 2)) << to_quantity(a);
    EXPECT_EQ(a.byte_length(), (a.bit_length() + 7) / 8);
    EXPECT_EQ(a.fits_u64(), x < (mpz_class(1) << 64)) << to_quantity(a);
    for (const std::uint64_t limit : {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{256}, ~std::uint64_t{0}}) {
      const mpz_class bound = to_mpz(u256{limit});
      EXPECT_EQ(u256{a.clamp(limit)}, from_mpz(x < bound ? x : bound)) << to_quantity(a);
    }
  }
}

TEST(U256, ModularOperationsAgreeWithGmp) {
  const auto check = [](const u256& a, const u256& b, const u256& m) {
    const mpz_class x = to_mpz(a);
    const mpz_class y = to_mpz(b);
    const mpz_class z = to_mpz(m);
    ASSERT_EQ(add_modulo(a, b, m), from_mpz(remainder(x + y, z))) << named(a, b) << ", " << to_quantity(m);
    const u256 product = from_mpz(remainder(x * y, z));
    ASSERT_EQ(multiply_modulo(a, b, m), product) << named(a, b) << ", " << to_quantity(m);
    if (m.limbs[3] == 0) return;
    ASSERT_EQ(multiply_modulo(a, b, prepare_modulus(m)), product) << named(a, b) << ", " << to_quantity(m);
  };
  for (const u256& a : edges())
    for (const u256& m : edges())
      for (const u256& b : {a, u256::max(), u256{1}, -a, m, m - u256{1}}) check(a, b, m);
  for (int i = 0; i < 60000; ++i) check(random_operand(), random_operand(), random_operand());
  for (int i = 0; i < 20000; ++i) {
    // Operands already below the modulus, and products next to a multiple of it.
    const u256 m = random_operand();
    if (m.is_zero()) continue;
    check(random_operand() % m, random_operand() % m, m);
    check(m - u256{1}, m - u256{generator()() % 3}, m);
    check(m, random_operand(), m);
  }
  for (int i = 0; i < 20000; ++i) {
    // Moduli next below 2^256, and next above a power of two, of which the reciprocal's limbs are all ones.
    const u256 near = random_operand() >> 192;
    const u256 above = (u256{1} << static_cast<unsigned>(192 + generator()() % 64)) + (near & u256{generator()() % 4});
    for (const u256& m : {-near, above}) {
      check(random_operand(), random_operand(), m);
      check(u256::max(), u256::max() - u256{generator()() % 3}, m);
      check(m - u256{1}, m - u256{1}, m);
    }
  }
}

TEST(ModulusMemo, AgreesWithDivisionHoweverTheModuliTakeTurns) {
  // Some of them have the same place.
  std::vector<u256> moduli = {u256{}, u256{1}, u256{1} << 192, u256::max(), -u256{0x1000003d1}, u256{7} << 128};
  for (const std::uint64_t low : {1u, 3u, 5u, 7u, 9u, 17u})
    moduli.push_back({low, generator()(), generator()(), generator()() | 1ull << 61});
  ModulusMemo memo;
  for (int i = 0; i < 5000; ++i) {
    const u256& modulus = moduli[generator()() % moduli.size()];
    for (std::uint64_t times = generator()() % 8; times-- > 0;) {
      const u256 a = random_operand();
      const u256 b = random_operand();
      const u256 expected = from_mpz(remainder(to_mpz(a) * to_mpz(b), to_mpz(modulus)));
      ASSERT_EQ(memo.multiply(a, b, modulus), expected) << named(a, b) << ", " << to_quantity(modulus);
    }
  }
}

TEST(U256, PowersAgreeWithGmp) {
  std::vector<std::pair<u256, u256>> cases;
  for (const u256& base : edges())
    for (const u256& exponent : edges()) cases.emplace_back(base, exponent);
  for (std::uint64_t base = 0; base < 20; ++base)
    for (std::uint64_t exponent = 0; exponent < 270; ++exponent) cases.emplace_back(base, exponent);
  for (int i = 0; i < 1000; ++i) cases.emplace_back(random_operand(), random_operand());
  for (const auto& [base, exponent] : cases) {
    mpz_class expected;
    mpz_powm(expected.get_mpz_t(), to_mpz(base).get_mpz_t(), to_mpz(exponent).get_mpz_t(), kModulus.get_mpz_t());
    ASSERT_EQ(power(base, exponent), from_mpz(expected)) << named(base, exponent);
  }
}

TEST(U256, ShiftsAgreeWithGmp) {
  std::vector<u256> values = edges();
  for (int i = 0; i < 200; ++i) values.push_back(random_operand());
  for (const u256& a : values) {
    for (unsigned shift = 0; shift <= 260; ++shift) {
      ASSERT_EQ(a << shift, from_mpz(to_mpz(a) << shift)) << shift << " of " << to_quantity(a);
      ASSERT_EQ(a >> shift, from_mpz(to_mpz(a) >> shift)) << shift << " of " << to_quantity(a);
      // GMP shifts negative numbers right as SAR does, towards minus infinity.
      ASSERT_EQ(arithmetic_shift_right(a, u256{shift}), from_mpz(to_signed_mpz(a) >> shift))
          << shift << " of " << to_quantity(a);
    }
    EXPECT_EQ(a << ~0u, u256{});
    EXPECT_EQ(a >> ~0u, u256{});
    for (const u256& large : {u256{1} << 32, u256{1} << 64, u256{1} << 200, u256::max(), u256{~0ull}})
      EXPECT_EQ(arithmetic_shift_right(a, large), a.is_negative() ? u256::max() : u256{}) << to_quantity(large);
  }
}

TEST(U256, SignExtendAgreesWithGmp) {
  std::vector<u256> values = edges();
  for (int i = 0; i < 500; ++i) values.push_back(random_operand());
  for (const u256& value : values) {
    for (std::uint64_t byte = 0; byte < 31; ++byte) {
      const mpz_class range = mpz_class(1) << (8 * (byte + 1));
      mpz_class low = to_mpz(value) % range;
      if (low * 2 >= range) low -= range;
      EXPECT_EQ(sign_extend(u256{byte}, value), from_mpz(low)) << byte << " of " << to_quantity(value);
    }
    for (const u256& beyond : {u256{31}, u256{32}, u256{255}, u256{~0ull}, u256{1} << 64, u256::max()})
      EXPECT_EQ(sign_extend(beyond, value), value) << to_quantity(beyond);
  }
}

TEST(U256, SignedEdgesOfTheYellowPaper) {
  const u256 minimum = u256{1} << 255;
  const u256 minus_one = u256::max();
  EXPECT_EQ(signed_divide(minimum, minus_one), minimum);
  EXPECT_EQ(signed_modulo(minimum, minus_one), u256{});
  EXPECT_EQ(signed_divide(-u256{7}, u256{2}), -u256{3});
  EXPECT_EQ(signed_modulo(-u256{7}, u256{2}), -u256{1});
  EXPECT_EQ(signed_modulo(u256{7}, -u256{2}), u256{1});
  EXPECT_EQ(signed_divide(minimum, u256{}), u256{});
  EXPECT_EQ(signed_modulo(minimum, u256{}), u256{});
  EXPECT_EQ(power(u256{}, u256{}), u256{1});
  EXPECT_EQ(add_modulo(u256::max(), u256::max(), u256{}), u256{});
  EXPECT_EQ(multiply_modulo(u256::max(), u256::max(), u256{}), u256{});
  EXPECT_EQ(multiply_modulo(u256::max(), u256::max(), u256{1}), u256{});
}

TEST(U256, ByteOrder) {
  const u256 value{0x1817161514131211, 0x2827262524232221, 0x3837363534333231, 0x4847464544434241};
  std::uint8_t bytes[32];
  store_be256(bytes, value);
  const std::uint8_t expected[32] = {0x48, 0x47, 0x46, 0x45, 0x44, 0x43, 0x42, 0x41, 0x38, 0x37, 0x36,
                                     0x35, 0x34, 0x33, 0x32, 0x31, 0x28, 0x27, 0x26, 0x25, 0x24, 0x23,
                                     0x22, 0x21, 0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11};
  EXPECT_TRUE(std::equal(bytes, bytes + 32, expected));
  EXPECT_EQ(load_be256(bytes), value);
  EXPECT_EQ(to_u256(to_hash32(value)), value);
  for (std::size_t size = 0; size <= 32; ++size) {
    const BytesView tail(expected + 32 - size, size);
    EXPECT_EQ(u256_from_be(tail), value % (size == 32 ? u256{} : u256{1} << static_cast<unsigned>(8 * size)) +
                                      (size == 32 ? value : u256{}))
        << size;
  }
  const Address address = to_address(value);
  EXPECT_TRUE(std::equal(address.bytes.begin(), address.bytes.end(), expected + 12));
  EXPECT_EQ(to_u256(address), value & ((u256{1} << 160) - u256{1}));
}

TEST(U256, TextAgreesWithGmp) {
  std::vector<u256> values = edges();
  for (int i = 0; i < 500; ++i) values.push_back(random_operand());
  for (const u256& value : values) {
    const mpz_class x = to_mpz(value);
    EXPECT_EQ(to_quantity(value), "0x" + x.get_str(16));
    EXPECT_EQ(to_decimal(value), x.get_str(10));
    for (const std::string& text :
         {x.get_str(10), "0x" + x.get_str(16), "0X" + x.get_str(-16), "0x000" + x.get_str(16), "000" + x.get_str(10)}) {
      const auto parsed = u256_from_text(text);
      ASSERT_TRUE(parsed) << text << ": " << parsed.error().message;
      EXPECT_EQ(*parsed, value) << text;
    }
  }
}

TEST(U256, TextThatIsNoNumber) {
  const std::string too_large = kModulus.get_str(10);
  const std::pair<std::string, std::string> cases[] = {
      {"", "expected a number, found \"\""},
      {"0x", "expected a number, found \"0x\""},
      {"12a", "expected a digit at position 2 of the number"},
      {"0x12g4", "expected a digit at position 4 of the number"},
      {"-1", "expected a digit at position 0 of the number"},
      {" 1", "expected a digit at position 0 of the number"},
      {"1 ", "expected a digit at position 1 of the number"},
      {"1.5", "expected a digit at position 1 of the number"},
      {too_large, "number exceeds 256 bits"},
      {too_large + "0", "number exceeds 256 bits"},
      {"0x1" + std::string(64, '0'), "number exceeds 256 bits"},
      {std::string(100, '9'), "number exceeds 256 bits"},
  };
  for (const auto& [text, message] : cases) {
    const auto parsed = u256_from_text(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().message, message) << text;
  }
  EXPECT_EQ(*u256_from_text("0x" + std::string(64, 'f')), u256::max());
  EXPECT_EQ(*u256_from_text(mpz_class(kModulus - 1).get_str(10)), u256::max());
}

TEST(U256, ConstantExpressions) {
  static_assert((u256{1} << 200 >> 199) == u256{2});
  static_assert(u256{3} * u256{5} - u256{16} == u256::max());
  static_assert(signed_less(u256::max(), u256{}) && !signed_less(u256{}, u256::max()));
  static_assert((-u256{1}).bit_length() == 256 && u256{}.bit_length() == 0);
}

}  // namespace
}  // namespace hocket
