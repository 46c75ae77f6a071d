// Our verification of KZG proofs against c-kzg-4844's, on proofs that c-kzg makes and on spoilt ones.
#include "crypto/kzg.hpp"

#include "base/bytes.hpp"
#include "crypto/sha256.hpp"

#include <ckzg.h>
#include <cstdio>
#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <string>

namespace hocket {
namespace {

class KzgAgainstCkzg : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::FILE* file = std::fopen(HOCKET_TRUSTED_SETUP_FILE, "r");
    ASSERT_NE(file, nullptr) << HOCKET_TRUSTED_SETUP_FILE;
    const C_KZG_RET loaded = load_trusted_setup_file(&settings, file, 0);
    std::fclose(file);
    ASSERT_EQ(loaded, C_KZG_OK);
  }
  static void TearDownTestSuite() { free_trusted_setup(&settings); }

  static inline KZGSettings settings;
};

struct Statement {
  Bytes48 commitment;
  Bytes32 z;
  Bytes32 y;
  Bytes48 proof;
};

bool ours(const Statement& s) {
  return verify_kzg_proof(std::span(s.commitment.bytes), std::span(s.z.bytes), std::span(s.y.bytes),
                          std::span(s.proof.bytes));
}

bool theirs(const Statement& s, const KZGSettings& settings) {
  bool valid = false;
  return ::verify_kzg_proof(&valid, &s.commitment, &s.z, &s.y, &s.proof, &settings) == C_KZG_OK && valid;
}

// A field element that depends on `seed` only; below the order because its first byte is zero.
Bytes32 element(const std::string& seed) {
  const Hash32 hash = sha256(as_bytes(seed));
  Bytes32 result;
  std::memcpy(result.bytes, hash.data(), 32);
  result.bytes[0] = 0;
  return result;
}

// A blob whose first `used` elements are pseudo-random and the others zero: 0 gives the zero polynomial (every point at
// infinity).
std::unique_ptr<Blob> make_blob(const std::string& seed, std::size_t used) {
  auto blob = std::make_unique<Blob>();
  std::memset(blob->bytes, 0, sizeof blob->bytes);
  for (std::size_t i = 0; i < used; ++i) {
    const Bytes32 value = element(seed + std::to_string(i));
    std::memcpy(blob->bytes + 32 * i, value.bytes, 32);
  }
  return blob;
}

TEST_F(KzgAgainstCkzg, ProofsAndSpoiltProofs) {
  constexpr std::size_t kUsed[] = {0, 1, 5, 4096};
  for (const std::size_t used : kUsed) {
    SCOPED_TRACE(used);
    const auto blob = make_blob("blob", used);
    Statement good;
    ASSERT_EQ(blob_to_kzg_commitment(&good.commitment, blob.get(), &settings), C_KZG_OK);
    good.z = element("z");
    ASSERT_EQ(compute_kzg_proof(&good.proof, &good.y, blob.get(), &good.z, &settings), C_KZG_OK);
    ASSERT_TRUE(theirs(good, settings));
    EXPECT_TRUE(ours(good));

    // Every bit of the flags and of both ends of each field; a spoilt point is mostly no point, a spoilt number wrong.
    const auto spoil = [&](auto field, std::size_t byte) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        Statement bad = good;
        (bad.*field).bytes[byte] ^= static_cast<std::uint8_t>(1u << bit);
        EXPECT_EQ(ours(bad), theirs(bad, settings)) << "byte " << byte << " bit " << bit;
      }
    };
    for (const std::size_t byte : {0, 31}) {
      spoil(&Statement::z, byte);
      spoil(&Statement::y, byte);
    }
    for (const std::size_t byte : {0, 1, 47}) {
      spoil(&Statement::commitment, byte);
      spoil(&Statement::proof, byte);
    }
    Statement swapped = good;
    std::swap(swapped.commitment, swapped.proof);
    EXPECT_EQ(ours(swapped), theirs(swapped, settings));
    Statement zero_point = good;
    zero_point.z = Bytes32{};
    EXPECT_EQ(ours(zero_point), theirs(zero_point, settings));
  }
}

TEST_F(KzgAgainstCkzg, ConstantPolynomialHasAProofAtInfinity) {
  auto blob = make_blob("", 0);
  const Bytes32 constant = element("constant");
  for (std::size_t i = 0; i < 4096; ++i) std::memcpy(blob->bytes + 32 * i, constant.bytes, 32);
  Statement statement;
  ASSERT_EQ(blob_to_kzg_commitment(&statement.commitment, blob.get(), &settings), C_KZG_OK);
  statement.z = element("anywhere");
  ASSERT_EQ(compute_kzg_proof(&statement.proof, &statement.y, blob.get(), &statement.z, &settings), C_KZG_OK);
  EXPECT_EQ(statement.proof.bytes[0], 0xc0);
  EXPECT_TRUE(ours(statement));
  statement.y = element("another");
  EXPECT_FALSE(ours(statement));
  EXPECT_FALSE(theirs(statement, settings));
}

TEST_F(KzgAgainstCkzg, AnOpeningAtARootOfUnity) {
  const auto blob = make_blob("domain", 4096);
  Statement statement;
  ASSERT_EQ(blob_to_kzg_commitment(&statement.commitment, blob.get(), &settings), C_KZG_OK);
  statement.z = Bytes32{};
  statement.z.bytes[31] = 1;
  ASSERT_EQ(compute_kzg_proof(&statement.proof, &statement.y, blob.get(), &statement.z, &settings), C_KZG_OK);
  EXPECT_TRUE(ours(statement));
}

}  // namespace
}  // namespace hocket
