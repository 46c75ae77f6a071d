// Homestead: EIP-2 (creation price and failure, low-s signatures), EIP-7 (DELEGATECALL).
#pragma once

#include "protocol/forks/frontier.hpp"

namespace hocket::forks {

constexpr Spec homestead() {
  Spec spec = frontier();
  spec.revision = Revision::homestead;
  spec.opcode_gas[OP_DELEGATECALL] = 40;
  spec.create_fails_without_deposit = true;
  spec.transaction_create_gas = 53000;
  spec.low_s_signatures = true;
  return spec;
}

}  // namespace hocket::forks
