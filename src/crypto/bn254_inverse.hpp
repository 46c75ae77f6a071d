// Modular inversion for BN254's base field, shared by both of its builds.
#pragma once

#include "base/uint256.hpp"

namespace hocket::bn254 {

/// 1 / value modulo p; 0 for 0. Time depends on the value: points and scalars are public here.
/// Requires: value < p.
u256 invert_modulo_prime(const u256& value) noexcept;

}  // namespace hocket::bn254
