#include "evm/precompiles/precompile.hpp"

#include "base/hex.hpp"
#include "base/uint256.hpp"
#include "crypto/secp256k1.hpp"
#include "crypto/sha256.hpp"

#include <gtest/gtest.h>
#include <limits>

namespace hocket {
namespace {

using namespace literals;

constexpr std::int64_t kMaxGas = std::numeric_limits<std::int64_t>::max();

std::uint16_t index_of(Revision revision, std::uint64_t number) {
  return precompile_at(spec_of(revision), to_address(u256{number}));
}

struct Outcome {
  bool success;
  std::int64_t gas_used;
  Bytes output;
};

Outcome run(Revision revision, std::uint16_t index, const Bytes& input, std::int64_t gas = kMaxGas) {
  Bytes output{1, 2, 3};  // what an earlier call left
  const auto result = run_precompile(index, spec_of(revision), input, gas, output);
  return {result.success, gas - result.gas_left, output};
}

TEST(PrecompileAt, FollowsTheFork) {
  struct Row {
    Revision revision;
    std::uint64_t last;
    bool p256;
  };
  const Row rows[] = {
      {Revision::frontier, 4, false},   {Revision::spurious_dragon, 4, false}, {Revision::byzantium, 8, false},
      {Revision::petersburg, 8, false}, {Revision::istanbul, 9, false},        {Revision::shanghai, 9, false},
      {Revision::cancun, 10, false},    {Revision::prague, 17, false},         {Revision::osaka, 17, true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(to_string(row.revision));
    EXPECT_EQ(index_of(row.revision, 0), 0);
    for (std::uint64_t number = 1; number < 0x300; ++number) {
      const bool there = number <= row.last || (row.p256 && number == 0x100);
      EXPECT_EQ(index_of(row.revision, number), there ? number : 0) << number;
    }
  }
}

TEST(PrecompileAt, LooksAtTheWholeAddress) {
  for (std::size_t byte = 0; byte < 19; ++byte) {
    Address address = to_address(u256{4});
    address.bytes[byte] = 1;
    EXPECT_EQ(precompile_at(spec_of(Revision::osaka), address), 0) << byte;
  }
}

TEST(RunPrecompile, FailureTakesAllGasAndLeavesNothing) {
  const Outcome short_of_gas = run(Revision::osaka, 0x04, Bytes(33), 20);
  EXPECT_FALSE(short_of_gas.success);
  EXPECT_EQ(short_of_gas.gas_used, 20);
  EXPECT_TRUE(short_of_gas.output.empty());
  const Outcome paid = run(Revision::osaka, 0x04, Bytes(33), 21);
  EXPECT_TRUE(paid.success);
  EXPECT_EQ(paid.output, Bytes(33));

  const Outcome bad_input = run(Revision::osaka, 0x06, Bytes(64, 0xff), 1000);
  EXPECT_FALSE(bad_input.success);
  EXPECT_EQ(bad_input.gas_used, 1000);
  EXPECT_TRUE(bad_input.output.empty());
}

TEST(RunPrecompile, KeepsTheCapacityOfTheOutput) {
  Bytes output;
  output.reserve(1024);
  const auto* storage = output.data();
  for (const std::uint16_t index : {2, 3, 4})
    EXPECT_TRUE(run_precompile(index, spec_of(Revision::osaka), Bytes(100), 10000, output).success);
  EXPECT_EQ(output.data(), storage);
}

TEST(RunPrecompile, PricesByWord) {
  struct Row {
    std::uint16_t index;
    std::size_t size;
    std::int64_t gas;
  };
  const Row rows[] = {{2, 0, 60},   {2, 1, 72},   {2, 32, 72}, {2, 33, 84}, {3, 0, 600},
                      {3, 32, 720}, {3, 33, 840}, {4, 0, 15},  {4, 32, 18}, {4, 33, 21}};
  for (const auto& row : rows) {
    EXPECT_EQ(run(Revision::frontier, row.index, Bytes(row.size)).gas_used, row.gas) << row.index << ' ' << row.size;
  }
}

class Ecrecover : public ::testing::Test {
 protected:
  Ecrecover() {
    const auto signature = sign(hash, secret);
    const u256 words[] = {to_u256(hash), u256{27u + signature->y_parity}, signature->r, signature->s};
    for (const u256& word : words) append(input, to_hash32(word));
    append(signer, *address_of(secret));
  }

  const Hash32 hash = sha256({});
  const Hash32 secret = to_hash32(u256{42});
  Bytes input;
  Bytes signer = Bytes(12);
};

TEST_F(Ecrecover, FindsTheSigner) {
  EXPECT_EQ(run(Revision::osaka, 1, input).output, signer);
  append(input, Bytes(50, 0xff));
  EXPECT_EQ(run(Revision::osaka, 1, input).output, signer) << "what follows is ignored";
}

TEST_F(Ecrecover, SucceedsWithoutOutputWhereThereIsNoSigner) {
  const auto changed = [&](std::size_t byte, std::uint8_t value) {
    Bytes bad = input;
    bad[byte] = value;
    return bad;
  };
  Bytes zero_r = input;
  std::fill(zero_r.begin() + 64, zero_r.begin() + 96, std::uint8_t{0});
  Bytes large_s = input;
  std::fill(large_s.begin() + 96, large_s.end(), std::uint8_t{0xff});
  Bytes truncated = input;
  truncated.resize(63);  // v lacks its last byte
  const Bytes cases[] = {{},     changed(32, 1), changed(62, 1), changed(63, 0), changed(63, 1), changed(63, 26),
                         zero_r, large_s,        truncated,      changed(63, 29)};
  for (const Bytes& bad : cases) {
    const Outcome outcome = run(Revision::osaka, 1, bad);
    EXPECT_TRUE(outcome.success) << to_hex(bad);
    EXPECT_EQ(outcome.gas_used, 3000);
    EXPECT_TRUE(outcome.output.empty()) << to_hex(bad);
  }
}

Bytes modexp_input(const u256& base_size, const u256& exponent_size, const u256& modulus_size, const Bytes& rest = {}) {
  Bytes input;
  for (const u256& size : {base_size, exponent_size, modulus_size}) append(input, to_hash32(size));
  append(input, rest);
  return input;
}

TEST(ModexpPrecompile, PricesOfHugeLengthsDoNotWrapRound) {
  const u256 one{1};
  const u256 huge[] = {u256::max(), one << 255, one << 64, (one << 64) + one, one << 63, one << 32, (one << 31) + one};
  for (const auto revision : {Revision::byzantium, Revision::berlin, Revision::osaka})
    for (const u256& size : huge) {
      SCOPED_TRACE(std::string(to_string(revision)) + " " + to_hex(to_hash32(size)));
      EXPECT_FALSE(run(revision, 5, modexp_input(size, one, one)).success);
      EXPECT_FALSE(run(revision, 5, modexp_input(one, size, one)).success);
      EXPECT_FALSE(run(revision, 5, modexp_input(one, one, size)).success);
      EXPECT_FALSE(run(revision, 5, modexp_input(size, size, size)).success);
    }
}

TEST(ModexpPrecompile, AnExponentOfAnyLengthIsFreeWhereThereIsNothingToRaise) {
  struct Row {
    Revision revision;
    u256 exponent_size;
    std::int64_t gas;  // -1: fails
  };
  const Row rows[] = {{Revision::byzantium, u256::max(), 0},
                      {Revision::berlin, u256::max(), 200},
                      {Revision::osaka, u256::max(), -1},
                      {Revision::osaka, u256{1025}, -1},
                      {Revision::osaka, u256{1024}, 16 * (16 * (1024 - 32))}};
  for (const auto& row : rows) {
    const Outcome outcome = run(row.revision, 5, modexp_input({}, row.exponent_size, {}, {0xff, 0xff}));
    EXPECT_EQ(outcome.success, row.gas >= 0);
    EXPECT_TRUE(outcome.output.empty());
    if (row.gas == 16 * (16 * (1024 - 32))) {
      // The head is ff ff and 30 zero bytes, so that 255 bits follow its first.
      EXPECT_EQ(outcome.gas_used, row.gas + 16 * 255);
    } else if (row.gas >= 0) {
      EXPECT_EQ(outcome.gas_used, row.gas);
    }
  }
}

TEST(ModexpPrecompile, LengthsAreBoundedByEip7823) {
  for (const u256& size : {u256{1024}, u256{1025}}) {
    const bool allowed = size == u256{1024};
    EXPECT_EQ(run(Revision::osaka, 5, modexp_input(size, u256{1}, u256{1})).success, allowed);
    EXPECT_EQ(run(Revision::osaka, 5, modexp_input(u256{1}, size, u256{1})).success, allowed);
    EXPECT_EQ(run(Revision::osaka, 5, modexp_input(u256{1}, u256{1}, size)).success, allowed);
    EXPECT_TRUE(run(Revision::prague, 5, modexp_input(size, u256{1}, u256{1})).success);
  }
}

TEST(ModexpPrecompile, InputThatEndsEarlyReadsAsZero) {
  EXPECT_TRUE(run(Revision::berlin, 5, {}).output.empty());
  // 3 ^ (missing: 0) mod (missing: 0) = 0
  EXPECT_EQ(run(Revision::berlin, 5, modexp_input(u256{1}, u256{1}, u256{2}, {3})).output, Bytes(2));
  // 3 ^ 0x0100 mod 0x0500, of which the last bytes are missing
  EXPECT_EQ(run(Revision::berlin, 5, modexp_input(u256{1}, u256{2}, u256{2}, {3, 1, 0, 5})).output, "0001"_hex);
}

TEST(Bn254Precompiles, PricesOfBothLists) {
  struct Row {
    std::uint16_t index;
    std::size_t size;
    std::int64_t byzantium, istanbul;
  };
  const Row rows[] = {{6, 0, 500, 150}, {7, 0, 40000, 6000}, {8, 0, 100000, 45000}, {8, 2 * 192, 260000, 113000}};
  for (const auto& row : rows) {
    const Bytes input(row.size);
    EXPECT_EQ(run(Revision::byzantium, row.index, input).gas_used, row.byzantium);
    const Outcome outcome = run(Revision::istanbul, row.index, input);
    EXPECT_TRUE(outcome.success);
    EXPECT_EQ(outcome.gas_used, row.istanbul);
    Bytes expected(row.index == 8 ? 32 : 64);
    if (row.index == 8) expected.back() = 1;  // the empty product, and pairs at infinity
    EXPECT_EQ(outcome.output, expected);
  }
  EXPECT_FALSE(run(Revision::istanbul, 8, Bytes(191)).success);
}

TEST(P256Verify, AnswersOnlyYes) {
  // hash = r = s for the key of the field test in src/crypto/p256_test.cpp.
  Bytes input;
  const Hash32 r = "0xe6e29ec5156940109aa9c54114f5958c8093c28429bec642fc2d2be10f6897c2"_hash32;
  for (int i = 0; i < 3; ++i) append(input, r);
  append(input, to_hash32(u256{5}));
  append(input, "459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc"_hex);
  EXPECT_EQ(run(Revision::osaka, 0x100, input).output, to_bytes(to_hash32(u256{1})));
  for (const std::size_t size : {0, 159, 161}) {
    Bytes wrong = input;
    wrong.resize(size);
    const Outcome outcome = run(Revision::osaka, 0x100, wrong);
    EXPECT_TRUE(outcome.success);
    EXPECT_EQ(outcome.gas_used, 6900);
    EXPECT_TRUE(outcome.output.empty());
  }
}

TEST(PointEvaluation, NeedsTheMatchingVersionedHash) {
  // The polynomial 0 at 0: commitment and proof at infinity.
  Bytes commitment(48);
  commitment[0] = 0xc0;
  Bytes input = to_bytes(sha256(commitment));
  input[0] = 1;
  append(input, Bytes(64));
  append(input, commitment);
  append(input, commitment);
  const Outcome outcome = run(Revision::cancun, 0x0a, input);
  EXPECT_TRUE(outcome.success);
  EXPECT_EQ(
      outcome.output,
      "000000000000000000000000000000000000000000000000000000000000100073eda753299d7d483339d80809a1d80553bda402fffe5bfe"
      "ffffffff00000001"_hex);
  for (const std::size_t byte : {0, 31, 95, 96}) {  // version, hash, y, commitment
    Bytes bad = input;
    bad[byte] ^= 2;
    EXPECT_FALSE(run(Revision::cancun, 0x0a, bad).success) << byte;
  }
  input.push_back(0);
  EXPECT_FALSE(run(Revision::cancun, 0x0a, input).success);
}

}  // namespace
}  // namespace hocket
