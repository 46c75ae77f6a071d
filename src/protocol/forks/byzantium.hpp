// Byzantium: EIP-140, 211, 214 (opcodes), 196, 197, 198 (precompiles), 649 (reward), 658 (receipt status).
#pragma once

#include "protocol/forks/spurious_dragon.hpp"

namespace hocket::forks {

constexpr Spec byzantium() {
  Spec spec = spurious_dragon();
  spec.revision = Revision::byzantium;
  set_gas(spec.opcode_gas, 0, {OP_REVERT});
  set_gas(spec.opcode_gas, 2, {OP_RETURNDATASIZE});
  set_gas(spec.opcode_gas, 3, {OP_RETURNDATACOPY});
  set_gas(spec.opcode_gas, 700, {OP_STATICCALL});
  spec.returndata_opcodes = true;
  spec.receipt_has_status = true;
  spec.block_reward_ether = 3;
  spec.last_precompile = 8;
  return spec;
}

}  // namespace hocket::forks
