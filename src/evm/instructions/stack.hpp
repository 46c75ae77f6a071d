// Pushing, duplicating, exchanging: 0x50, 0x5f to 0x9f.
#pragma once

#include "evm/instructions/arithmetic.hpp"

namespace hocket::instructions {

inline Flow pop(TopRegisters& r) noexcept {
  take(r, 1);
  return next(r);
}

inline Flow push_32_bits(TopRegisters& r) noexcept { return push(r, r.ip->immediate.value); }

/// The immediate is in the `kLimbs` cells that follow.
template <int kLimbs>
inline Flow push_limbs(TopRegisters& r) noexcept {
  u256 value;
  for (int i = 0; i < kLimbs; ++i) std::memcpy(&value.limbs[i], r.ip + 1 + i, sizeof(std::uint64_t));
  r.ip += kLimbs;
  return push(r, value);
}

template <int kDepth>
inline Flow dup(TopRegisters& r) noexcept {
  write_back(r);
  return push_above(r, kDepth == 1 ? r.top : load_limbs(r.sp[1 - kDepth]));
}

template <int kDepth>
inline Flow swap(TopRegisters& r) noexcept {
  const u256 item = load_limbs(r.sp[-kDepth]);
  store_limbs(r.sp[-kDepth], r.top);
  r.top = item;
  return next(r);
}

}  // namespace hocket::instructions
