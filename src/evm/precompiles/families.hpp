// The precompiles' own functions, one pair each: what a call costs and what it does. Only the registry
// (precompile.cpp) includes this.
#pragma once

#include "base/bytes.hpp"
#include "protocol/spec.hpp"

#include <cstdint>
#include <limits>
#include <span>

namespace hocket::precompiles {

/// A price that no caller can pay; prices that would be larger are cut to it.
inline constexpr std::uint64_t kUnpayable = std::numeric_limits<std::uint64_t>::max();

/// Gas of a call. It may look at the input, which can be of any length, and never fails: what is wrong with the input
/// is for the execution to find.
using GasFunction = std::uint64_t (*)(const Spec& spec, BytesView input) noexcept;

/// Runs a call that has been paid for: appends to `output`, which is empty; false if the call fails.
using ExecuteFunction = bool (*)(const Spec& spec, BytesView input, Bytes& output);

/// Gas of a price per started word of 32 bytes.
constexpr std::uint64_t per_word(std::uint64_t base, std::uint64_t word_gas, std::size_t size_bytes) noexcept {
  return base + word_gas * (size_bytes / 32 + (size_bytes % 32 != 0));
}

/// Copies of `input[offset, offset + out.size())`; beyond the input's end there are zeros.
void copy_padded(BytesView input, std::size_t offset, std::span<std::uint8_t> out) noexcept;

std::uint64_t ecrecover_gas(const Spec&, BytesView input) noexcept;
bool ecrecover(const Spec&, BytesView input, Bytes& output);

std::uint64_t sha256_gas(const Spec&, BytesView input) noexcept;
bool sha256(const Spec&, BytesView input, Bytes& output);
std::uint64_t ripemd160_gas(const Spec&, BytesView input) noexcept;
bool ripemd160(const Spec&, BytesView input, Bytes& output);

std::uint64_t identity_gas(const Spec&, BytesView input) noexcept;
bool identity(const Spec&, BytesView input, Bytes& output);

std::uint64_t modexp_gas(const Spec&, BytesView input) noexcept;
bool modexp(const Spec&, BytesView input, Bytes& output);

std::uint64_t bn254_add_gas(const Spec&, BytesView input) noexcept;
bool bn254_add(const Spec&, BytesView input, Bytes& output);
std::uint64_t bn254_multiply_gas(const Spec&, BytesView input) noexcept;
bool bn254_multiply(const Spec&, BytesView input, Bytes& output);
std::uint64_t bn254_pairing_gas(const Spec&, BytesView input) noexcept;
bool bn254_pairing(const Spec&, BytesView input, Bytes& output);

std::uint64_t blake2f_gas(const Spec&, BytesView input) noexcept;
bool blake2f(const Spec&, BytesView input, Bytes& output);

std::uint64_t point_evaluation_gas(const Spec&, BytesView input) noexcept;
bool point_evaluation(const Spec&, BytesView input, Bytes& output);

std::uint64_t bls12_g1_add_gas(const Spec&, BytesView input) noexcept;
bool bls12_g1_add(const Spec&, BytesView input, Bytes& output);
std::uint64_t bls12_g1_msm_gas(const Spec&, BytesView input) noexcept;
bool bls12_g1_msm(const Spec&, BytesView input, Bytes& output);
std::uint64_t bls12_g2_add_gas(const Spec&, BytesView input) noexcept;
bool bls12_g2_add(const Spec&, BytesView input, Bytes& output);
std::uint64_t bls12_g2_msm_gas(const Spec&, BytesView input) noexcept;
bool bls12_g2_msm(const Spec&, BytesView input, Bytes& output);
std::uint64_t bls12_pairing_check_gas(const Spec&, BytesView input) noexcept;
bool bls12_pairing_check(const Spec&, BytesView input, Bytes& output);
std::uint64_t bls12_map_fp_to_g1_gas(const Spec&, BytesView input) noexcept;
bool bls12_map_fp_to_g1(const Spec&, BytesView input, Bytes& output);
std::uint64_t bls12_map_fp2_to_g2_gas(const Spec&, BytesView input) noexcept;
bool bls12_map_fp2_to_g2(const Spec&, BytesView input, Bytes& output);

std::uint64_t p256verify_gas(const Spec&, BytesView input) noexcept;
bool p256verify(const Spec&, BytesView input, Bytes& output);

}  // namespace hocket::precompiles
