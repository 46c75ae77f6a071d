// A block's body against its header: transactions root, withdrawals, ommers, size.
#pragma once

#include "block/validate_header.hpp"
#include "core/block.hpp"

#include <span>

namespace hocket {

/// An ancestor with the ommers that it includes, for the ommer rules.
struct Ancestor {
  const Header* header = nullptr;
  Hash32 hash;
  std::span<const Header> ommers;
};

/// `ancestors` are the block's, parent first, 7 where there are so many (more do not matter); only needed where the
/// block has ommers. Thread safety: pure.
Verdict validate_body(const Block& block, const ChainConfig& config, std::span<const Ancestor> ancestors);

/// EIP-7934. `rlp_size`: the whole block's encoding, bytes.
Verdict validate_size(std::size_t rlp_size, const Spec& spec);

}  // namespace hocket
