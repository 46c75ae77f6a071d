// Transactions: what is decoded is encoded to the same bytes, and hashing and sender recovery take whatever was
// decoded.
#include "base/assert.hpp"
#include "core/codec.hpp"
#include "crypto/secp256k1.hpp"

using namespace hocket;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView input(data, size);
  const auto transaction = decode_transaction(input);
  if (!transaction) {
    HOCKET_ASSERT(!transaction.error().message.empty());
    return 0;
  }
  HOCKET_ASSERT(equal(encode(*transaction), input));
  const Signature& signature = transaction->signature;
  (void)hash_of(*transaction);
  (void)recover_signer(signing_hash(*transaction), signature.y_parity, signature.r, signature.s);
  for (const Authorization& authorization : transaction->authorization_list) (void)signing_hash(authorization);
  return 0;
}
