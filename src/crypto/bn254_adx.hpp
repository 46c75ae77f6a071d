// The build of BN254's operations for processors with BMI2 and ADX; bn254.hpp says what they do.
#pragma once

#include "base/bytes.hpp"

#include <optional>

namespace hocket::bn254 {

/// Requires: cpu_features.bmi2 and cpu_features.adx.
bool add_with_adx(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out) noexcept;
bool multiply_with_adx(const std::uint8_t* point, const std::uint8_t* scalar, std::uint8_t* out) noexcept;
std::optional<bool> pairing_check_with_adx(BytesView pairs) noexcept;

}  // namespace hocket::bn254
