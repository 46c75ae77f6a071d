// Spurious Dragon: EIP-155 (replay protection), EIP-160 (EXP), EIP-161 (state clearing), EIP-170 (code size).
#pragma once

#include "protocol/forks/tangerine_whistle.hpp"

namespace hocket::forks {

constexpr Spec spurious_dragon() {
  Spec spec = tangerine_whistle();
  spec.revision = Revision::spurious_dragon;
  spec.replay_protection = true;
  spec.exp_byte_gas = 50;
  spec.state_clearing = true;
  spec.create_nonce = 1;
  spec.max_code_size = 24576;
  return spec;
}

}  // namespace hocket::forks
