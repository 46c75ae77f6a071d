// Recovery of a signer: our arithmetic, in plain C++, with ADX, and in eight lanes at once, finds the key that
// libsecp256k1 finds, or none where that finds none. An input is up to eight signatures, whose numbers are near edges,
// free, or made from a known R so that additions meet equal and opposite points on the way.
#include "base/assert.hpp"
#include "base/cpu.hpp"
#include "crypto/secp256k1.hpp"
#include "crypto/secp256k1_batch.hpp"
#include "crypto/secp256k1_recover.hpp"

#include <array>
#include <secp256k1.h>
#include <secp256k1_recovery.h>
#include <vector>

using namespace hocket;
using secp256k1::Claim;
using secp256k1::kOrder;
using secp256k1::kPrime;
using Key = std::optional<secp256k1::PublicKey>;

namespace {

const secp256k1_context* context() {
  static const secp256k1_context* const made = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
  return made;
}

secp256k1::PublicKey coordinates(const secp256k1_pubkey& key) {
  std::uint8_t point[65];
  std::size_t size = sizeof point;
  secp256k1_ec_pubkey_serialize(context(), point, &size, &key, SECP256K1_EC_UNCOMPRESSED);
  return {load_be256(point + 1), load_be256(point + 33)};
}

Key by_the_library(const Claim& claim) {
  std::uint8_t compact[64];
  store_be256(compact, claim.r);
  store_be256(compact + 32, claim.s);
  secp256k1_ecdsa_recoverable_signature signature;
  secp256k1_pubkey key;
  if (!secp256k1_ecdsa_recoverable_signature_parse_compact(context(), &signature, compact, claim.y_is_odd ? 1 : 0))
    return std::nullopt;
  if (!secp256k1_ecdsa_recover(context(), &key, &signature, to_hash32(claim.hash).data())) return std::nullopt;
  return coordinates(key);
}

/// The input, taken apart; zeros follow it.
class Choices {
 public:
  explicit Choices(BytesView data) : data_(data) {}

  bool at_end() const { return data_.empty(); }
  std::uint8_t byte() {
    if (data_.empty()) return 0;
    const std::uint8_t taken = data_[0];
    data_ = data_.subspan(1);
    return taken;
  }
  /// Any number of 256 bits: free, or near where something changes.
  u256 number() {
    static const std::array kEdges = {u256{},
                                      u256{1} << 127,
                                      u256{1} << 128,
                                      kOrder >> 1,
                                      kOrder,
                                      kPrime - kOrder,
                                      kPrime,
                                      secp256k1::kLambda,
                                      secp256k1::kBeta,
                                      secp256k1::kLatticeA,
                                      secp256k1::kLatticeB,
                                      secp256k1::kGeneratorX};
    const std::uint8_t choice = byte();
    if (choice % 2 == 0) {
      std::uint8_t bytes[32];
      for (std::uint8_t& b : bytes) b = byte();
      return load_be256(bytes);
    }
    const u256& edge = kEdges[choice / 2 % kEdges.size()];
    const std::uint8_t distance = byte();
    return distance < 128 ? edge + u256{distance} : edge - u256{static_cast<std::uint64_t>(256 - distance)};
  }
  u256 scalar() { return number() % kOrder; }

 private:
  BytesView data_;
};

Claim choose(Choices& choices) {
  const std::uint8_t kind = choices.byte();
  const bool odd = kind % 2 == 1;
  if (kind / 2 % 2 == 0) {
    const u256 hash = choices.number();
    const u256 r = choices.number();
    return {hash, odd, r, choices.number()};
  }
  // R = k G, and the key u1 G + u2 R, or u1 G - u2 R.
  secp256k1_pubkey key;
  const u256 k = choices.scalar();
  if (!secp256k1_ec_pubkey_create(context(), &key, to_hash32(k).data())) return {k, odd, k, k};
  const u256 r = coordinates(key).x % kOrder;
  const u256 u2 = choices.scalar();
  const u256 u1 =
      kind / 4 % 2 == 0 ? choices.scalar() : multiply_modulo(k, u2, kOrder);  // they cancel, with one parity
  return {multiply_modulo(kOrder - u1, r, kOrder), odd, r, multiply_modulo(u2, r, kOrder)};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices({data, size});
  std::vector<Claim> claims;
  std::vector<Key> expected;
  do {
    claims.push_back(choose(choices));
    expected.push_back(by_the_library(claims.back()));
  } while (!choices.at_end() && claims.size() < secp256k1::kLanes);

  for (std::size_t i = 0; i < claims.size(); ++i) {
    HOCKET_ASSERT(secp256k1::recover<secp256k1::FieldElement<false>>(claims[i]) == expected[i]);
    if (cpu_features.bmi2 && cpu_features.adx)
      HOCKET_ASSERT(secp256k1::recover<secp256k1::FieldElement<true>>(claims[i]) == expected[i]);
  }
  if (cpu_features.bmi2 && cpu_features.adx && cpu_features.avx512_ifma) {
    Claim lanes[secp256k1::kLanes];
    for (std::size_t i = 0; i < secp256k1::kLanes; ++i) lanes[i] = claims[i % claims.size()];
    Key keys[secp256k1::kLanes];
    secp256k1::recover_with_ifma(lanes, keys);
    for (std::size_t i = 0; i < secp256k1::kLanes; ++i) HOCKET_ASSERT(keys[i] == expected[i % claims.size()]);
  }
  return 0;
}
