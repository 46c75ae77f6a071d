// The low-level interface, deprecated since OpenSSL 3 but kept: the one-shot calls that replace it look the algorithm
// up by name at every call, which costs several times the hash of a short input.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/sha256.hpp"

#include <openssl/sha.h>

namespace hocket {

Hash32 sha256(BytesView data) noexcept {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, data.data(), data.size());
  Hash32 digest;
  SHA256_Final(digest.data(), &context);
  return digest;
}

}  // namespace hocket
