// SHA256 and RIPEMD160 (YP (217) to (224)).
#include "crypto/ripemd160.hpp"
#include "crypto/sha256.hpp"
#include "evm/precompiles/families.hpp"

namespace hocket::precompiles {

std::uint64_t sha256_gas(const Spec&, BytesView input) noexcept { return per_word(60, 12, input.size()); }

bool sha256(const Spec&, BytesView input, Bytes& output) {
  append(output, hocket::sha256(input));
  return true;
}

std::uint64_t ripemd160_gas(const Spec&, BytesView input) noexcept { return per_word(600, 120, input.size()); }

bool ripemd160(const Spec&, BytesView input, Bytes& output) {
  output.resize(12, 0);
  append(output, hocket::ripemd160(input));
  return true;
}

}  // namespace hocket::precompiles
