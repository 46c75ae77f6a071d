// Shanghai: EIP-3651 (warm beneficiary), 3855 (PUSH0), 3860 (init code), 4895 (withdrawals).
#pragma once

#include "protocol/forks/paris.hpp"

namespace hocket::forks {

constexpr Spec shanghai() {
  Spec spec = paris();
  spec.revision = Revision::shanghai;
  set_gas(spec.opcode_gas, 2, {OP_PUSH0});
  spec.warm_beneficiary = true;
  spec.max_initcode_size = 49152;
  spec.initcode_word_gas = 2;
  spec.withdrawals = true;
  return spec;
}

}  // namespace hocket::forks
