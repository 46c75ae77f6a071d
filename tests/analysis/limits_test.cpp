// Our conflict models against an independent measurement: parallelism-limits.json beside the fixtures. Critical paths
// agree in every block; so do the pairs of reader and writer, but for the block below. docs/parallelism.md says more.
#include "analysis/block_report.hpp"
#include "analysis/trace_block.hpp"
#include "replay/block_bundle.hpp"
#include "support/fixtures.hpp"

#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>

namespace hocket::testing {
namespace {

using nlohmann::json;

/// How many more pairs than the file we find, by model, and why.
struct KnownDifference {
  std::array<int, kConflictModels.size()> more_edges;
  const char* reason;
};
const std::map<std::uint64_t, KnownDifference> kKnownDifferences = {
    {116525, {{4, 6, 10, 10}, "calls to accounts that an earlier transaction made: their gas depends on it"}},
};

class Limits : public ::testing::Test {
 protected:
  /// How many blocks were compared.
  int compare_all(const std::filesystem::path& path, const std::string& set) {
    const char* given = std::getenv("HOCKET_FIXTURES");
    const std::filesystem::path folder =
        given != nullptr ? given : std::filesystem::path(HOCKET_SOURCE_DIR) / "../shared/fixtures";
    std::ifstream file(folder / "parallelism-limits.json");
    const json limits = json::parse(file, nullptr, false);
    if (limits.is_discarded()) {
      ADD_FAILURE() << "parallelism-limits.json cannot be read";
      return 0;
    }
    std::map<std::uint64_t, json> rows;
    for (const json& row : limits["blocks"])
      if (row["set"] == set) rows[row["block"].get<std::uint64_t>()] = row["models"];
    InputFiles files({path.string()});
    for (int count = 0;;) {
      auto document = files.next();
      if (document && !*document) return count;
      if (!document) {
        ADD_FAILURE() << document.error().message;
        return count;
      }
      const auto bundle = decode_bundle(std::move(**document));
      if (!bundle) {
        ADD_FAILURE() << bundle.error().message;
        continue;
      }
      const auto row = rows.find(bundle->block.header.number);
      if (bundle->config.chain_id != 1 || row == rows.end()) continue;
      compare(*bundle, row->second);
      ++count;
    }
  }

  void compare(const BlockBundle& bundle, const json& models) {
    const std::uint64_t number = bundle.block.header.number;
    const auto recovered =
        recover_senders(bundle.block, bundle.config.spec_for(bundle.block.header), bundle.config.chain_id);
    ASSERT_TRUE(recovered) << bundle.name << ": " << recovered.error().message();
    const auto traced = trace_block(*recovered, bundle.config, *bundle.state, programs_);
    ASSERT_TRUE(traced) << bundle.name << ": " << traced.error().message;
    EXPECT_EQ(traced->output.gas_used, bundle.block.header.gas_used) << bundle.name;
    const BlockReport report = report_of(traced->trace, 3);
    ASSERT_EQ(traced->trace.transactions.size(), bundle.block.transactions.size()) << bundle.name;
    for (const ModelReport& model : report.models) {
      const std::string name(to_string(model.model));
      const json& expected = models[name];
      EXPECT_EQ(model.paths.after_writers, expected["gas"]["critical"].get<std::uint64_t>()) << number << " " << name;
      EXPECT_LE(model.paths.waiting_at_first_read, model.paths.after_writers) << number << " " << name;
      const auto known = kKnownDifferences.find(number);
      const int more =
          known == kKnownDifferences.end() ? 0 : known->second.more_edges[static_cast<std::size_t>(model.model)];
      EXPECT_EQ(static_cast<int>(model.edges), expected["edges"].get<int>() + more) << number << " " << name;
      if (known != kKnownDifferences.end()) continue;
      for (std::size_t i = 0; i < kReportedWorkers.size(); ++i) {
        const auto& makespans = expected["gas"]["makespan"];
        const auto theirs = makespans.find(std::to_string(kReportedWorkers[i]));
        if (theirs == makespans.end()) continue;  // the file has no 64 workers
        EXPECT_EQ(model.makespans[i], theirs->get<std::uint64_t>()) << number << " " << name;
      }
    }
    programs_.trim();
  }

  ProgramCache programs_;
};

TEST_F(Limits, MainnetBlocksHaveTheCriticalPathsOfTheMeasurement) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "mainnet-blocks");
  EXPECT_EQ(compare_all(pack / "mainnet", "mainnet"), 54);
}

TEST_F(Limits, WitnessesHaveTheCriticalPathsOfTheMeasurement) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "witness");
  EXPECT_EQ(compare_all(pack / "witness" / "*.json", "witness"), 13);
}

}  // namespace
}  // namespace hocket::testing
