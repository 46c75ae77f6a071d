// BN254's arithmetic compiled once more, with mulx and two carry chains. What is shared with other files comes before
// the attribute, so that no inline function of theirs is compiled for a processor that the program may not run on.

#include "crypto/bn254_adx.hpp"

#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)

#include "base/uint256.hpp"
#include "crypto/modular_inverse.hpp"
#include "crypto/scalar_recoding.hpp"

#include <cstring>
#include <optional>
#include <span>

#define HOCKET_BN254_VARIANT with_adx
#define HOCKET_BN254_ADX

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("bmi2,adx"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("bmi2,adx")
#endif

#include "crypto/bn254_variant.hpp"

namespace hocket::bn254 {

bool add_with_adx(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out) noexcept {
  return with_adx::add_bytes(a, b, out);
}
bool multiply_with_adx(const std::uint8_t* point, const std::uint8_t* scalar, std::uint8_t* out) noexcept {
  return with_adx::multiply_bytes(point, scalar, out);
}
std::optional<bool> pairing_check_with_adx(BytesView pairs) noexcept { return with_adx::pairing_check_bytes(pairs); }

}  // namespace hocket::bn254

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
