// KZG proofs of a blob polynomial's value at a point (EIP-4844).
#pragma once

#include <cstdint>
#include <span>

namespace hocket {

/// Whether `proof` shows that the polynomial behind `commitment` has the value `y` at `z` (both big-endian).
/// False too where a point is malformed or outside the subgroup, or a number is not below the group's order.
/// Thread safety: any number of threads; the first call prepares tables (about a millisecond).
/// Source: consensus-specs, polynomial-commitments, verify_kzg_proof.
bool verify_kzg_proof(std::span<const std::uint8_t, 48> commitment, std::span<const std::uint8_t, 32> z,
                      std::span<const std::uint8_t, 32> y, std::span<const std::uint8_t, 48> proof) noexcept;

}  // namespace hocket
