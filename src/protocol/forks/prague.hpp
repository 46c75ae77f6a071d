// Prague: EIP-2537 (BLS12-381), 2935 (block hashes), 6110, 7002, 7251, 7685 (requests), 7623 (calldata floor), 7702
// (set code).
#pragma once

#include "protocol/forks/cancun.hpp"

namespace hocket::forks {

constexpr Spec prague() {
  Spec spec = cancun();
  spec.revision = Revision::prague;
  spec.last_precompile = 0x11;
  spec.block_hash_history = true;
  spec.requests = true;
  spec.floor_gas_per_token = 10;
  spec.set_code_transactions = true;
  return spec;
}

}  // namespace hocket::forks
