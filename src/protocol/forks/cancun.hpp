// Cancun: EIP-1153 (transient storage), 4788 (beacon roots), 4844 (blobs), 5656 (MCOPY), 6780 (SELFDESTRUCT), 7516
// (BLOBBASEFEE).
#pragma once

#include "protocol/forks/shanghai.hpp"

namespace hocket::forks {

constexpr Spec cancun() {
  Spec spec = shanghai();
  spec.revision = Revision::cancun;
  set_gas(spec.opcode_gas, 2, {OP_BLOBBASEFEE});
  set_gas(spec.opcode_gas, 3, {OP_BLOBHASH, OP_MCOPY});
  set_gas(spec.opcode_gas, 100, {OP_TLOAD, OP_TSTORE});
  spec.blob_transactions = true;
  spec.beacon_roots = true;
  spec.selfdestruct = SelfdestructRule::only_if_just_created;
  spec.last_precompile = 0x0a;
  return spec;
}

}  // namespace hocket::forks
