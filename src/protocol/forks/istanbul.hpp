// Istanbul: EIP-152 (blake2f), 1108 (bn254 prices), 1344 (CHAINID), 1884 (prices, SELFBALANCE), 2028 (calldata), 2200
// (SSTORE).
#pragma once

#include "protocol/forks/petersburg.hpp"

namespace hocket::forks {

constexpr Spec istanbul() {
  Spec spec = petersburg();
  spec.revision = Revision::istanbul;
  set_gas(spec.opcode_gas, 2, {OP_CHAINID});
  set_gas(spec.opcode_gas, 5, {OP_SELFBALANCE});
  set_gas(spec.opcode_gas, 700, {OP_BALANCE, OP_EXTCODEHASH});
  set_gas(spec.opcode_gas, 800, {OP_SLOAD});
  spec.sload_gas = 800;
  spec.sstore = SstoreRule::eip2200;
  spec.calldata_nonzero_gas = 16;
  spec.last_precompile = 9;
  spec.bn254_istanbul_prices = true;
  return spec;
}

}  // namespace hocket::forks
