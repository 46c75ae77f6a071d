// What hocket bench --merge measures: real blocks, several made into one.
#pragma once

#include "replay/block_bundle.hpp"
#include "replay/merge_blocks.hpp"

#include <span>
#include <string>
#include <vector>

namespace hocket::bench_merge {

/// The bundles by chain and number, up to `size` together; the last group of a chain may be smaller.
/// Errors: a block is there twice.
Result<std::vector<std::vector<BlockBundle>>> group(std::vector<BlockBundle> bundles, std::size_t size);

/// "mainnet 15537393 +1"
std::string name_of(std::span<const BlockBundle> group);

/// Errors: as merge_blocks, or a signature is not valid.
Result<MergedBlock> merge(std::span<const BlockBundle> group);

/// What was done to the transactions, for a person: one line.
std::string text_of(const MergedBlock& merged, std::size_t blocks);

}  // namespace hocket::bench_merge
