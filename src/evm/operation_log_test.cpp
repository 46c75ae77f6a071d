#include "evm/operation_log.hpp"

#include "protocol/opcode.hpp"
#include "state/in_memory_state.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

using Index = OperationLog::Index;
using Value = OperationLog::Value;

const Address kContract = to_address(u256{0xc0de});
const u256 kMax = ~u256{};

constexpr std::size_t kMoreThanAnyBound = 10'000;

// Slot n of the contract holds 10 n. What an execution does with the slots that the log follows is told to the log by
// hand; then it is done again with other values of them.
class OperationLogTest : public ::testing::Test {
 protected:
  OperationLogTest() : journal_(state_) {
    std::vector<std::pair<u256, u256>> storage;
    for (std::uint64_t i = 1; i < 200; ++i) storage.emplace_back(u256{i}, u256{10 * i});
    state_.put(kContract, 1, 0, {}, storage);
    journal_.begin_transaction();
    log_.begin();
    log_.follow_all();
  }

  SlotEntry& slot(std::uint64_t number) { return *journal_.slot(*journal_.account(kContract), u256{number}); }
  Value load(std::uint64_t number) { return log_.current_of(slot(number)); }
  Value operate(Opcode opcode, const Value& a, const Value& b, const u256& value) {
    const Value made{.value = value, .made_by = log_.operate(opcode, a, b)};
    EXPECT_NE(made.made_by, OperationLog::kNone);
    EXPECT_EQ(log_.value_of(made), value);
    return made;
  }
  Value add(const Value& a, std::uint64_t b) { return operate(OP_ADD, a, {.value = u256{b}}, a.value + u256{b}); }
  /// As SSTORE does.
  void store(std::uint64_t number, const Value& value) {
    log_.price_store(slot(number), value);
    log_.store(slot(number), value);
    journal_.set_storage(slot(number), value.value);
  }
  bool redo(std::vector<u256> loaded) { return log_.redo(loaded); }
  u256 stored(std::size_t store) const { return log_.value_of(log_.stores()[store].value); }

  InMemoryState state_;
  Journal journal_;
  OperationLog log_;
};

TEST_F(OperationLogTest, OperationsAreDoneAgainWithOtherValues) {
  const Value a = load(3), b = load(4);
  const Value sum = operate(OP_ADD, a, b, 70);
  const Value difference = operate(OP_SUB, sum, {.value = 5}, 65);
  const Value negated = operate(OP_SUB, {.value = 100}, difference, 35);
  store(3, negated);
  store(4, sum);
  ASSERT_EQ(log_.loads().size(), 2u);
  EXPECT_EQ(log_.loads()[0].slot, &slot(3));
  EXPECT_EQ(log_.loads()[1].slot, &slot(4));

  ASSERT_TRUE(redo({31, 42}));
  EXPECT_EQ(log_.value_of(a), u256{31});
  EXPECT_EQ(log_.value_of(sum), u256{73});
  EXPECT_EQ(stored(0), u256{100 - 68});
  EXPECT_EQ(stored(1), u256{73});
  EXPECT_EQ(log_.stores()[0].slot, &slot(3));
  // And once more, from there.
  ASSERT_TRUE(redo({32, 42}));
  EXPECT_EQ(stored(1), u256{74});
}

TEST_F(OperationLogTest, EachOperationIsDoneAgainAsItIs) {
  struct Row {
    Opcode opcode;
    bool load_is_on_top;
    u256 other;
    u256 before;  // of 30
    u256 after;   // of 45
  };
  const u256 minus_thirty = u256{} - u256{30}, minus_45 = u256{} - u256{45};
  const Row kRows[] = {
      {OP_ADD, true, 7, 37, 52},
      {OP_MUL, false, 7, 210, 315},
      {OP_SUB, true, 7, 23, 38},
      {OP_SUB, false, 50, 20, 5},
      {OP_DIV, true, 7, 4, 6},
      {OP_DIV, false, 200, 6, 4},
      {OP_DIV, true, 0, 0, 0},
      {OP_SDIV, true, kMax, minus_thirty, minus_45},
      {OP_MOD, true, 7, 2, 3},
      {OP_MOD, false, 100, 10, 10},
      {OP_SMOD, false, u256{} - u256{100}, u256{} - u256{10}, u256{} - u256{10}},
      {OP_SIGNEXTEND, true, 5, 5, 5},
      {OP_SIGNEXTEND, false, 0, 30, 45},
      {OP_AND, true, 0xf, 14, 13},
      {OP_OR, false, 0xf, 31, 47},
      {OP_XOR, true, 0xff, 225, 210},
      {OP_SHL, false, 4, 480, 720},
      {OP_SHL, true, 1, u256{1} << 30, u256{1} << 45},
      {OP_SHR, false, 2, 7, 11},
      {OP_SHR, true, kMax, kMax >> 30, kMax >> 45},
      {OP_SAR, false, 2, 7, 11},
      {OP_SAR, true, u256{1} << 255, kMax << 225, kMax << 210},
      {OP_LT, true, 40, 1, 0},
      {OP_LT, false, 40, 0, 1},
      {OP_GT, true, 40, 0, 1},
      {OP_GT, false, 40, 1, 0},
      {OP_SLT, true, kMax, 0, 0},
      {OP_SLT, false, 40, 0, 1},
      {OP_SGT, true, 40, 0, 1},
      {OP_SGT, false, kMax, 0, 0},
      {OP_EQ, true, 30, 1, 0},
      {OP_EQ, false, 45, 0, 1},
      {OP_NOT, true, 0, kMax - u256{30}, kMax - u256{45}},
      {OP_ISZERO, true, 0, 0, 0},
  };
  for (const Row& row : kRows) {
    log_.begin();
    log_.follow_all();
    const Value loaded = load(3), other{.value = row.other};
    const Value result = row.load_is_on_top ? operate(row.opcode, loaded, other, row.before)
                                            : operate(row.opcode, other, loaded, row.before);
    ASSERT_TRUE(redo({45}));
    EXPECT_EQ(log_.value_of(result), row.after) << kOpcodeTraits[row.opcode].name << ", on top " << row.load_is_on_top;
  }
}

TEST_F(OperationLogTest, WhatCannotBeDoneAgainIsNoOperation) {
  for (const Opcode opcode : {OP_EXP, OP_ADDMOD, OP_BYTE, OP_MLOAD})
    EXPECT_EQ(log_.operate(opcode, load(3), {.value = 2}), OperationLog::kNone) << kOpcodeTraits[opcode].name;
  EXPECT_FALSE(log_.has_given_up());
}

TEST_F(OperationLogTest, ABranchMustGoTheSameWay) {
  const auto record = [&] {
    log_.begin();
    log_.follow_all();
    log_.branch_on(operate(OP_LT, load(3), {.value = 40}, 1));
    log_.branch_on(add(load(4), 2));
  };
  record();
  EXPECT_TRUE(redo({39, 1}));
  record();
  EXPECT_FALSE(redo({40, 1})) << "no longer less";
  record();
  EXPECT_FALSE(redo({39, kMax - u256{1}})) << "the sum is zero";
}

TEST_F(OperationLogTest, APinnedValueMustStay) {
  const auto record = [&] {
    log_.begin();
    log_.follow_all();
    log_.pin(operate(OP_SHR, {.value = 4}, load(3), 1));
  };
  record();
  EXPECT_TRUE(redo({31}));
  record();
  EXPECT_FALSE(redo({32}));
}

TEST_F(OperationLogTest, AConditionOnWhatDependsOnNothingIsNone) {
  load(3);
  log_.branch_on({.value = 1});
  log_.pin({.value = 1});
  EXPECT_TRUE(redo({31}));
}

TEST_F(OperationLogTest, AConditionAfterAnotherIsNotLost) {
  const auto record = [&] {
    log_.begin();
    log_.follow_all();
    const Value loaded = load(3);
    log_.branch_on(loaded);
    log_.branch_on(loaded);
    log_.pin(loaded);
  };
  record();
  EXPECT_FALSE(redo({31})) << "pinned as well";
  record();
  EXPECT_TRUE(redo({30}));
}

TEST_F(OperationLogTest, AStoreMustCostTheSame) {
  struct Row {
    const char* name;
    u256 stored_first;  // what is in the slot before the store at 1, a constant; 10: only the second store is made
    bool stores_sum;    // slot 1 plus 5, otherwise the constant 20
    u256 now;           // slot 1
    bool possible;
  };
  const u256 minus_5 = u256{} - u256{5};
  const Row kRows[] = {
      {"another sum", 10, true, 11, true},
      {"the sum becomes zero", 10, true, minus_5, false},
      {"the slot was zero", 10, true, 0, false},
      {"a constant, still another", 10, false, 11, true},
      {"a constant that is there already", 10, false, 20, false},
      {"a constant that replaces zero", 10, false, 0, false},
      {"stored before: another sum", 50, true, 11, true},
      {"stored before: the sum equals it", 50, true, 45, false},
      {"stored before: it was there already", 50, true, 50, false},
      {"stored before: the slot was zero", 50, true, 0, false},
      {"stored before: a constant that was there", 50, false, 20, false},
      {"stored before: a constant, still another", 50, false, 21, true},
  };
  for (const Row& row : kRows) {
    Journal journal(state_);
    journal.begin_transaction();
    SlotEntry& slot = *journal.slot(*journal.account(kContract), 1);
    log_.begin();
    log_.follow_all();
    const Value loaded = log_.current_of(slot);
    const Value sum = add(loaded, 5);
    const auto store_at = [&](const Value& value) {
      log_.price_store(slot, value);
      log_.store(slot, value);
      journal.set_storage(slot, value.value);
    };
    if (row.stored_first != u256{10}) store_at({.value = row.stored_first});
    store_at(row.stores_sum ? sum : Value{.value = 20});
    EXPECT_EQ(redo({row.now}), row.possible) << row.name;
  }
}

TEST_F(OperationLogTest, AStoreOfWhatWasThereMustStayOne) {
  const auto record = [&] {
    Journal journal(state_);
    journal.begin_transaction();
    SlotEntry& slot = *journal.slot(*journal.account(kContract), 1);
    log_.begin();
    log_.follow_all();
    const Value loaded = log_.current_of(slot);
    log_.price_store(slot, operate(OP_AND, loaded, {.value = 0xf}, 10));
  };
  record();
  EXPECT_TRUE(redo({12}));
  record();
  EXPECT_FALSE(redo({0x1c})) << "12 in place of 28";
}

TEST_F(OperationLogTest, AStoreInASlotThatIsNotFollowedMustCostTheSame) {
  const auto record = [&] {
    log_.begin();
    log_.follow(kContract, 3);
    const Value sum = add(log_.current_of(slot(3)), 5);
    log_.price_store(slot(7), sum);
    log_.store(slot(7), sum);
  };
  record();
  EXPECT_EQ(log_.loads().size(), 1u);
  EXPECT_TRUE(redo({40}));
  EXPECT_EQ(stored(0), u256{45});
  record();
  EXPECT_FALSE(redo({65})) << "70 is there already";
}

TEST_F(OperationLogTest, OnlyFollowedSlotsAreLoads) {
  log_.begin();
  log_.follow(kContract, 3);
  EXPECT_TRUE(log_.follows(kContract, 3));
  EXPECT_FALSE(log_.follows(kContract, 4));
  EXPECT_FALSE(log_.follows(to_address(u256{1}), 3));
  EXPECT_NE(load(3).made_by, OperationLog::kNone);
  EXPECT_EQ(load(4).made_by, OperationLog::kNone);
  EXPECT_EQ(log_.loads().size(), 1u);
  log_.begin();
  EXPECT_FALSE(log_.follows(kContract, 3));
  EXPECT_TRUE(log_.loads().empty());
}

TEST_F(OperationLogTest, ASlotsSecondLoadGivesTheFirst) {
  EXPECT_EQ(load(3).made_by, load(3).made_by);
  EXPECT_EQ(log_.loads().size(), 1u);
}

TEST_F(OperationLogTest, ALoadGivesWhatWasStored) {
  const Value sum = add(load(3), 5);
  store(3, sum);
  EXPECT_EQ(load(3).made_by, sum.made_by);
  EXPECT_EQ(load(3).value, u256{35});
  const Value second = add(load(3), 1);
  store(3, second);
  ASSERT_TRUE(redo({31}));
  EXPECT_EQ(stored(1), u256{37});

  store(3, {.value = 77});
  EXPECT_EQ(load(3).made_by, OperationLog::kNone) << "a constant";
  EXPECT_EQ(load(3).value, u256{77});
}

TEST_F(OperationLogTest, AStoreWithoutALoadCountsToo) {
  store(3, {.value = 7});
  ASSERT_EQ(log_.loads().size(), 1u) << "its price depends on what was there";
  EXPECT_EQ(load(3).made_by, OperationLog::kNone);
  EXPECT_TRUE(redo({31}));
  EXPECT_EQ(stored(0), u256{7});
}

TEST_F(OperationLogTest, RevertedStoresAreForgotten) {
  const Value loaded = load(3), sum = add(loaded, 5);
  store(3, sum);
  const auto checkpoint = journal_.checkpoint();
  const std::size_t count = log_.store_count();
  EXPECT_EQ(count, 1u);
  store(3, add(sum, 100));
  store(4, sum);
  EXPECT_EQ(log_.store_count(), 3u);
  journal_.revert(checkpoint);
  log_.revert_stores(count);
  EXPECT_EQ(log_.store_count(), 1u);
  EXPECT_EQ(load(3).made_by, sum.made_by);
  EXPECT_NE(load(4).made_by, sum.made_by);
  EXPECT_EQ(load(4).value, u256{40});
  log_.revert_stores(0);
  EXPECT_EQ(load(3).made_by, loaded.made_by);
}

TEST_F(OperationLogTest, TheLastStoreOfASlotCounts) {
  const Value loaded = load(3);
  store(3, add(loaded, 1));
  store(4, add(loaded, 2));
  store(3, add(loaded, 3));
  ASSERT_EQ(log_.stores().size(), 3u);
  EXPECT_FALSE(log_.is_last_of_slot(0));
  EXPECT_TRUE(log_.is_last_of_slot(1));
  EXPECT_TRUE(log_.is_last_of_slot(2));
}

TEST_F(OperationLogTest, AContractThatIsNewHasNoStorageToFollow) {
  AccountEntry& made = *journal_.account(to_address(u256{0x11e3}));
  journal_.create_contract(made, 1);
  SlotEntry& of_made = *journal_.slot(made, 3);
  EXPECT_EQ(log_.current_of(of_made).made_by, OperationLog::kNone);
  EXPECT_TRUE(log_.loads().empty());
  // But what is stored there may depend on others.
  const Value sum = add(load(3), 1);
  log_.price_store(of_made, sum);
  log_.store(of_made, sum);
  ASSERT_TRUE(redo({31}));
  EXPECT_EQ(stored(0), u256{32});
}

TEST_F(OperationLogTest, ARefusedLogIsOfNoMoreUse) {
  const Value loaded = load(3);
  log_.pin(operate(OP_LT, loaded, {.value = 40}, 1));
  const Value sum = add(loaded, 5);
  store(3, sum);
  ASSERT_FALSE(redo({40}));
  EXPECT_EQ(log_.value_of(sum), u256{35}) << "nothing is half done";
  EXPECT_TRUE(log_.has_given_up());
  EXPECT_FALSE(redo({30})) << "not even with what it was";
  log_.begin();
  log_.follow_all();
  EXPECT_FALSE(log_.has_given_up());
  EXPECT_NE(load(5).made_by, OperationLog::kNone);
}

TEST_F(OperationLogTest, WhatHasGivenUpRecordsNothingAndRefuses) {
  log_.give_up();
  EXPECT_EQ(load(3).made_by, OperationLog::kNone);
  EXPECT_EQ(load(3).value, u256{30});
  EXPECT_FALSE(redo({}));
}

TEST_F(OperationLogTest, OperationsAreBounded) {
  Value sum = load(3);
  std::size_t made = 0;
  while (made < kMoreThanAnyBound) {
    const Index made_by = log_.operate(OP_ADD, sum, {.value = 1});
    if (made_by == OperationLog::kNone) break;
    sum = {.value = sum.value + u256{1}, .made_by = made_by};
    ++made;
  }
  EXPECT_GT(made, 1'000u);
  EXPECT_LT(made, kMoreThanAnyBound);
  EXPECT_TRUE(log_.has_given_up());
  EXPECT_FALSE(redo({30}));
}

TEST_F(OperationLogTest, ConditionsAreBounded) {
  const Value loaded[] = {load(3), load(4)};
  std::size_t made = 0;
  for (; made < kMoreThanAnyBound && !log_.has_given_up(); ++made) log_.branch_on(loaded[made % 2]);
  EXPECT_GT(made, 1'000u);
  EXPECT_LT(made, kMoreThanAnyBound);
  EXPECT_FALSE(redo({30, 40}));
}

TEST_F(OperationLogTest, SlotsAreBounded) {
  std::uint64_t made = 0;
  while (made < 199 && load(made + 1).made_by != OperationLog::kNone) ++made;
  EXPECT_GT(made, 30u);
  EXPECT_LT(made, 199u);
  EXPECT_EQ(log_.loads().size(), made);
  EXPECT_TRUE(log_.has_given_up());
  EXPECT_FALSE(redo(std::vector<u256>(made, u256{1})));

  log_.begin();
  for (made = 0; made < 199 && !log_.has_given_up(); ++made) log_.follow(kContract, u256{made});
  EXPECT_GT(made, 30u);
  EXPECT_TRUE(log_.has_given_up());
}

TEST_F(OperationLogTest, StoresAreBounded) {
  const Value loaded = load(3);
  std::size_t made = 0;
  for (; made < kMoreThanAnyBound && !log_.has_given_up(); ++made) log_.store(slot(3), loaded);
  EXPECT_GT(made, 60u);
  EXPECT_LT(made, kMoreThanAnyBound);
  EXPECT_FALSE(redo({30}));
}

}  // namespace
}  // namespace hocket
