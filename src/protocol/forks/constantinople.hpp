// Constantinople: EIP-145 (shifts), 1014 (CREATE2), 1052 (EXTCODEHASH), 1234 (reward), 1283 (SSTORE).
#pragma once

#include "protocol/forks/byzantium.hpp"

namespace hocket::forks {

constexpr Spec constantinople() {
  Spec spec = byzantium();
  spec.revision = Revision::constantinople;
  set_gas(spec.opcode_gas, 3, {OP_SHL, OP_SHR, OP_SAR});
  set_gas(spec.opcode_gas, 400, {OP_EXTCODEHASH});
  set_gas(spec.opcode_gas, 32000, {OP_CREATE2});
  spec.sstore = SstoreRule::eip1283;
  spec.block_reward_ether = 2;
  return spec;
}

}  // namespace hocket::forks
