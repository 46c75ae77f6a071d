#include "replay/samples/sample_blocks.hpp"

#include "replay/replay_block.hpp"

#include <gtest/gtest.h>
#include <set>

namespace hocket::samples {
namespace {

TEST(SampleBlocks, AreVerifiedAndSmall) {
  ProgramCache programs;
  SequentialExecutor executor(programs);
  std::size_t total_bytes = 0;
  std::set<std::string> forks;
  std::set<TransactionType> types;
  for (SampleBundle& sample : make_sample_bundles()) {
    total_bytes += sample.json.size();
    const auto bundle = decode_bundle({sample.file_name, std::move(sample.json)});
    ASSERT_TRUE(bundle.has_value()) << bundle.error().message;
    const auto report = replay_block(*bundle, executor);
    ASSERT_TRUE(report.has_value()) << sample.file_name << ": " << report.error().message;
    forks.insert(report->fork);
    for (const Transaction& t : bundle->block.transactions) types.insert(t.type);
    EXPECT_EQ((*report)[Check::state_root],
              bundle->witness != nullptr ? CheckResult::verified : CheckResult::not_verified);
  }
  EXPECT_EQ(forks, (std::set<std::string>{"Paris", "Shanghai", "Cancun", "Prague", "Osaka"}));
  EXPECT_EQ(types.size(), 5u);
  EXPECT_LT(total_bytes, 4u << 20);
}

}  // namespace
}  // namespace hocket::samples
