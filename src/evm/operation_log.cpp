#include "evm/operation_log.hpp"

#include "evm/operand_queue.hpp"
#include "protocol/opcode.hpp"

#include <algorithm>
#include <optional>
#include <ranges>

namespace hocket {
namespace {

/// What can be done again; `a` is on top of `b`.
std::optional<u256> apply(std::uint8_t opcode, const u256& a, const u256& b) noexcept {
  switch (opcode) {
    case OP_LT:
      return u256{a < b};
    case OP_GT:
      return u256{b < a};
    case OP_SLT:
      return u256{signed_less(a, b)};
    case OP_SGT:
      return u256{signed_less(b, a)};
    case OP_EQ:
      return u256{a == b};
    case OP_SDIV:
      return signed_divide(a, b);
    case OP_MOD:
      return a % b;
    case OP_SMOD:
      return signed_modulo(a, b);
    case OP_SIGNEXTEND:
      return sign_extend(a, b);
    case OP_SAR:
      return arithmetic_shift_right(b, a);
    case OP_ISZERO:
    case OP_NOT:
      return fold(opcode, a);
    case OP_EXP:  // its gas depends on its operands
      return std::nullopt;
    default:
      return fold(opcode, a, b);
  }
}

/// What the gas and the refund of a store depend on (EIP-1283, 2200, and what was before them).
unsigned price_class(const u256& original, const u256& current, const u256& stored) noexcept {
  return static_cast<unsigned>(original.is_zero()) | static_cast<unsigned>(current.is_zero()) << 1 |
         static_cast<unsigned>(stored.is_zero()) << 2 | static_cast<unsigned>(stored == current) << 3 |
         static_cast<unsigned>(current == original) << 4 | static_cast<unsigned>(stored == original) << 5;
}

}  // namespace

void OperationLog::begin() noexcept {
  slots_.clear();
  all_ = false;
  given_up_ = false;
  loads_.clear();
  stores_.clear();
  operations_.clear();
  conditions_.clear();
}

void OperationLog::follow(const Address& account, const u256& slot) {
  if (slots_.size() == kMaxSlots) return give_up();
  slots_.push_back({.account = account, .slot = slot});
}

bool OperationLog::follows(const Address& account, const u256& slot) const noexcept {
  // Whoever asks has often just begun to follow it.
  return all_ || std::ranges::any_of(slots_ | std::views::reverse,
                                     [&](const SlotKey& key) { return key.slot == slot && key.account == account; });
}

auto OperationLog::add(const Operation& operation) -> Index {
  if (operations_.size() == kMaxOperations) {
    give_up();
    return kNone;
  }
  operations_.push_back(operation);
  return static_cast<Index>(operations_.size() - 1);
}

void OperationLog::expect(const Condition& condition) {
  if (condition.kind != Condition::same_price) {
    if (condition.value.made_by == kNone) return;
    if (!conditions_.empty() && conditions_.back().kind == condition.kind &&
        conditions_.back().value.made_by == condition.value.made_by)
      return;
  }
  if (conditions_.size() == kMaxConditions) return give_up();
  conditions_.push_back(condition);
}

auto OperationLog::find_load(const SlotEntry& slot) const noexcept -> const Load* {
  const auto found = std::ranges::find(loads_, &slot, &Load::slot);
  return found != loads_.end() ? &*found : nullptr;
}

auto OperationLog::current_of(const SlotEntry& slot) -> Value {
  if (given_up_) return {.value = slot.current};
  for (auto store = stores_.rbegin(); store != stores_.rend(); ++store)
    if (store->slot == &slot) return store->value;
  if (const Load* load = find_load(slot)) return {.value = slot.current, .made_by = load->made_by};
  // A contract that this execution has made has no storage of before; nor is what was stored without following.
  const bool is_new = !slot.from_view || slot.current != slot.base;
  if (is_new || !follows(slot.account->address, slot.slot)) return {.value = slot.current};
  if (loads_.size() == kMaxSlots) {
    give_up();
    return {.value = slot.current};
  }
  const Index made_by = add(
      {.opcode = OP_SLOAD, .a = static_cast<Index>(loads_.size()), .b = kNone, .constant = {}, .value = slot.current});
  if (made_by != kNone) loads_.push_back({.slot = &slot, .made_by = made_by});
  return {.value = slot.current, .made_by = made_by};
}

auto OperationLog::operate(std::uint8_t opcode, const Value& a, const Value& b) -> Index {
  const auto value = apply(opcode, a.value, b.value);
  if (!value) return kNone;
  return add({.opcode = opcode,
              .a = a.made_by,
              .b = b.made_by,
              .constant = a.made_by == kNone ? a.value : b.value,
              .value = *value});
}

void OperationLog::price_store(const SlotEntry& slot, const Value& value) {
  const Value current = current_of(slot);
  const Load* load = find_load(slot);
  const Value original{.value = slot.original, .made_by = load != nullptr ? load->made_by : kNone};
  if (value.made_by == kNone && current.made_by == kNone && original.made_by == kNone) return;
  expect({.kind = Condition::same_price, .value = value, .original = original, .current = current});
}

void OperationLog::store(const SlotEntry& slot, const Value& value) {
  const bool is_known = value.made_by != kNone || find_load(slot) != nullptr ||
                        std::ranges::find(stores_, &slot, &Store::slot) != stores_.end();
  if (!is_known) return;
  if (stores_.size() == kMaxStores) return give_up();
  stores_.push_back({.slot = &slot, .value = value});
}

bool OperationLog::is_last_of_slot(std::size_t store) const noexcept {
  return std::ranges::none_of(std::span(stores_).subspan(store + 1),
                              [&](const Store& later) { return later.slot == stores_[store].slot; });
}

u256 OperationLog::done_again(const Operation& operation, std::span<const u256> loaded) const noexcept {
  if (operation.opcode == OP_SLOAD) return loaded[operation.a];
  const u256& a = operation.a == kNone ? operation.constant : again_[operation.a];
  const u256& b = operation.b == kNone ? operation.constant : again_[operation.b];
  return *apply(operation.opcode, a, b);
}

bool OperationLog::redo(std::span<const u256> loaded) {
  if (given_up_) return false;
  given_up_ = true;  // unless it goes well
  again_.clear();
  for (const Operation& operation : operations_) again_.push_back(done_again(operation, loaded));
  const auto now = [&](const Value& value) -> const u256& {
    return value.made_by == kNone ? value.value : again_[value.made_by];
  };
  for (const Condition& condition : conditions_) {
    const u256 &before = value_of(condition.value), &after = now(condition.value);
    bool same = false;
    switch (condition.kind) {
      case Condition::same_truth:
        same = before.is_zero() == after.is_zero();
        break;
      case Condition::same_value:
        same = before == after;
        break;
      case Condition::same_price:
        same = price_class(value_of(condition.original), value_of(condition.current), before) ==
               price_class(now(condition.original), now(condition.current), after);
        break;
    }
    if (!same) return false;
  }
  for (std::size_t i = 0; i < operations_.size(); ++i) operations_[i].value = again_[i];
  given_up_ = false;
  return true;
}

}  // namespace hocket
