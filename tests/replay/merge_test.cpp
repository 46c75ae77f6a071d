// Real blocks merged into big ones: they execute, in parallel as sequentially.
#include "parallel/parallel_executor.hpp"
#include "replay/block_bundle.hpp"
#include "replay/merge_blocks.hpp"
#include "replay/output_difference.hpp"
#include "support/fixtures.hpp"

#include <filesystem>
#include <gtest/gtest.h>

namespace hocket {
namespace {

MergedBlock merge_files(const std::filesystem::path& folder, const std::vector<std::string>& names) {
  std::vector<BlockBundle> bundles;
  std::vector<RecoveredBlock> blocks;
  for (const std::string& name : names) {
    InputFiles file({(folder / name).string()});
    bundles.push_back(decode_bundle(file.next().value().value()).value());
    const BlockBundle& bundle = bundles.back();
    blocks.push_back(
        recover_senders(bundle.block, bundle.config.spec_for(bundle.block.header), bundle.config.chain_id).value());
  }
  std::vector<MergePart> parts;
  for (std::size_t i = 0; i < names.size(); ++i)
    parts.push_back({.config = bundles[i].config, .block = blocks[i], .state = *bundles[i].state});
  auto merged = merge_blocks(parts);
  if (!merged) throw std::runtime_error(merged.error().message);

  ProgramCache programs;
  SequentialExecutor sequential(programs);
  const auto expected = execute_block(merged->block, merged->config, merged->state, sequential);
  EXPECT_TRUE(expected) << expected.error().message();
  EXPECT_EQ(expected->gas_used, merged->block.header().gas_used);
  for (const unsigned threads : {2u, 8u}) {
    WorkerPool pool(threads);
    ParallelOptions options;
    options.threads = threads;
    options.forced = true;
    ParallelExecutor parallel(programs, pool, options);
    const auto found = execute_block(merged->block, merged->config, merged->state, parallel);
    EXPECT_EQ(difference(expected, found), std::nullopt);
  }
  return std::move(*merged);
}

// The last block under proof of work and the first one after it. The first is one transaction, which ends otherwise
// under the second's header.
TEST(MergeRealBlocks, ThatFollowEachOther) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "mainnet-blocks");
  const MergedBlock merged = merge_files(pack / "mainnet", {"15537393.json", "15537394.json"});
  EXPECT_EQ(merged.block.block().transactions.size(), 81u);
  EXPECT_EQ(merged.same_gas, 80u);
  EXPECT_EQ(merged.ended_otherwise, 1u);
  EXPECT_EQ(merged.renumbered + merged.limits_changed + merged.left_out + merged.funded + merged.unknown_reads, 0u);
}

TEST(MergeRealBlocks, WithWitnesses) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "witness");
  const MergedBlock merged = merge_files(pack / "witness", {"mainnet-24628607.json", "mainnet-24628608.json"});
  EXPECT_EQ(merged.block.block().transactions.size(), 212u);
  EXPECT_EQ(merged.same_gas, 193u);
  EXPECT_EQ(merged.ended_otherwise, 7u);
  EXPECT_EQ(merged.renumbered + merged.limits_changed + merged.left_out + merged.funded, 0u);
}

// Frontier to Cancun, under the rules of Cancun.
TEST(MergeRealBlocks, ThatWereChosen) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "mainnet-blocks");
  const MergedBlock merged = merge_files(pack / "mainnet", {"116525.json", "930196.json", "2674998.json",
                                                            "4370000.json", "13287210.json", "19934116.json"});
  EXPECT_EQ(merged.block.block().transactions.size(), 83u + 18 + 16 + 97 + 1414 + 58);
  EXPECT_EQ(merged.left_out, 0u);
}

}  // namespace
}  // namespace hocket
