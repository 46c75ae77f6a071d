// Every workload, small: a valid block that keeps its invariants however it is executed, the same for the same options.
#include "block/roots.hpp"
#include "block/verify.hpp"
#include "parallel/parallel_executor.hpp"
#include "replay/output_difference.hpp"
#include "workloads/build_block.hpp"

#include <gtest/gtest.h>
#include <set>

namespace hocket::workloads {
namespace {

constexpr std::uint64_t kSmall = 6'000'000;

WorkloadBlock build(const Workload& workload, const WorkloadOptions& options, BuildOptions how = {}) {
  auto built = build_block(workload, options, how);
  if (!built) throw std::runtime_error(built.error().message);
  return std::move(*built);
}

WorkloadOptions small() {
  WorkloadOptions options;
  options.gas = kSmall;
  options.accounts = 300;
  return options;
}

class EveryWorkload : public testing::TestWithParam<Workload> {};

std::string name_of(const testing::TestParamInfo<Workload>& info) {
  std::string name(info.param.name);
  for (char& c : name)
    if (c == '/' || c == '-') c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Workloads, EveryWorkload, testing::ValuesIn(all_workloads().begin(), all_workloads().end()),
                         name_of);

TEST_P(EveryWorkload, IsAValidBlockOfTheWantedSize) {
  const WorkloadBlock made = build(GetParam(), small(), {.with_state_root = true});
  const Block& block = made.block.block();
  if (made.ends_by_itself) {
    EXPECT_GE(block.header.gas_used, kSmall / 2);
    EXPECT_LE(block.header.gas_used, kSmall * 3 / 2);
  } else {
    EXPECT_GE(block.header.gas_used, kSmall * 9 / 10);
    EXPECT_LE(block.header.gas_used, kSmall * 11 / 10);
  }
  const auto header = validate_header(block.header, made.parent, made.config);
  EXPECT_TRUE(header) << header.error().message();
  const auto body = validate_body(block, made.config, {});
  EXPECT_TRUE(body) << body.error().message();
  EXPECT_EQ(state_root(made.state), made.parent.state_root);

  ProgramCache programs;
  SequentialExecutor executor(programs);
  const auto output = execute_block(made.block, made.config, made.state, executor);
  ASSERT_TRUE(output) << output.error().message();
  InMemoryState after = made.state;
  after.apply(output->diff);
  const auto verdict = verify(*output, block.header, made.config, state_root(after));
  EXPECT_TRUE(verdict) << verdict.error().message();
}

TEST_P(EveryWorkload, KeepsItsInvariantsHoweverItIsExecuted) {
  const WorkloadBlock made = build(GetParam(), small());
  ProgramCache programs;
  SequentialExecutor sequential(programs);
  const auto expected = execute_block(made.block, made.config, made.state, sequential);
  ASSERT_TRUE(expected) << expected.error().message();
  EXPECT_EQ(made.check(*expected), std::nullopt);
  for (const unsigned threads : {2u, 4u}) {
    WorkerPool pool(threads);
    ParallelOptions options;
    options.threads = threads;
    options.forced = true;
    ParallelExecutor parallel(programs, pool, options);
    const auto found = execute_block(made.block, made.config, made.state, parallel);
    EXPECT_EQ(difference(expected, found), std::nullopt);
    ASSERT_TRUE(found);
    EXPECT_EQ(made.check(*found), std::nullopt);
  }
}

TEST_P(EveryWorkload, DependsOnItsOptionsAlone) {
  WorkloadOptions options = small();
  options.seed = 7;
  EXPECT_EQ(build(GetParam(), options).hash, build(GetParam(), options).hash);
}

// What must be noticed if it happened: the checks are not idle.
TEST_P(EveryWorkload, NoticesWhatIsMissing) {
  const WorkloadBlock made = build(GetParam(), small());
  ProgramCache programs;
  SequentialExecutor executor(programs);
  auto output = execute_block(made.block, made.config, made.state, executor);
  ASSERT_TRUE(output) << output.error().message();
  output->diff = {};
  EXPECT_NE(made.check(*output), std::nullopt);
}

TEST(Workloads, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (const Workload& workload : all_workloads()) EXPECT_TRUE(names.insert(workload.name).second) << workload.name;
}

TEST(Workloads, AreFoundByNameAndByFamily) {
  EXPECT_EQ(find_workloads("transfers/chain")->size(), 1u);
  EXPECT_GT(find_workloads("erc20")->size(), 5u);
  EXPECT_FALSE(find_workloads("erc2"));
  EXPECT_NE(find_workloads("nothing").error().message.find("transfers, erc20"), std::string::npos);
}

TEST(Workloads, OfAnotherSeedAreOtherBlocks) {
  const Workload& workload = *find_workloads("transfers/zipf")->front();
  const WorkloadOptions one = small();
  WorkloadOptions two = small();
  two.seed = 2;
  EXPECT_NE(build(workload, one).hash, build(workload, two).hash);
}

}  // namespace
}  // namespace hocket::workloads
