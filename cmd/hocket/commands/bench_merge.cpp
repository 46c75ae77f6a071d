#include "commands/bench_merge.hpp"

#include "commands/replay_rows.hpp"
#include "terminal.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <tuple>

namespace hocket::bench_merge {
namespace {

auto place_of(const BlockBundle& bundle) { return std::tuple(bundle.config.chain_id, bundle.block.header.number); }

}  // namespace

Result<std::vector<std::vector<BlockBundle>>> group(std::vector<BlockBundle> bundles, std::size_t size) {
  std::ranges::sort(bundles, {}, place_of);
  const auto twice = std::ranges::adjacent_find(bundles, {}, place_of);
  if (twice != bundles.end())
    return fail(fmt::format("block {} is there twice: {} and {}", twice->block.header.number, twice->name,
                            std::next(twice)->name));
  std::vector<std::vector<BlockBundle>> groups;
  for (BlockBundle& bundle : bundles) {
    if (groups.empty() || groups.back().size() == size ||
        groups.back().back().config.chain_id != bundle.config.chain_id)
      groups.emplace_back();
    groups.back().push_back(std::move(bundle));
  }
  return groups;
}

std::string name_of(std::span<const BlockBundle> group) {
  return fmt::format("{} {} +{}", replay_rows::network_name(group.front().config), group.front().block.header.number,
                     group.size() - 1);
}

Result<MergedBlock> merge(std::span<const BlockBundle> group) {
  std::vector<RecoveredBlock> blocks;
  blocks.reserve(group.size());
  std::vector<MergePart> parts;
  for (const BlockBundle& bundle : group) {
    auto block = recover_senders(bundle.block, bundle.config.spec_for(bundle.block.header), bundle.config.chain_id);
    if (!block) return fail(fmt::format("{}: {}", bundle.name, block.error().message()));
    blocks.push_back(std::move(*block));
    parts.push_back({.config = bundle.config, .block = blocks.back(), .state = *bundle.state});
  }
  return merge_blocks(parts);
}

std::string text_of(const MergedBlock& merged, std::size_t blocks) {
  std::string text = fmt::format(
      "{} blocks; {} of {} transactions use the same gas as in their own block, {} end otherwise", grouped(blocks),
      grouped(merged.same_gas), grouped(merged.block.block().transactions.size()), grouped(merged.ended_otherwise));
  const auto add = [&](std::size_t count, const char* what) {
    if (count != 0) text += fmt::format("; {} {}", grouped(count), what);
  };
  add(merged.renumbered, "with another nonce");
  add(merged.limits_changed, "with another gas limit");
  add(merged.left_out, "left out");
  add(merged.funded, "senders given ether");
  add(merged.unknown_reads, "reads that no block's state can answer");
  return text;
}

}  // namespace hocket::bench_merge
