// hocket bench: what it lists, what it measures, what it refuses.
#include "cli/program.hpp"
#include "replay/samples/sample_blocks.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace hocket::testing {
namespace {

TEST(Bench, ListsTheWorkloads) {
  const Outcome outcome = run_hocket({"bench", "--list"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
  for (const char* name : {"transfers/independent", "transfers/chain", "erc20/zipf"})
    EXPECT_NE(outcome.out.find(name), std::string::npos) << name;
}

TEST(Bench, MeasuresEachWorkloadOfAFamilyOnce) {
  const Outcome outcome = run_hocket({"bench", "--workload", "transfers/chain,transfers", "--gas", "1M", "--threads",
                                      "1,2,3", "--repeat", "1", "--accounts", "20", "--no-report"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  const auto lines = Outcome::lines(outcome.out);
  int chains = 0;
  int blocks = 0;
  int rows = 0;
  for (const std::string& line : lines) {
    chains += line.starts_with("transfers/chain ") ? 1 : 0;
    blocks += line.starts_with("transfers/") ? 1 : 0;
    rows += line.starts_with("          ") ? 1 : 0;
  }
  EXPECT_EQ(chains, 1) << outcome.out;
  EXPECT_GE(blocks, 6) << outcome.out;
  EXPECT_EQ(rows, 2 * blocks) << outcome.out;
}

TEST(Bench, MeasuresRealBlocks) {
  const TemporaryFolder folder;
  ASSERT_EQ(run_hocket({"samples", folder.path().string()}).status, 0);
  const Outcome outcome =
      run_hocket({"bench", "--real", folder.path().string(), "--threads", "2", "--repeat", "1", "--no-report"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  // A heading, six blocks in two ways, three lines of explanation; and none of the workloads.
  EXPECT_EQ(Outcome::lines(outcome.out).size(), 1u + 6 * 2 + 3) << outcome.out;
  EXPECT_EQ(outcome.out.find("transfers/"), std::string::npos) << outcome.out;
}

TEST(Bench, SaysWhatIsWrongWithARealBlock) {
  const Outcome outcome = run_hocket({"bench", "--real", "/nowhere.json", "--repeat", "1", "--no-report"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(Outcome::lines(outcome.err).size(), 1u) << outcome.err;
  EXPECT_NE(outcome.err.find("/nowhere.json"), std::string::npos) << outcome.err;
  EXPECT_EQ(outcome.out, "");  // no heading without a row
}

TEST(Bench, SaysOfARealBlockWhatReplaySays) {
  const TemporaryFolder folder;
  auto bundle = nlohmann::json::parse(samples::make_sample_bundles()[4].json);
  bundle["block"].erase("hash");
  bundle["block"]["gasUsed"] = "0x5000";
  const std::string file = folder.write("gas.json", bundle.dump());
  const Outcome outcome = run_hocket({"bench", "--real", file, "--repeat", "1", "--no-report"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(outcome.err.starts_with("hocket bench: " + file + ": block 5: gasUsed 20480, ")) << outcome.err;
  EXPECT_EQ(outcome.err.substr(outcome.err.find(": ")),
            run_hocket({"replay", file}).err.substr(std::string("hocket replay").size()));
}

TEST(Bench, MakesTheSameBlocksOfTheSameOptions) {
  const auto blocks = [](const char* seed) {
    const Outcome outcome = run_hocket({"bench", "--make-only", "--workload", "transfers/zipf,dex,bridge,mixed,field",
                                        "--gas", "2M", "--accounts", "200", "--seed", seed});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    std::vector<std::string> names_and_hashes;
    for (const std::string& line : Outcome::lines(outcome.out))
      names_and_hashes.push_back(line.substr(0, line.find(' ')) + line.substr(line.rfind(' ')));
    return names_and_hashes;
  };
  const auto first = blocks("5");
  ASSERT_GE(first.size(), 15u);
  EXPECT_EQ(first[1].find("transfers/zipf 0x"), 0u) << first[1];
  EXPECT_EQ(first[1].size(), std::string("transfers/zipf 0x").size() + 64);
  EXPECT_EQ(first, blocks("5"));
  EXPECT_NE(first, blocks("6"));
}

TEST(Bench, SaysWhatDependenciesAllow) {
  const Outcome outcome = run_hocket({"bench", "--no-report", "--workload", "erc20/independent,dex/one-pair", "--gas",
                                      "2M", "--threads", "4", "--repeat", "1"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const auto lines = Outcome::lines(outcome.out);
  ASSERT_GE(lines.size(), 5u) << outcome.out;
  EXPECT_NE(lines[0].find("  bound  whole "), std::string::npos) << lines[0];
  EXPECT_NE(lines[2].find("  4.00   4.00 "), std::string::npos) << lines[2];
  EXPECT_NE(lines[4].find(" 1.00 "), std::string::npos) << lines[4];
}

TEST(Bench, MergesRealBlocks) {
  const TemporaryFolder folder;
  ASSERT_EQ(run_hocket({"samples", folder.path().string()}).status, 0);
  const Outcome outcome = run_hocket(
      {"bench", "--real", folder.path().string(), "--merge", "4", "--threads", "2", "--repeat", "1", "--no-report"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  // Four blocks and two, each in two ways and with a line of what was done.
  for (const char* part : {"\n7272 1 +3 ", "\n  4 blocks; ", "\n7272 5 +1 ", "\n  2 blocks; "})
    EXPECT_NE(outcome.out.find(part), std::string::npos) << part << outcome.out;
}

TEST(Bench, SaysWhichBlockIsThereTwice) {
  const TemporaryFolder folder;
  ASSERT_EQ(run_hocket({"samples", folder.path().string()}).status, 0);
  const std::string block = folder.path().string() + "/1-paris-transfers.json";
  const Outcome outcome =
      run_hocket({"bench", "--real", block, "--real", block, "--merge", "2", "--repeat", "1", "--no-report"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, "hocket bench: block 1 is there twice: " + block + " and " + block + "\n");
}

struct WrongLine {
  std::vector<std::string> arguments;
  std::string expected;
};

TEST(Bench, RefusesWhatMakesNoSense) {
  const WrongLine lines_and_answers[] = {
      {{"--workload", "weather"}, "--workload: unknown workload 'weather', expected one of transfers, erc20"},
      {{"--workload", "erc20/weather"}, "--workload: unknown workload 'erc20/weather'"},
      {{"--gas", "lots"}, "--gas: lots: "},
      {{"--gas", "21000"}, "--gas: 21000: "},
      {{"--gas", "1e30G"}, "--gas: 1e30G: "},
      {{"--gas", "-1G"}, "--gas: -1G: "},
      {{"--threads", "0"}, "--threads: "},
      {{"--threads", "1,0"}, "--threads: 0: expected a whole number from 1 to 256"},
      {{"--threads", "two"}, "--threads: "},
      {{"--repeat", "0"}, "--repeat: "},
      {{"--hot", "1.5"}, "--hot: 1.5: expected a number from 0 to 1"},
      {{"--hot", "-0.5"}, "--hot: -0.5: expected a number from 0 to 1"},
      {{"--accounts", "1"}, "--accounts: "},
      {{"--seed", "x"}, "--seed: x: expected a whole number from 0, below 2^64"},
      {{"--seed", "99999999999999999999"}, "--seed: 99999999999999999999: expected a whole number from 0"},
      {{"--seed=-1"}, "--seed: -1: expected a whole number from 0"},
      {{"--seed", "-1"}, "--seed: -1: expected a whole number from 0"},
      {{"--mix", "dex/one-pair"}, "--mix: dex/one-pair: expected NAME=WEIGHT"},
      {{"--mix", "dex=1"}, "--mix: dex=1: expected one workload"},
      {{"--mix", "dex/one-pair=0"}, "--mix: dex/one-pair=0: expected a weight above 0"},
      {{"--mix", "mixed/mainnet=1"}, "--mix: mixed/mainnet=1: cannot be"},
      {{"--read-latency", "9999999"}, "--read-latency: "},
      {{"--merge", "2"}, "--merge: expected --real too"},
      {{"--merge", "1", "--real", "x"}, "--merge: "},
      {{"--merge", "all", "--real", "x"}, "--merge: "},
      {{"--mix", "dex/one-pair=1", "--workload", "erc20"}, "--mix: only mixed/mainnet is a mixture"},
      {{"--mix", "dex/one-pair=nan"}, "--mix: dex/one-pair=nan: expected a weight above 0"},
      {{"--mix", "=1"}, "--mix: unknown workload ''"},
      {{"--make-only", "--real", "x"}, "--make-only: not together with --real"},
      {{"--gas", "nan"}, "--gas: nan: "},
      {{"--gas", "21G"}, "--gas: 21G: "},
      {{"--hot", "nan"}, "--hot: "},
      {{"--zipf", "nan"}, "--zipf: "},
      {{"--repeat=-1"}, "--repeat: "},
      {{"--accounts", "0"}, "--accounts: "},
      {{"--workload", ""}, "--workload: "},
      {{"--real"}, "--real: "},
      {{"--wrkload", "erc20"}, "unknown option --wrkload"},
  };
  for (const WrongLine& line : lines_and_answers) {
    std::vector<std::string> arguments = {"bench"};
    arguments.insert(arguments.end(), line.arguments.begin(), line.arguments.end());
    const Outcome outcome = run_hocket(arguments);
    EXPECT_EQ(outcome.status, 2) << line.expected;
    EXPECT_EQ(outcome.out, "") << line.expected;
    EXPECT_EQ(Outcome::lines(outcome.err).size(), 1u) << outcome.err;
    EXPECT_TRUE(outcome.err.starts_with("hocket bench: " + line.expected)) << outcome.err;
    EXPECT_NE(outcome.err.find("--help'"), std::string::npos) << outcome.err;
  }
}

}  // namespace
}  // namespace hocket::testing
