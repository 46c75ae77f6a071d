// The prices that a block inherits from its parent: base fee and blob base fee.
// Thread safety: all functions are pure.
#pragma once

#include "core/header.hpp"
#include "protocol/chain_config.hpp"

namespace hocket {

/// EIP-1559: base fee of the block after `parent`, wei. Requires: that block's fork has a fee market.
u256 next_base_fee(const Header& parent, const ChainConfig& config);

/// EIP-4844, 7691, 7918: excess blob gas of the block after `parent`, whose fork and blob parameters are given.
/// Requires: `blobs.max` is not zero.
std::uint64_t next_excess_blob_gas(const Header& parent, const Spec& spec, const BlobParameters& blobs);

/// EIP-4844: wei per blob gas, limited as fake_exponential. Requires: `blobs.base_fee_update_fraction` is not zero.
u256 blob_base_fee(std::uint64_t excess_blob_gas, const BlobParameters& blobs);

/// EIP-4844: factor * e^(numerator / denominator) by Taylor's series in whole numbers. 2^256-1 where the result times
/// the denominator does not fit 256 bits: a price that nobody can pay.
/// Requires: `denominator` is not zero.
u256 fake_exponential(std::uint64_t factor, std::uint64_t numerator, std::uint64_t denominator);

}  // namespace hocket
