// The low-level interface, deprecated since OpenSSL 3 but kept: it needs no provider (early OpenSSL 3 has RIPEMD-160
// only in the "legacy" one) and no look-up by name.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/ripemd160.hpp"

#include <openssl/ripemd.h>

namespace hocket {

std::array<std::uint8_t, 20> ripemd160(BytesView data) noexcept {
  RIPEMD160_CTX context;
  RIPEMD160_Init(&context);
  RIPEMD160_Update(&context, data.data(), data.size());
  std::array<std::uint8_t, 20> digest;
  RIPEMD160_Final(digest.data(), &context);
  return digest;
}

}  // namespace hocket
