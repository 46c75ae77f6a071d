#include "crypto/secp256k1.hpp"

#include "base/assert.hpp"
#include "base/cpu.hpp"
#include "crypto/keccak.hpp"
#include "crypto/secp256k1_recover.hpp"

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

}  // namespace

std::optional<Address> recover_signer(const Hash32& message_hash, std::uint8_t y_parity, const u256& r,
                                      const u256& s) noexcept {
  HOCKET_ASSERT(y_parity <= 1);
  const auto recover = [&] {
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
    if (cpu_features.bmi2 && cpu_features.adx)
      return secp256k1::recover<secp256k1::FieldElement<true>>(to_u256(message_hash), y_parity == 1, r, s);
#endif
    return secp256k1::recover<secp256k1::FieldElement<false>>(to_u256(message_hash), y_parity == 1, r, s);
  };
  const auto key = recover();
  if (!key) return std::nullopt;
  std::uint8_t point[64];
  store_be256(point, key->x);
  store_be256(point + 32, key->y);
  return Address::from(BytesView(keccak256(point)).last<20>());
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
