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

}  // namespace
}  // namespace hocket::testing
