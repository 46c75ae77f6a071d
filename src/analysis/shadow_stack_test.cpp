#include "analysis/shadow_stack.hpp"

#include "protocol/opcode.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

constexpr std::uint32_t kSlot = 3;
constexpr std::uint32_t kOther = 4;

/// Runs instructions with the values that an EVM would have, as far as a test needs them.
class ShadowStackTest : public ::testing::Test {
 protected:
  void push(const u256& value) {
    run(OP_PUSH1);
    stack_.push_back(value);
  }
  void load(std::uint32_t slot, const u256& value) {
    push(0);
    run(OP_SLOAD, slot);
    stack_.back() = value;
  }
  /// An instruction that takes `inputs` and gives `value`.
  void compute(std::uint8_t opcode, std::size_t inputs, const u256& value) {
    run(opcode);
    stack_.resize(stack_.size() - inputs);
    stack_.push_back(value);
  }
  void consume(std::uint8_t opcode, std::size_t inputs) {
    run(opcode);
    stack_.resize(stack_.size() - inputs);
  }
  const ShadowValue& store() {
    push(0);
    consume(OP_SSTORE, 2);
    return effect_.stored;
  }

  std::vector<std::uint32_t> escaped_;  // by all instructions so far

 private:
  void run(std::uint8_t opcode, std::uint32_t loaded = 0) {
    shadow_.step(opcode, stack_, loaded, effect_);
    escaped_.insert(escaped_.end(), effect_.escaped.begin(), effect_.escaped.end());
  }

  ShadowStack shadow_;
  ShadowEffect effect_;
  std::vector<u256> stack_;
};

TEST_F(ShadowStackTest, SumsWithPlainValuesAreFollowed) {
  load(kSlot, 10);
  push(5);
  compute(OP_ADD, 2, 15);
  push(3);
  compute(OP_ADD, 2, 18);
  EXPECT_TRUE(store().is_sum_of(kSlot));
  push(4);
  load(kSlot, 10);
  compute(OP_SUB, 2, 6);  // the slot's value minus 4
  EXPECT_TRUE(store().is_sum_of(kSlot));
  EXPECT_TRUE(escaped_.empty());
}

TEST_F(ShadowStackTest, WhatIsSubtractedIsNoSum) {
  load(kSlot, 10);
  push(40);
  compute(OP_SUB, 2, 30);  // 40 minus the slot's value
  const ShadowValue& stored = store();
  EXPECT_EQ(stored.kind, ShadowValue::derived);
  EXPECT_EQ(stored.slots, std::vector{kSlot});
}

// Block 19929064: PUSH0 SUB JUMPI is how a compiler branches where a counter is not zero.
TEST_F(ShadowStackTest, ADifferenceThatOnlyBranchesDoesNotEscape) {
  load(kSlot, 10);
  push(0);
  compute(OP_SUB, 2, ~u256{} - 9);
  push(7);
  consume(OP_JUMPI, 2);
  load(kSlot, 10);
  load(kOther, 20);
  compute(OP_SUB, 2, 10);
  push(7);
  consume(OP_JUMPI, 2);
  EXPECT_TRUE(escaped_.empty());
  load(kSlot, 10);
  push(40);
  compute(OP_SUB, 2, 30);
  push(0);
  consume(OP_MSTORE, 2);
  EXPECT_EQ(escaped_, std::vector{kSlot});
}

TEST_F(ShadowStackTest, TwoSlotsAddedBothEscape) {
  load(kSlot, 10);
  load(kOther, 20);
  compute(OP_ADD, 2, 30);
  EXPECT_EQ(store().kind, ShadowValue::plain);
  EXPECT_EQ(escaped_, (std::vector{kOther, kSlot}));
}

TEST_F(ShadowStackTest, ComparisonsThatOnlyBranchDoNotEscape) {
  load(kSlot, 10);
  push(5);
  compute(OP_LT, 2, 1);
  compute(OP_ISZERO, 1, 0);
  push(7);
  consume(OP_JUMPI, 2);
  EXPECT_TRUE(escaped_.empty());
}

TEST_F(ShadowStackTest, AComparisonThatIsKeptEscapes) {
  load(kSlot, 10);
  push(5);
  compute(OP_LT, 2, 1);
  push(0);
  consume(OP_MSTORE, 2);
  EXPECT_EQ(escaped_, std::vector{kSlot});
}

TEST_F(ShadowStackTest, AJumpByAValueEscapes) {
  push(1);
  load(kSlot, 10);
  consume(OP_JUMPI, 2);  // the destination is on top
  EXPECT_EQ(escaped_, std::vector{kSlot});
}

TEST_F(ShadowStackTest, AMaskThatTakesNothingAwayKeepsTheSum) {
  load(kSlot, 10);
  push(0xff);
  compute(OP_AND, 2, 10);
  push(1);
  compute(OP_ADD, 2, 11);
  EXPECT_TRUE(store().is_sum_of(kSlot));
  load(kSlot, 0x1ff);
  push(0xff);
  compute(OP_AND, 2, 0xff);
  EXPECT_EQ(store().kind, ShadowValue::derived);
}

TEST_F(ShadowStackTest, ProductsKeysAndMemoryEscape) {
  for (const std::uint8_t opcode : {OP_MUL, OP_DIV, OP_EXP, OP_KECCAK256}) {
    escaped_.clear();
    load(kSlot, 10);
    push(2);
    compute(opcode, 2, 20);
    EXPECT_EQ(escaped_, std::vector{kSlot}) << int{opcode};
  }
  escaped_.clear();
  load(kSlot, 10);
  compute(OP_SLOAD, 1, 1);
  EXPECT_EQ(escaped_, std::vector{kSlot});
}

}  // namespace
}  // namespace hocket
