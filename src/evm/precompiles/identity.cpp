// IDENTITY (YP (225) to (227)): the input, again.
#include "evm/precompiles/families.hpp"

namespace hocket::precompiles {

std::uint64_t identity_gas(const Spec&, BytesView input) noexcept { return per_word(15, 3, input.size()); }

bool identity(const Spec&, BytesView input, Bytes& output) {
  append(output, input);
  return true;
}

}  // namespace hocket::precompiles
