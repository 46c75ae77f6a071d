#include "evm/follower.hpp"

#include "base/assert.hpp"
#include "protocol/opcode.hpp"

namespace hocket {
namespace {

constexpr std::uint8_t kFusedOpcodes[kFusedOps] = {OP_ADD, OP_SUB, OP_MUL, OP_AND, OP_OR,
                                                   OP_XOR, OP_SHL, OP_SHR, OP_SAR, OP_SIGNEXTEND};
constexpr std::uint8_t kComparisonOpcodes[kComparisons] = {OP_LT, OP_GT, OP_SLT, OP_SGT, OP_EQ};

constexpr bool is_within(int handler, int first, int count) noexcept {
  return handler >= first && handler < first + count;
}

StackReach reach_of(int handler) noexcept {
  if (only_pushes(handler)) return {};
  if (handler < 256) {
    return {.items = kOpcodeTraits[static_cast<std::size_t>(handler)].inputs,
            .is_access = handler == OP_SLOAD || handler == OP_SSTORE};
  }
  if (is_within(handler, kHandlerDrop, kMaxDrop - 1))
    return {.items = static_cast<std::uint8_t>(handler - kHandlerDrop + 2)};
  if (is_within(handler, kHandlerSwapPop, 16))
    return {.items = static_cast<std::uint8_t>(handler - kHandlerSwapPop + 2)};
  if (is_within(handler, kHandlerSubImmediate, kHandlerDupShlWords0 - kHandlerSubImmediate)) return {.items = 1};
  if (is_within(handler, kHandlerDupShlWords0, kHandlerMloadImmediate - kHandlerDupShlWords0)) return {.copies = true};
  if (is_within(handler, kHandlerFused, kFusedOps * kFusedOperands)) {
    const auto operands = static_cast<Operands>((handler - kHandlerFused) % kFusedOperands);
    return {.items = static_cast<std::uint8_t>(operands == Operands::immediate || operands == Operands::dup),
            .copies = operands != Operands::immediate};
  }
  if (is_within(handler, kHandlerIszero, kOutcomes)) return {.items = 1};
  if (is_within(handler, kHandlerIszeroDup, kOutcomes)) return {.copies = true};
  if (handler >= kHandlerComparison) {
    const auto operands = static_cast<Operands>((handler - kHandlerComparison) / kOutcomes % kComparisonOperands);
    if (operands == Operands::stack) return {.items = 2};
    return {.items = static_cast<std::uint8_t>(operands == Operands::immediate || operands == Operands::dup),
            .copies = operands != Operands::immediate};
  }
  switch (handler) {
    case kHandlerJumpiConst:
    case kHandlerMstoreImmediate:
      return {.items = 1};
    case kHandlerSwapJump:
      return {.items = 2};
    case kHandlerDup:
    case kHandlerMloadDup:
    case kHandlerMstoreImmediateDup:
    case kHandlerMstoreDupImmediate:
      return {.copies = true};
    case kHandlerMstoreDup:
      return {.items = 1, .copies = true};
    case kHandlerSloadImmediate:
      return {.is_access = true};
    case kHandlerBadJump:
    case kHandlerUndefined:
    case kHandlerTrace:
      return {};
    default:
      break;
  }
  HOCKET_ASSERT(!"a handler whose operands are not known here");
  return {};
}

const u256* place_of_copied(const Cell& cell, const u256* sp) noexcept {
  return reinterpret_cast<const u256*>(reinterpret_cast<const char*>(sp) - cell.immediate.depth_bytes);
}

OperationLog::Value constant(const u256& value) noexcept { return {.value = value}; }

}  // namespace

const std::array<StackReach, kHandlerCount> kStackReaches = [] {
  std::array<StackReach, kHandlerCount> reaches{};
  for (int handler = 0; handler < kHandlerCount; ++handler)
    reaches[static_cast<std::size_t>(handler)] = reach_of(handler);
  return reaches;
}();

auto Follower::mark_at(const u256* place) const noexcept -> Index {
  for (auto mark = marks_.rbegin(); mark != marks_.rend() && mark->place >= place; ++mark)
    if (mark->place == place) return mark->made_by;
  return OperationLog::kNone;
}

auto Follower::take_mark(const u256* place) noexcept -> Index {
  for (std::size_t i = marks_.size(); i > 0 && marks_[i - 1].place >= place; --i) {
    if (marks_[i - 1].place != place) continue;
    const Index made_by = marks_[i - 1].made_by;
    marks_.erase(marks_.begin() + static_cast<std::ptrdiff_t>(i - 1));
    note_highest();
    return made_by;
  }
  return OperationLog::kNone;
}

void Follower::mark(const u256* place, Index made_by) {
  unmark(place);
  if (made_by == OperationLog::kNone) return;
  if (marks_.size() == kMaxMarks) {
    log_->give_up();
    return forget_marks();
  }
  auto above = marks_.end();  // mostly it is the highest
  while (above != marks_.begin() && (above - 1)->place > place) --above;
  marks_.insert(above, {.place = place, .made_by = made_by});
  note_highest();
}

void Follower::leave(const u256* stack_base) noexcept {
  while (!marks_.empty() && marks_.back().place >= stack_base) marks_.pop_back();
  note_highest();
}

void Follower::pin_items(const u256* sp, int count) {
  for (int i = 0; i < count; ++i) log_->pin(take(sp - i));
}

auto Follower::operate(std::uint8_t opcode, const Value& a, const Value& b) -> Result {
  if (a.made_by == OperationLog::kNone && b.made_by == OperationLog::kNone) return {};
  const Index made_by = log_->operate(opcode, a, b);
  if (made_by != OperationLog::kNone) return {.kind = Result::made, .made_by = made_by};
  log_->pin(a);
  log_->pin(b);
  return {};
}

auto Follower::compare(std::uint8_t opcode, const Value& a, const Value& b, int outcome) -> Result {
  Result truth = operate(opcode, a, b);
  if (truth.kind != Result::made) return {};
  const Value value{.value = log_->value_of({.value = {}, .made_by = truth.made_by}), .made_by = truth.made_by};
  switch (static_cast<Outcome>(outcome)) {
    case Outcome::pushed:
      return truth;
    case Outcome::pushed_negated:
      return operate(OP_ISZERO, value, {});
    case Outcome::jump_if:
    case Outcome::jump_if_not:
      log_->branch_on(value);
      return {};
  }
  return {};
}

/// The handlers that are made of an operation and its operands.
auto Follower::operate_fused(int handler, const Cell& cell, const u256* sp) -> Result {
  const auto copied = [&] { return value_at(place_of_copied(cell, sp)); };
  const Value immediate = constant(u256{cell.immediate.value});
  const auto with_operands = [&](Operands operands, auto&& then) -> Result {
    switch (operands) {
      case Operands::immediate:
        return then(immediate, take(sp));
      case Operands::dup: {
        const Value a = copied();  // it may be the top itself
        return then(a, take(sp));
      }
      case Operands::immediate_dup:
        return then(immediate, copied());
      case Operands::dup_immediate:
        return then(copied(), immediate);
      case Operands::stack: {
        const Value a = take(sp);
        return then(a, take(sp - 1));
      }
    }
    return {};
  };
  const auto shift = [&](std::uint8_t opcode, int words, const Value& value) {
    return operate(opcode, constant(u256{64U * static_cast<unsigned>(words) + cell.immediate.value}), value);
  };
  if (handler >= kHandlerComparison) {
    const int number = (handler - kHandlerComparison) / kOutcomes;
    return with_operands(static_cast<Operands>(number % kComparisonOperands), [&](const Value& a, const Value& b) {
      return compare(kComparisonOpcodes[number / kComparisonOperands], a, b, (handler - kHandlerIszero) % kOutcomes);
    });
  }
  if (handler >= kHandlerIszeroDup) return compare(OP_ISZERO, copied(), {}, handler - kHandlerIszeroDup);
  if (handler >= kHandlerIszero) return compare(OP_ISZERO, take(sp), {}, handler - kHandlerIszero);
  if (handler >= kHandlerFused) {
    const int number = handler - kHandlerFused;
    return with_operands(static_cast<Operands>(number % kFusedOperands), [&](const Value& a, const Value& b) {
      return operate(kFusedOpcodes[number / kFusedOperands], a, b);
    });
  }
  if (handler >= kHandlerDupShrWords0) return shift(OP_SHR, handler - kHandlerDupShrWords0, copied());
  if (handler >= kHandlerDupShlWords0) return shift(OP_SHL, handler - kHandlerDupShlWords0, copied());
  if (handler >= kHandlerShrWords0) return shift(OP_SHR, handler - kHandlerShrWords0, take(sp));
  if (handler >= kHandlerShlWords0) return shift(OP_SHL, handler - kHandlerShlWords0, take(sp));
  if (handler >= kHandlerMaskLimb0) {
    const unsigned bits = 64U * static_cast<unsigned>(handler - kHandlerMaskLimb0) + cell.immediate.value;
    return operate(OP_AND, constant((u256{1} << bits) - u256{1}), take(sp));
  }
  HOCKET_ASSERT(handler == kHandlerSubImmediate);
  return operate(OP_SUB, take(sp), immediate);
}

auto Follower::before(const Cell& cell, const u256* sp) -> Result {
  const int handler = cell.handler;
  if (handler >= kHandlerFused ||
      is_within(handler, kHandlerSubImmediate, kHandlerMloadImmediate - kHandlerSubImmediate))
    return operate_fused(handler, cell, sp);
  if (is_within(handler, OP_DUP1, 16)) return {.kind = Result::made, .made_by = mark_at(sp - (handler - OP_DUP1))};
  if (is_within(handler, OP_SWAP1, 16)) {
    const u256* other = sp - (handler - OP_SWAP1 + 1);
    const Index of_top = take_mark(sp), of_other = take_mark(other);
    mark(sp, of_other);
    mark(other, of_top);
    return {};
  }
  if (is_within(handler, kHandlerSwapPop, 16)) {
    mark(sp - (handler - kHandlerSwapPop + 1), take_mark(sp));
    return {};
  }
  if (is_within(handler, kHandlerDrop, kMaxDrop - 1)) {
    for (int i = 0; i < handler - kHandlerDrop + 2; ++i) unmark(sp - i);
    return {};
  }
  switch (handler) {
    case kHandlerDup:
      return {.kind = Result::made, .made_by = mark_at(place_of_copied(cell, sp))};
    case kHandlerSwapJump:
      log_->pin(take(sp - 1));
      mark(sp - 1, take_mark(sp));
      return {};
    case kHandlerJumpiConst:
      log_->branch_on(take(sp));
      return {};
    case OP_JUMPI:
      log_->pin(take(sp));
      log_->branch_on(take(sp - 1));
      return {};
    case OP_POP:
      unmark(sp);
      return {};
    case OP_SLOAD:
      pin_items(sp, 1);
      return {.kind = Result::loaded};
    case kHandlerSloadImmediate:
      return {.kind = Result::loaded};
    case OP_SSTORE:
      pin_items(sp, 1);  // what is stored: see `store`
      return {};
    case OP_NOT:
      return operate(OP_NOT, take(sp), {});
    case OP_ADD:
    case OP_MUL:
    case OP_SUB:
    case OP_DIV:
    case OP_SDIV:
    case OP_MOD:
    case OP_SMOD:
    case OP_SIGNEXTEND:
    case OP_AND:
    case OP_OR:
    case OP_XOR:
    case OP_SHL:
    case OP_SHR:
    case OP_SAR: {
      const Value a = take(sp);
      return operate(static_cast<std::uint8_t>(handler), a, take(sp - 1));
    }
    default:
      break;
  }
  const StackReach reach = kStackReaches[cell.handler];
  if (reach.copies) log_->pin(value_at(place_of_copied(cell, sp)));
  pin_items(sp, reach.items);
  return {};
}

void Follower::after(const Result& result, const u256* sp) {
  if (result.kind == Result::plain) return;
  const Index made_by = result.kind == Result::loaded ? std::exchange(loaded_, OperationLog::kNone) : result.made_by;
  // Otherwise this file does not say what the instructions do.
  if (made_by != OperationLog::kNone && log_->value_of({.value = {}, .made_by = made_by}) != *sp) [[unlikely]] {
    HOCKET_DEBUG_ASSERT(!"the log says something else");
    log_->contradict();
    return forget_marks();
  }
  mark(sp, made_by);
}

}  // namespace hocket
