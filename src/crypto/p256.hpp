// ECDSA verification over P-256 (secp256r1) as EIP-7951 defines it, on OpenSSL's curve arithmetic.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"

#include <cstdint>
#include <span>

namespace hocket {

/// Whether (r, s) is a signature of `message_hash` by the public key (x, y); `input` is the five of them, 32 bytes each
/// and big-endian, in this order. False too where a number is out of range or the key is no point of the curve.
/// Thread safety: any number of threads.
bool p256_verify(std::span<const std::uint8_t, 160> input) noexcept;

}  // namespace hocket
