// Bitwise logic: 0x16 to 0x1e (YP appendix H, "10s"; EIP-145, EIP-7939). Comparisons are in fused.hpp.
#pragma once

#include "evm/instructions/arithmetic.hpp"

namespace hocket::instructions {

inline Flow bit_and(TopRegisters& r) noexcept { return replace_two(r, r.top & r.sp[-1]); }
inline Flow bit_or(TopRegisters& r) noexcept { return replace_two(r, r.top | r.sp[-1]); }
inline Flow bit_xor(TopRegisters& r) noexcept { return replace_two(r, r.top ^ r.sp[-1]); }

inline Flow bit_not(TopRegisters& r) noexcept {
  r.top = ~r.top;
  return next(r);
}

inline Flow byte(Registers& r) noexcept {
  const u256& index = r.sp[0];
  u256& value = r.sp[-1];
  if (index.fits_u64() && index.low64() < 32) {
    const auto bit = static_cast<unsigned>(31 - index.low64()) * 8;
    value = value.limbs[bit / 64] >> (bit % 64) & 0xff;
  } else {
    value = 0;
  }
  --r.sp;
  return next(r);
}

[[gnu::always_inline]] inline u256 shift_left(const u256& value, const u256& shift) noexcept {
  return value << static_cast<unsigned>(shift.clamp(256));
}
[[gnu::always_inline]] inline u256 shift_right(const u256& value, const u256& shift) noexcept {
  return value >> static_cast<unsigned>(shift.clamp(256));
}

inline Flow shl(TopRegisters& r) noexcept { return replace_two(r, shift_left(r.sp[-1], r.top)); }
inline Flow shr(TopRegisters& r) noexcept { return replace_two(r, shift_right(r.sp[-1], r.top)); }
inline Flow sar(TopRegisters& r) noexcept { return replace_two(r, arithmetic_shift_right(r.sp[-1], r.top)); }

inline Flow clz(TopRegisters& r) noexcept {
  r.top = 256 - r.top.bit_length();
  return next(r);
}

}  // namespace hocket::instructions
