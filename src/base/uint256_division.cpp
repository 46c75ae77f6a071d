// Division of u256: DIV, SDIV, MOD, SMOD.

#include "base/assert.hpp"
#include "base/long_division.hpp"

namespace hocket {

using namespace long_division;

namespace {

/// -v or v, without a branch: signs are hard to foretell.
u256 negated_if(bool condition, const u256& v) noexcept {
  const std::uint64_t mask = ~std::uint64_t{condition} + 1;
  u256 r;
  std::uint64_t carry = condition;
  for (int i = 0; i < 4; ++i) r.limbs[i] = add_with_carry(v.limbs[i] ^ mask, 0, carry);
  return r;
}
u256 absolute(const u256& v) noexcept { return negated_if(v.is_negative(), v); }

}  // namespace

DivisionResult divide(const u256& dividend, const u256& divisor) noexcept {
  HOCKET_DEBUG_ASSERT(!divisor.is_zero());
  if (dividend.fits_u64() && divisor.fits_u64())
    return {.quotient = dividend.low64() / divisor.low64(), .remainder = dividend.low64() % divisor.low64()};
  DivisionResult result{.quotient = {}, .remainder = {}};
  result.remainder = divide_limbs(dividend.limbs, 4, divisor, result.quotient.limbs);
  return result;
}

u256 operator/(const u256& a, const u256& b) noexcept {
  if (b.is_zero()) return {};
  if (a.fits_u64() && b.fits_u64()) return a.low64() / b.low64();
  u256 quotient;
  (void)divide_limbs(a.limbs, 4, b, quotient.limbs);
  return quotient;
}

u256 operator%(const u256& a, const u256& b) noexcept {
  if (b.is_zero()) return {};
  if (a.fits_u64() && b.fits_u64()) return a.low64() % b.low64();
  return divide_limbs(a.limbs, 4, b, nullptr);
}

u256 signed_divide(const u256& a, const u256& b) noexcept {
  return negated_if(a.is_negative() != b.is_negative(), absolute(a) / absolute(b));
}

u256 signed_modulo(const u256& a, const u256& b) noexcept {
  return negated_if(a.is_negative(), absolute(a) % absolute(b));
}

}  // namespace hocket
