// Berlin: EIP-2565 (modexp), 2929 (cold and warm access), 2718 and 2930 (typed transactions, access lists).
#pragma once

#include "protocol/forks/istanbul.hpp"

namespace hocket::forks {

constexpr Spec berlin() {
  Spec spec = istanbul();
  spec.revision = Revision::berlin;
  set_gas(spec.opcode_gas, 100,
          {OP_BALANCE, OP_EXTCODESIZE, OP_EXTCODECOPY, OP_EXTCODEHASH, OP_SLOAD, OP_CALL, OP_CALLCODE, OP_DELEGATECALL,
           OP_STATICCALL});
  spec.access_lists = true;
  spec.cold_account_surcharge = 2500;
  spec.cold_sload_surcharge = 2000;
  spec.sstore = SstoreRule::eip2929;
  spec.sload_gas = 100;
  spec.sstore_reset_gas = 2900;
  spec.access_list_transactions = true;
  spec.modexp = ModexpRule::eip2565;
  return spec;
}

}  // namespace hocket::forks
