// Fused instructions: what evm/translator.cpp makes of several (evm/cell.hpp).
#pragma once

#include "evm/instructions/bitwise.hpp"
#include "evm/instructions/control_flow.hpp"
#include "evm/instructions/environment.hpp"
#include "evm/instructions/memory.hpp"
#include "evm/instructions/storage.hpp"

namespace hocket::instructions {

/// The item that a DUP would have copied.
[[gnu::always_inline]] inline const u256& dup_of(const Registers& r) noexcept {
  return *reinterpret_cast<const u256*>(reinterpret_cast<const char*>(r.sp) - r.ip->immediate.depth_bytes);
}
[[gnu::always_inline]] inline u256 immediate_of(const Registers& r) noexcept { return r.ip->immediate.value; }

template <FusedOp kOp>
[[gnu::always_inline]] inline u256 apply(const u256& a, const u256& b) noexcept {
  if constexpr (kOp == FusedOp::add) return a + b;
  if constexpr (kOp == FusedOp::sub) return a - b;
  if constexpr (kOp == FusedOp::mul) return a * b;
  if constexpr (kOp == FusedOp::bit_and) return a & b;
  if constexpr (kOp == FusedOp::bit_or) return a | b;
  if constexpr (kOp == FusedOp::bit_xor) return a ^ b;
  if constexpr (kOp == FusedOp::shl) return shift_left(b, a);
  if constexpr (kOp == FusedOp::shr) return shift_right(b, a);
  if constexpr (kOp == FusedOp::sar) return arithmetic_shift_right(b, a);
  if constexpr (kOp == FusedOp::signextend) return sign_extend(a, b);
}

template <FusedOp kOp, Operands kOperands>
inline Flow fused(Registers& r) noexcept {
  if constexpr (kOperands == Operands::immediate) r.sp[0] = apply<kOp>(immediate_of(r), r.sp[0]);
  if constexpr (kOperands == Operands::dup) r.sp[0] = apply<kOp>(dup_of(r), r.sp[0]);
  if constexpr (kOperands == Operands::immediate_dup)
    return push(r, apply<kOp>(immediate_of(r), load_limbs(dup_of(r))));
  if constexpr (kOperands == Operands::dup_immediate)
    return push(r, apply<kOp>(load_limbs(dup_of(r)), immediate_of(r)));
  return next(r);
}

template <Comparison kComparison>
[[gnu::always_inline]] inline bool compare(const u256& a, const u256& b) noexcept {
  if constexpr (kComparison == Comparison::lt) return a < b;
  if constexpr (kComparison == Comparison::gt) return b < a;
  if constexpr (kComparison == Comparison::slt) return signed_less(a, b);
  if constexpr (kComparison == Comparison::sgt) return signed_less(b, a);
  if constexpr (kComparison == Comparison::eq) return a == b;
}

/// Goes to where the jump cell `ip` leads, through the target's needs.
[[gnu::always_inline]] inline Flow follow(Registers& r) noexcept {
  const Cell* target = target_of(r.ip);
  if (target == nullptr) [[unlikely]] {
    r.frame->ip = r.ip;
    r.ip = &kResolveCell;
    return Flow::next;
  }
  const BlockNeeds needs = r.ip->block;
  r.ip = target;
  return enter_block(r, needs);
}

/// The same for the jump cell in the frame's `ip`, which nobody may have taken before.
inline Flow resolve(Registers& r) {
  Frame& frame = *r.frame;
  frame.program->resolve(frame.ip, frame.machine->translation);
  r.ip = frame.ip;
  return follow(r);
}

/// The end of a comparison that has taken its operands off the stack. `sp` is as after it.
template <Outcome kOutcome>
[[gnu::always_inline]] inline Flow conclude(Registers& r, bool truth) noexcept {
  if constexpr (kOutcome == Outcome::pushed) return push(r, u256{truth});
  if constexpr (kOutcome == Outcome::pushed_negated) return push(r, u256{!truth});
  if constexpr (kOutcome == Outcome::jump_if || kOutcome == Outcome::jump_if_not) {
    if (truth == (kOutcome == Outcome::jump_if)) {
      ++r.ip;
      return follow(r);
    }
    r.ip += 3;
    return block(r);
  }
}

template <Comparison kComparison, Operands kOperands, Outcome kOutcome>
[[gnu::always_inline]] inline Flow comparison(Registers& r) noexcept {
  bool truth = false;
  if constexpr (kOperands == Operands::stack) {
    truth = compare<kComparison>(r.sp[0], r.sp[-1]);
    r.sp -= 2;
  }
  if constexpr (kOperands == Operands::immediate) {
    truth = compare<kComparison>(immediate_of(r), r.sp[0]);
    --r.sp;
  }
  if constexpr (kOperands == Operands::dup) {
    truth = compare<kComparison>(dup_of(r), r.sp[0]);
    --r.sp;
  }
  if constexpr (kOperands == Operands::immediate_dup) truth = compare<kComparison>(immediate_of(r), dup_of(r));
  if constexpr (kOperands == Operands::dup_immediate) truth = compare<kComparison>(dup_of(r), immediate_of(r));
  return conclude<kOutcome>(r, truth);
}

template <Outcome kOutcome>
[[gnu::always_inline]] inline Flow iszero(Registers& r) noexcept {
  const bool truth = r.sp->is_zero();
  --r.sp;
  return conclude<kOutcome>(r, truth);
}

template <Outcome kOutcome>
[[gnu::always_inline]] inline Flow iszero_dup(Registers& r) noexcept {
  return conclude<kOutcome>(r, dup_of(r).is_zero());
}

inline Flow jump_const(Registers& r) noexcept { return follow(r); }

inline Flow jumpi_const(Registers& r) noexcept {
  const bool truth = !r.sp->is_zero();
  --r.sp;
  return conclude<Outcome::jump_if>(r, truth);
}

inline Flow bad_jump(Registers& r) noexcept { return halt(r, Status::bad_jump_destination); }

/// SWAP1 JUMP.
inline Flow swap_jump(Registers& r) noexcept {
  const u256 destination = r.sp[-1];
  r.sp[-1] = load_limbs(r.sp[0]);
  --r.sp;
  return go_to(r, destination);
}

inline Flow dup_deep(Registers& r) noexcept {
  r.sp[1] = load_limbs(dup_of(r));
  ++r.sp;
  return next(r);
}

template <int kCount>
inline Flow drop(Registers& r) noexcept {
  r.sp -= kCount;
  return next(r);
}

template <int kDepth>
inline Flow swap_pop(Registers& r) noexcept {
  r.sp[-kDepth] = load_limbs(r.sp[0]);
  --r.sp;
  return next(r);
}

inline Flow sub_immediate(Registers& r) noexcept {
  r.sp[0] = r.sp[0] - immediate_of(r);
  return next(r);
}

/// AND with the immediate's number of ones in limb kLimb, and all ones below.
template <int kLimb>
inline Flow mask_limb(Registers& r) noexcept {
  r.sp->limbs[kLimb] &= ~std::uint64_t{0} >> (64 - r.ip->immediate.value);
  for (int i = kLimb + 1; i < 4; ++i) r.sp->limbs[i] = 0;
  return next(r);
}

/// By kWords limbs and the immediate's bits, fewer than 64.
template <int kWords>
[[gnu::always_inline]] inline u256 shl_immediate_of(const Registers& r, const u256& value) noexcept {
  const auto bits = r.ip->immediate.value;
  u256 shifted;
  for (int i = 3; i >= kWords; --i) {
    shifted.limbs[i] = value.limbs[i - kWords] << bits;
    if (i > kWords) shifted.limbs[i] |= value.limbs[i - kWords - 1] >> 1 >> (63 - bits);
  }
  return shifted;
}
template <int kWords>
[[gnu::always_inline]] inline u256 shr_immediate_of(const Registers& r, const u256& value) noexcept {
  const auto bits = r.ip->immediate.value;
  u256 shifted;
  for (int i = 0; i + kWords < 4; ++i) {
    shifted.limbs[i] = value.limbs[i + kWords] >> bits;
    if (i + kWords < 3) shifted.limbs[i] |= value.limbs[i + kWords + 1] << 1 << (63 - bits);
  }
  return shifted;
}

template <int kWords>
inline Flow shl_immediate(Registers& r) noexcept {
  r.sp[0] = shl_immediate_of<kWords>(r, r.sp[0]);
  return next(r);
}
template <int kWords>
inline Flow shr_immediate(Registers& r) noexcept {
  r.sp[0] = shr_immediate_of<kWords>(r, r.sp[0]);
  return next(r);
}
template <int kWords>
inline Flow dup_shl_immediate(Registers& r) noexcept {
  return push(r, shl_immediate_of<kWords>(r, dup_of(r)));
}
template <int kWords>
inline Flow dup_shr_immediate(Registers& r) noexcept {
  return push(r, shr_immediate_of<kWords>(r, dup_of(r)));
}

// --- memory, calldata, storage ---------------------------------------------------------------------------------------

inline Flow mload_immediate(Registers& r) noexcept {
  if (!use_memory(r, immediate_of(r), 32)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  return push(r, load_be256(r.frame->memory + r.ip->immediate.value));
}

inline Flow mload_dup(Registers& r) noexcept {
  if (!use_memory(r, dup_of(r), 32)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  return push(r, load_be256(r.frame->memory + dup_of(r).low64()));
}

inline Flow mstore_immediate(Registers& r) noexcept {
  if (!use_memory(r, immediate_of(r), 32)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  store_be256(r.frame->memory + r.ip->immediate.value, r.sp[0]);
  --r.sp;
  return next(r);
}

inline Flow mstore_dup(Registers& r) noexcept {
  if (!use_memory(r, dup_of(r), 32)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  store_be256(r.frame->memory + dup_of(r).low64(), r.sp[0]);
  --r.sp;
  return next(r);
}

inline Flow mstore_immediate_dup(Registers& r) noexcept {
  if (!use_memory(r, immediate_of(r), 32)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  store_be256(r.frame->memory + r.ip->immediate.value, dup_of(r));
  return next(r);
}

inline Flow mstore_dup_immediate(Registers& r) noexcept {
  if (!use_memory(r, dup_of(r), 32)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  store_be256(r.frame->memory + dup_of(r).low64(), immediate_of(r));
  return next(r);
}

/// The size is where other cells have a depth.
inline Flow keccak_immediate(Registers& r) noexcept {
  if (!hash_of_memory(r, immediate_of(r), u256{r.ip->immediate.depth_bytes}, r.sp[1])) [[unlikely]]
    return halt(r, Status::out_of_gas);
  ++r.sp;
  return next(r);
}

inline Flow calldataload_immediate(Registers& r) noexcept {
  return push(r, calldata_word(r.frame->input, r.ip->immediate.value));
}

inline Flow sload_immediate(Registers& r) {
  const SlotEntry* slot = slot_to_load(r, immediate_of(r));
  return slot != nullptr ? push(r, slot->current) : Flow::leave;
}

}  // namespace hocket::instructions
