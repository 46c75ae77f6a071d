// Osaka: EIP-7594 (blobs a transaction), 7823 and 7883 (modexp), 7825 (transaction gas cap), 7918 (blob price floor),
// 7934 (block size), 7939 (CLZ), 7951 (P-256).
#pragma once

#include "protocol/forks/prague.hpp"

namespace hocket::forks {

constexpr Spec osaka() {
  Spec spec = prague();
  spec.revision = Revision::osaka;
  set_gas(spec.opcode_gas, 5, {OP_CLZ});
  spec.modexp = ModexpRule::eip7883;
  spec.max_transaction_gas = 1u << 24;
  spec.max_blobs_per_transaction = 6;
  spec.max_block_rlp_size = 10'485'760 - 2'097'152;
  spec.blob_base_cost_floor = true;
  spec.p256verify = true;
  return spec;
}

}  // namespace hocket::forks
