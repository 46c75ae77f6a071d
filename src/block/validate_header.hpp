// A header against its parent (YP section 4.3.4 and the EIPs since). The seal (proof of work) is not checked.
#pragma once

#include "core/header.hpp"
#include "protocol/chain_config.hpp"
#include "transition/block_error.hpp"

#include <expected>
#include <optional>

namespace hocket {

/// Nothing to say, or why a block is invalid.
using Verdict = std::expected<void, InvalidBlock>;

/// `parent_total_difficulty` (up to and with the parent) decides the Merge where the network has only a terminal total
/// difficulty; without it the block's own difficulty is believed. Thread safety: pure.
Verdict validate_header(const Header& header, const Header& parent, const ChainConfig& config,
                        const std::optional<u256>& parent_total_difficulty = {});

/// The rules that need no parent: extra data, gas limit and gas used, what proof of stake fixes, and which fields the
/// fork has. All of them are among those of validate_header. Thread safety: pure.
Verdict validate_header_alone(const Header& header, const ChainConfig& config);

}  // namespace hocket
