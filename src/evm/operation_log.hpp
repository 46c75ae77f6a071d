// OperationLog: what an execution has made of the values of certain slots: the operations, the branches that were taken
// because of them, and what was stored. Where such a slot turns out to hold something else, the few operations that
// depend on it are done again, instead of the whole execution.
//
// Source: ParallelEVM (Lin et al., EuroSys 2025), SSA operation log and redo. Here a value may go through arithmetic,
// comparisons, branches and stores. Wherever else it goes (memory, keys, logs, calls, ...), it has to stay what it was.
#pragma once

#include "state/journal.hpp"
#include "state/slot_key.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace hocket {

/// Thread safety: none.
class OperationLog {
 public:
  using Index = std::uint32_t;
  static constexpr Index kNone = ~Index{0};

  /// Something that an execution has used.
  struct Value {
    u256 value;             // as it was
    Index made_by = kNone;  // the operation that made it; none: it depends on no followed slot
  };
  struct Load {
    const SlotEntry* slot;
    Index made_by;
  };
  struct Store {
    const SlotEntry* slot;
    Value value;
  };

  /// Begins anew, with no followed slot.
  void begin() noexcept;
  /// From now on the slot is followed. Requires: it has not been read.
  void follow(const Address& account, const u256& slot);
  /// All slots are.
  void follow_all() noexcept { all_ = true; }
  bool follows(const Address& account, const u256& slot) const noexcept;

  // --- recording -----------------------------------------------------------------------------------------------

  /// What the slot holds. Requires: it has been read.
  Value current_of(const SlotEntry& slot);
  /// `opcode` of one operand, or of two, `a` on top of `b`; at least one was made by an operation. kNone: it is not one
  /// that can be done again, or there are too many.
  Index operate(std::uint8_t opcode, const Value& a, const Value& b);
  /// The execution has gone on by whether this is zero.
  void branch_on(const Value& value) { expect({.kind = Condition::same_truth, .value = value}); }
  /// The execution depends on it in a way that is not recorded.
  void pin(const Value& value) { expect({.kind = Condition::same_value, .value = value}); }
  /// SSTORE is about to change the slot, for what that costs. Requires: it has been read.
  void price_store(const SlotEntry& slot, const Value& value);
  /// SSTORE has done so.
  void store(const SlotEntry& slot, const Value& value);
  /// Of stores, for `revert_stores`.
  std::size_t store_count() const noexcept { return stores_.size(); }
  void revert_stores(std::size_t count) noexcept { stores_.resize(count); }
  /// Nothing of it can be done again.
  void give_up() noexcept { given_up_ = true; }
  bool has_given_up() const noexcept { return given_up_; }
  /// An instruction has not given what the log says: a mistake of whoever records. It gives up.
  void contradict() noexcept { given_up_ = contradicted_ = true; }
  /// Since it was made; for tests.
  bool was_contradicted() const noexcept { return contradicted_; }

  // --- redoing -------------------------------------------------------------------------------------------------

  /// The followed slots, in the order in which they were first used.
  std::span<const Load> loads() const noexcept { return loads_; }
  /// What slots hold in the end, the last of each slot counts.
  std::span<const Store> stores() const noexcept { return stores_; }
  bool is_last_of_slot(std::size_t store) const noexcept;

  /// Does everything again where `loads()[i]` is `loaded[i]`. True: the execution would have taken the same way at the
  /// same price, and `value_of` gives the new values. False: nothing is known, and the log is of no more use.
  bool redo(std::span<const u256> loaded);
  const u256& value_of(const Value& value) const noexcept {
    return value.made_by == kNone ? value.value : operations_[value.made_by].value;
  }

 private:
  // Bounds: nobody can make following cost much.
  static constexpr std::size_t kMaxOperations = 2048;
  static constexpr std::size_t kMaxConditions = 2048;
  static constexpr std::size_t kMaxSlots = 64;
  static constexpr std::size_t kMaxStores = 128;

  struct Operation {
    std::uint8_t opcode;  // OP_SLOAD: a load
    Index a = kNone;      // none: `constant`; of a load: its number
    Index b = kNone;
    u256 constant;
    u256 value;
  };
  struct Condition {
    enum Kind : std::uint8_t { same_truth, same_value, same_price };
    Kind kind;
    Value value;
    // of a store's price
    Value original{};
    Value current{};
  };

  void expect(const Condition& condition);
  const Load* find_load(const SlotEntry& slot) const noexcept;
  Index add(const Operation& operation);
  u256 done_again(const Operation& operation, std::span<const u256> loaded) const noexcept;

  std::vector<SlotKey> slots_;
  bool all_ = false;
  bool given_up_ = false;
  bool contradicted_ = false;
  std::vector<Load> loads_;
  std::vector<Store> stores_;
  std::vector<Operation> operations_;
  std::vector<Condition> conditions_;
  std::vector<u256> again_;  // the operations' new values, while they are made
};

}  // namespace hocket
