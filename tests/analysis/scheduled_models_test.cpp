// What slots that commute would win in the real scheduler: real blocks in virtual time, with conflicts as the models M2
// and M3 have them. HOCKET_PRINT_MAKESPAN=1 prints the table; docs/parallelism.md has one.
#include "analysis/conflict_models.hpp"
#include "analysis/tracing_executor.hpp"
#include "block/execute_block.hpp"
#include "parallel/block_profile.hpp"
#include "replay/block_bundle.hpp"
#include "support/fixtures.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hocket::testing {
namespace {

constexpr std::uint64_t kLargeBlockGas = 5'000'000;
constexpr std::array kWorkers = {2u, 8u, 16u};

struct Way {
  ConflictModel model;
  bool knows_writes;
};
constexpr std::array kWays = {Way{ConflictModel::predicted_nonces, false}, Way{ConflictModel::predicted_nonces, true},
                              Way{ConflictModel::commuting_slots, false}, Way{ConflictModel::commuting_slots, true}};

bool commutes(const BlockTrace& trace, const Access& access, ConflictModel model) {
  const LocationKind kind = trace.locations[access.location].kind;
  return access.adds &&
         (kind == LocationKind::balance || (kind == LocationKind::slot && model == ConflictModel::commuting_slots));
}

/// The transactions of `trace` with the conflicts of `model`, in gas. `known`: what the executor knows ahead.
std::vector<TransactionProfile> profiles(const BlockTrace& trace, ConflictModel model,
                                         const std::vector<TransactionProfile>& known) {
  std::vector<TransactionProfile> result;
  for (std::size_t i = 0; i < trace.transactions.size(); ++i) {
    const TransactionTrace& transaction = trace.transactions[i];
    TransactionProfile profile;
    profile.cost = transaction.gas;
    profile.kind = known[i].kind;
    profile.predecessor = known[i].predecessor;
    for (const Access& access : transaction.accesses) {
      const bool adds = commutes(trace, access, model);
      if (!access.own_nonce && (access.reads || !adds))
        profile.reads.push_back(
            {.location = access.location, .at = std::min(adds ? access.read_at : access.at, transaction.gas)});
      if (access.writes) profile.writes.push_back({.location = access.location, .adds = adds});
    }
    std::ranges::sort(profile.reads, {}, &TransactionProfile::Read::at);
    result.push_back(std::move(profile));
  }
  return result;
}

class ScheduledModels : public ::testing::Test {
 protected:
  void measure(const std::filesystem::path& path, const char* title) {
    const bool prints = std::getenv("HOCKET_PRINT_MAKESPAN") != nullptr;
    std::array<std::array<double, kWorkers.size()>, kWays.size()> sums{};
    double gas = 0;
    ProgramCache programs;
    InputFiles files({path.string()});
    for (;;) {
      auto document = files.next();
      ASSERT_TRUE(document) << document.error().message;
      if (!*document) break;
      const auto bundle = decode_bundle(std::move(**document));
      ASSERT_TRUE(bundle) << bundle.error().message;
      const Header& header = bundle->block.header;
      if (header.gas_used < kLargeBlockGas) continue;
      const auto recovered = recover_senders(bundle->block, bundle->config.spec_for(header), bundle->config.chain_id);
      ASSERT_TRUE(recovered) << recovered.error().message();
      TracingExecutor tracing(programs);
      ASSERT_TRUE(execute_block(*recovered, bundle->config, *bundle->state, tracing)) << bundle->name;
      ProfilingExecutor profiling(programs);
      ASSERT_TRUE(execute_block(*recovered, bundle->config, *bundle->state, profiling)) << bundle->name;
      std::string row;
      for (std::size_t m = 0; m < kWays.size(); ++m) {
        const auto transactions = profiles(tracing.trace(), kWays[m].model, profiling.profile().transactions);
        const CriticalPath critical = critical_path(transactions);
        for (std::size_t w = 0; w < kWorkers.size(); ++w) {
          const VirtualTime time =
              simulate_execution(transactions, {.workers = kWorkers[w], .knows_writes = kWays[m].knows_writes});
          EXPECT_GE(time.makespan, critical.waiting_at_reads) << header.number << ' ' << to_string(kWays[m].model);
          sums[m][w] += static_cast<double>(time.makespan);
          row += fmt::format("  {:6.2f}", static_cast<double>(time.makespan) / 1e6);
        }
      }
      gas += static_cast<double>(header.gas_used);
      if (prints) fmt::print("{:9}  {:6.2f}{}\n", header.number, static_cast<double>(header.gas_used) / 1e6, row);
      programs.trim();
    }
    if (!prints) return;
    fmt::print("{}: speed-up on 2, 8, 16 workers, M2, known before, M3, known before:", title);
    for (const auto& model : sums)
      for (const double sum : model) fmt::print("  {:.2f}", gas / sum);
    fmt::print("\n");
  }
};

TEST_F(ScheduledModels, OfMainnetBlocks) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "mainnet-blocks");
  measure(pack / "mainnet", "mainnet-blocks of at least 5 Mgas");
}

TEST_F(ScheduledModels, OfWitnesses) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "witness");
  measure(pack / "witness" / "*.json", "witness blocks of at least 5 Mgas");
}

}  // namespace
}  // namespace hocket::testing
