// hocket analyze: the table, JSON, CSV, and what it refuses.
#include "cli/program.hpp"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace hocket::testing {
namespace {

using nlohmann::json;

class AnalyzeCommand : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = new TemporaryFolder;
    ASSERT_EQ(run_hocket({"samples", samples()}).status, 0);
    // Long arithmetic under a tracer takes seconds, and depends on nothing.
    std::filesystem::remove(samples() + "/5-osaka-arithmetic.json");
  }
  static void TearDownTestSuite() {
    delete folder;
    folder = nullptr;
  }

  static std::string samples() { return (folder->path() / "samples").string(); }

  static inline TemporaryFolder* folder = nullptr;
};

TEST_F(AnalyzeCommand, PrintsALineABlockTotalsAndTheHottest) {
  const Outcome outcome = run_hocket({"analyze", samples()});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  const auto lines = Outcome::lines(outcome.out);
  ASSERT_GT(lines.size(), 12u) << outcome.out;
  for (const char* column : {"share %", "overlap%", "dependent", "critical", "on 2", "on 64"})
    EXPECT_NE(lines[0].find(column), std::string::npos) << lines[0];
  for (std::size_t i = 1; i <= 5; ++i) EXPECT_TRUE(lines[i].starts_with("7272 ")) << lines[i];
  EXPECT_TRUE(lines[6].starts_with("5 blocks ")) << lines[6];
  for (const char* heading : {"hottest locations", "hottest contracts and accounts", "busiest senders"})
    EXPECT_NE(outcome.out.find(heading), std::string::npos) << heading << "\n" << outcome.out;
}

TEST_F(AnalyzeCommand, JsonHasTheSameNumbersAsReplaysReport) {
  const Outcome outcome = run_hocket({"analyze", "--json", samples()});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const Outcome report = run_hocket({"replay", "--report", "--json", "--threads", "1", samples()});
  const auto lines = Outcome::lines(outcome.out);
  const auto report_lines = Outcome::lines(report.out);
  ASSERT_EQ(lines.size(), 6u) << outcome.out;
  ASSERT_EQ(report_lines.size(), 5u) << report.out;
  std::uint64_t gas = 0;
  std::uint64_t critical = 0;
  std::size_t transactions = 0;
  std::size_t dependent = 0;
  std::uint64_t makespan = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    const json line = json::parse(lines[i]);
    const json expected = json::parse(report_lines[i]);
    EXPECT_EQ(line["block"], expected["block"]);
    EXPECT_EQ(line["gas"], expected["gasUsed"]);
    EXPECT_EQ(line["models"], expected["report"]["models"]);
    EXPECT_EQ(line["criticalPath"], expected["report"]["criticalPath"]);
    EXPECT_EQ(line["dependent"]["transactions"], line["models"]["M2"]["dependentTransactions"]);
    EXPECT_EQ(line["dependent"]["gas"], line["models"]["M2"]["dependentGas"]);
    EXPECT_GE(line["sharing"]["transactions"], line["overlapping"]["transactions"]);
    EXPECT_GE(line["overlapping"]["transactions"], line["dependent"]["transactions"]);
    EXPECT_LE(line["hottest"]["locations"].size(), 5u);
    gas += line["gas"].get<std::uint64_t>();
    critical += line["criticalGas"].get<std::uint64_t>();
    transactions += line["transactions"].get<std::size_t>();
    dependent += line["dependent"]["transactions"].get<std::size_t>();
    makespan += line["models"]["M2"]["makespan"]["8"].get<std::uint64_t>();
  }
  const json totals = json::parse(lines[5])["totals"];
  EXPECT_EQ(totals["blocks"], 5);
  EXPECT_EQ(totals["gas"], gas);
  EXPECT_EQ(totals["criticalGas"], critical);
  EXPECT_EQ(totals["transactions"], transactions);
  EXPECT_EQ(totals["dependent"]["transactions"], dependent);
  EXPECT_DOUBLE_EQ(totals["idealSpeedUp"]["8"].get<double>(), static_cast<double>(gas) / static_cast<double>(makespan));
}

TEST_F(AnalyzeCommand, CsvHasOneTable) {
  const Outcome blocks = run_hocket({"analyze", "--csv", "blocks", samples()});
  EXPECT_EQ(blocks.status, 0) << blocks.err;
  const auto lines = Outcome::lines(blocks.out);
  ASSERT_EQ(lines.size(), 7u) << blocks.out;
  const auto commas = std::ranges::count(lines[0], ',');
  EXPECT_EQ(commas, 17);
  for (const std::string& line : lines) EXPECT_EQ(std::ranges::count(line, ','), commas) << line;
  EXPECT_TRUE(lines[6].starts_with("total,,,1334,")) << lines[6];

  for (const char* table : {"locations", "contracts", "senders"}) {
    const Outcome outcome = run_hocket({"analyze", "--csv", table, "--top", "2", samples()});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    const auto rows = Outcome::lines(outcome.out);
    EXPECT_EQ(rows.size(), 3u) << outcome.out;
    for (const std::string& row : rows)
      EXPECT_EQ(std::ranges::count(row, ','), std::ranges::count(rows[0], ',')) << row;
  }
}

TEST_F(AnalyzeCommand, QuotesNamesThatHoldCommas) {
  const std::string name = samples() + "/a,b\"c.json";
  std::filesystem::copy_file(samples() + "/1-paris-transfers.json", name);
  const Outcome outcome = run_hocket({"analyze", "--csv", "blocks", name});
  std::filesystem::remove(name);
  EXPECT_NE(outcome.out.find("\"" + samples() + "/a,b\"\"c.json\",7272,1,600,"), std::string::npos) << outcome.out;
}

TEST_F(AnalyzeCommand, StopsAtTheFirstFailureUnlessToldToKeepGoing) {
  const std::string bad = folder->write("bad.json", "{\"chainId\": 1");
  const std::string good = samples() + "/1-paris-transfers.json";
  const Outcome stopped = run_hocket({"analyze", bad, good});
  EXPECT_EQ(stopped.status, 1);
  EXPECT_EQ(stopped.out, "");
  EXPECT_TRUE(stopped.err.starts_with("hocket analyze: " + bad + ": ")) << stopped.err;
  const Outcome went_on = run_hocket({"analyze", "--json", "--keep-going", bad, "/no/such/file", good});
  EXPECT_EQ(went_on.status, 1);
  EXPECT_EQ(Outcome::lines(went_on.err).size(), 2u) << went_on.err;
  const auto lines = Outcome::lines(went_on.out);
  ASSERT_EQ(lines.size(), 4u) << went_on.out;
  EXPECT_EQ(json::parse(lines[0])["ok"], false);
  EXPECT_EQ(json::parse(lines[3])["totals"]["blocks"], 1);
}

// A header that claims another outcome than the block's is not analysed as if it were right.
TEST_F(AnalyzeCommand, ChecksWhatTheBlockGives) {
  std::string text = run_program({"cat", samples() + "/1-paris-transfers.json"}).out;
  json bundle = json::parse(text);
  bundle["block"].erase("hash");
  bundle["block"]["gasUsed"] = "0x1";
  const Outcome outcome = run_hocket({"analyze", folder->write("wrong.json", bundle.dump())});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("wrong.json: block 1: gasUsed 1, computed 12600000 "), std::string::npos) << outcome.err;
}

TEST_F(AnalyzeCommand, RefusesWhatMakesNoSense) {
  const std::pair<std::vector<std::string>, std::string> lines_and_answers[] = {
      {{"analyze"}, "hocket analyze: paths is required"},
      {{"analyze", "--json", "--csv", "blocks", "x"}, "hocket analyze: --csv: not together with --json"},
      {{"analyze", "--csv", "slots", "x"}, "hocket analyze: --csv: slots not in {"},
      {{"analyze", "--top", "many", "x"}, "hocket analyze: --top: "},
      {{"analyze", "--repeat", "3", "x"}, "hocket analyze: unknown option --repeat"},
  };
  for (const auto& [arguments, expected] : lines_and_answers) {
    const Outcome outcome = run_hocket(arguments);
    EXPECT_EQ(outcome.status, 2) << expected;
    EXPECT_EQ(outcome.out, "") << expected;
    EXPECT_EQ(Outcome::lines(outcome.err).size(), 1u) << outcome.err;
    EXPECT_TRUE(outcome.err.starts_with(expected)) << outcome.err << "expected " << expected;
  }
}

}  // namespace
}  // namespace hocket::testing
