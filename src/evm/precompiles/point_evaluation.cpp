// Point evaluation (EIP-4844): proves a value of the polynomial that a blob is, given the blob's versioned hash.
#include "base/uint256.hpp"
#include "crypto/kzg.hpp"
#include "crypto/sha256.hpp"
#include "evm/precompiles/families.hpp"

namespace hocket::precompiles {
namespace {

constexpr std::uint8_t kVersionedHashVersion = 0x01;
constexpr std::uint64_t kFieldElementsPerBlob = 4096;
constexpr u256 kFieldModulus{0xffffffff00000001, 0x53bda402fffe5bfe, 0x3339d80809a1d805, 0x73eda753299d7d48};

}  // namespace

std::uint64_t point_evaluation_gas(const Spec&, BytesView) noexcept { return 50000; }

bool point_evaluation(const Spec&, BytesView input, Bytes& output) {
  // versioned hash (32 bytes), z (32), y (32), commitment (48), proof (48)
  if (input.size() != 192) return false;
  const auto commitment = input.subspan<96, 48>();
  Hash32 versioned_hash = hocket::sha256(commitment);
  versioned_hash.bytes[0] = kVersionedHashVersion;
  if (!equal(versioned_hash, input.first(32))) return false;
  if (!verify_kzg_proof(commitment, input.subspan<32, 32>(), input.subspan<64, 32>(), input.subspan<144, 48>()))
    return false;
  output.resize(64);
  store_be256(output.data(), u256{kFieldElementsPerBlob});
  store_be256(output.data() + 32, kFieldModulus);
  return true;
}

}  // namespace hocket::precompiles
