// Whole chains from their genesis, every block executed by the parallel executor, forced on: headers, receipts and
// state roots are checked as they are sequentially.
#include "parallel/parallel_executor.hpp"
#include "replay/chain_import.hpp"
#include "support/chain_cases.hpp"
#include "support/fixtures.hpp"

#include <gtest/gtest.h>
#include <tuple>

namespace hocket::testing {
namespace {

struct Way {
  unsigned threads = 2;
  TxnIndex segment_length = 0;
};

class ParallelChains : public ::testing::TestWithParam<std::tuple<ChainCase, Way>> {};

TEST_P(ParallelChains, EveryBlockExecutesToItsStateRoot) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "chains");
  const auto& [c, way] = GetParam();
  const std::filesystem::path folder = pack / "chains";
  auto genesis = genesis_from_json(read_text(folder / c.genesis), c.network ? named_network(c.network) : nullptr);
  ASSERT_TRUE(genesis.has_value()) << genesis.error().message;
  ProgramCache programs;
  WorkerPool pool(way.threads);
  ParallelOptions options;
  options.threads = way.threads;
  options.segment_length = way.segment_length;
  options.forced = true;
  std::uint64_t receipts = 0;
  // Segments are not reported one transaction after the other.
  if (way.segment_length == 0) options.on_commit = [&](TxnIndex, const Receipt&) { ++receipts; };
  ParallelExecutor executor(programs, pool, options);
  const auto report = import_chain(*genesis, (folder / c.blocks).string(), executor);
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->blocks, c.block_count);
  if (way.segment_length == 0) {
    EXPECT_EQ(receipts, report->transactions);
  }
  if (c.transaction_count != 0) {
    EXPECT_EQ(report->transactions, c.transaction_count);
  }
}

/// The others have no transactions.
std::vector<ChainCase> chains_with_transactions() {
  std::vector<ChainCase> chains{std::begin(kChains), std::end(kChains)};
  std::erase_if(chains, [](const ChainCase& c) { return c.transaction_count == 0 && c.block_count > 500; });
  return chains;
}

INSTANTIATE_TEST_SUITE_P(All, ParallelChains,
                         ::testing::Combine(::testing::ValuesIn(chains_with_transactions()),
                                            ::testing::Values(Way{2, 0}, Way{8, 0}, Way{4, 3})),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param).name) + "_" +
                                  std::to_string(std::get<1>(test.param).threads) + "_threads" +
                                  (std::get<1>(test.param).segment_length == 0 ? "" : "_in_segments");
                         });

}  // namespace
}  // namespace hocket::testing
