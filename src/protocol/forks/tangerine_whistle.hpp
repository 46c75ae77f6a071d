// Tangerine Whistle: EIP-150, prices of state access.
#pragma once

#include "protocol/forks/homestead.hpp"

namespace hocket::forks {

constexpr Spec tangerine_whistle() {
  Spec spec = homestead();
  spec.revision = Revision::tangerine_whistle;
  set_gas(spec.opcode_gas, 700, {OP_EXTCODESIZE, OP_EXTCODECOPY, OP_CALL, OP_CALLCODE, OP_DELEGATECALL});
  set_gas(spec.opcode_gas, 400, {OP_BALANCE});
  set_gas(spec.opcode_gas, 200, {OP_SLOAD});
  set_gas(spec.opcode_gas, 5000, {OP_SELFDESTRUCT});
  spec.sload_gas = 200;
  spec.keeps_one_64th = true;
  spec.selfdestruct_new_account_gas = true;
  return spec;
}

}  // namespace hocket::forks
