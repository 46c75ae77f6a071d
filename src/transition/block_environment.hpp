// BlockEnvironment: what all transactions of a block have in common.
#pragma once

#include "evm/message.hpp"
#include "protocol/spec.hpp"

#include <cstdint>

namespace hocket {

struct BlockEnvironment {
  const Spec* spec = nullptr;
  /// The block as opcodes see it, with the chain id.
  BlockContext context;
  /// Blob gas that the block's transactions may use together; 0 before Cancun.
  std::uint64_t max_blob_gas = 0;
  /// A block is being built: a transaction that is invalid in its place is left out, instead of making the block
  /// invalid.
  bool skips_invalid = false;
};

}  // namespace hocket
