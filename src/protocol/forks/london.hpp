// London: EIP-1559 (fee market), 3198 (BASEFEE), 3529 (refunds), 3541 (0xEF code).
#pragma once

#include "protocol/forks/berlin.hpp"

namespace hocket::forks {

constexpr Spec london() {
  Spec spec = berlin();
  spec.revision = Revision::london;
  set_gas(spec.opcode_gas, 2, {OP_BASEFEE});
  spec.fee_market = true;
  spec.sstore_clear_refund = 4800;
  spec.selfdestruct_refund = 0;
  spec.max_refund_quotient = 5;
  spec.rejects_ef_code = true;
  return spec;
}

}  // namespace hocket::forks
