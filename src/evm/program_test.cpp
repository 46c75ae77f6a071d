#include "evm/program.hpp"

#include "base/hex.hpp"

#include <gtest/gtest.h>
#include <string>

namespace hocket {
namespace {

using namespace literals;

Program translated(const Bytes& code) {
  Program program;
  program.translate(code, spec_of(Revision::osaka), false);
  return program;
}

/// What it takes to enter the program at its start.
BlockNeeds needs_of(const Program& program) { return program.entry()->block; }

Bytes repeated(const Bytes& piece, std::size_t times) {
  Bytes code;
  for (std::size_t i = 0; i < times; ++i) code.insert(code.end(), piece.begin(), piece.end());
  return code;
}

TEST(Program, ABlockGoesOnBehindAJumpdestThatIsEnteredInItsMiddle) {
  const Program program = translated(
      "600050"
      "5b"
      "3450"
      "5b"
      "5050"
      "00"_hex);
  // PUSH1 POP, JUMPDEST CALLVALUE POP, JUMPDEST POP POP
  EXPECT_EQ(needs_of(program).gas, 3 + 2 + 1 + 2 + 2 + 1 + 2 + 2);
  EXPECT_EQ(needs_of(program).required_bytes, 2 * 32);
  EXPECT_EQ(needs_of(program).slack_bytes, (1024 - 2 - 1) * 32);
  ASSERT_NE(program.jump_target(3), nullptr);
  EXPECT_EQ(program.jump_target(3)->needs.gas, 1 + 2 + 2 + 1 + 2 + 2);
  EXPECT_EQ(program.jump_target(3)->needs.required_bytes, 2 * 32);
  ASSERT_NE(program.jump_target(6), nullptr);
  EXPECT_EQ(program.jump_target(6)->needs.gas, 1 + 2 + 2);
  EXPECT_EQ(program.jump_target(6)->needs.slack_bytes, (1024 - 2) * 32);
  EXPECT_EQ(program.jump_target(0), nullptr);
  EXPECT_EQ(program.jump_target(1000), nullptr);
}

TEST(Program, EveryJumpdestOfARunIsATarget) {
  constexpr std::size_t kCount = 3000;  // more than are taken at once
  const Program program = translated(repeated("5b"_hex, kCount));
  for (std::size_t i = 0; i < kCount; ++i) {
    ASSERT_NE(program.jump_target(i), nullptr);
    EXPECT_EQ(program.jump_target(i)->needs.gas, kCount - i);
  }
  EXPECT_EQ(needs_of(program).gas, kCount);
}

TEST(Program, ABlocksGasFitsItsField) {
  // 70,000 gas: a second block begins where the first is full, and a jump pays for no more than its own.
  const Program program = translated(repeated("5b"_hex, 70'000));
  EXPECT_LE(needs_of(program).gas, 0xffff);
  EXPECT_GE(needs_of(program).gas, 0xffff - 1024);
  EXPECT_EQ(program.jump_target(69'999)->needs.gas, 1);
}

TEST(Program, ConstantsAreFolded) {
  // 2^160 - 1, as compilers write it
  const Program program = translated(
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
  EXPECT_EQ((translated("5f35"
                        "6001"
                        "6001"
                        "60a0"
                        "1b"
                        "03"
                        "16"
                        "00"_hex)
                 .entry() +
             2)
                ->handler,
            kHandlerMaskLimb2);
}

TEST(Program, AComparisonJumps) {
  // CALLVALUE PUSH1 5 LT ISZERO PUSH1 9 JUMPI STOP JUMPDEST
  const Program program = translated(
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
  EXPECT_EQ(cell[1].jump.distance, static_cast<std::int32_t>(program.jump_target(9)->cell) - 3 - 1);
}

TEST(Program, AJumpToAJumpGoesWhereThatOneGoes) {
  // PUSH1 4 JUMP STOP; 4: JUMPDEST PUSH1 9 JUMP STOP; 9: JUMPDEST POP
  const Program program = translated(
      "600456"
      "00"
      "5b600956"
      "00"
      "5b50"_hex);
  const Cell* jump = program.entry() + 1;
  EXPECT_EQ(jump->handler, kHandlerJumpConst);
  EXPECT_EQ(jump + jump->jump.distance, program.cell(program.jump_target(9)->cell));
  EXPECT_EQ(jump[1].block.gas, (1 + 3 + 8) + (1 + 2));
  EXPECT_EQ(jump[1].block.required_bytes, 32);
  EXPECT_EQ(jump[1].block.slack_bytes, (1024 - 1 - 1) * 32);
  // Round in circles: it goes on for ever in steps.
  const Program circle = translated(
      "5b600456"
      "5b600056"_hex);
  EXPECT_NE(circle.jump_target(0), nullptr);
}

TEST(Program, CodeThatNeedsMostCellsFits) {
  for (const Bytes& piece : {"5f19"_hex, "5f1980"_hex, "5f8019"_hex, "5f57"_hex, "5f56"_hex, "5a"_hex, "555a"_hex,
                             "6000ff"_hex, "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"_hex})
    for (const bool traced : {false, true}) {
      Program program;
      program.translate(repeated(piece, 20'000), spec_of(Revision::osaka), traced);  // asserts
      EXPECT_NE(program.entry(), nullptr);
    }
}

}  // namespace
}  // namespace hocket
