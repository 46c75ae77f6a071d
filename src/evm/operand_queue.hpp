// OperandQueue: the operands that translated code has put on the stack and not used yet, as far as they are known
// without running it: constants, and copies that DUPs made of items below. They are held back until an instruction
// either takes them into its own cell, or needs them on the stack.
#pragma once

#include "base/uint256.hpp"

#include <cstdint>
#include <optional>

namespace hocket {

struct Operand {
  u256 constant;
  /// 0: a constant. n: a copy of the n-th item (1 is the top) of the stack as it is without the queue.
  int depth = 0;

  bool is_constant() const noexcept { return depth == 0; }
  bool is_small() const noexcept { return depth == 0 && constant.fits_u64() && constant.low64() <= 0xffff'ffff; }
};

class OperandQueue {
 public:
  static constexpr int kCapacity = 4;

  int size() const noexcept { return size_; }
  bool full() const noexcept { return size_ == kCapacity; }
  void clear() noexcept { size_ = 0; }

  /// The n-th from the top, 0 first.
  Operand& top(int n = 0) noexcept { return operands_[size_ - 1 - n]; }
  /// From the bottom.
  const Operand& operator[](int i) const noexcept { return operands_[i]; }

  /// Requires: not full.
  void push_constant(const u256& value) noexcept {
    operands_[size_].constant = value;
    operands_[size_++].depth = 0;
  }
  void push_copy(int depth) noexcept { operands_[size_++].depth = depth; }
  void push(const Operand& operand) noexcept { operands_[size_++] = operand; }
  void pop(int count = 1) noexcept { size_ -= count; }

 private:
  Operand operands_[kCapacity];
  int size_ = 0;
};

/// What `opcode` makes of constants; empty if it is none that depends on nothing else. `a` is on top of `b`.
std::optional<u256> fold(std::uint8_t opcode, const u256& a, const u256& b) noexcept;
/// The same for one operand.
std::optional<u256> fold(std::uint8_t opcode, const u256& a) noexcept;

/// k if v = 2^k - 1 and k > 0, otherwise 0.
inline unsigned mask_bits(const u256& v) noexcept {
  const u256 next = v + u256{1};
  return (v & next).is_zero() ? v.bit_length() : 0;
}
/// k if v = 2^k, otherwise -1.
inline int exponent_of(const u256& v) noexcept {
  return !v.is_zero() && (v & (v - u256{1})).is_zero() ? static_cast<int>(v.bit_length()) - 1 : -1;
}

}  // namespace hocket
