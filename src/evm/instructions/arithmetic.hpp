// Arithmetic: 0x01 to 0x0b (YP appendix H, "0s").
#pragma once

#include "evm/frame.hpp"

namespace hocket::instructions {

/// Goes on with the next cell.
[[gnu::always_inline]] inline Flow next(Registers& r) noexcept {
  ++r.ip;
  return Flow::next;
}

/// Copies limb by limb. A vector load of an item that was stored as four limbs stalls until all four have reached the
/// cache (20 cycles and more), so the compiler is kept from merging the moves.
[[gnu::always_inline]] inline u256 load_limbs(const u256& from) noexcept {
  u256 item = from;
  for (auto& limb : item.limbs) asm("" : "+r"(limb));
  return item;
}

inline Flow add(Registers& r) noexcept {
  r.sp[-1] = r.sp[0] + r.sp[-1];
  --r.sp;
  return next(r);
}

inline Flow mul(Registers& r) noexcept {
  r.sp[-1] = r.sp[0] * r.sp[-1];
  --r.sp;
  return next(r);
}

inline Flow sub(Registers& r) noexcept {
  r.sp[-1] = r.sp[0] - r.sp[-1];
  --r.sp;
  return next(r);
}

inline Flow div(Registers& r) noexcept {
  r.sp[-1] = load_limbs(r.sp[0] / r.sp[-1]);
  --r.sp;
  return next(r);
}

inline Flow sdiv(Registers& r) noexcept {
  r.sp[-1] = load_limbs(signed_divide(r.sp[0], r.sp[-1]));
  --r.sp;
  return next(r);
}

inline Flow mod(Registers& r) noexcept {
  r.sp[-1] = load_limbs(r.sp[0] % r.sp[-1]);
  --r.sp;
  return next(r);
}

inline Flow smod(Registers& r) noexcept {
  r.sp[-1] = load_limbs(signed_modulo(r.sp[0], r.sp[-1]));
  --r.sp;
  return next(r);
}

inline Flow addmod(Registers& r) noexcept {
  r.sp[-2] = load_limbs(add_modulo(r.sp[0], r.sp[-1], r.sp[-2]));
  r.sp -= 2;
  return next(r);
}

inline Flow mulmod(Registers& r) noexcept {
  r.sp[-2] = load_limbs(r.frame->machine->moduli.multiply(r.sp[0], r.sp[-1], r.sp[-2]));
  r.sp -= 2;
  return next(r);
}

inline Flow exp(Registers& r) noexcept {
  r.gas -= r.frame->machine->spec->exp_byte_gas * r.sp[-1].byte_length();
  if (r.gas < 0) [[unlikely]]
    return halt(r, Status::out_of_gas);
  r.sp[-1] = load_limbs(power(r.sp[0], r.sp[-1]));
  --r.sp;
  return next(r);
}

inline Flow signextend(Registers& r) noexcept {
  r.sp[-1] = sign_extend(r.sp[0], r.sp[-1]);
  --r.sp;
  return next(r);
}

}  // namespace hocket::instructions
