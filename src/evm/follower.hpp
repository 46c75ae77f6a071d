// Follower: knows which items of the stack depend on followed slots, and tells an OperationLog what becomes of them. It
// marks places, of which there are hardly ever more than a few, instead of keeping something beside every item: an
// instruction whose operands lie above all marks has nothing to do with them, and runs as ever.
#pragma once

#include "evm/cell.hpp"
#include "evm/operation_log.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace hocket {

/// Whether a handler takes, moves and copies nothing on the stack: most that run are of these.
constexpr bool only_pushes(int handler) noexcept {
  switch (handler) {
    case kHandlerBlock:
    case kHandlerPush32Bits:
    case kHandlerPush1Limb:
    case kHandlerPush2Limbs:
    case kHandlerPush3Limbs:
    case kHandlerPush4Limbs:
    case kHandlerJumpConst:
    case kHandlerArrive:
    case kHandlerResolve:
    case kHandlerMloadImmediate:
    case kHandlerKeccakImmediate:
    case kHandlerCalldataloadImmediate:
      return true;
    default:
      return false;
  }
}

/// Which items an instruction takes, moves or copies.
struct StackReach {
  std::uint8_t items = 0;  // the topmost ones
  bool copies = false;     // and one at the depth in its cell
  bool is_access = false;  // of a slot, which may be followed
};
/// By handler.
extern const std::array<StackReach, kHandlerCount> kStackReaches;

/// Thread safety: none; one machine's.
class Follower {
 public:
  /// From now on what happens goes to `log`.
  void begin(OperationLog& log) noexcept {
    log_ = &log;
    forget_marks();
  }

  /// Whether the instruction of `cell`, with the top at `sp`, takes, moves or copies a marked item, or accesses a slot.
  [[gnu::always_inline]] bool is_concerned(const Cell& cell, const u256* sp) const noexcept {
    const StackReach reach = kStackReaches[cell.handler];
    const auto top = reinterpret_cast<std::uintptr_t>(sp);
    std::uintptr_t lowest = top + sizeof(u256) - reach.items * sizeof(u256);
    if (reach.copies) lowest = std::min<std::uintptr_t>(lowest, top - cell.immediate.depth_bytes);
    return highest_ >= lowest || reach.is_access;
  }

  /// What becomes of an instruction's result.
  struct Result {
    enum Kind : std::uint8_t { plain, made, loaded };
    Kind kind = plain;
    OperationLog::Index made_by = OperationLog::kNone;
  };
  /// Before the instruction of `cell`: notes what it does with marked items. Requires: the top is in memory.
  Result before(const Cell& cell, const u256* sp);
  /// After it, unless it has halted: its result is at `sp`.
  void after(const Result& result, const u256* sp);

  /// SLOAD has found its slot.
  void load(const SlotEntry& slot) { loaded_ = log_->current_of(slot).made_by; }
  /// SSTORE has found its slot, and is about to pay for storing what is at `value`.
  void price_store(const SlotEntry& slot, const u256* value) { log_->price_store(slot, value_at(value)); }
  /// It is about to store it.
  void store(const SlotEntry& slot, const u256* value) {
    log_->store(slot, value_at(value));
    unmark(value);
  }

  /// The frame whose stack begins there has ended.
  void leave(const u256* stack_base) noexcept;
  std::size_t store_count() const noexcept { return log_->store_count(); }
  void revert_stores(std::size_t count) noexcept { log_->revert_stores(count); }

 private:
  using Index = OperationLog::Index;
  using Value = OperationLog::Value;

  static constexpr std::size_t kMaxMarks = 32;

  struct Mark {
    const u256* place;
    Index made_by;
  };

  void forget_marks() noexcept {
    marks_.clear();
    highest_ = 0;
  }
  void note_highest() noexcept {
    highest_ = marks_.empty() ? 0 : reinterpret_cast<std::uintptr_t>(marks_.back().place);
  }
  Index mark_at(const u256* place) const noexcept;
  Value value_at(const u256* place) const noexcept { return {.value = *place, .made_by = mark_at(place)}; }
  /// kNone: the place is not marked any more.
  void mark(const u256* place, Index made_by);
  void unmark(const u256* place) noexcept { take_mark(place); }
  Index take_mark(const u256* place) noexcept;
  Value take(const u256* place) noexcept { return {.value = *place, .made_by = take_mark(place)}; }
  void pin_items(const u256* sp, int count);
  /// The result of an operation, or of a comparison on whose outcome it depends what becomes of it.
  Result operate(std::uint8_t opcode, const Value& a, const Value& b);
  Result compare(std::uint8_t opcode, const Value& a, const Value& b, int outcome);
  Result operate_fused(int handler, const Cell& cell, const u256* sp);

  OperationLog* log_ = nullptr;
  std::uintptr_t highest_ = 0;  // the place of the highest mark
  std::vector<Mark> marks_;     // from the bottom of the stack to its top
  Index loaded_ = OperationLog::kNone;
};

}  // namespace hocket
