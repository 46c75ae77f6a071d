#include "evm/program.hpp"

#include "base/hex.hpp"
#include "evm/block_writer.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace hocket {
namespace {

using namespace literals;

/// A program of which what the start leads to is translated, and the rest on demand.
class Translated {
 public:
  explicit Translated(const Bytes& code, bool traced = false)
      : program_(code, spec_of(Revision::osaka), traced), entry_(program_.entry(space_)) {}

  const Cell* entry() const { return entry_; }
  /// What it takes to enter the program at its start.
  BlockNeeds needs() const { return entry_->block; }
  /// Whether there is a jump destination that is translated.
  bool has(std::size_t pc) const {
    const JumpTarget* target = program_.jump_target(pc);
    return target != nullptr && target->cell != nullptr;
  }
  const JumpTarget* jump_to(std::size_t pc) { return program_.translate(pc, space_); }
  /// Takes the jump of the jump cell.
  const Cell* take(const Cell* jump) {
    program_.resolve(jump, space_);
    return target_of(jump);
  }

 private:
  TranslationSpace space_;
  Program program_;
  const Cell* entry_;
};

Bytes repeated(const Bytes& piece, std::size_t times) {
  Bytes code;
  for (std::size_t i = 0; i < times; ++i) code.insert(code.end(), piece.begin(), piece.end());
  return code;
}

TEST(Program, ABlockGoesOnBehindAJumpdestThatIsEnteredInItsMiddle) {
  Translated program(
      "600050"
      "5b"
      "3450"
      "5b"
      "5050"
      "00"_hex);
  // PUSH1 POP, JUMPDEST CALLVALUE POP, JUMPDEST POP POP
  EXPECT_EQ(program.needs().gas, 3 + 2 + 1 + 2 + 2 + 1 + 2 + 2);
  EXPECT_EQ(program.needs().required_bytes, 2 * 32);
  EXPECT_EQ(program.needs().slack_bytes, (1024 - 2 - 1) * 32);
  ASSERT_NE(program.jump_to(3), nullptr);
  EXPECT_EQ(program.jump_to(3)->needs.gas, 1 + 2 + 2 + 1 + 2 + 2);
  EXPECT_EQ(program.jump_to(3)->needs.required_bytes, 2 * 32);
  ASSERT_NE(program.jump_to(6), nullptr);
  EXPECT_EQ(program.jump_to(6)->needs.gas, 1 + 2 + 2);
  EXPECT_EQ(program.jump_to(6)->needs.slack_bytes, (1024 - 2) * 32);
  EXPECT_EQ(program.jump_to(0), nullptr);
  EXPECT_EQ(program.jump_to(1000), nullptr);
}

TEST(Program, EveryJumpdestOfARunIsATarget) {
  constexpr std::size_t kCount = 3000;  // more than are taken at once
  Translated program(repeated("5b"_hex, kCount));
  for (std::size_t i = 0; i < kCount; ++i) {
    ASSERT_NE(program.jump_to(i), nullptr);
    EXPECT_EQ(program.jump_to(i)->needs.gas, kCount - i);
  }
  EXPECT_EQ(program.needs().gas, kCount);
}

TEST(Program, ABlocksGasFitsItsField) {
  // 70,000 gas: a second block begins where the first is full, and a jump pays for no more than its own.
  Translated program(repeated("5b"_hex, 70'000));
  EXPECT_LE(program.needs().gas, 0xffff);
  EXPECT_GE(program.needs().gas, 0xffff - 1024);
  EXPECT_EQ(program.jump_to(69'999)->needs.gas, 1);
}

TEST(Program, ConstantsAreFolded) {
  // 2^160 - 1, as compilers write it
  Translated program(
      "6001"
      "6001"
      "60a0"
      "1b"
      "03"
      "00"_hex);
  const Cell* cell = program.entry() + 1;
  EXPECT_EQ(cell->handler, kHandlerPush3Limbs);
  EXPECT_EQ(cell[4].handler, OP_STOP);
  // As a mask of calldata's word:
  Translated mask(
      "5f35"
      "6001"
      "6001"
      "60a0"
      "1b"
      "03"
      "16"
      "00"_hex);
  EXPECT_EQ(mask.entry()[2].handler, kHandlerMaskLimb2);
}

TEST(Program, AComparisonJumps) {
  // CALLVALUE PUSH1 5 LT ISZERO PUSH1 9 JUMPI STOP JUMPDEST
  Translated program(
      "34"
      "6005"
      "10"
      "15"
      "6009"
      "57"
      "00"
      "5b"_hex);
  const Cell* cell = program.entry() + 2;
  EXPECT_EQ(cell->handler,
            comparison_handler(Comparison::lt, Operands::immediate) + static_cast<int>(Outcome::jump_if_not));
  EXPECT_EQ(cell->immediate.value, 5);
  EXPECT_EQ(target_of(cell + 1), nullptr);
  EXPECT_FALSE(program.has(9));
  EXPECT_EQ(program.take(cell + 1), program.jump_to(9)->cell);
  EXPECT_EQ(cell[1].block.gas, 1);
}

TEST(Program, AJumpToAJumpGoesWhereThatOneGoes) {
  // PUSH1 4 JUMP STOP; 4: JUMPDEST PUSH1 9 JUMP STOP; 9: JUMPDEST POP
  Translated program(
      "600456"
      "00"
      "5b600956"
      "00"
      "5b50"_hex);
  const Cell* jump = program.entry() + 1;
  EXPECT_EQ(jump->handler, kHandlerJumpConst);
  EXPECT_EQ(program.take(jump), program.jump_to(9)->cell);
  EXPECT_EQ(jump->block.gas, (1 + 3 + 8) + (1 + 2));
  EXPECT_EQ(jump->block.required_bytes, 32);
  EXPECT_EQ(jump->block.slack_bytes, (1024 - 1 - 1) * 32);
  // Round in circles: it goes on for ever in steps.
  Translated circle(
      "5b600456"
      "5b600056"_hex);
  const Cell* first = circle.jump_to(0)->cell;
  ASSERT_EQ(first->handler, kHandlerJumpConst);
  EXPECT_NE(circle.take(first), nullptr);
  const Cell* second = circle.jump_to(4)->cell;
  EXPECT_NE(circle.take(second), nullptr);
  // To itself.
  Translated self("5b600056"_hex);
  const Cell* jump_to_itself = self.jump_to(0)->cell;
  EXPECT_EQ(self.take(jump_to_itself), jump_to_itself);
  EXPECT_EQ(jump_to_itself->block.gas, 1 + 3 + 8);
}

TEST(Program, ABadJumpLeadsToItsCell) {
  // 5b is data; beyond the code; more than 32 bits
  for (const Bytes& code : {"6005566000605b"_hex, "61ffff56"_hex, "640000000000565b"_hex, "64010000000056"_hex}) {
    Translated program(code);
    const Cell* jump = program.entry() + 1;
    ASSERT_EQ(jump->handler, kHandlerJumpConst);
    EXPECT_EQ(program.take(jump)->handler, kHandlerBadJump);
    EXPECT_EQ(jump->block.gas, 0);
    EXPECT_EQ(jump->block.slack_bytes, 1024 * 32);
  }
}

TEST(Program, WhatIsNotReachedIsNotTranslated) {
  // PUSH1 9 JUMP; 3: JUMPDEST STOP; 5: JUMPDEST; 6: JUMPDEST STOP; ..; 9: JUMPDEST STOP
  Translated program("6009565b005b5b00005b00"_hex);
  for (const std::size_t pc : {3, 5, 6, 9}) EXPECT_FALSE(program.has(pc)) << pc;
  program.take(program.entry() + 1);
  EXPECT_TRUE(program.has(9));
  EXPECT_FALSE(program.has(3));
  EXPECT_EQ(program.jump_to(4), nullptr);
  EXPECT_EQ(program.jump_to(6)->needs.gas, 1);
  EXPECT_FALSE(program.has(5));
}

TEST(Program, ARegionEndsWhereAnotherBegins) {
  // JUMPDEST CALLVALUE JUMPDEST POP CALLVALUE POP STOP, from its middle first
  Translated program("60025634005b345b50345000"_hex);
  const JumpTarget* middle = program.jump_to(7);
  EXPECT_EQ(middle->needs.gas, 1 + 2 + 2 + 2);
  const JumpTarget* start = program.jump_to(5);
  EXPECT_EQ(start->needs.gas, 1 + 2);
  EXPECT_EQ(start->needs.required_bytes, 0);
  EXPECT_EQ(start->needs.slack_bytes, (1024 - 1) * 32);
  const Cell* cell = start->cell;
  EXPECT_EQ(cell[0].handler, OP_CALLVALUE);
  ASSERT_EQ(cell[1].handler, kHandlerJumpConst);
  EXPECT_EQ(program.take(cell + 1), middle->cell);
  EXPECT_EQ(cell[1].block.gas, middle->needs.gas);
  EXPECT_EQ(cell[1].block.required_bytes, 32);
}

TEST(Program, ARunThatIsEnteredFromItsEndIsTranslatedOnce) {
  constexpr std::size_t kCount = 24'576;
  Bytes code = "00"_hex;
  code.resize(kCount, 0x5b);
  Translated run(code);
  for (std::size_t pc = kCount - 1; pc > 0; --pc) {
    const JumpTarget* target = run.jump_to(pc);
    ASSERT_EQ(target->needs.gas, 1);
    const Cell* cell = target->cell;
    if (pc + 1 == kCount) {
      EXPECT_EQ(cell->handler, OP_STOP);
      continue;
    }
    // On to the next one, eight of them at a time.
    ASSERT_EQ(cell->handler, kHandlerJumpConst);
    ASSERT_NE(run.take(cell), nullptr);
    EXPECT_GE(cell->block.gas, 1);
  }
}

TEST(Program, ThreadsThatTranslateTheSameCodeSeeOneProgram) {
  // JUMPDEST CALLVALUE PUSH2 next JUMP, 400 times, and a STOP
  constexpr std::size_t kPieces = 400;
  Bytes code;
  for (std::size_t i = 0; i < kPieces; ++i) {
    const std::size_t next = (i + 1) * 6;
    append(code, "5b3461"_hex);
    code.push_back(static_cast<std::uint8_t>(next >> 8));
    code.push_back(static_cast<std::uint8_t>(next));
    code.push_back(OP_JUMP);
  }
  append(code, "5b00"_hex);
  for (int round = 0; round < 20; ++round) {
    const Program program(code, spec_of(Revision::osaka), false);
    std::vector<std::thread> threads;
    std::vector<std::size_t> gas(4);
    for (std::size_t i = 0; i < gas.size(); ++i)
      threads.emplace_back([&, i] {
        // As the interpreter goes; every other thread jumps as if the destinations were not constant.
        TranslationSpace space;
        const Cell* cell = program.entry(space);
        gas[i] = cell->block.gas;
        ++cell;
        for (std::size_t piece = 1; cell->handler != OP_STOP; ++piece) {
          ASSERT_EQ(cell->handler, OP_CALLVALUE);
          ++cell;
          ASSERT_EQ(cell->handler, kHandlerJumpConst);
          if (i % 2 == 0) {
            if (target_of(cell) == nullptr) program.resolve(cell, space);
            gas[i] += cell->block.gas;
            cell = target_of(cell);
          } else {
            const JumpTarget* target = program.jump_target(6 * piece);
            if (target->cell.load(std::memory_order_acquire) == nullptr) target = program.translate(6 * piece, space);
            gas[i] += target->needs.gas;
            cell = target->cell.load(std::memory_order_acquire);
          }
        }
      });
    for (std::thread& thread : threads) thread.join();
    for (const std::size_t used : gas) EXPECT_EQ(used, kPieces * (1 + 2 + 3 + 8) + 1);
  }
}

TEST(Program, CodeThatNeedsMostCellsFits) {
  for (const Bytes& piece : {"5f19"_hex, "5f1980"_hex, "5f8019"_hex, "5f57"_hex, "5f56"_hex, "5a"_hex, "555a"_hex,
                             "6000ff"_hex, "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"_hex,
                             "5b5f19"_hex, "5b5f57"_hex, "5b5f56"_hex, "5b5a"_hex, "5b"_hex})
    for (const bool traced : {false, true}) {
      const Bytes code = repeated(piece, 20'000);
      Translated forwards(code, traced);  // asserts
      for (std::size_t pc = 0; pc < code.size(); ++pc)
        EXPECT_EQ(forwards.jump_to(pc) != nullptr, code[pc] == OP_JUMPDEST);
      Translated backwards(code, traced);
      for (std::size_t pc = code.size(); pc-- != 0;)
        EXPECT_EQ(backwards.jump_to(pc) != nullptr, code[pc] == OP_JUMPDEST);
    }
}

}  // namespace
}  // namespace hocket
