// ECDSA over secp256k1 with recovery (YP appendix F). Recovery is ours, signing is libsecp256k1's.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "base/uint256.hpp"

#include <optional>
#include <span>

namespace hocket {

/// Address of the key that signed `message_hash`, or nothing if the signature has no key.
/// `y_parity` is 0 or 1. Low-s is the caller's rule. Thread safety: any number of threads.
std::optional<Address> recover_signer(const Hash32& message_hash, std::uint8_t y_parity, const u256& r,
                                      const u256& s) noexcept;

struct SignedHash {
  Hash32 hash;
  std::uint8_t y_parity;  // 0 or 1
  u256 r;
  u256 s;
};
/// recover_signer for each, eight at once where the processor can: a fifth of the time. Requires: as many as `out`.
void recover_signers(std::span<const SignedHash> signatures, std::span<std::optional<Address>> out) noexcept;

struct RecoverableSignature {
  std::uint8_t y_parity;
  u256 r;
  u256 s;
};

/// Deterministic signature (RFC 6979), low-s. Nothing if `secret` is no valid key. For generators and tests.
std::optional<RecoverableSignature> sign(const Hash32& message_hash, const Hash32& secret) noexcept;
/// Address of the public key of `secret`.
std::optional<Address> address_of(const Hash32& secret) noexcept;

}  // namespace hocket
