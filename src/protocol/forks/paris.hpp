// Paris: EIP-3675 (proof of stake), 4399 (PREVRANDAO).
#pragma once

#include "protocol/forks/london.hpp"

namespace hocket::forks {

constexpr Spec paris() {
  Spec spec = london();
  spec.revision = Revision::paris;
  spec.prevrandao = true;
  spec.proof_of_stake = true;
  spec.block_reward_ether = 0;
  return spec;
}

}  // namespace hocket::forks
