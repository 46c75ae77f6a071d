// hocket replay on good input: table, JSON lines, packed files.
#include "cli/program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace hocket::testing {
namespace {

using nlohmann::json;

class ReplayCommand : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = new TemporaryFolder;
    ASSERT_EQ(run_hocket({"samples", samples()}).status, 0);
  }
  static void TearDownTestSuite() {
    delete folder;
    folder = nullptr;
  }

  static std::string samples() { return (folder->path() / "samples").string(); }
  static std::string sample(const std::string& name) { return samples() + "/" + name; }

  static inline TemporaryFolder* folder = nullptr;
};

TEST_F(ReplayCommand, VerifiesTheSamplesAndPrintsATable) {
  const Outcome outcome = run_hocket({"replay", samples()});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");  // no progress bar where there is no terminal
  EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos);
  const auto lines = Outcome::lines(outcome.out);
  ASSERT_GE(lines.size(), 9u) << outcome.out;
  EXPECT_NE(lines[0].find("Mgas/s"), std::string::npos);
  for (int block = 1; block <= 6; ++block)
    EXPECT_NE(lines[static_cast<std::size_t>(block)].find("all"), std::string::npos) << outcome.out;
  EXPECT_NE(lines[5].find("all but parent, state root"), std::string::npos) << lines[5];
  EXPECT_TRUE(lines[8].starts_with("6 of 6 blocks verified: ")) << lines[8];
}

TEST_F(ReplayCommand, JsonHasOneObjectABlock) {
  const Outcome outcome = run_hocket({"replay", "--json", "--repeat", "3", samples()});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const auto lines = Outcome::lines(outcome.out);
  ASSERT_EQ(lines.size(), 6u);
  const char* const forks[] = {"Paris", "Shanghai", "Cancun", "Prague", "Osaka", "Osaka"};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const json line = json::parse(lines[i]);
    EXPECT_EQ(line["block"], i + 1);
    EXPECT_EQ(line["ok"], true);
    EXPECT_EQ(line["fork"], forks[i]);
    EXPECT_EQ(line["repeat"], 3);
    EXPECT_EQ(line["chainId"], 7272);
    EXPECT_GT(line["executeMs"].get<double>(), 0);
    EXPECT_GT(line["recoverMs"].get<double>(), 0);
    EXPECT_GT(line["decodeMs"].get<double>(), 0);
    const bool has_witness = i != 4;
    const json expected = has_witness ? json::array() : json{"parent", "state root"};
    EXPECT_EQ(line["notVerified"], expected) << lines[i];
  }
}

TEST_F(ReplayCommand, EveryNumberOfThreadsVerifiesTheSamples) {
  for (const char* threads : {"1", "2", "5"}) {
    const Outcome outcome = run_hocket({"replay", "--threads", threads, samples()});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_NE(outcome.out.find("6 of 6 blocks verified: "), std::string::npos) << outcome.out;
    const std::string said =
        *threads == '1' ? "execution alone, 1 thread;" : std::string("made meanwhile, ") + threads + " threads;";
    EXPECT_NE(outcome.out.find(said), std::string::npos) << outcome.out;
  }
}

TEST_F(ReplayCommand, CompareAddsSpeedUpsAndTheirTotals) {
  const Outcome outcome = run_hocket({"replay", "--compare", "--threads", "2", "--repeat", "2", samples()});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  const auto lines = Outcome::lines(outcome.out);
  ASSERT_EQ(lines.size(), 17u) << outcome.out;
  for (const char* column : {"sequential ms", "parallel ms", "speed-up"})
    EXPECT_NE(lines[0].find(column), std::string::npos) << lines[0];
  for (const char* column : {"time-weighted", "of minima", "mean", "worst", "at block"})
    EXPECT_NE(lines[13].find(column), std::string::npos) << lines[13];
  EXPECT_TRUE(lines[14].starts_with("all                    6 ")) << lines[14];
  EXPECT_TRUE(lines[15].starts_with("at least 5 Mgas        6 ")) << lines[15];
  EXPECT_NE(lines[15].find("7272 "), std::string::npos) << lines[15];
  EXPECT_TRUE(lines[16].starts_with("parallel: 2 threads; ")) << lines[16];
}

TEST_F(ReplayCommand, CompareSaysHowManyBlocksItLeavesOut) {
  json bundle = json::parse(run_program({"cat", sample("1-paris-transfers.json")}).out);
  bundle.erase("witness");
  bundle.erase("preStateRoot");
  bundle["prestate"] = json::object();
  json& block = bundle["block"];
  block.erase("hash");
  block["transactions"] = json::array();
  block["gasUsed"] = "0x0";
  block["logsBloom"] = "0x" + std::string(512, '0');
  block["transactionsRoot"] = block["receiptsRoot"] =
      "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";  // of an empty trie
  const std::string empty = folder->write("empty-block.json", bundle.dump());
  const Outcome outcome = run_hocket({"replay", "--compare", empty, sample("2-shanghai-token.json")});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("\nall                    1 "), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("; left out, without transactions: 1\n"), std::string::npos) << outcome.out;
}

TEST_F(ReplayCommand, CompareGivesProgramsTheSame) {
  for (const unsigned threads : {1u, 3u}) {
    const Outcome outcome =
        run_hocket({"replay", "--compare", "--threads", std::to_string(threads), "--json", samples()});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    const auto lines = Outcome::lines(outcome.out);
    ASSERT_EQ(lines.size(), 7u) << outcome.out;
    double sequential_ms = 0;
    double parallel_ms = 0;
    double worst = 1e9;
    double sum = 0;
    for (std::size_t i = 0; i < 6; ++i) {
      const json line = json::parse(lines[i]);
      EXPECT_EQ(line["threads"], threads);
      const auto sequential = line["sequentialMs"].get<double>();
      const auto parallel = line["executeMs"].get<double>();
      EXPECT_GT(line["sequentialCpuMs"].get<double>(), 0);
      EXPECT_GT(line["executeCpuMs"].get<double>(), 0);
      EXPECT_LE(line["executeMinMs"].get<double>(), parallel);
      EXPECT_LE(line["sequentialMinMs"].get<double>(), sequential);
      EXPECT_DOUBLE_EQ(line["speedUp"].get<double>(), sequential / parallel);
      sequential_ms += sequential;
      parallel_ms += parallel;
      sum += sequential / parallel;
      worst = std::min(worst, sequential / parallel);
    }
    const json totals = json::parse(lines[6])["totals"];
    EXPECT_EQ(totals["threads"], threads);
    for (const char* set : {"all", "atLeast5Mgas"}) {
      const json& of = totals[set];
      EXPECT_EQ(of["blocks"], 6) << set;
      EXPECT_NEAR(of["timeWeighted"].get<double>(), sequential_ms / parallel_ms, 1e-6) << set;
      EXPECT_NEAR(of["mean"].get<double>(), sum / 6, 1e-6) << set;
      EXPECT_NEAR(of["worst"].get<double>(), worst, 1e-6) << set;
      EXPECT_TRUE(of["worstBlock"].get<std::string>().starts_with("7272 ")) << set;
    }
  }
}

TEST_F(ReplayCommand, ReportSaysWhatConflictsAllow) {
  const Outcome outcome = run_hocket({"replay", "--report", "--threads", "2", sample("2-shanghai-token.json")});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  for (const char* part : {"  critical path: ", " times as fast on 2 cores; this run ", "  M1  ", "  M2n ", "  M2  ",
                           "  M3  ", " conflicting readers of "})
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << "\n" << outcome.out;
  const Outcome on_one = run_hocket({"replay", "--report", "--threads", "1", sample("2-shanghai-token.json")});
  EXPECT_NE(on_one.out.find(" at most 1.00 times as fast on 1 core; this run "), std::string::npos) << on_one.out;
  // More threads than any machine has processors.
  const Outcome on_many = run_hocket({"replay", "--report", "--threads", "1024", sample("2-shanghai-token.json")});
  EXPECT_NE(on_many.out.find(" times as fast on 1024 cores; this run "), std::string::npos) << on_many.out;
  EXPECT_NE(on_many.out.find(" processor"), std::string::npos) << on_many.out;
}

TEST_F(ReplayCommand, ReportGivesProgramsTheSame) {
  const Outcome outcome = run_hocket({"replay", "--report", "--json", "--threads", "2", samples()});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const auto lines = Outcome::lines(outcome.out);
  ASSERT_EQ(lines.size(), 6u) << outcome.out;
  for (const std::string& text : lines) {
    const json line = json::parse(text);
    const json& report = line["report"];
    const auto gas = line["gasUsed"].get<std::uint64_t>();
    EXPECT_EQ(report["parallel"], report.contains("executions")) << text;
    if (report["parallel"]) {
      EXPECT_GE(report["executions"], line["transactions"]) << text;
    }
    EXPECT_GT(report["cpuOverWall"].get<double>(), 0);
    std::uint64_t last = gas;
    for (const char* model : {"M1", "M2n", "M2", "M3"}) {
      const json& of = report["models"][model];
      const auto critical = of["critical"].get<std::uint64_t>();
      EXPECT_LE(critical, last) << model << text;
      EXPECT_LE(of["criticalWaiting"], critical) << model << text;
      EXPECT_LE(of["makespan"]["16"], of["makespan"]["2"]) << model << text;
      EXPECT_GE(2 * of["makespan"]["2"].get<std::uint64_t>(), gas) << model << text;
      last = critical;
    }
    EXPECT_EQ(report["criticalGas"], report["models"]["M2"]["critical"]) << text;
    EXPECT_GE(report["speedUpBound"].get<double>(), 1) << text;
    EXPECT_LE(report["speedUpBound"].get<double>(), 2) << text;
  }
}

TEST_F(ReplayCommand, ReadsPackedFilesPatternsAndStandardInput) {
  const std::string archive = (folder->path() / "all.tar.gz").string();
  ASSERT_EQ(run_program({"tar", "-czf", archive, "-C", folder->path().string(), "samples"}).status, 0);
  const std::string packed = (folder->path() / "1.json.gz").string();
  ASSERT_EQ(run_program({"sh", "-c", "gzip -c '" + sample("1-paris-transfers.json") + "' > '" + packed + "'"}).status,
            0);
  EXPECT_NE(run_hocket({"replay", archive}).out.find("6 of 6 blocks verified"), std::string::npos);
  EXPECT_NE(run_hocket({"replay", packed}).out.find("1 of 1 block verified"), std::string::npos);
  EXPECT_NE(run_hocket({"replay", samples() + "/[1-3]-*.json"}).out.find("3 of 3 blocks verified"), std::string::npos);
  const Outcome text = run_program({"cat", sample("1-paris-transfers.json")});
  EXPECT_NE(run_hocket({"replay", "-"}, text.out).out.find("1 of 1 block verified"), std::string::npos);
}

TEST_F(ReplayCommand, StopsAtTheFirstFailureUnlessToldToKeepGoing) {
  const std::string bad = folder->write("bad.json", "{\"chainId\": 1");
  const std::string good = sample("1-paris-transfers.json");
  const Outcome stopped = run_hocket({"replay", bad, good});
  EXPECT_EQ(stopped.status, 1);
  EXPECT_EQ(stopped.out.find("Paris"), std::string::npos) << stopped.out;
  const Outcome went_on = run_hocket({"replay", "--keep-going", bad, "/no/such/file", good});
  EXPECT_EQ(went_on.status, 1);
  EXPECT_NE(went_on.out.find("1 of 2 blocks verified"), std::string::npos) << went_on.out;
  EXPECT_EQ(Outcome::lines(went_on.err).size(), 2u) << went_on.err;
}

TEST_F(ReplayCommand, CountsTheBlockInWhichAnArchiveIsCut) {
  const std::string archive = (folder->path() / "cut.tar").string();
  ASSERT_EQ(
      run_program({"tar", "-cf", archive, "-C", samples(), "1-paris-transfers.json", "2-shanghai-token.json"}).status,
      0);
  const auto first = std::filesystem::file_size(sample("1-paris-transfers.json"));
  std::filesystem::resize_file(archive, first + 10'000);
  const std::string expected = archive + ":2-shanghai-token.json: cannot be read: ";
  for (const char* option : {"--keep-going", "--threads=1"}) {
    const Outcome outcome = run_hocket({"replay", option, archive});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_NE(outcome.out.find("1 of 2 blocks verified"), std::string::npos) << outcome.out;
    EXPECT_TRUE(outcome.err.starts_with("hocket replay: " + expected)) << outcome.err;
  }
  const json line = json::parse(Outcome::lines(run_hocket({"replay", "--json", archive}).out).back());
  EXPECT_EQ(line["file"], archive + ":2-shanghai-token.json");
  EXPECT_TRUE(line["error"].get<std::string>().starts_with(expected)) << line;
}

TEST_F(ReplayCommand, JsonReportsFailuresAsObjectsToo) {
  const std::string bad = folder->write("bad.json", "[]");
  const Outcome outcome = run_hocket({"replay", "--json", bad});
  EXPECT_EQ(outcome.status, 1);
  const auto lines = Outcome::lines(outcome.out);
  ASSERT_EQ(lines.size(), 1u);
  const json line = json::parse(lines[0]);
  EXPECT_EQ(line["ok"], false);
  EXPECT_NE(line["error"].get<std::string>().find("bad.json: expected an object"), std::string::npos) << lines[0];
}

TEST(SamplesCommand, WritesTheSameBytesEveryTime) {
  const TemporaryFolder folder;
  const std::string first = (folder.path() / "first").string();
  const std::string second = (folder.path() / "second").string();
  ASSERT_EQ(run_hocket({"samples", first}).status, 0);
  ASSERT_EQ(run_hocket({"samples", second}).status, 0);
  EXPECT_EQ(run_program({"diff", "-r", first, second}).out, "");
}

TEST(SamplesCommand, SaysWhereItCannotWrite) {
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "x");
  const Outcome outcome = run_hocket({"samples", file + "/below"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(outcome.err.starts_with("hocket samples: " + file + "/below: ")) << outcome.err;
}

// A limit on files' sizes ends a write in its middle, as a full disk does.
TEST(SamplesCommand, LeavesNothingHalfWritten) {
  const TemporaryFolder folder;
  const std::string output = (folder.path() / "samples").string();
  const std::string command = "trap '' XFSZ; ulimit -f 8; \"" + hocket_path() + "\" samples \"" + output + "\"";
  const Outcome outcome = run_program({"sh", "-c", command});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, "hocket samples: " + output + "/1-paris-transfers.json: cannot be written: File too large\n");
  EXPECT_TRUE(std::filesystem::is_empty(output));
}

}  // namespace
}  // namespace hocket::testing
