// Scaling beyond this machine: real blocks in virtual time, beside what no schedule can beat. HOCKET_PRINT_MAKESPAN=1
// prints the table; docs/parallelism.md has one.
#include "block/execute_block.hpp"
#include "parallel/block_profile.hpp"
#include "replay/block_bundle.hpp"
#include "support/fixtures.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hocket::testing {
namespace {

constexpr std::uint64_t kLargeBlockGas = 5'000'000;
constexpr std::array kWorkers = {1u, 2u, 4u, 8u, 16u, 32u, 64u};

/// HOCKET_POLICY=in_order or predicted: to compare.
PolicyKind policy() {
  const char* name = std::getenv("HOCKET_POLICY");
  if (name == nullptr) return PolicyKind::critical_path;
  return std::string_view(name) == "in_order" ? PolicyKind::in_order : PolicyKind::predicted;
}

/// Sums over blocks, by number of workers.
struct Sums {
  std::array<double, kWorkers.size()> makespan{};
  std::array<double, kWorkers.size()> bound{};
  std::array<double, kWorkers.size()> executed{};
  double total = 0;
  int blocks = 0;
};

void add(const std::vector<TransactionProfile>& profile, Sums& sums) {
  std::uint64_t total = 0;
  for (const TransactionProfile& transaction : profile) total += transaction.cost;
  const CriticalPath path = critical_path(profile);
  for (std::size_t i = 0; i < kWorkers.size(); ++i) {
    const VirtualTime time = simulate_execution(profile, {.workers = kWorkers[i], .policy = policy()});
    EXPECT_GE(time.makespan, path.waiting_at_reads);
    EXPECT_GE(time.makespan * kWorkers[i], total);
    if (kWorkers[i] == 1) {
      EXPECT_EQ(time.makespan, total);
    }
    sums.makespan[i] += static_cast<double>(time.makespan);
    sums.bound[i] += std::max(static_cast<double>(path.after_writers), static_cast<double>(total) / kWorkers[i]);
    sums.executed[i] += static_cast<double>(time.executed_cost);
  }
  sums.total += static_cast<double>(total);
  ++sums.blocks;
}

void print(const char* title, const Sums& sums) {
  if (std::getenv("HOCKET_PRINT_MAKESPAN") == nullptr || sums.blocks == 0) return;
  fmt::print("{}, {} blocks\n  workers  speed-up  limit  makespan/limit  executed/committed\n", title, sums.blocks);
  for (std::size_t i = 0; i < kWorkers.size(); ++i)
    fmt::print("  {:7}  {:8.2f}  {:5.2f}  {:14.3f}  {:18.3f}\n", kWorkers[i], sums.total / sums.makespan[i],
               sums.total / sums.bound[i], sums.makespan[i] / sums.bound[i], sums.executed[i] / sums.total);
}

class Makespan : public ::testing::Test {
 protected:
  void measure(const std::filesystem::path& path, const char* title) {
    ProgramCache programs;
    Sums by_gas;
    Sums by_duration;
    InputFiles files({path.string()});
    for (;;) {
      auto document = files.next();
      ASSERT_TRUE(document) << document.error().message;
      if (!*document) break;
      auto bundle = decode_bundle(std::move(**document));
      ASSERT_TRUE(bundle) << bundle.error().message;
      if (bundle->block.header.gas_used < kLargeBlockGas) continue;
      const Spec& spec = bundle->config.spec_for(bundle->block.header);
      auto recovered = recover_senders(bundle->block, spec, bundle->config.chain_id);
      ASSERT_TRUE(recovered) << recovered.error().message();
      ProfilingExecutor executor(programs);
      // The second time the code is translated.
      for (int i = 0; i < 2; ++i) {
        const auto output = execute_block(*recovered, bundle->config, *bundle->state, executor);
        ASSERT_TRUE(output) << bundle->name << ": " << output.error().message();
        EXPECT_EQ(output->gas_used, bundle->block.header.gas_used) << bundle->name;
      }
      const BlockProfile& profile = executor.profile();
      ASSERT_EQ(profile.transactions.size(), bundle->block.transactions.size());
      for (std::size_t i = 0; i < profile.transactions.size(); ++i) EXPECT_GE(profile.transactions[i].cost, 10'500u);
      add(profile.transactions, by_gas);
      add(profile.by_duration(), by_duration);
      programs.trim();
    }
    print((std::string(title) + ", by gas").c_str(), by_gas);
    print((std::string(title) + ", by measured time").c_str(), by_duration);
  }
};

TEST_F(Makespan, OfMainnetBlocks) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "mainnet-blocks");
  measure(pack / "mainnet", "mainnet-blocks of at least 5 Mgas");
}

TEST_F(Makespan, OfWitnesses) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "witness");
  measure(pack / "witness" / "*.json", "witness blocks of at least 5 Mgas");
}

}  // namespace
}  // namespace hocket::testing
