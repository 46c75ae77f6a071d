// Program: a contract's code in the form that the interpreter runs: cells (evm/cell.hpp), one or more an instruction or
// one for several; each basic block is entered through a check of the gas and the stack that the whole block needs, so
// that one check serves all of its instructions.
//
// A block ends after a jump and after every instruction that must see the exact gas left (GAS, SSTORE, calls,
// creates). It does not end before a JUMPDEST: who jumps there pays for what is left of the block from there on, and
// who arrives from above has paid already. Checking a block ahead of its instructions is exact: a straight run of
// instructions either executes to its end or halts exceptionally, and an exceptional halt consumes all gas whatever its
// reason.
//
// Code is translated on demand, a region at a time: from the code's start, or from a JUMPDEST that a jump goes to for
// the first time, up to where nothing follows any more or another region is reached. Every byte is in one region at
// most, so that all of them together cost no more than one walk over the code, whatever the order in which an
// adversary has them translated. What is seen at first is only where the jump destinations are.
//
// A program is shared: while one thread translates, under the program's lock, others run what is there. Cells never
// move, and but for jump cells (`resolve_to`) none is written to once it can be reached.
#pragma once

#include "base/bytes.hpp"
#include "evm/cell.hpp"
#include "protocol/spec.hpp"

#include <atomic>
#include <bit>
#include <memory>

namespace hocket {

struct TranslationSpace;  // evm/block_writer.hpp

/// A JUMPDEST: what it takes to go on there, and the first instruction.
struct JumpTarget {
  /// Null: not translated yet, and the needs say nothing. Stored once, for release, after the needs; read for acquire.
  std::atomic<const Cell*> cell = nullptr;
  BlockNeeds needs = kNoNeeds;
};

/// Thread safety: all that is const may be called from any thread, each with a TranslationSpace of its own.
/// Exceptions: std::bad_alloc, from what translates; nothing has changed then.
class Program {
 public:
  /// Prepares to run `code`, which is copied. `traced`: every instruction is a block of its own, with a trace cell
  /// before it. Requires: `spec` lives as long.
  Program(BytesView code, const Spec& spec, bool traced);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// The first cell; it is a block's.
  const Cell* entry(TranslationSpace& space) const {
    const Cell* cell = entry_.load(std::memory_order_acquire);
    return cell != nullptr ? cell : translate_start(space);
  }
  /// The JUMPDEST at `pc`, translated or not; nullptr if there is none.
  const JumpTarget* jump_target(std::uint64_t pc) const noexcept { return target_at(pc); }
  /// The same, and it is translated.
  const JumpTarget* translate(std::uint64_t pc, TranslationSpace& space) const;
  /// Resolves the jump cell, unless somebody has done it meanwhile: to where the jump leads in the end.
  void resolve(const Cell* jump, TranslationSpace& space) const;

 private:
  /// Which of 64 bytes of code are jump destinations, and these: a look-up touches one cache line here and one of them,
  /// however large the code is.
  struct Group {
    std::uint64_t bits = 0;
    /// In their order. Until one of them is translated, those that every program has for this. Stored for release, read
    /// for acquire.
    std::atomic<JumpTarget*> targets;
  };
  struct Translation;
  struct Destination {
    BlockNeeds needs;
    const Cell* cell;
  };

  JumpTarget* target_at(std::uint64_t pc) const noexcept {
    if (pc / 64 >= group_count_) return nullptr;
    const Group& group = groups_[pc / 64];
    const std::uint64_t bits = group.bits, bit = std::uint64_t{1} << (pc % 64);
    if ((bits & bit) == 0) return nullptr;
    JumpTarget* targets = group.targets.load(std::memory_order_acquire);
    if (targets == nullptr) __builtin_unreachable();
    return targets + std::popcount(bits & (bit - 1));
  }
  const Cell* translate_start(TranslationSpace& space) const;
  // Under the lock:
  const Cell* add_region(std::size_t pc, bool is_start, TranslationSpace& space) const;
  void make_targets(Group& group) const;
  Destination destination_at(std::uint64_t pc, TranslationSpace& space) const;

  Group* groups_;  // in the translation's arena
  std::size_t group_count_;
  mutable std::atomic<const Cell*> entry_ = nullptr;  // stored once, for release, after its region; read for acquire
  std::unique_ptr<Translation> translation_;
};

}  // namespace hocket
