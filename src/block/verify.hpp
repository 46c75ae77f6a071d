// What a block claims against its parent, its body and its results. The seal (proof of work) is not checked.
#pragma once

#include "block/execute_block.hpp"
#include "core/block.hpp"
#include "protocol/chain_config.hpp"

#include <expected>
#include <functional>
#include <optional>
#include <span>

namespace hocket {

using Verdict = std::expected<void, InvalidBlock>;

/// The header against its parent under the fork's rules (YP section 4.3.4 and the EIPs since).
/// `parent_total_difficulty` (including the parent) decides the Merge where the network has only a terminal total
/// difficulty; without it the block's own difficulty is believed. Thread safety: pure.
Verdict validate_header(const Header& header, const Header& parent, const ChainConfig& config,
                        const std::optional<u256>& parent_total_difficulty = {});

/// An ancestor with the ommers that it includes, for the ommer rules.
struct Ancestor {
  const Header* header = nullptr;
  Hash32 hash;
  std::span<const Header> ommers;
};

/// The body against the header: transactions root, withdrawals and ommers. `ancestors` are the block's ancestors,
/// parent first, at least 7 where there are so many; only needed where the block has ommers. Thread safety: pure.
Verdict validate_body(const Block& block, const ChainConfig& config, std::span<const Ancestor> ancestors);

/// EIP-7934. `rlp_size`: the whole block's encoding, bytes.
Verdict validate_size(std::size_t rlp_size, const Spec& spec);

/// The results against the header: gas, blob gas, bloom, receipts root (unless it lacks intermediate roots), requests
/// hash, and the state root where it is given. Thread safety: pure.
Verdict verify(const BlockOutput& output, const Header& header, const ChainConfig& config,
               const std::optional<Hash32>& state_root = {});

// --- the formulas -------------------------------------------------------------------------------------------------

/// EIP-1559: base fee after `parent`, wei. Requires: `spec.fee_market`.
u256 next_base_fee(const Header& parent, const ChainConfig& config);
/// EIP-4844, 7691, 7918: excess blob gas after `parent` in a block at `timestamp`.
std::uint64_t next_excess_blob_gas(const Header& parent, const Spec& spec, const BlobParameters& blobs);
/// EIP-4844: wei per blob gas.
u256 blob_base_fee(std::uint64_t excess_blob_gas, const BlobParameters& blobs);
/// YP (48) with the fork's bomb delay (EIP-2, 100, 649, 1234, 2384, 4345, 5133).
u256 next_difficulty(std::uint64_t number, std::uint64_t timestamp, const Header& parent, const ChainConfig& config);
u256 next_difficulty(std::uint64_t number, std::uint64_t timestamp, std::uint64_t parent_timestamp,
                     const u256& parent_difficulty, bool parent_has_ommers, const ChainConfig& config);

}  // namespace hocket
