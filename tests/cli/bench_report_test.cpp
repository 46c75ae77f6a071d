// hocket bench: the report that it leaves, the comparison with an earlier one, and what it refuses before it works.
#include "cli/program.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <nlohmann/json.hpp>

namespace hocket::testing {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> bench(const std::string& output, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments = {
      "bench",    "--workload", "transfers/independent,erc20/zipf", "--gas", "2M", "--threads", "2", "--repeat", "5",
      "--output", output};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST(BenchReport, IsAPageAndItsJson) {
  const TemporaryFolder folder;
  const std::string output = (folder.path() / "deep" / "er").string();
  const Outcome outcome = run_hocket(bench(output));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(Outcome::lines(outcome.out).back(),
            "report: " + output + "/report.html; as JSON: " + output + "/report.json");
  const auto document = nlohmann::json::parse(text_of(output + "/report.json"));
  EXPECT_EQ(document["blocks"].size(), 2u);
  EXPECT_EQ(document["blocks"][1]["name"], "erc20/zipf");
  const std::string command = document["command"];
  EXPECT_TRUE(command.starts_with("hocket bench --workload transfers/independent,erc20/zipf --gas 2M")) << command;
  EXPECT_TRUE(text_of(output + "/report.html").starts_with("<!doctype html>"));
}

TEST(BenchReport, IsLeftOutOnRequest) {
  const TemporaryFolder folder;
  const Outcome outcome = run_hocket(bench((folder.path() / "none").string(), {"--no-report"}));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out.find("report:"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder.path() / "none"));
}

TEST(BenchReport, ShowsRealBlocksToo) {
  const TemporaryFolder folder;
  ASSERT_EQ(run_hocket({"samples", (folder.path() / "samples").string()}).status, 0);
  const Outcome outcome = run_hocket({"bench", "--real", (folder.path() / "samples").string(), "--threads", "2",
                                      "--repeat", "1", "--output", folder.path().string()});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const auto document = nlohmann::json::parse(text_of(folder.path() / "report.json"));
  EXPECT_EQ(document["blocks"].size(), 6u);
}

TEST(BenchReport, ComparesWithABaseline) {
  const TemporaryFolder folder;
  ASSERT_EQ(run_hocket(bench(folder.path().string())).status, 0);
  const std::string file = (folder.path() / "report.json").string();
  auto document = nlohmann::json::parse(text_of(file));
  // As if the first block had taken a nanosecond each time, which nothing that disturbs us now can reach, and the
  // second had been another one.
  for (auto& cost : document["blocks"][0]["costs"])
    for (auto& ms : cost["msAll"]) ms = 1e-6;
  document["blocks"][1]["hash"] = "0x00";
  const std::string baseline = folder.write("old.json", document.dump());
  const Outcome outcome = run_hocket(bench(folder.path().string(), {"--baseline", baseline}));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  int slower = 0;
  int not_there = 0;
  for (const std::string& line : Outcome::lines(outcome.out)) {
    slower += line.ends_with(" % slower") ? 1 : 0;
    not_there += line.ends_with("  not there") ? 1 : 0;
  }
  EXPECT_EQ(slower, 2) << outcome.out;
  EXPECT_EQ(not_there, 2) << outcome.out;
  const auto compared = nlohmann::json::parse(text_of(file));
  EXPECT_EQ(compared["summary"]["changes"]["slower"], 2);
  EXPECT_EQ(compared["summary"]["changes"]["notCompared"], 2);
  EXPECT_EQ(compared["baseline"]["file"], baseline);
  EXPECT_EQ(compared["blocks"][0]["costs"][1]["baseline"]["verdict"], "slower");
  EXPECT_EQ(compared["blocks"][1]["costs"][1]["baseline"], nullptr);
}

TEST(BenchReport, RefusesBeforeItWorks) {
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "no folder");
  const std::string empty = folder.write("empty.json", "");
  const std::string no_json = folder.write("no.json", "{");
  const std::string other_json = folder.write("other.json", R"({"format":"x"})");
  fs::create_directories(folder.path() / "taken" / "report.json");
  struct Case {
    std::vector<std::string> arguments;
    std::string expected;
  };
  const Case cases[] = {
      {{"--output", file}, "--output: " + file + ": cannot be made: "},
      {{"--output", file + "/below"}, "--output: " + file + "/below: cannot be made: "},
      {{"--output", "/proc/nothing"}, "--output: /proc/nothing: cannot be made: "},
      {{"--output", "/proc"}, "--output: /proc/report.html: cannot be written: "},
      {{"--output", (folder.path() / "taken").string()},
       "--output: " + (folder.path() / "taken/report.json").string() + ": is a folder"},
      {{"--baseline", "/nowhere.json"}, "--baseline: /nowhere.json: No such file or directory"},
      {{"--baseline", folder.path().string()},
       "--baseline: " + folder.path().string() + ": is a folder, expected a report.json"},
      {{"--baseline", no_json}, "--baseline: " + no_json + ": is no JSON: line 1, column 2: the text ends here"},
      {{"--baseline", empty}, "--baseline: " + empty + ": the file is empty, expected a JSON document"},
      {{"--baseline", other_json}, "--baseline: " + other_json + ": is no report of hocket bench"},
  };
  for (const Case& of : cases) {
    std::vector<std::string> arguments = {"bench", "--workload", "transfers/independent"};
    arguments.insert(arguments.end(), of.arguments.begin(), of.arguments.end());
    if (of.arguments.front() == "--baseline") arguments.insert(arguments.end(), {"--output", folder.path().string()});
    const Outcome outcome = run_hocket(arguments);
    EXPECT_EQ(outcome.status, 2) << of.expected;
    EXPECT_EQ(outcome.out, "") << of.expected;
    EXPECT_EQ(Outcome::lines(outcome.err).size(), 1u) << outcome.err;
    EXPECT_TRUE(outcome.err.starts_with("hocket bench: " + of.expected)) << outcome.err;
  }
}

}  // namespace
}  // namespace hocket::testing
