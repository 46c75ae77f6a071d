// Pushing, duplicating, exchanging: 0x50, 0x5f to 0x9f.
#pragma once

#include "evm/instructions/arithmetic.hpp"

namespace hocket::instructions {

inline Flow pop(Registers& r) noexcept {
  --r.sp;
  return next(r);
}

[[gnu::always_inline]] inline Flow push(Registers& r, const u256& value) noexcept {
  *++r.sp = value;
  return next(r);
}

inline Flow push_32_bits(Registers& r) noexcept { return push(r, r.ip->immediate.value); }

/// The immediate is in the `kLimbs` cells that follow.
template <int kLimbs>
inline Flow push_limbs(Registers& r) noexcept {
  std::uint64_t limbs[4] = {0, 0, 0, 0};
  std::memcpy(limbs, r.ip + 1, kLimbs * sizeof(std::uint64_t));
  *++r.sp = {limbs[0], limbs[1], limbs[2], limbs[3]};
  r.ip += 1 + kLimbs;
  return Flow::next;
}

template <int kDepth>
inline Flow dup(Registers& r) noexcept {
  r.sp[1] = load_limbs(r.sp[1 - kDepth]);
  ++r.sp;
  return next(r);
}

template <int kDepth>
inline Flow swap(Registers& r) noexcept {
  const u256 top = load_limbs(r.sp[0]);
  r.sp[0] = load_limbs(r.sp[-kDepth]);
  r.sp[-kDepth] = top;
  return next(r);
}

}  // namespace hocket::instructions
