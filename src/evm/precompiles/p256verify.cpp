// P256VERIFY (EIP-7951): 1 for a valid signature, no output for anything else.
#include "crypto/p256.hpp"
#include "evm/precompiles/families.hpp"

namespace hocket::precompiles {

std::uint64_t p256verify_gas(const Spec&, BytesView) noexcept { return 6900; }

bool p256verify(const Spec&, BytesView input, Bytes& output) {
  constexpr std::size_t kInputSize = 160;
  if (input.size() != kInputSize || !p256_verify(input.first<kInputSize>())) return true;
  output.resize(32, 0);
  output.back() = 1;
  return true;
}

}  // namespace hocket::precompiles
