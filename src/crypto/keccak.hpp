// Keccak-256 as Ethereum uses it: the original padding (0x01), not SHA-3's.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "base/uint256.hpp"

#include <span>

namespace hocket {

/// Thread safety: any number of threads. Source: the Keccak reference, rate 1088, capacity 512.
Hash32 keccak256(BytesView data) noexcept;

/// One or two words as the EVM hashes them; the hash as a number.
u256 keccak256_number(std::span<const std::uint8_t, 32> data) noexcept;
u256 keccak256_number(std::span<const std::uint8_t, 64> data) noexcept;

/// Two independent inputs: with AVX-512 in hardly more time than one.
void keccak256_numbers(std::span<const std::uint8_t, 64> first, std::span<const std::uint8_t, 64> second,
                       u256& first_out, u256& second_out) noexcept;
/// Whether that is so here.
bool keccak256_pairs_are_cheap() noexcept;

/// Hashes of independent inputs, several lanes at a time where the machine has them (AVX2: 4, AVX-512: 8).
/// Requires: `out.size() == inputs.size()`.
void keccak256_many(std::span<const BytesView> inputs, std::span<Hash32> out) noexcept;

}  // namespace hocket
