// Real blocks: the parallel executor, forced on, gives what the sequential one gives.
#include "block/execute_block.hpp"
#include "parallel/execution.hpp"
#include "parallel/parallel_executor.hpp"
#include "replay/block_bundle.hpp"
#include "replay/output_difference.hpp"
#include "support/fixtures.hpp"

#include <gtest/gtest.h>
#include <thread>

namespace hocket::testing {
namespace {

class Bundles : public ::testing::Test {
 protected:
  using Output = std::expected<BlockOutput, BlockFailure>;

  /// How many bundles there are under `path`.
  int compare_all(const std::filesystem::path& path) {
    InputFiles files({path.string()});
    for (int count = 0;; ++count) {
      auto document = files.next();
      if (document && !*document) return count;
      if (!document) {
        ADD_FAILURE() << document.error().message;
        continue;
      }
      auto bundle = decode_bundle(std::move(**document));
      if (!bundle)
        ADD_FAILURE() << bundle.error().message;
      else
        compare(*bundle);
    }
  }

  void compare(const BlockBundle& bundle) {
    const Spec& spec = bundle.config.spec_for(bundle.block.header);
    auto recovered = recover_senders(bundle.block, spec, bundle.config.chain_id);
    if (!recovered) {
      ADD_FAILURE() << bundle.name << ": " << recovered.error().message();
      return;
    }
    IntermediateRoot root;
    if (bundle.witness != nullptr) root = [&](const StateDiff& diff) { return bundle.witness->post_state_root(diff); };
    SequentialExecutor sequential(programs_);
    const Output expected = execute_block(*recovered, bundle.config, *bundle.state, sequential, root);
    for (const ParallelWay& way : kWays) {
      ParallelExecutor parallel(programs_, pool_, way.options());
      const Output found = execute_block(*recovered, bundle.config, *bundle.state, parallel, root);
      EXPECT_EQ(difference(expected, found), std::nullopt) << bundle.name << " with " << to_string(way);
      if (parallel.statistics().segments) ++in_segments_;
      followed_ += parallel.statistics().followed;
      redone_ += parallel.statistics().redone;
    }
    programs_.trim();
  }

  static constexpr ParallelWay kWays[] = {{.threads = 2},
                                          {.threads = 8},
                                          {.threads = 8, .followed_slots = FollowedSlots::all},
                                          {.threads = 4, .segment_length = 12}};
  std::size_t in_segments_ = 0;  // blocks that were, or their first part
  std::uint64_t followed_ = 0;   // transactions that followed slots
  std::uint64_t redone_ = 0;
  ProgramCache programs_;
  WorkerPool pool_{8};
};

TEST_F(Bundles, MainnetBlocksAreTheSameInParallel) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "mainnet-blocks");
  EXPECT_EQ(compare_all(pack / "mainnet"), 54);
  std::cout << "  " << in_segments_ << " in segments; " << followed_ << " transactions followed slots, " << redone_
            << " redone\n";
  EXPECT_GT(in_segments_, 5u);
  EXPECT_GT(followed_, 100u);
}

TEST_F(Bundles, WitnessesAreTheSameInParallel) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "witness");
  EXPECT_EQ(compare_all(pack / "witness" / "*.json"), 28);
}

// What is missing is missing in parallel too, and nothing is made of it.
TEST_F(Bundles, IncompleteWitnessesAreRefusedInParallel) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "witness");
  EXPECT_EQ(compare_all(pack / "witness" / "incomplete"), 3);
}

}  // namespace
}  // namespace hocket::testing
