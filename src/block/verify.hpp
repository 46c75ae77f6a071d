// A block's results against what its header claims.
#pragma once

#include "block/execute_block.hpp"
#include "block/fees.hpp"
#include "block/validate_body.hpp"
#include "block/validate_header.hpp"

#include <optional>

namespace hocket {

/// Gas, blob gas, bloom, receipts root (unless `output` lacks intermediate roots), requests hash, and the state root
/// where it is given. Thread safety: pure.
Verdict verify(const BlockOutput& output, const Header& header, const ChainConfig& config,
               const std::optional<Hash32>& state_root = {});

}  // namespace hocket
