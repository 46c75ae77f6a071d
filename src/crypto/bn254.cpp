#include "crypto/bn254.hpp"

#include "base/assert.hpp"
#include "base/cpu.hpp"
#include "crypto/bn254_adx.hpp"
#include "crypto/bn254_variant.hpp"

namespace hocket {

#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
#define HOCKET_BN254_CALL(with_adx_call, portable_call) \
  (cpu_features.bmi2 && cpu_features.adx ? bn254::with_adx_call : bn254::portable::portable_call)
#else
#define HOCKET_BN254_CALL(with_adx_call, portable_call) (bn254::portable::portable_call)
#endif

bool bn254_add(std::span<const std::uint8_t, 64> a, std::span<const std::uint8_t, 64> b,
               std::span<std::uint8_t, 64> out) noexcept {
  return HOCKET_BN254_CALL(add_with_adx(a.data(), b.data(), out.data()), add_bytes(a.data(), b.data(), out.data()));
}

bool bn254_multiply(std::span<const std::uint8_t, 64> point, std::span<const std::uint8_t, 32> scalar,
                    std::span<std::uint8_t, 64> out) noexcept {
  return HOCKET_BN254_CALL(multiply_with_adx(point.data(), scalar.data(), out.data()),
                           multiply_bytes(point.data(), scalar.data(), out.data()));
}

std::optional<bool> bn254_pairing_check(BytesView pairs) noexcept {
  HOCKET_ASSERT(pairs.size() % 192 == 0);
  return HOCKET_BN254_CALL(pairing_check_with_adx(pairs), pairing_check_bytes(pairs));
}

}  // namespace hocket
