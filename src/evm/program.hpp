// Program: a contract's code in the form that the interpreter runs: cells (evm/cell.hpp), one or more an instruction or
// one for several; each basic block is entered through a check of the gas and the stack that the whole block needs, so
// that one check serves all of its instructions.
//
// A block ends after a jump and after every instruction that must see the exact gas left (GAS, SSTORE, calls,
// creates). It does not end before a JUMPDEST: who jumps there pays for what is left of the block from there on, and
// who arrives from above has paid already. Checking a block ahead of its instructions is exact: a straight run of
// instructions either executes to its end or halts exceptionally, and an exceptional halt consumes all gas whatever its
// reason.
#pragma once

#include "base/bytes.hpp"
#include "evm/cell.hpp"
#include "protocol/spec.hpp"

#include <bit>
#include <memory>
#include <vector>

namespace hocket {

/// A block that is entered by a jump: what it needs, and its first instruction's cell.
struct JumpTarget {
  BlockNeeds needs = kNoNeeds;
  std::uint32_t cell = 0;
};

struct BlockSegment;  // evm/block_writer.hpp

class Program {
 public:
  Program();
  ~Program();
  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;

  /// Translates `code`. `traced`: every instruction is a block of its own, with a trace cell before it.
  /// Reuses the memory of an earlier translation.
  void translate(BytesView code, const Spec& spec, bool traced);
  /// A copy of the translation without memory beyond it: for a program that stays.
  Program compact() const;

  const Cell* entry() const noexcept { return cells_.get() + 1; }
  /// The block at the JUMPDEST `pc`; nullptr if there is none.
  const JumpTarget* jump_target(std::uint64_t pc) const noexcept {
    if (pc / 64 >= destinations_.size()) return nullptr;
    const Destinations& group = destinations_[pc / 64];
    const std::uint64_t bit = std::uint64_t{1} << (pc % 64);
    if ((group.bits & bit) == 0) return nullptr;
    return &targets_[group.before + static_cast<std::uint64_t>(std::popcount(group.bits & (bit - 1)))];
  }
  const Cell* cell(std::uint32_t index) const noexcept { return cells_.get() + index; }

 private:
  /// Where the jump cell at this index leads in the end: jumps to jumps are followed. Requires: its program counter is
  /// still there, and those in front of it have distances.
  JumpTarget final_target(std::uint32_t jump) const noexcept;

  std::unique_ptr<Cell[]> cells_;  // cells_[0] is where bad jumps go
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  /// Which of 64 bytes of code are jump destinations, and how many there are before these: a look-up touches one cache
  /// line here and one of `targets_`, however large the code is.
  struct Destinations {
    std::uint64_t bits = 0;
    std::uint64_t before = 0;
  };
  std::vector<Destinations> destinations_;
  std::vector<JumpTarget> targets_;  // of the jump destinations, in their order

  // During translation.
  std::vector<BlockSegment> segments_;
  std::vector<std::uint32_t> jumps_;  // jump cells that hold a program counter for a distance
};

}  // namespace hocket
