// Recovery of eight public keys at once, one in each 64-bit element of AVX-512's registers, with its 52-bit
// multiplications (IFMA). secp256k1.cpp chooses; secp256k1_recover.hpp says what recovery is.
#pragma once

#include "base/uint256.hpp"
#include "crypto/secp256k1_recover.hpp"

#include <optional>

namespace hocket::secp256k1 {

inline constexpr std::size_t kLanes = 8;

/// What `recover` does, eight times. Requires: cpu_features.avx512_ifma, bmi2 and adx. Thread safety: pure.
void recover_with_ifma(const Claim (&claims)[kLanes], std::optional<PublicKey> (&out)[kLanes]) noexcept;

}  // namespace hocket::secp256k1
