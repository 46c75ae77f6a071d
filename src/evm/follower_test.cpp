// What leaves the stack, and what other frames do; what the instructions do on the stack is in
// follower_operations_test.cpp.
#include "evm/follower_fixture.hpp"

namespace hocket {
namespace {

// Both are 0x1e, divided by 16.
constexpr std::uint64_t kBefore = 0x1e3;
constexpr std::uint64_t kAfter = 0x1e7;
constexpr std::uint64_t kOtherQuotient = 0x1f3;

/// Pushes slot 0 divided by 16.
const Bytes kQuotient = joined({kLoad, push(4), {OP_SHR}});
/// Pushes 0, which the translator does not know.
constexpr std::uint8_t kZero = OP_CALLVALUE;

/// Calls `to` with nothing, and leaves whether it has succeeded.
Bytes call(Opcode opcode, const Address& to, std::uint64_t gas = 100'000) {
  return joined({repeated(OP_PUSH0, opcode == OP_CALL || opcode == OP_CALLCODE ? 5 : 4),
                 {OP_PUSH1 + 19},
                 to_bytes(BytesView(to.bytes)),
                 push(gas),
                 {static_cast<std::uint8_t>(opcode)}});
}

/// Adds to slot 0 of the running contract.
Bytes add_to_slot(std::uint64_t value) { return joined({kLoad, push(value), {OP_ADD, OP_PUSH0, OP_SSTORE}}); }

class FollowerTest : public FollowerFixture {
 protected:
  /// `code` depends on the quotient in a way that cannot be done again, and on the slot in one that can.
  void expect_pinned(const Bytes& code, const std::string& what) {
    expect(program(joined({code, kLoad})), kBefore, kOtherQuotient, false, what);
  }
  void expect_redone(const Bytes& code, const std::string& what, std::uint64_t after = kAfter) {
    expect(code, kBefore, after, true, what);
  }
};

TEST_F(FollowerTest, WhateverElseTakesAnItemPinsIt) {
  int count = 0;
  for (int number = 0; number < 256; ++number) {
    const auto opcode = static_cast<std::uint8_t>(number);
    const OpcodeTraits& traits = kOpcodeTraits[opcode];
    if (traits.inputs == 0 || spec_of(Revision::osaka).opcode_gas[opcode] == Spec::kUndefined) continue;
    if (opcode >= OP_DUP1 && opcode <= OP_SWAP16) continue;
    if (opcode == OP_POP || opcode == OP_NOT || opcode == OP_ISZERO) continue;
    const bool is_operation = (opcode >= OP_ADD && opcode <= OP_SMOD) || opcode == OP_SIGNEXTEND ||
                              (opcode >= OP_LT && opcode <= OP_SAR && opcode != OP_BYTE);
    if (is_operation) continue;
    for (int place = 0; place < traits.inputs; ++place) {
      if ((opcode == OP_SSTORE || opcode == OP_JUMPI) && place == 1) continue;
      // The others are zeros: constants; items of the stack; below the quotient a copy of an item.
      const Bytes others[] = {{OP_PUSH0}, {kZero}};
      for (const Bytes& other : others) {
        Bytes code;
        for (int i = traits.inputs; i-- > 0;) append(code, i == place ? kQuotient : other);
        code.push_back(opcode);
        expect_pinned(code, std::string(traits.name) + ", operand " + std::to_string(place));
        ++count;
      }
    }
  }
  EXPECT_GT(count, 150);
}

TEST_F(FollowerTest, WhatIsPinnedMayStayWhatItIs) {
  const std::pair<const char*, Bytes> rows[] = {
      {"MSTORE", joined({kQuotient, {OP_PUSH0, OP_MSTORE}})},
      {"LOG", joined({kQuotient, {OP_PUSH0, OP_PUSH0, OP_LOG0 + 1}})},
      {"SSTORE's slot", joined({push(77), kQuotient, {OP_SSTORE}})},
      {"SLOAD's slot", joined({kQuotient, {OP_SLOAD}})},
      {"EXP", joined({kQuotient, push(3), {OP_EXP}})},
      {"BALANCE", joined({kQuotient, {OP_BALANCE}})},
      {"TSTORE", joined({kQuotient, {OP_PUSH0, OP_TSTORE}})},
  };
  for (const auto& [name, code] : rows) expect_redone(program(joined({code, kLoad})), name);
}

TEST_F(FollowerTest, MemoryIsReachedInFusedWays) {
  struct Row {
    int handler;
    Bytes code;
  };
  const Row rows[] = {
      {kHandlerMstoreImmediate, joined({kQuotient, {OP_PUSH0, OP_MSTORE}})},
      {kHandlerMstoreDup, joined({{kZero, kZero, OP_ADD}, kQuotient, {OP_DUP1 + 1, OP_MSTORE}})},
      {kHandlerMstoreDup, joined({kQuotient, {kZero, kZero, OP_ADD, OP_DUP1 + 1, OP_MSTORE}})},
      {kHandlerMstoreImmediateDup, joined({kQuotient, {OP_DUP1, OP_PUSH0, OP_MSTORE}})},
      {kHandlerMstoreDupImmediate, joined({kQuotient, push(5), {OP_DUP1 + 1, OP_MSTORE}})},
      {kHandlerMloadDup, joined({kQuotient, {OP_DUP1, OP_MLOAD}})},
      {OP_MSTORE, joined({kQuotient, {kZero, OP_MSTORE}})},
      {OP_MLOAD, joined({kQuotient, {OP_MLOAD}})},
  };
  for (const Row& row : rows) {
    const std::string name = "handler " + std::to_string(row.handler);
    expect_handler(program(joined({row.code, kLoad})), row.handler, name);
    expect_pinned(row.code, name);
    // Of a copy the original remains.
    expect_redone(program(joined({row.code, kLoad})), name);
    expect_redone(program(joined({kLoad, {OP_PUSH0, OP_MLOAD}, row.code})), name + ", with other instructions");
  }
  // What comes back from memory is what it was.
  expect(program(joined({kQuotient, {OP_PUSH0, OP_MSTORE, OP_PUSH0, OP_MLOAD}})), kBefore, kOtherQuotient, false,
         "through memory");
}

TEST_F(FollowerTest, AStoredSlotIsLoadedAgain) {
  expect_redone(joined({add_to_slot(5), add_to_slot(6), program(kLoad)}), "twice");
  expect_redone(
      joined({kLoad, push(2), {OP_SSTORE}, push(2), {OP_SLOAD}, push(9), {OP_MUL}, push(2), {OP_SSTORE}, {OP_STOP}}),
      "through another slot");
  expect_redone(joined({kLoad, {kZero, OP_SSTORE}, program(joined({{kZero, OP_SLOAD}, push(3), {OP_MUL}}))}),
                "without constants");
  // A constant is in the slot now; what is made of it depends on nothing.
  expect_redone(
      joined(
          {kLoad, push(9), {OP_SSTORE}, push(8), {OP_PUSH0, OP_SSTORE}, kLoad, {OP_PUSH0, OP_MSTORE}, program(kLoad)}),
      "a constant");
}

TEST_F(FollowerTest, TheOwnSlotMustCostTheSame) {
  const Bytes take = joined({push(0x1e3), kLoad, {OP_SUB, OP_PUSH0, OP_SSTORE, OP_STOP}});
  expect(take, kBefore, kAfter, false, "no longer zero");
  expect(take, kAfter, kOtherQuotient, true, "not zero either time");
  expect(add_to_slot(1), 0, 1, false, "no longer from zero");
  expect(add_to_slot(1), 1, 2, true, "from something either time");
}

TEST_F(FollowerTest, AGuardedSumIsRedoneWithinItsLimit) {
  // DUP1, the limit, LT, PUSH1 revert, JUMPI; then the sum is stored.
  const Bytes guarded = joined({kLoad,
                                push(16),
                                {OP_ADD},
                                push(0x200),
                                {OP_DUP1 + 1, OP_GT},
                                push(16),
                                {OP_JUMPI, OP_PUSH0, OP_SSTORE, OP_STOP}});
  const Bytes code = joined({guarded, {OP_JUMPDEST, OP_PUSH0, OP_PUSH0, OP_REVERT}});
  ASSERT_EQ(guarded.size(), 16u);
  expect(code, kBefore, 0x1f0, true, "at the limit");
  expect(code, kBefore, 0x1f1, false, "beyond it");
  expect(code, 0x300, kBefore, false, "within it after all");
}

TEST_F(FollowerTest, ACalleesSlotIsRedone) {
  callee_ = add_to_slot(5);
  // Its own, with items of the caller's marked meanwhile; then the caller's slot is stored.
  expect_redone(joined({{kItem}, kLoad, call(OP_CALL, kCallee), {OP_ADD}, push(2), {OP_SSTORE, OP_STOP}}), "called");
  for (const Opcode opcode : {OP_DELEGATECALL, OP_CALLCODE}) {
    const std::string name(kOpcodeTraits[opcode].name);
    // The caller's.
    expect_redone(joined({call(opcode, kCallee), {OP_STOP}}), name);
    expect_redone(joined({add_to_slot(3), call(opcode, kCallee), call(opcode, kCallee), program(kLoad)}),
                  name + ", twice");
  }
}

TEST_F(FollowerTest, WhatACalleeReturnsIsPinned) {
  callee_ = joined({kLoad, {OP_PUSH0, OP_MSTORE}, push(32), {OP_PUSH0, OP_RETURN}});
  const Bytes code = joined({push(32),
                             {OP_PUSH0, OP_PUSH0, OP_PUSH0, OP_PUSH0, OP_PUSH1 + 19},
                             to_bytes(BytesView(kCallee.bytes)),
                             push(100'000),
                             {OP_CALL, OP_POP},
                             {OP_PUSH0, OP_MLOAD},
                             push(2),
                             {OP_SSTORE, OP_STOP}});
  expect(code, kBefore, kAfter, false, "returned");
}

TEST_F(FollowerTest, ARevertedFramesStoresAreForgotten) {
  const std::pair<const char*, Bytes> ends[] = {
      {"REVERT", {OP_PUSH0, OP_PUSH0, OP_REVERT}},
      {"INVALID", {OP_INVALID}},
      {"no stack", repeated(OP_POP, 3)},
      {"a bad jump", joined({push(1), {OP_JUMP}})},
      {"no gas", joined({push(0xffff'ffff), {OP_MLOAD}})},
  };
  for (const auto& [name, end] : ends) {
    // The callee stores in the caller's slots 0 and 2, keeps items of its own, and fails.
    callee_ = joined({add_to_slot(5), kLoad, push(2), {OP_SSTORE}, kLoad, kLoad, end});
    for (const Opcode opcode : {OP_DELEGATECALL, OP_CALLCODE, OP_CALL}) {
      const std::string what = std::string(name) + " in " + std::string(kOpcodeTraits[opcode].name);
      expect_redone(joined({call(opcode, kCallee), program(kLoad)}), what);
      expect_redone(joined({add_to_slot(7), kLoad, call(opcode, kCallee), program(kLoad)}), what + ", stored before");
      expect_redone(joined({call(opcode, kCallee), add_to_slot(7), {OP_STOP}}), what + ", stored after");
    }
  }
}

TEST_F(FollowerTest, AFrameThatHasEndedLeavesNoMarks) {
  for (const Bytes& end : {Bytes{OP_STOP}, Bytes{OP_INVALID}, Bytes{OP_PUSH0, OP_PUSH0, OP_REVERT}, Bytes{0x0c}}) {
    // Slot 0 in many places of the callee's stack; then where they were there are items of the caller's.
    callee_ = joined({kLoad, repeated(OP_DUP1, 12), {OP_SWAP1 + 3, kItem, OP_SWAP1 + 7}, end});
    for (const Opcode opcode : {OP_CALL, OP_DELEGATECALL}) {
      const Bytes items = joined({repeated(kItem, 20), repeated(OP_ADD, 19), {OP_PUSH0, OP_MSTORE}});
      expect_redone(joined({kLoad, call(opcode, kCallee), {OP_POP}, items, program(kLoad)}), to_hex(end));
      expect_redone(
          joined({kLoad, call(opcode, kCallee), call(opcode, kCallee), {OP_POP, OP_POP}, items, program(kLoad)}),
          to_hex(end) + ", twice");
    }
  }
}

TEST_F(FollowerTest, InitCodeMayChangeAnothersSlot) {
  const Bytes init = joined({call(OP_CALL, kCallee), push(1), {OP_SSTORE, OP_PUSH0, OP_PUSH0, OP_RETURN}});
  callee_ = add_to_slot(5);
  ASSERT_LE(init.size(), 64u);
  Bytes word(64, 0);
  std::ranges::copy(init, word.begin());
  const Bytes code = joined({push(load_be256(word.data())),
                             {OP_PUSH0, OP_MSTORE},
                             push(load_be256(word.data() + 32)),
                             push(32),
                             {OP_MSTORE},
                             kLoad,
                             push(init.size()),
                             {OP_PUSH0, OP_PUSH0, OP_CREATE},
                             {OP_MUL},
                             push(2),
                             {OP_SSTORE, OP_STOP}});
  expect_redone(code, "CREATE");
}

TEST_F(FollowerTest, FollowingBeginsWithinAFrame) {
  // Slot 9 is not followed where the execution is resumed. The outer frames have items, and have stored something.
  const Bytes outside = joined({push(9), {OP_SLOAD}, push(3), {OP_ADD}, push(9), {OP_SSTORE}, push(9), {OP_SLOAD}});
  for (const bool reverts : {false, true}) {
    callee_ = joined({outside,
                      add_to_slot(5),
                      push(9),
                      {OP_SLOAD},
                      kLoad,
                      {OP_ADD},
                      push(9),
                      {OP_SSTORE},
                      reverts ? Bytes{OP_PUSH0, OP_PUSH0, OP_REVERT} : Bytes{OP_STOP}});
    for (const Opcode opcode : {OP_CALL, OP_DELEGATECALL}) {
      expect_redone(joined({outside,
                            call(opcode, kCallee),
                            {OP_ADD},
                            push(3),
                            {OP_SSTORE},
                            program(joined({kLoad, push(9), {OP_SLOAD}}))}),
                    std::string(kOpcodeTraits[opcode].name) + (reverts ? ", reverted" : ""));
    }
  }
}

TEST_F(FollowerTest, AStoreIsTheFirstRead) {
  callee_ = add_to_slot(5);
  expect_redone(joined({push(5),
                        {OP_PUSH0, OP_SSTORE},
                        call(OP_CALL, kCallee),
                        push(9),
                        {OP_SLOAD, OP_ADD},
                        push(9),
                        {OP_SSTORE},
                        add_to_slot(1),
                        {OP_STOP}}),
                "a constant");
}

TEST_F(FollowerTest, ManyMarksAreTooMany) {
  OperationLog log;
  log.begin();
  log.follow_all();
  InMemoryState state;
  for (const int copies : {20, 60}) {
    state.put(kContract, 1, 0, joined({kLoad, repeated(OP_DUP1, copies), {OP_STOP}}), {{0, 5}});
    Journal journal(state);
    journal.begin_transaction();
    ProgramCache programs;
    Evm evm(programs);
    const BlockContext block;
    evm.begin_block(spec_of(Revision::osaka), block);
    evm.record_in(&log);
    const TransactionContext transaction{.origin = kContract, .gas_price = 1, .blob_hashes = {}};
    const Message message{.gas = 100'000, .sender = kContract, .recipient = kContract, .value = {}, .input = {}};
    EXPECT_EQ(evm.execute(message, transaction, journal).status, Status::success);
    EXPECT_EQ(log.has_given_up(), copies == 60);
  }
}

}  // namespace
}  // namespace hocket
