// Memory and hashing of memory: 0x20, 0x51 to 0x53, 0x59, 0x5e.
#pragma once

#include "evm/instructions/arithmetic.hpp"

#include <cstring>

namespace hocket::instructions {

inline Flow mload(TopRegisters& r) noexcept {
  if (!use_memory(r, r.top, 32)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  r.top = load_be256(r.frame->memory + r.top.low64());
  return next(r);
}

inline Flow mstore(TopRegisters& r) noexcept {
  if (!use_memory(r, r.top, 32)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  store_be256(r.frame->memory + r.top.low64(), r.sp[-1]);
  take(r, 2);
  return next(r);
}

inline Flow mstore8(Registers& r) noexcept {
  if (!use_memory(r, r.sp[0], 1)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  r.frame->memory[r.sp[0].low64()] = static_cast<std::uint8_t>(r.sp[-1].low64());
  r.sp -= 2;
  return next(r);
}

inline Flow msize(TopRegisters& r) noexcept { return push(r, r.frame->memory_size); }

/// EIP-5656.
inline Flow mcopy(Registers& r) noexcept {
  const u256 &to = r.sp[0], &from = r.sp[-1], &size = r.sp[-2];
  const u256& furthest = to < from ? from : to;
  if (!use_memory(r, furthest, size)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  r.gas -= 3 * word_count(size.low64());
  if (r.gas < 0) [[unlikely]]
    return halt(r, Status::out_of_gas);
  if (!size.is_zero()) std::memmove(r.frame->memory + to.low64(), r.frame->memory + from.low64(), size.low64());
  r.sp -= 3;
  return next(r);
}

/// The hash of memory, paid for; `hash` takes it. False: not enough gas.
[[gnu::always_inline]] inline bool hash_of_memory(Registers& r, const u256& offset, const u256& size,
                                                  u256& hash) noexcept {
  if (!use_memory(r, offset, size)) [[unlikely]]
    return false;
  r.gas -= 6 * word_count(size.low64());
  if (r.gas < 0) [[unlikely]]
    return false;
  hash =
      size.is_zero() ? to_u256(kEmptyCodeHash) : hash_memory(*r.frame, r.frame->memory + offset.low64(), size.low64());
  return true;
}

inline Flow keccak(Registers& r) noexcept {
  if (!hash_of_memory(r, r.sp[0], r.sp[-1], r.sp[-1])) [[unlikely]]
    return halt(r, Status::out_of_gas);
  --r.sp;
  return next(r);
}

/// CALLDATACOPY, CODECOPY, EXTCODECOPY: `size` bytes of `source` from `from` on, followed by zeros.
/// The stack is left to the caller.
[[gnu::always_inline]] inline bool copy_to_memory(Registers& r, BytesView source, const u256& to, const u256& from,
                                                  const u256& size) noexcept {
  if (!use_memory(r, to, size)) [[unlikely]]
    return false;
  r.gas -= 3 * word_count(size.low64());
  if (r.gas < 0) [[unlikely]]
    return false;
  if (size.is_zero()) return true;
  const std::uint64_t start = from.clamp(source.size());
  const std::uint64_t copied = std::min<std::uint64_t>(size.low64(), source.size() - start);
  std::uint8_t* destination = r.frame->memory + to.low64();
  if (copied != 0) std::memcpy(destination, source.data() + start, copied);
  std::memset(destination + copied, 0, size.low64() - copied);
  return true;
}

}  // namespace hocket::instructions
