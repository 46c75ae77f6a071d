// Modular exponentiation of big numbers (EIP-198), by GMP.
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <span>

namespace hocket {

/// `out` = base ^ exponent mod modulus, big-endian. A number may have leading zeros or be empty (zero); 0 ^ 0 is 1;
/// modulo 0 everything is 0. Requires: `out.size() == modulus.size()`.
/// Thread safety: any number of threads.
void modular_exponentiation(BytesView base, BytesView exponent, BytesView modulus, std::span<std::uint8_t> out);

}  // namespace hocket
