// Petersburg: Constantinople without EIP-1283 (EIP-1716).
#pragma once

#include "protocol/forks/constantinople.hpp"

namespace hocket::forks {

constexpr Spec petersburg() {
  Spec spec = constantinople();
  spec.revision = Revision::petersburg;
  spec.sstore = SstoreRule::frontier;
  return spec;
}

}  // namespace hocket::forks
