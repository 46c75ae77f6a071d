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

/// The copy in the other direction.
[[gnu::always_inline]] inline void store_limbs(u256& to, const u256& item) noexcept { to = load_limbs(item); }

/// Puts the top where it is in memory.
[[gnu::always_inline]] inline void write_back(TopRegisters& r) noexcept { store_limbs(r.sp[0], r.top); }

/// Pushes a value, of which the place below is written already.
[[gnu::always_inline]] inline Flow push_above(TopRegisters& r, const u256& value) noexcept {
  ++r.sp;
  r.top = value;
  return next(r);
}
[[gnu::always_inline]] inline Flow push(TopRegisters& r, const u256& value) noexcept {
  write_back(r);
  return push_above(r, value);
}

/// Takes `count` items off the stack.
[[gnu::always_inline]] inline void take(TopRegisters& r, int count) noexcept {
  r.sp -= count;
  r.top = load_limbs(r.sp[0]);
}

/// The result of an instruction of two operands takes their place.
[[gnu::always_inline]] inline Flow replace_two(TopRegisters& r, const u256& result) noexcept {
  --r.sp;
  r.top = result;
  return next(r);
}

inline Flow add(TopRegisters& r) noexcept { return replace_two(r, r.top + r.sp[-1]); }
inline Flow mul(TopRegisters& r) noexcept { return replace_two(r, r.top * r.sp[-1]); }
inline Flow sub(TopRegisters& r) noexcept { return replace_two(r, r.top - r.sp[-1]); }

// What follows is computed by functions, which find their operands in memory and leave their results there.

inline Flow div(TopRegisters& r) noexcept {
  write_back(r);
  return replace_two(r, load_limbs(r.sp[0] / r.sp[-1]));
}

inline Flow sdiv(TopRegisters& r) noexcept {
  write_back(r);
  return replace_two(r, load_limbs(signed_divide(r.sp[0], r.sp[-1])));
}

inline Flow mod(TopRegisters& r) noexcept {
  write_back(r);
  return replace_two(r, load_limbs(r.sp[0] % r.sp[-1]));
}

inline Flow smod(TopRegisters& r) noexcept {
  write_back(r);
  return replace_two(r, load_limbs(signed_modulo(r.sp[0], r.sp[-1])));
}

inline Flow addmod(TopRegisters& r) noexcept {
  write_back(r);
  --r.sp;
  return replace_two(r, load_limbs(add_modulo(r.sp[1], r.sp[0], r.sp[-1])));
}

inline Flow mulmod(TopRegisters& r) noexcept {
  write_back(r);
  --r.sp;
  return replace_two(r, load_limbs(r.frame->machine->moduli.multiply(r.sp[1], r.sp[0], r.sp[-1])));
}

inline Flow exp(TopRegisters& r) noexcept {
  r.gas -= r.frame->machine->spec->exp_byte_gas * r.sp[-1].byte_length();
  if (r.gas < 0) [[unlikely]]
    return halt(r, Status::out_of_gas);
  write_back(r);
  return replace_two(r, load_limbs(power(r.sp[0], r.sp[-1])));
}

inline Flow signextend(TopRegisters& r) noexcept { return replace_two(r, sign_extend(r.top, r.sp[-1])); }

}  // namespace hocket::instructions
