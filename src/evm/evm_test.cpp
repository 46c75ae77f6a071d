// The top of the stack is in registers (TopRegisters): where the stack is empty, full, another frame's, or read below
// it.

#include "evm/evm.hpp"

#include "base/hex.hpp"
#include "state/in_memory_state.hpp"

#include <gtest/gtest.h>
#include <utility>
#include <vector>

namespace hocket {
namespace {

using namespace literals;

const Address kCaller = "0x1000000000000000000000000000000000000001"_address;
const Address kCallee = "0x1000000000000000000000000000000000000002"_address;

/// PUSH0 MSTORE PUSH1 32 PUSH0 RETURN: returns the top.
const Bytes kReturnTop = "5f5260205ff3"_hex;

struct Outcome {
  Status status;
  Bytes output;
};

Outcome run(const Bytes& code, const Bytes& callee = {}) {
  InMemoryState state;
  state.put(kCaller, 1, 0, code, {});
  state.put(kCallee, 1, 0, callee, {});
  ProgramCache programs;
  Evm evm(programs);
  const BlockContext block;
  evm.begin_block(spec_of(Revision::osaka), block);
  Journal journal(state);
  journal.begin_transaction();
  const TransactionContext transaction{.origin = kCaller, .gas_price = 1, .blob_hashes = {}};
  const Message message{.gas = 1'000'000, .sender = kCaller, .recipient = kCaller, .value = {}, .input = {}};
  const ExecutionResult result = evm.execute(message, transaction, journal);
  return {result.status, to_bytes(result.output)};
}

Bytes joined(const std::vector<Bytes>& parts) {
  Bytes code;
  for (const Bytes& part : parts) append(code, part);
  return code;
}
Bytes repeated(const Bytes& part, std::size_t count) { return joined(std::vector<Bytes>(count, part)); }

void expect_top(const Bytes& code, const u256& value, const Bytes& callee = {}) {
  const Outcome outcome = run(joined({code, kReturnTop}), callee);
  EXPECT_EQ(outcome.status, Status::success) << to_hex(code);
  ASSERT_EQ(outcome.output.size(), 32u) << to_hex(code);
  EXPECT_EQ(load_be256(outcome.output.data()), value) << to_hex(code);
}

TEST(Evm, AStackMayBeFull) {
  // CALLDATASIZE PUSH1 1 ADD makes a 1 that is no constant; then DUP1.
  const Bytes grown = joined({"36600101"_hex, repeated("80"_hex, 1023)});
  expect_top(joined({grown, repeated("01"_hex, 1023)}), 1024);
  EXPECT_EQ(run(grown).status, Status::success);
  EXPECT_NE(run(joined({grown, "80"_hex})).status, Status::success);
  EXPECT_NE(run(joined({grown, "36"_hex})).status, Status::success);
}

TEST(Evm, AnEmptyStackHasNoTop) {
  for (const Bytes& code : {"50"_hex, "80"_hex, "15"_hex, "600101"_hex, "90"_hex, "600257"_hex, "51"_hex})
    EXPECT_EQ(run(code).status, Status::stack_underflow) << to_hex(code);
  // Emptied and filled again.
  expect_top("3636505036506007"_hex, 7);
}

TEST(Evm, ACalleeLeavesTheCallersStack) {
  // CALLDATASIZE PUSH1 0x11 ADD, twice with other numbers; a call of the callee; its success and both items added up.
  const Bytes call = "5f5f5f5f5f73"_hex;
  const Bytes code = joined({"3660110136602201"_hex, call, to_bytes(BytesView(kCallee.bytes)), "5af10101"_hex});
  for (const Bytes& callee : {"00"_hex, ""_hex, "5b"_hex, "3600"_hex, "365000"_hex,
                              "3636015036360136505036"
                              "5f5260205ff3"_hex,
                              "5f5f5f5f5f305af15000"_hex})
    expect_top(code, 0x11 + 0x22 + 1, callee);
  // One that fails pushes 0.
  expect_top(code, 0x11 + 0x22, "50"_hex);
  expect_top(code, 0x11 + 0x22, "36fe"_hex);
}

TEST(Evm, ACopyOfTheTopIsTheTop) {
  // CALLDATASIZE PUSH1 9 ADD leaves 9; then what takes a copy of it.
  const auto after = [](const Bytes& code) { return joined({"36600901"_hex, code}); };
  const std::pair<Bytes, std::uint64_t> cases[] = {
      {"8002"_hex, 81},             // DUP1 MUL
      {"80600301"_hex, 12},         // DUP1 PUSH1 3 ADD
      {"8060039003"_hex, 6},        // DUP1 PUSH1 3 SWAP1 SUB
      {"80600914"_hex, 1},          // DUP1 PUSH1 9 EQ
      {"8015"_hex, 0},              // DUP1 ISZERO
      {"80600a11"_hex, 1},          // DUP1 PUSH1 10 GT
      {"8060041b"_hex, 144},        // DUP1 PUSH1 4 SHL
      {"80805251"_hex, 9},          // DUP1 DUP1 MSTORE MLOAD
      {"8060005250600051"_hex, 9},  // DUP1 PUSH1 0 MSTORE POP PUSH1 0 MLOAD
      {"6007815251"_hex, 7},        // PUSH1 7 DUP2 MSTORE MLOAD
      {"806000146100ff57"_hex, 9},  // DUP1 PUSH1 0 EQ PUSH2 nowhere JUMPI
      {"80156100ff57"_hex, 9},      // DUP1 ISZERO PUSH2 nowhere JUMPI
      {"36600501819050"_hex, 9},    // another item, DUP2 SWAP1 POP
      {"36600501810101"_hex, 23},   // another item, DUP2 ADD ADD
  };
  for (const auto& [code, value] : cases) expect_top(after(code), value);
}

}  // namespace
}  // namespace hocket
