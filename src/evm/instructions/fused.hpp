// Fused instructions: what evm/translator.cpp makes of several (evm/cell.hpp).
#pragma once

#include "evm/instructions/bitwise.hpp"
#include "evm/instructions/control_flow.hpp"
#include "evm/instructions/environment.hpp"
#include "evm/instructions/memory.hpp"
#include "evm/instructions/storage.hpp"

namespace hocket::instructions {

/// Where the item is that a DUP would have copied; if that is the top, only once that is written back.
[[gnu::always_inline]] inline const u256& place_of_dup(const Registers& r) noexcept {
  return *reinterpret_cast<const u256*>(reinterpret_cast<const char*>(r.sp) - r.ip->immediate.depth_bytes);
}
/// The item that a DUP would have copied, for those that push nothing. A choice in registers costs less than the top's
/// way through memory.
[[gnu::always_inline]] inline u256 dup_of(const TopRegisters& r) noexcept {
  const bool is_top = r.ip->immediate.depth_bytes == 0;
  u256 item = load_limbs(place_of_dup(r));
  for (int i = 0; i < 4; ++i) item.limbs[i] = is_top ? r.top.limbs[i] : item.limbs[i];
  return item;
}
/// The same for those that push: the top is written back, as it has to be, and `push_above` is to follow.
[[gnu::always_inline]] inline u256 dup_to_push(TopRegisters& r) noexcept {
  write_back(r);
  return load_limbs(place_of_dup(r));
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
inline Flow fused(TopRegisters& r) noexcept {
  if constexpr (kOperands == Operands::immediate) r.top = apply<kOp>(immediate_of(r), r.top);
  if constexpr (kOperands == Operands::dup) r.top = apply<kOp>(dup_of(r), r.top);
  if constexpr (kOperands == Operands::immediate_dup) return push_above(r, apply<kOp>(immediate_of(r), dup_to_push(r)));
  if constexpr (kOperands == Operands::dup_immediate) return push_above(r, apply<kOp>(dup_to_push(r), immediate_of(r)));
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

inline constexpr bool is_jump(Outcome outcome) noexcept {
  return outcome == Outcome::jump_if || outcome == Outcome::jump_if_not;
}

/// The end of a comparison that leaves nothing on the stack.
template <Outcome kOutcome>
[[gnu::always_inline]] inline Flow jump_or_go_on(Registers& r, bool truth) noexcept {
  if (truth == (kOutcome == Outcome::jump_if)) {
    ++r.ip;
    return follow(r);
  }
  r.ip += 3;
  return block(r);
}

/// The end of a comparison of which the truth takes the place of `kTaken` items.
template <Outcome kOutcome, int kTaken>
[[gnu::always_inline]] inline Flow conclude(TopRegisters& r, bool truth) noexcept {
  if constexpr (is_jump(kOutcome)) {
    take(r, kTaken);
    return jump_or_go_on<kOutcome>(r, truth);
  }
  r.sp -= kTaken - 1;
  r.top = u256{truth == (kOutcome == Outcome::pushed)};
  return next(r);
}

/// The same where nothing is taken; `compare(dup)` has the truth.
template <Outcome kOutcome, class Compare>
[[gnu::always_inline]] inline Flow conclude_dup(TopRegisters& r, Compare&& compare) noexcept {
  if constexpr (is_jump(kOutcome)) return jump_or_go_on<kOutcome>(r, compare(dup_of(r)));
  return push_above(r, u256{compare(dup_to_push(r)) == (kOutcome == Outcome::pushed)});
}

template <Comparison kComparison, Operands kOperands, Outcome kOutcome>
inline Flow comparison(TopRegisters& r) noexcept {
  if constexpr (kOperands == Operands::stack) return conclude<kOutcome, 2>(r, compare<kComparison>(r.top, r.sp[-1]));
  if constexpr (kOperands == Operands::immediate)
    return conclude<kOutcome, 1>(r, compare<kComparison>(immediate_of(r), r.top));
  if constexpr (kOperands == Operands::dup) return conclude<kOutcome, 1>(r, compare<kComparison>(dup_of(r), r.top));
  const u256 immediate = immediate_of(r);
  if constexpr (kOperands == Operands::immediate_dup)
    return conclude_dup<kOutcome>(r, [&](const u256& dup) { return compare<kComparison>(immediate, dup); });
  if constexpr (kOperands == Operands::dup_immediate)
    return conclude_dup<kOutcome>(r, [&](const u256& dup) { return compare<kComparison>(dup, immediate); });
}

template <Outcome kOutcome>
inline Flow iszero(TopRegisters& r) noexcept {
  return conclude<kOutcome, 1>(r, r.top.is_zero());
}

template <Outcome kOutcome>
inline Flow iszero_dup(TopRegisters& r) noexcept {
  return conclude_dup<kOutcome>(r, [](const u256& dup) { return dup.is_zero(); });
}

inline Flow jump_const(TopRegisters& r) noexcept { return follow(r); }

inline Flow jumpi_const(TopRegisters& r) noexcept { return conclude<Outcome::jump_if, 1>(r, !r.top.is_zero()); }

inline Flow bad_jump(TopRegisters& r) noexcept { return halt(r, Status::bad_jump_destination); }

/// SWAP1 JUMP.
inline Flow swap_jump(TopRegisters& r) noexcept {
  --r.sp;
  return go_to(r, r.sp[0]);
}

inline Flow dup_deep(TopRegisters& r) noexcept { return push_above(r, dup_to_push(r)); }

template <int kCount>
inline Flow drop(TopRegisters& r) noexcept {
  take(r, kCount);
  return next(r);
}

template <int kDepth>
inline Flow swap_pop(TopRegisters& r) noexcept {
  if constexpr (kDepth == 1) {
    --r.sp;
  } else {
    store_limbs(r.sp[-kDepth], r.top);
    take(r, 1);
  }
  return next(r);
}

inline Flow sub_immediate(TopRegisters& r) noexcept {
  r.top = r.top - immediate_of(r);
  return next(r);
}

/// AND with the immediate's number of ones in limb kLimb, and all ones below.
template <int kLimb>
inline Flow mask_limb(TopRegisters& r) noexcept {
  r.top.limbs[kLimb] &= ~std::uint64_t{0} >> (64 - r.ip->immediate.value);
  for (int i = kLimb + 1; i < 4; ++i) r.top.limbs[i] = 0;
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
inline Flow shl_immediate(TopRegisters& r) noexcept {
  r.top = shl_immediate_of<kWords>(r, r.top);
  return next(r);
}
template <int kWords>
inline Flow shr_immediate(TopRegisters& r) noexcept {
  r.top = shr_immediate_of<kWords>(r, r.top);
  return next(r);
}
template <int kWords>
inline Flow dup_shl_immediate(TopRegisters& r) noexcept {
  return push_above(r, shl_immediate_of<kWords>(r, dup_to_push(r)));
}
template <int kWords>
inline Flow dup_shr_immediate(TopRegisters& r) noexcept {
  return push_above(r, shr_immediate_of<kWords>(r, dup_to_push(r)));
}

// --- memory, calldata, storage ---------------------------------------------------------------------------------------

inline Flow mload_immediate(TopRegisters& r) noexcept {
  if (!use_memory(r, immediate_of(r), 32)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  return push(r, load_be256(r.frame->memory + r.ip->immediate.value));
}

inline Flow mload_dup(TopRegisters& r) noexcept {
  const u256 offset = dup_to_push(r);
  if (!use_memory(r, offset, 32)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  return push_above(r, load_be256(r.frame->memory + offset.low64()));
}

inline Flow mstore_immediate(TopRegisters& r) noexcept {
  if (!use_memory(r, immediate_of(r), 32)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  store_be256(r.frame->memory + r.ip->immediate.value, r.top);
  take(r, 1);
  return next(r);
}

inline Flow mstore_dup(TopRegisters& r) noexcept {
  const u256 offset = dup_of(r);
  if (!use_memory(r, offset, 32)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  store_be256(r.frame->memory + offset.low64(), r.top);
  take(r, 1);
  return next(r);
}

inline Flow mstore_immediate_dup(TopRegisters& r) noexcept {
  if (!use_memory(r, immediate_of(r), 32)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  store_be256(r.frame->memory + r.ip->immediate.value, dup_of(r));
  return next(r);
}

inline Flow mstore_dup_immediate(TopRegisters& r) noexcept {
  const u256 offset = dup_of(r);
  if (!use_memory(r, offset, 32)) [[unlikely]]
    return halt(r, Status::out_of_gas);
  store_be256(r.frame->memory + offset.low64(), immediate_of(r));
  return next(r);
}

/// The size is where other cells have a depth.
inline Flow keccak_immediate(Registers& r) noexcept {
  if (!hash_of_memory(r, immediate_of(r), u256{r.ip->immediate.depth_bytes}, r.sp[1])) [[unlikely]]
    return halt(r, Status::out_of_gas);
  ++r.sp;
  return next(r);
}

inline Flow calldataload_immediate(TopRegisters& r) noexcept {
  return push(r, calldata_word(r.frame->input, r.ip->immediate.value));
}

template <bool kFollows = false>
inline Flow sload_immediate(Registers& r) {
  const SlotEntry* slot = slot_to_load(r, immediate_of(r));
  if (slot == nullptr) [[unlikely]]
    return Flow::leave;
  if constexpr (kFollows) r.frame->machine->follower->load(*slot);
  *++r.sp = load_limbs(slot->current);
  return next(r);
}

}  // namespace hocket::instructions
