// What the instructions do with marked items of the stack, handler by handler.
#include "evm/follower_fixture.hpp"
#include "evm/fusion_rules.hpp"

#include <array>

namespace hocket {
namespace {

constexpr std::array kFusedOpcodes = {OP_ADD, OP_SUB, OP_MUL, OP_AND, OP_OR,
                                      OP_XOR, OP_SHL, OP_SHR, OP_SAR, OP_SIGNEXTEND};
constexpr std::array kComparisonOpcodes = {OP_LT, OP_GT, OP_SLT, OP_SGT, OP_EQ};

// Of which nothing is equal to what is in another slot, or zero, whatever is made of them.
const u256 kBefore = (u256{0x0123456789abcdef} << 192) | (u256{0x1122334455667788} << 128) |
                     (u256{0x89abcdef01234567} << 64) | u256{0xf1};
const u256 kAfter = (u256{0x1123456789abcdef} << 192) | (u256{0x3122334455667788} << 128) |
                    (u256{0x99abcdef01234567} << 64) | u256{0xc3};

/// Pushes something else that the translator does not know.
constexpr std::uint8_t kOther = OP_ADDRESS;

constexpr bool is_shift(std::uint8_t opcode) {
  return opcode == OP_SHL || opcode == OP_SHR || opcode == OP_SAR || opcode == OP_SIGNEXTEND;
}
constexpr bool is_division(std::uint8_t opcode) {
  return opcode == OP_DIV || opcode == OP_SDIV || opcode == OP_MOD || opcode == OP_SMOD;
}

std::string name_of(std::uint8_t opcode) { return std::string(kOpcodeTraits[opcode].name); }

class FollowerOperationsTest : public FollowerFixture {
 protected:
  /// What is made of the slot's value by `code`, which runs through `handler`, can be made again.
  void expect_redone(const Bytes& code, int handler, const std::string& what, const u256& before = kBefore,
                     const u256& after = kAfter) {
    expect(program(code), before, after, true, what);
    expect_handler(program(code), handler, what);
  }
};

TEST_F(FollowerOperationsTest, TwoItemsOfTheStackMakeOne) {
  for (const std::uint8_t opcode : {OP_ADD, OP_MUL, OP_SUB, OP_DIV, OP_SDIV, OP_MOD, OP_SMOD, OP_SIGNEXTEND, OP_AND,
                                    OP_OR, OP_XOR, OP_SHL, OP_SHR, OP_SAR}) {
    const std::string name = name_of(opcode);
    // The result is made to be no zero.
    const Bytes rest{opcode, kItem, OP_ADD};
    const u256 before = is_shift(opcode) ? 2 : kBefore, after = is_shift(opcode) ? 1 : kAfter;
    expect_redone(joined({{kOther}, kLoad, rest}), opcode, name + ", on top", before, after);
    const bool small = is_division(opcode);
    expect_redone(joined({kLoad, {is_shift(opcode) ? kItem : kOther}, rest}), opcode, name + ", below",
                  small ? 5 : kBefore, small ? 7 : kAfter);
    const Bytes square = joined({kLoad, kLoad, {OP_MUL}, push(100), {OP_ADD}});
    expect_redone(joined({small ? kLoad : square, small ? square : kLoad, rest}), opcode, name + ", both", 5, 3);
  }
}

TEST_F(FollowerOperationsTest, AnOperandMayBeInTheCell) {
  for (int op = 0; op < kFusedOps; ++op) {
    const std::uint8_t opcode = kFusedOpcodes[static_cast<std::size_t>(op)];
    const auto handler = [&](Operands operands) { return fused_handler(static_cast<FusedOp>(op), operands); };
    const std::string name = name_of(opcode);
    const Bytes rest{opcode, kItem, OP_ADD};
    const Bytes constant = push(opcode == OP_SIGNEXTEND ? 0 : 0x25);
    if (opcode != OP_SHL && opcode != OP_SHR) {  // those have handlers of their own
      expect_redone(joined({kLoad, constant, rest}), handler(Operands::immediate), name + ", immediate");
      expect_redone(joined({kLoad, {OP_DUP1}, constant, rest}), handler(Operands::immediate_dup),
                    name + ", immediate and copy");
    }
    const u256 before = is_shift(opcode) ? 2 : kBefore, after = is_shift(opcode) ? 1 : kAfter;
    if (!kFusionRules[opcode].commutes)  // those are turned round
      expect_redone(joined({kLoad, push(0xff00ff00), {OP_DUP1 + 1}, rest}), handler(Operands::dup_immediate),
                    name + ", copy and immediate", before, after);
    expect_redone(joined({kLoad, {kOther, OP_DUP1 + 1}, rest}), handler(Operands::dup), name + ", copied", before,
                  after);
    expect_redone(joined({push(3), {kItem, OP_MUL}, kLoad, {OP_DUP1 + 1}, rest}), handler(Operands::dup),
                  name + ", below a copy");
    // With itself, unless that gives zero in any case.
    if (opcode != OP_SUB && opcode != OP_XOR && opcode != OP_SHR && opcode != OP_SAR)
      expect_redone(joined({kLoad, {OP_DUP1}, rest}), handler(Operands::dup), name + ", both", before, after);
  }
}

TEST_F(FollowerOperationsTest, AConstantMayBeInTheHandler) {
  for (const unsigned bits : {3u, 64u, 77u, 140u, 200u}) {
    const std::string name = std::to_string(bits);
    const int words = static_cast<int>(bits / 64);
    const Bytes constant = push(bits);
    expect_redone(joined({kLoad, constant, {OP_SHL}}), kHandlerShlWords0 + words, "SHL " + name);
    expect_redone(joined({kLoad, constant, {OP_SHR}}), kHandlerShrWords0 + words, "SHR " + name);
    expect_redone(joined({kLoad, {OP_DUP1}, constant, {OP_SHL}}), kHandlerDupShlWords0 + words, "DUP SHL " + name);
    expect_redone(joined({kLoad, {OP_DUP1}, constant, {OP_SHR}}), kHandlerDupShrWords0 + words, "DUP SHR " + name);
    expect_redone(joined({kLoad, {kItem, OP_DUP1 + 1}, constant, {OP_SHR}}), kHandlerDupShrWords0 + words,
                  "DUP2 SHR " + name);
    const u256 power = u256{1} << bits;
    expect_redone(joined({kLoad, push(power), {OP_MUL}}), kHandlerShlWords0 + words, "MUL by 2^" + name);
    expect_redone(joined({kLoad, push(power), {OP_SWAP1, OP_DIV}}), kHandlerShrWords0 + words, "DIV by 2^" + name);
    expect_redone(joined({kLoad, push(power - u256{1}), {OP_AND}}),
                  kHandlerMaskLimb0 + static_cast<int>((bits - 1) / 64), "AND with 2^" + name + " - 1");
  }
  expect_redone(joined({kLoad, push(77), {OP_SWAP1, OP_SUB}}), kHandlerSubImmediate, "SUB");
  expect_redone(joined({kLoad, {OP_NOT}}), OP_NOT, "NOT");
}

TEST_F(FollowerOperationsTest, AFieldOfASlotIsReplaced) {
  // As Solidity writes a packed counter of 64 bits: its mask, the sum, and all but the mask.
  const u256 mask = (u256{~std::uint64_t{0}} << 64);
  const Bytes code = joined({kLoad,
                             {OP_DUP1},
                             push(64),
                             {OP_SHR},
                             push(~std::uint64_t{0}),
                             {OP_AND},
                             push(7),
                             {OP_ADD},
                             push(64),
                             {OP_SHL},
                             push(mask),
                             {OP_AND, OP_SWAP1},
                             push(~mask),
                             {OP_AND, OP_OR},
                             {OP_PUSH0, OP_SSTORE, OP_STOP}});
  expect(code, kBefore, kAfter, true, "packed");
  // The whole slot stays, but for the field.
  expect(code, kBefore, kBefore + u256{1}, true, "another field");
}

TEST_F(FollowerOperationsTest, AComparisonIsPushedOrJumpsEitherWay) {
  const u256 minus_30 = u256{} - u256{30};
  // Two's complement: with the sign's bit turned the order of signed numbers is that of unsigned ones.
  const auto holds = [](std::uint8_t opcode, u256 a, u256 b) {
    if (opcode == OP_SLT || opcode == OP_SGT) {
      a = a ^ (u256{1} << 255);
      b = b ^ (u256{1} << 255);
    }
    return opcode == OP_EQ ? a == b : opcode == OP_LT || opcode == OP_SLT ? a < b : b < a;
  };
  enum class Marked : std::uint8_t { a, b, both };
  struct Row {
    const char* name;
    Operands operands;
    Marked marked;
    Bytes code;  // leaves the operands: the other one is 32
  };
  const std::vector<Row> rows = {
      {"immediate", Operands::immediate, Marked::b, joined({kLoad, push(32)})},
      {"copied", Operands::dup, Marked::a, joined({kLoad, {kItem, OP_DUP1 + 1}})},
      {"below a copy", Operands::dup, Marked::b, joined({{kItem}, kLoad, {OP_DUP1 + 1}})},
      {"copied itself", Operands::dup, Marked::both, joined({kLoad, {OP_DUP1}})},
      {"immediate and copy", Operands::immediate_dup, Marked::b, joined({kLoad, {OP_DUP1}, push(32)})},
      {"copy and immediate", Operands::dup_immediate, Marked::a, joined({kLoad, push(32), {OP_DUP1 + 1}})},
      {"on top", Operands::stack, Marked::a, joined({{kItem}, kLoad})},
      {"below", Operands::stack, Marked::b, joined({kLoad, {kItem}})},
      {"both", Operands::stack, Marked::both, joined({kLoad, kLoad})},
  };
  for (int comparison = 0; comparison < kComparisons; ++comparison) {
    const std::uint8_t opcode = kComparisonOpcodes[static_cast<std::size_t>(comparison)];
    for (const Row& row : rows) {
      // EQ's operands are turned round.
      const Operands operands =
          opcode == OP_EQ && row.operands == Operands::dup_immediate ? Operands::immediate_dup : row.operands;
      const int handler = comparison_handler(static_cast<Comparison>(comparison), operands);
      for (int outcome = 0; outcome < kOutcomes; ++outcome) {
        const bool is_negated = outcome % 2 != 0;
        Bytes code = joined({row.code, {opcode}, is_negated ? Bytes{OP_ISZERO} : Bytes{}});
        if (outcome < 2) {
          append(code, joined({push(7), {OP_ADD}}));
        } else {
          const std::size_t destination = 8 + code.size() + 5;
          append(code, joined({push(destination), {OP_JUMPI, kItem, kItem, OP_JUMPDEST}}));
        }
        // And the slot's value is stored beside it.
        append(code, kLoad);
        const std::string what = name_of(opcode) + ", " + row.name + ", outcome " + std::to_string(outcome);
        expect_handler(program(code), handler + outcome, what);
        for (const u256& before : {u256{30}, minus_30}) {
          for (const u256& after : {u256{31}, u256{32}, u256{33}, minus_30 + u256{1}}) {
            const auto truth = [&](const u256& value) {
              return row.marked == Marked::both ? holds(opcode, value, value)
                     : row.marked == Marked::a  ? holds(opcode, value, 32)
                                                : holds(opcode, 32, value);
            };
            expect(program(code), before, after, outcome < 2 || truth(before) == truth(after), what);
            if (HasFatalFailure()) return;
          }
        }
      }
    }
  }
}

TEST_F(FollowerOperationsTest, WhetherItIsZeroIsPushedOrJumpsEitherWay) {
  struct Row {
    const char* name;
    int handler;
    Bytes code;  // leaves what is looked at
  };
  // What is looked at is whether slot 0 is below 256, so that the price of no store changes.
  const Bytes quotient = joined({kLoad, push(8), {OP_SHR}});
  const std::vector<Row> rows = {
      {"on top", kHandlerIszero, quotient},
      {"copied", kHandlerIszeroDup, joined({quotient, {kItem, OP_DUP1 + 1}})},
  };
  for (const Row& row : rows) {
    for (int outcome = 0; outcome < kOutcomes; ++outcome) {
      Bytes code = joined({row.code, {OP_ISZERO}, outcome % 2 != 0 ? Bytes{OP_ISZERO} : Bytes{}});
      if (outcome < 2)
        append(code, joined({push(7), {OP_ADD, kItem}}));
      else
        append(code, joined({push(8 + code.size() + 5), {OP_JUMPI, kItem, kItem, OP_JUMPDEST, kItem, kItem, kItem}}));
      append(code, kLoad);
      const std::string what = std::string(row.name) + ", outcome " + std::to_string(outcome);
      expect_handler(program(code), row.handler + outcome, what);
      expect(program(code), 30, 31, true, what);
      expect(program(code), 300, 301, true, what);
      expect(program(code), 30, 300, outcome < 2, what);
      expect(program(code), 300, 30, outcome < 2, what);
    }
  }
}

TEST_F(FollowerOperationsTest, AJumpDependsOnItsConditionsTruth) {
  const auto jumping = [](const Bytes& before_jump, std::size_t after_destination) {
    const std::size_t destination = 8 + before_jump.size() + 2 + after_destination + 2;
    return joined({before_jump, push(destination)});
  };
  struct Row {
    const char* name;
    int handler;
    Bytes code;
  };
  const Bytes quotient = joined({kLoad, push(8), {OP_SHR}});
  const Bytes rest = joined({{kItem, kItem, OP_JUMPDEST}, kLoad});
  const std::vector<Row> rows = {
      {"to a constant", kHandlerJumpiConst, joined({jumping(quotient, 1), {OP_JUMPI}, rest})},
      // 32 - 32 + the destination: one that the translator does not know.
      {"to an item", OP_JUMPI,
       joined({jumping(joined({quotient, {kItem, kItem, OP_SUB}}), 2), {OP_ADD, OP_JUMPI}, rest})},
  };
  for (const Row& row : rows) {
    expect_handler(program(row.code), row.handler, row.name);
    expect(program(row.code), 30, 31, true, row.name);
    expect(program(row.code), 300, 301, true, row.name);
    expect(program(row.code), 300, 513, true, row.name);
    expect(program(row.code), 30, 300, false, row.name);
    expect(program(row.code), 300, 30, false, row.name);
  }
}

TEST_F(FollowerOperationsTest, ItemsAreCopiedFromAnyDepth) {
  for (std::uint8_t n = 1; n <= 16; ++n) {
    const std::string name = "DUP" + std::to_string(n);
    const auto dup = static_cast<std::uint8_t>(OP_DUP1 + n - 1);
    // Stored are the copy and the three items below it, one of them perhaps what was copied.
    expect_redone(joined({kLoad, repeated(kItem, n - 1), {dup}}), dup, name);
    expect_redone(joined({kLoad, repeated(kItem, n - 1), {dup}, repeated(OP_POP, 1), kLoad}), kHandlerSloadImmediate,
                  name + ", given up again");
    // What is beside it is not marked.
    expect_redone(joined({kLoad, {kItem}, repeated(kItem, n - 1), {dup}, kLoad}), dup, name + ", beside it");
  }
  // A constant that has come below the copy: the seventeenth.
  expect_redone(joined({kLoad, repeated(kItem, 15), {OP_DUP16}, push(77), {OP_SWAP1}}), kHandlerDup, "the seventeenth");
}

TEST_F(FollowerOperationsTest, ItemsChangePlaces) {
  for (std::uint8_t n = 1; n <= 16; ++n) {
    const auto swap = static_cast<std::uint8_t>(OP_SWAP1 + n - 1);
    const std::string name = "SWAP" + std::to_string(n);
    const Bytes other = joined({kLoad, push(0x777777), {OP_MUL}});
    const Bytes pops = repeated(OP_POP, n > 3 ? n - 3 : 0);
    // The marked one on top; below; both, with different values. Then what is below is stored too, and what is on top.
    const Bytes ends[] = {{}, joined({push(5), {OP_ADD}, pops})};
    for (const Bytes& end : ends) {
      expect_redone(joined({repeated(kItem, n), kLoad, {swap}, end, kLoad}), swap, name + ", top");
      expect_redone(joined({kLoad, repeated(kItem, n), {swap}, end, kLoad}), swap, name + ", below");
      expect_redone(joined({other, repeated(kItem, n - 1), kLoad, {swap}, end}), swap, name + ", both");
    }
    expect_redone(joined({repeated(kItem, n), kLoad, {swap, OP_POP}, repeated(OP_POP, n - 1)}), kHandlerSwapPop + n - 1,
                  name + " POP, top");
    expect_redone(joined({kLoad, repeated(kItem, n), {swap, OP_POP}, kLoad}), kHandlerSwapPop + n - 1,
                  name + " POP, below");
    expect_redone(joined({other, repeated(kItem, n - 1), kLoad, {swap, OP_POP}, repeated(OP_POP, n - 1), kLoad}),
                  kHandlerSwapPop + n - 1, name + " POP, both");
  }
}

TEST_F(FollowerOperationsTest, WhatComesWhereAMarkedItemWasIsNotMarked) {
  const Bytes other = joined({kLoad, push(0x777777), {OP_MUL}});
  expect_redone(joined({kLoad, {OP_POP, kItem}, kLoad}), OP_POP, "POP");
  for (int n = 2; n <= kMaxDrop; ++n) {
    for (int marked = 0; marked < n; ++marked) {
      const Bytes items = joined({repeated(kItem, n - 1 - marked), kLoad, repeated(kItem, marked)});
      expect_redone(joined({other, items, repeated(OP_POP, n), repeated(kItem, 2), kLoad}), kHandlerDrop + n - 2,
                    std::to_string(n) + " POPs, marked " + std::to_string(marked));
    }
  }
}

TEST_F(FollowerOperationsTest, AReturnFromAFunctionLeavesItsValue) {
  // The way back is an item that the translator does not know.
  const auto code = [](std::size_t destination) {
    return joined({{kItem, kItem, OP_SUB}, push(destination), {OP_ADD}, kLoad, {OP_SWAP1, OP_JUMP, OP_JUMPDEST}});
  };
  const Bytes jumping = code(8 + code(0).size() - 1);
  expect(program(jumping), kBefore, kAfter, true, "SWAP1 JUMP");
  // A way back that depends on the slot: twice to the same place, and to another.
  const auto returning = [](std::size_t destination) {
    return joined({kLoad,
                   push(16),
                   {OP_SWAP1, OP_DIV},
                   push(destination),
                   {OP_ADD, kItem, OP_SWAP1, OP_JUMP},
                   {OP_JUMPDEST, OP_JUMPDEST},
                   kLoad});
  };
  const Bytes code_back = returning(8 + returning(0).size() - 2 - 2 - 1);
  expect(program(code_back), 16, 17, true, "SWAP1 JUMP to the same place");
  expect(program(code_back), 16, 32, false, "SWAP1 JUMP to another place");
}

}  // namespace
}  // namespace hocket
