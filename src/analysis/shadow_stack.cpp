#include "analysis/shadow_stack.hpp"

#include "base/assert.hpp"
#include "protocol/opcode.hpp"

#include <algorithm>
#include <utility>

namespace hocket {

ShadowValue ShadowStack::pop() {
  ShadowValue value = std::move(values_.back());
  values_.pop_back();
  return value;
}

void ShadowStack::let_escape(std::size_t inputs, ShadowEffect& effect) {
  for (std::size_t i = 0; i < inputs; ++i) {
    const ShadowValue value = pop();
    effect.escaped.insert(effect.escaped.end(), value.slots.begin(), value.slots.end());
  }
}

void ShadowStack::derive(std::size_t inputs) {
  ShadowValue result;
  for (std::size_t i = 0; i < inputs; ++i) {
    const ShadowValue value = pop();
    result.slots.insert(result.slots.end(), value.slots.begin(), value.slots.end());
  }
  if (!result.slots.empty()) {
    result.kind = ShadowValue::derived;
    std::ranges::sort(result.slots);
    const auto same = std::ranges::unique(result.slots);
    result.slots.erase(same.begin(), same.end());
  }
  values_.push_back(std::move(result));
}

bool ShadowStack::keep_sum(bool top_may_be, bool below_may_be) {
  ShadowValue& top = values_[values_.size() - 1];
  ShadowValue& below = values_[values_.size() - 2];
  const bool of_top = top_may_be && top.kind == ShadowValue::sum && below.kind == ShadowValue::plain;
  const bool of_below = below_may_be && below.kind == ShadowValue::sum && top.kind == ShadowValue::plain;
  if (!of_top && !of_below) return false;
  if (of_top) std::swap(top, below);
  values_.pop_back();
  return true;
}

void ShadowStack::step(std::uint8_t opcode, std::span<const u256> stack, std::uint32_t loaded, ShadowEffect& effect) {
  effect.escaped.clear();
  effect.stored = {};
  HOCKET_ASSERT(values_.size() == stack.size());
  if (opcode >= OP_DUP1 && opcode <= OP_DUP16) {
    values_.push_back(values_[values_.size() - 1 - (opcode - OP_DUP1)]);
    return;
  }
  if (opcode >= OP_SWAP1 && opcode <= OP_SWAP16) {
    std::swap(values_.back(), values_[values_.size() - 2 - (opcode - OP_SWAP1)]);
    return;
  }
  const auto argument = [&](std::size_t i) { return stack[stack.size() - 1 - i]; };
  switch (opcode) {
    case OP_POP:
      values_.pop_back();
      return;
    case OP_ADD:
      if (keep_sum(true, true)) return;
      break;
    case OP_SUB:
      if (keep_sum(true, false)) return;
      return derive(2);  // compilers compare so too: what differs from zero is not equal
    case OP_AND: {
      // A mask that takes nothing away leaves a sum what it is; that it would not is one more comparison.
      const u256 both = argument(0) & argument(1);
      if (keep_sum(both == argument(0), both == argument(1))) return;
      return derive(2);
    }
    case OP_LT:
    case OP_GT:
    case OP_SLT:
    case OP_SGT:
    case OP_EQ:
    case OP_OR:
    case OP_XOR:
    case OP_BYTE:
    case OP_SHL:
    case OP_SHR:
    case OP_SAR:
      return derive(2);
    case OP_ISZERO:
    case OP_NOT:
      return derive(1);
    case OP_JUMPI:
      let_escape(1, effect);
      pop();  // the condition
      return;
    case OP_SLOAD:
      let_escape(1, effect);
      values_.push_back({.kind = ShadowValue::sum, .slots = {loaded}});
      return;
    case OP_SSTORE:
      let_escape(1, effect);
      effect.stored = pop();
      return;
    default:
      break;
  }
  const OpcodeTraits& traits = kOpcodeTraits[opcode];
  let_escape(traits.inputs, effect);
  values_.resize(values_.size() + traits.outputs);
}

}  // namespace hocket
