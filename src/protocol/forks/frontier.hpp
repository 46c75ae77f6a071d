// Frontier: the first rules (YP, appendix G).
#pragma once

#include "protocol/spec.hpp"

#include <initializer_list>

namespace hocket::forks {

/// Gives the same static gas to several opcodes.
constexpr void set_gas(std::array<std::int16_t, 256>& table, std::int16_t gas, std::initializer_list<Opcode> opcodes) {
  for (const Opcode opcode : opcodes) table[opcode] = gas;
}

constexpr Spec frontier() {
  Spec spec;
  spec.revision = Revision::frontier;
  auto& gas = spec.opcode_gas;
  gas.fill(Spec::kUndefined);
  set_gas(gas, 0, {OP_STOP, OP_RETURN, OP_SELFDESTRUCT, OP_INVALID, OP_SSTORE});
  set_gas(gas, 1, {OP_JUMPDEST});
  set_gas(gas, 2,
          {OP_ADDRESS, OP_ORIGIN, OP_CALLER, OP_CALLVALUE, OP_CALLDATASIZE, OP_CODESIZE, OP_GASPRICE, OP_COINBASE,
           OP_TIMESTAMP, OP_NUMBER, OP_PREVRANDAO, OP_GASLIMIT, OP_POP, OP_PC, OP_MSIZE, OP_GAS});
  set_gas(gas, 3,
          {OP_ADD, OP_SUB, OP_NOT, OP_LT, OP_GT, OP_SLT, OP_SGT, OP_EQ, OP_ISZERO, OP_AND, OP_OR, OP_XOR, OP_BYTE,
           OP_CALLDATALOAD, OP_MLOAD, OP_MSTORE, OP_MSTORE8, OP_CALLDATACOPY, OP_CODECOPY});
  for (int op = OP_PUSH1; op <= OP_SWAP16; ++op) gas[static_cast<std::size_t>(op)] = 3;
  set_gas(gas, 5, {OP_MUL, OP_DIV, OP_SDIV, OP_MOD, OP_SMOD, OP_SIGNEXTEND});
  set_gas(gas, 8, {OP_ADDMOD, OP_MULMOD, OP_JUMP});
  set_gas(gas, 10, {OP_JUMPI, OP_EXP});
  set_gas(gas, 20, {OP_BALANCE, OP_EXTCODESIZE, OP_EXTCODECOPY, OP_BLOCKHASH});
  set_gas(gas, 30, {OP_KECCAK256});
  set_gas(gas, 40, {OP_CALL, OP_CALLCODE});
  set_gas(gas, 50, {OP_SLOAD});
  for (int n = 0; n <= 4; ++n) gas[static_cast<std::size_t>(OP_LOG0 + n)] = static_cast<std::int16_t>(375 * (n + 1));
  set_gas(gas, 32000, {OP_CREATE});
  return spec;
}

}  // namespace hocket::forks
