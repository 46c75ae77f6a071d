// Proof-of-work difficulty (YP (47) to (53), EIP-2, 100 and the delays of the bomb).
#pragma once

#include "core/header.hpp"
#include "protocol/chain_config.hpp"

namespace hocket {

/// What a block's difficulty depends on.
struct DifficultyInput {
  std::uint64_t number = 0;
  std::uint64_t timestamp = 0;  // seconds
  std::uint64_t parent_timestamp = 0;
  u256 parent_difficulty;
  bool parent_has_ommers = false;
};

/// Requires: timestamp > parent_timestamp. Thread safety: pure.
u256 difficulty(const DifficultyInput& input, const ChainConfig& config);

/// Of a block with this number and time after `parent`.
u256 next_difficulty(std::uint64_t number, std::uint64_t timestamp, const Header& parent, const ChainConfig& config);

}  // namespace hocket
