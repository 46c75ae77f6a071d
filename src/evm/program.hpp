// Program: a contract's code in the form that the interpreter runs. Each instruction becomes one 8-byte cell (plus
// cells for wide immediates) that names its handler; each basic block begins with a cell that holds what the whole
// block needs of gas and stack, so that one check serves all of its instructions.
//
// A block ends after a jump and after every instruction that must see the exact gas left (GAS, SSTORE, calls,
// creates). Checking a block ahead of its instructions is exact: a straight run of instructions either executes to its
// end or halts exceptionally, and an exceptional halt consumes all gas whatever its reason.
#pragma once

#include "base/bytes.hpp"
#include "protocol/spec.hpp"

#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

namespace hocket {

/// Handler numbers: an instruction that needs no translation keeps its opcode; the translated ones follow.
enum HandlerId : std::uint16_t {
  kHandlerBlock = 256,  // start of a basic block
  kHandlerPush32Bits,   // immediate in the cell
  kHandlerPush1Limb,    // immediate in the next 1, 2, 3, 4 cells, least significant limb first
  kHandlerPush2Limbs,
  kHandlerPush3Limbs,
  kHandlerPush4Limbs,
  kHandlerPc,         // value in the cell
  kHandlerJumpConst,  // target cell in the cell
  kHandlerJumpiConst,
  kHandlerUndefined,  // an opcode that the fork does not have
  kHandlerTrace,      // program counter in the cell
  kHandlerCount,
};

struct Cell {
  std::uint16_t handler;
  union {
    struct {
      std::uint16_t gas;       // static gas of the block
      std::uint16_t required;  // stack items that must be there
      std::uint16_t slack;     // 1024 - required - growth: how many more may be there
    } block;
    struct __attribute__((packed)) {
      std::uint16_t unused;
      std::uint32_t value;
    } immediate;
  };
};
static_assert(sizeof(Cell) == 8);

class Program {
 public:
  /// Translates `code`. `traced`: every instruction is a block of its own, with a trace cell before it.
  /// Reuses the memory of an earlier translation.
  void translate(BytesView code, const Spec& spec, bool traced);
  /// Gives back what the translation reserved beyond the result: for a program that stays.
  void shrink();

  const Cell* entry() const noexcept { return cells_.get() + 1; }
  /// The block cell at the JUMPDEST `pc`; nullptr if there is none.
  const Cell* jump_target(std::uint64_t pc) const noexcept {
    const std::uint32_t index = target_index(pc);
    return index == 0 ? nullptr : cells_.get() + index;
  }
  const Cell* cell(std::uint32_t index) const noexcept { return cells_.get() + index; }

 private:
  std::unique_ptr<Cell[]> cells_;  // cells_[0] is no instruction: index 0 means "no target"
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  /// Which of 64 bytes of code are jump destinations, and how many there are before these: a look-up touches one cache
  /// line here and one of `targets_`, however large the code is.
  struct Destinations {
    std::uint64_t bits = 0;
    std::uint64_t before = 0;
  };

  /// Index of the block cell at the JUMPDEST `pc`, or 0.
  std::uint32_t target_index(std::uint64_t pc) const noexcept {
    if (pc / 64 >= destinations_.size()) return 0;
    const Destinations& group = destinations_[pc / 64];
    const std::uint64_t bit = std::uint64_t{1} << (pc % 64);
    if ((group.bits & bit) == 0) return 0;
    return targets_[group.before + static_cast<std::uint64_t>(std::popcount(group.bits & (bit - 1)))];
  }

  std::vector<Destinations> destinations_;
  std::vector<std::uint32_t> targets_;  // block cells of the jump destinations, in their order
  std::vector<std::uint32_t> jumps_;    // during translation: cells with a program counter for a target
};

}  // namespace hocket
