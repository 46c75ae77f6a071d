// Cell: what the interpreter runs, 8 bytes each. A cell names its handler; the handlers' numbers are here.
//
// Fused handlers take the place of several instructions: of the pushes of small constants and the DUPs that make an
// instruction's operands, and, for comparisons, of an ISZERO and of a jump on the result. In them "immediate" is a
// constant of 32 bits and "dup" an item that a DUP would have copied.
#pragma once

#include "protocol/opcode.hpp"

#include <atomic>
#include <cstdint>

namespace hocket {

/// Where a fused instruction finds its operands: the first is what it would have found on top of the stack.
enum class Operands : std::uint8_t {
  immediate,      // immediate; then the top of the stack, which the result replaces
  dup,            // dup; then the top of the stack, which the result replaces
  immediate_dup,  // the result is pushed
  dup_immediate,  // the result is pushed
  stack,          // the two top items, as ever: comparisons only
};
inline constexpr int kFusedOperands = 4;
inline constexpr int kComparisonOperands = 5;

/// Instructions of two operands and a result.
enum class FusedOp : std::uint8_t { add, sub, mul, bit_and, bit_or, bit_xor, shl, shr, sar, signextend };
inline constexpr int kFusedOps = 10;

enum class Comparison : std::uint8_t { lt, gt, slt, sgt, eq };
inline constexpr int kComparisons = 5;

/// What becomes of a comparison. A jump's target and needs are in the cells that follow.
enum class Outcome : std::uint8_t { pushed, pushed_negated, jump_if, jump_if_not };
inline constexpr int kOutcomes = 4;

inline constexpr int kMaxDrop = 8;

/// Handler numbers: an instruction that needs no translation keeps its opcode; the translated ones follow.
enum HandlerId : std::uint16_t {
  kHandlerBlock = 256,  // start of a basic block
  kHandlerPush32Bits,   // immediate in the cell
  kHandlerPush1Limb,    // immediate in the next 1, 2, 3, 4 cells, least significant limb first
  kHandlerPush2Limbs,
  kHandlerPush3Limbs,
  kHandlerPush4Limbs,
  kHandlerJumpConst,   // a jump cell; then the target's address
  kHandlerJumpiConst,  // its own cell; a jump cell; the target's address; the next block's needs
  kHandlerBadJump,     // stands for every target that is none
  kHandlerArrive,      // a jump to where nothing has been translated yet, or to nothing
  kHandlerResolve,     // a jump cell that is taken for the first time
  kHandlerUndefined,   // an opcode that the fork does not have
  kHandlerTrace,       // program counter in the cell
  kHandlerDup,         // a dup, from deeper than DUP16 reaches
  kHandlerDrop,        // POPs, two to kMaxDrop: a number each, so that the stack's place does not wait for the cell
  kHandlerSwapPop = kHandlerDrop + kMaxDrop - 1,  // SWAPn POP by n: the top replaces the n-th item below it
  kHandlerSwapJump = kHandlerSwapPop + 16,        // SWAP1 JUMP
  kHandlerSubImmediate,                           // the top less the immediate
  kHandlerMaskLimb0,                              // AND with 2^k - 1, where k is in this limb: the immediate is k % 64
  kHandlerMaskLimb1,
  kHandlerMaskLimb2,
  kHandlerMaskLimb3,
  kHandlerShlWords0,  // SHL by a constant below 256: whole limbs by the handler, immediate: the rest
  kHandlerShlWords1,
  kHandlerShlWords2,
  kHandlerShlWords3,
  kHandlerShrWords0,  // the same for SHR
  kHandlerShrWords1,
  kHandlerShrWords2,
  kHandlerShrWords3,
  kHandlerDupShlWords0,  // the same for a dup: the result is pushed
  kHandlerDupShlWords1,
  kHandlerDupShlWords2,
  kHandlerDupShlWords3,
  kHandlerDupShrWords0,
  kHandlerDupShrWords1,
  kHandlerDupShrWords2,
  kHandlerDupShrWords3,
  kHandlerMloadImmediate,      // MLOAD at an immediate
  kHandlerMloadDup,            // at a dup
  kHandlerMstoreImmediate,     // the top at an immediate
  kHandlerMstoreDup,           // the top at a dup
  kHandlerMstoreImmediateDup,  // a dup at an immediate
  kHandlerMstoreDupImmediate,  // an immediate at a dup
  kHandlerKeccakImmediate,     // KECCAK256 of memory at an immediate; the size is in place of the depth
  kHandlerCalldataloadImmediate,
  kHandlerSloadImmediate,
  kHandlerFused,                                                // FusedOp by Operands
  kHandlerIszero = kHandlerFused + kFusedOps * kFusedOperands,  // ISZERO by outcome
  kHandlerIszeroDup = kHandlerIszero + kOutcomes,               // of a dup, by outcome
  kHandlerComparison = kHandlerIszeroDup + kOutcomes,           // Comparison by Operands by Outcome
  kHandlerCount = kHandlerComparison + kComparisons * kComparisonOperands * kOutcomes,
};

constexpr std::uint16_t fused_handler(FusedOp op, Operands operands) noexcept {
  return static_cast<std::uint16_t>(kHandlerFused + static_cast<int>(op) * kFusedOperands + static_cast<int>(operands));
}
constexpr std::uint16_t comparison_handler(Comparison comparison, Operands operands) noexcept {
  return static_cast<std::uint16_t>(kHandlerComparison +
                                    (static_cast<int>(comparison) * kComparisonOperands + static_cast<int>(operands)) *
                                        kOutcomes);
}
/// Whether the handler makes a truth value; then the next three are its other outcomes.
constexpr bool is_comparison(std::uint16_t handler) noexcept { return handler >= kHandlerIszero; }

/// What a block needs to be entered.
struct BlockNeeds {
  std::uint16_t gas;             // static gas of the block
  std::uint16_t required_bytes;  // of stack that must be there
  std::uint16_t slack_bytes;     // how many more may be there
};
inline constexpr BlockNeeds kNoNeeds{.gas = 0, .required_bytes = 0, .slack_bytes = 1024 * 32};

struct alignas(8) Cell {
  std::uint16_t handler;
  union {
    BlockNeeds block;
    struct __attribute__((packed)) {
      std::uint16_t depth_bytes;  // where a dup's item is, below the top; or a size
      std::uint32_t value;
    } immediate;
  };
};
static_assert(sizeof(Cell) == 8);

// A jump cell holds its target's program counter as its immediate until the jump is resolved, and from then on the
// target's needs. The word behind it is the address of the target's first instruction, null until then. Others may run
// the cell meanwhile: its needs are written before the address, which is stored for release, and read after it.

/// Where the jump cell leads; nullptr: it is not resolved. Pairs with `resolve_to`.
[[gnu::always_inline]] inline const Cell* target_of(const Cell* jump) noexcept {
  auto* place = reinterpret_cast<const Cell**>(const_cast<Cell*>(jump + 1));
  return std::atomic_ref<const Cell*>(*place).load(std::memory_order_acquire);
}
/// Requires: it is not resolved, and nobody else is about to.
inline void resolve_to(Cell* jump, BlockNeeds needs, const Cell* target) noexcept {
  jump->block = needs;
  auto* place = reinterpret_cast<const Cell**>(jump + 1);
  std::atomic_ref<const Cell*>(*place).store(target, std::memory_order_release);
}

inline constexpr Cell kBadJumpCell{.handler = kHandlerBadJump, .block = kNoNeeds};
inline constexpr Cell kArriveCell{.handler = kHandlerArrive, .block = kNoNeeds};
inline constexpr Cell kResolveCell{.handler = kHandlerResolve, .block = kNoNeeds};

}  // namespace hocket
