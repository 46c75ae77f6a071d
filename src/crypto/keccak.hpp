// Keccak-256 as Ethereum uses it: the original padding (0x01), not SHA-3's.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"

#include <span>

namespace hocket {

/// Thread safety: any number of threads. Source: the Keccak reference, rate 1088, capacity 512.
Hash32 keccak256(BytesView data) noexcept;

/// Hashes of independent inputs, several lanes at a time where the machine has them (AVX2: 4, AVX-512: 8).
/// Requires: `out.size() == inputs.size()`.
void keccak256_many(std::span<const BytesView> inputs, std::span<Hash32> out) noexcept;

}  // namespace hocket
