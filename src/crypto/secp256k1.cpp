#include "crypto/secp256k1.hpp"

#include "base/assert.hpp"
#include "base/cpu.hpp"
#include "crypto/keccak.hpp"
#include "crypto/secp256k1_batch.hpp"
#include "crypto/secp256k1_recover.hpp"

#include <algorithm>
#include <secp256k1.h>
#include <secp256k1_recovery.h>
#include <span>

namespace hocket {
namespace {

// Made once; creating a context is what is expensive, and a const one serves any number of threads.
const secp256k1_context* context() noexcept {
  static const secp256k1_context* const shared = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
  return shared;
}

Address address_of(const secp256k1_pubkey& key) noexcept {
  std::uint8_t point[65];  // 0x04, x, y
  std::size_t size = sizeof point;
  secp256k1_ec_pubkey_serialize(context(), point, &size, &key, SECP256K1_EC_UNCOMPRESSED);
  const Hash32 hash = keccak256(BytesView(point + 1, 64));
  return Address::from(BytesView(hash).last<20>());
}

std::optional<secp256k1::PublicKey> recover(const secp256k1::Claim& claim) noexcept {
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
  if (cpu_features.bmi2 && cpu_features.adx) return secp256k1::recover<secp256k1::FieldElement<true>>(claim);
#endif
  return secp256k1::recover<secp256k1::FieldElement<false>>(claim);
}

// Up to eight, several at a time where that is faster: eight lanes take as long as two recoveries one by one.
void recover(std::span<const secp256k1::Claim> claims, std::span<std::optional<secp256k1::PublicKey>> out) noexcept {
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
  if (claims.size() > 2 && cpu_features.bmi2 && cpu_features.adx && cpu_features.avx512_ifma) {
    secp256k1::Claim lanes[secp256k1::kLanes];
    std::optional<secp256k1::PublicKey> keys[secp256k1::kLanes];
    for (std::size_t i = 0; i < secp256k1::kLanes; ++i) lanes[i] = claims[std::min(i, claims.size() - 1)];
    secp256k1::recover_with_ifma(lanes, keys);
    std::copy_n(keys, claims.size(), out.begin());
    return;
  }
#endif
  for (std::size_t i = 0; i < claims.size(); ++i) out[i] = recover(claims[i]);
}

void encode(const secp256k1::PublicKey& key, std::uint8_t (&out)[64]) noexcept {
  store_be256(out, key.x);
  store_be256(out + 32, key.y);
}

}  // namespace

std::optional<Address> recover_signer(const Hash32& message_hash, std::uint8_t y_parity, const u256& r,
                                      const u256& s) noexcept {
  HOCKET_ASSERT(y_parity <= 1);
  const auto key = recover({to_u256(message_hash), y_parity == 1, r, s});
  if (!key) return std::nullopt;
  std::uint8_t encoded[64];
  encode(*key, encoded);
  return Address::from(BytesView(keccak256(encoded)).last<20>());
}

void recover_signers(std::span<const SignedHash> signatures, std::span<std::optional<Address>> out) noexcept {
  HOCKET_ASSERT(signatures.size() == out.size());
  for (std::size_t begin = 0; begin < signatures.size(); begin += secp256k1::kLanes) {
    const std::size_t count = std::min(secp256k1::kLanes, signatures.size() - begin);
    secp256k1::Claim claims[secp256k1::kLanes];
    std::optional<secp256k1::PublicKey> keys[secp256k1::kLanes];
    for (std::size_t i = 0; i < count; ++i) {
      const SignedHash& from = signatures[begin + i];
      HOCKET_ASSERT(from.y_parity <= 1);
      claims[i] = {to_u256(from.hash), from.y_parity == 1, from.r, from.s};
    }
    recover(std::span(claims).first(count), std::span(keys).first(count));

    std::uint8_t encoded[secp256k1::kLanes][64];
    BytesView views[secp256k1::kLanes];
    Hash32 hashes[secp256k1::kLanes];
    std::size_t found = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!keys[i]) continue;
      encode(*keys[i], encoded[found]);
      views[found] = encoded[found];
      ++found;
    }
    keccak256_many(std::span(views).first(found), std::span(hashes).first(found));
    found = 0;
    for (std::size_t i = 0; i < count; ++i) {
      out[begin + i].reset();
      if (keys[i]) out[begin + i] = Address::from(BytesView(hashes[found++]).last<20>());
    }
  }
}

std::optional<RecoverableSignature> sign(const Hash32& message_hash, const Hash32& secret) noexcept {
  secp256k1_ecdsa_recoverable_signature signature;
  if (!secp256k1_ecdsa_sign_recoverable(context(), &signature, message_hash.data(), secret.data(), nullptr, nullptr))
    return {};
  std::uint8_t compact[64];
  int recovery_id = 0;
  secp256k1_ecdsa_recoverable_signature_serialize_compact(context(), compact, &recovery_id, &signature);
  // An id of 2 or 3 (x not below the order) would need a nonce that nobody has ever found.
  HOCKET_ASSERT(recovery_id <= 1);
  return RecoverableSignature{static_cast<std::uint8_t>(recovery_id), load_be256(compact), load_be256(compact + 32)};
}

std::optional<Address> address_of(const Hash32& secret) noexcept {
  secp256k1_pubkey key;
  if (!secp256k1_ec_pubkey_create(context(), &key, secret.data())) return {};
  return address_of(key);
}

}  // namespace hocket
