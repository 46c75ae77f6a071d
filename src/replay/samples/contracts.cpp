#include "replay/samples/contracts.hpp"

#include "crypto/keccak.hpp"
#include "replay/samples/assembler.hpp"

namespace hocket::samples {
namespace {

constexpr Opcode kDup1 = OP_DUP1;
const Opcode kDup2 = Assembler::dup(2);
const Opcode kDup3 = Assembler::dup(3);
const Opcode kDup6 = Assembler::dup(6);
constexpr Opcode kSwap1 = OP_SWAP1;
const Opcode kLog3 = static_cast<Opcode>(OP_LOG0 + 3);

Hash32 transfer_topic() { return keccak256(as_bytes("Transfer(address,address,uint256)")); }

Bytes transfer_selector() {
  const Hash32 hash = keccak256(as_bytes("transfer(address,uint256)"));
  return to_bytes(BytesView(hash).first(4));
}

// From here the call has failed.
void revert_at(Assembler& a, Assembler::Label label) { a.place(label).push(0).push(0).op({OP_REVERT}); }

// Replaces an address on the stack by the slot of its balance: keccak256(address . 0).
void balance_slot(Assembler& a) { a.push(0).op({OP_MSTORE}).push(0x40).push(0).op({OP_KECCAK256}); }

}  // namespace

Bytes token_code() {
  Assembler a;
  const auto transfer = a.new_label();
  const auto failed = a.new_label();
  a.push(0).op({OP_CALLDATALOAD}).push(0xe0).op({OP_SHR}).push_bytes(transfer_selector()).op({OP_EQ});
  a.push(transfer).op({OP_JUMPI});
  revert_at(a, failed);

  a.place(transfer).op({OP_CALLER});
  balance_slot(a);                                                           // from
  a.push(0x24).op({OP_CALLDATALOAD});                                        // amount, from
  a.op({kDup2, OP_SLOAD, kDup2, kDup2, OP_LT}).push(failed).op({OP_JUMPI});  // balance, amount, from
  a.op({kDup2, kSwap1, OP_SUB, kDup3, OP_SSTORE});                           // amount, from
  a.push(4).op({OP_CALLDATALOAD});
  balance_slot(a);                                            // to, amount, from
  a.op({kDup1, OP_SLOAD, kDup3, OP_ADD, kSwap1, OP_SSTORE});  // amount, from
  a.push(0).op({OP_MSTORE});                                  // from
  a.push(4).op({OP_CALLDATALOAD, OP_CALLER}).push_bytes(transfer_topic()).push(0x20).push(0).op({kLog3});
  a.push(1).push(0).op({OP_MSTORE}).push(0x20).push(0).op({OP_RETURN});
  return a.take();
}

u256 token_balance_slot(const Address& owner) { return to_u256(keccak256(words({to_u256(owner), 0}))); }

Bytes token_transfer(const Address& to, const u256& amount) {
  Bytes data = transfer_selector();
  append(data, words({to_u256(to), amount}));
  return data;
}

Bytes pool_code(const Address& token) {
  Assembler a;
  const auto failed = a.new_label();
  // What the value buys: value * 997 * tokens / (ether * 1000 + value * 997).
  a.op({OP_CALLVALUE}).push(997).op({OP_MUL, kDup1}).push(1).op({OP_SLOAD, OP_MUL});
  a.op({kSwap1}).push(0).op({OP_SLOAD}).push(1000).op({OP_MUL, OP_ADD, kSwap1, OP_DIV});
  a.push(0).op({OP_SLOAD, OP_CALLVALUE, OP_ADD}).push(0).op({OP_SSTORE});
  a.op({kDup1}).push(1).op({OP_SLOAD, OP_SUB}).push(1).op({OP_SSTORE});
  Bytes selector_word = transfer_selector();
  selector_word.resize(32);
  a.push_bytes(selector_word).push(0).op({OP_MSTORE, OP_CALLER}).push(4).op({OP_MSTORE, kDup1}).push(0x24);
  a.op({OP_MSTORE});
  a.push(0x20).push(0).push(0x44).push(0).push(0).push_bytes(token).op({OP_GAS, OP_CALL, OP_ISZERO});
  a.push(failed).op({OP_JUMPI});
  a.push(0).op({OP_MSTORE}).push(0x20).push(0).op({OP_RETURN});
  revert_at(a, failed);
  return a.take();
}

Bytes storage_loop_code() {
  Assembler a;
  const auto loop = a.new_label();
  const auto end = a.new_label();
  a.push(0);  // i
  a.place(loop).op({kDup1}).push(0x20).op({OP_CALLDATALOAD, OP_EQ}).push(end).op({OP_JUMPI});
  a.op({kDup1}).push(0).op({OP_CALLDATALOAD, OP_ADD});  // slot, i
  a.op({kDup1, OP_SLOAD}).push(1).op({OP_ADD, kSwap1, OP_SSTORE});
  a.push(1).op({OP_ADD}).push(loop).op({OP_JUMP});
  a.place(end).op({OP_STOP});
  return a.take();
}

Bytes arithmetic_loop_code() {
  // The largest prime below 2^256.
  const u256 prime = u256::max() - u256(188);
  Assembler a;
  const auto loop = a.new_label();
  const auto end = a.new_label();
  a.push(0).op({OP_CALLDATALOAD}).push(3);  // x, rounds
  a.place(loop).op({kDup2, OP_ISZERO}).push(end).op({OP_JUMPI});
  a.push(prime).op({kDup2, kDup1, OP_MULMOD, OP_XOR});
  a.push(0).op({OP_MSTORE}).push(0x20).push(0).op({OP_KECCAK256});
  a.op({kSwap1}).push(1).op({kSwap1, OP_SUB, kSwap1}).push(loop).op({OP_JUMP});
  a.place(end).push(0).op({OP_SSTORE, OP_STOP});
  return a.take();
}

Bytes answer_init_code() {
  Assembler runtime;
  runtime.push(42).push(0).op({OP_MSTORE}).push(0x20).push(0).op({OP_RETURN});
  const Bytes code = runtime.take();
  Assembler init;
  init.push_bytes(code).push(0).op({OP_MSTORE}).push(code.size()).push(32 - code.size()).op({OP_RETURN});
  return init.take();
}

Bytes factory_code() {
  const Bytes init = answer_init_code();
  Assembler a;
  a.push_bytes(init).push(0).op({OP_MSTORE});
  a.push(0).op({OP_CALLDATALOAD}).push(init.size()).push(32 - init.size()).push(0).op({OP_CREATE2});
  a.push(0x20).push(0).push(0).push(0).push(0).op({kDup6, OP_GAS, OP_CALL});
  a.push(0).op({OP_MLOAD}).push(0).op({OP_SSTORE, OP_STOP});
  return a.take();
}

Bytes precompile_caller_code() {
  Assembler a;
  a.op({OP_CALLDATASIZE}).push(0).push(0).op({OP_CALLDATACOPY});
  for (std::uint64_t address = 1; address <= 4; ++address)
    a.push(0x20).push(0x100).op({OP_CALLDATASIZE}).push(0).push(address).op({OP_GAS, OP_STATICCALL, OP_POP});
  a.push(0x100).op({OP_MLOAD}).push(0).op({OP_SSTORE, OP_STOP});
  return a.take();
}

Bytes words(std::initializer_list<u256> values) {
  Bytes bytes;
  for (const u256& value : values) append(bytes, to_hash32(value));
  return bytes;
}

}  // namespace hocket::samples
