// statetest and blocktest, in the conventions that differential fuzzers rely on.
#include "cli/program.hpp"
#include "support/fixtures.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace hocket::testing {
namespace {

using nlohmann::json;

// One instruction that adds, and a state root that is not what comes out: as fuzzers write their tests.
constexpr const char* kUnfilled = R"({"sum": {
  "env": {"currentCoinbase": "0x2adc25665018aa1fe0e6bc666dac8fc2697ff9ba", "currentDifficulty": "0x020000",
          "currentGasLimit": "0x05f5e100", "currentNumber": "0x01", "currentTimestamp": "0x03e8",
          "currentBaseFee": "0x0a"},
  "pre": {"0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b":
          {"balance": "0x0de0b6b3a7640000", "nonce": "0x00", "code": "0x", "storage": {}},
          "0x1000000000000000000000000000000000000000":
          {"balance": "0x00", "nonce": "0x00", "code": "0x6001600201", "storage": {}}},
  "transaction": {"data": ["0x"], "gasLimit": ["0x7530"], "gasPrice": "0x0a", "nonce": "0x00",
                  "secretKey": "0x45a915e4d060149eb4365960e6a7a45f334393093061116b197e3240065ff2d8",
                  "to": "0x1000000000000000000000000000000000000000", "value": ["0x00"]},
  "post": {"London": [{"hash": "0x0000000000000000000000000000000000000000000000000000000000000000",
                       "indexes": {"data": 0, "gas": 0, "value": 0},
                       "logs": "0x0000000000000000000000000000000000000000000000000000000000000000"}]}}})";

TEST(StateTestCommand, ReportsAsGoEthereumDoes) {
  const TemporaryFolder folder;
  const Outcome outcome = run_hocket({"statetest", folder.write("sum.json", kUnfilled)});
  // A mismatch is a result: fuzzers take another status for a crash.
  EXPECT_EQ(outcome.status, 0);
  const json results = json::parse(outcome.out);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].at("name"), "sum");
  EXPECT_EQ(results[0].at("fork"), "London");
  EXPECT_EQ(results[0].at("pass"), false);
  const std::string root = results[0].at("stateRoot");
  EXPECT_EQ(results[0].at("error"),
            "post state root mismatch: got " + root.substr(2) + ", want " + std::string(64, '0'));
  EXPECT_EQ(outcome.err, "{\"stateRoot\": \"" + root + "\"}\n");
}

TEST(StateTestCommand, TracesInEveryFormOfTheOptions) {
  const TemporaryFolder folder;
  const std::string file = folder.write("sum.json", kUnfilled);
  const std::vector<std::vector<std::string>> command_lines = {
      {"statetest", "--trace", "--trace.format=json", "--trace.nomemory=true", "--trace.noreturndata=true", file},
      {"statetest", "--json", "--noreturndata", "--nomemory", file},
      {"--json", "--noreturndata", "--nomemory", "statetest", file},
  };
  for (const auto& command_line : command_lines) {
    const Outcome outcome = run_hocket(command_line);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    const auto lines = Outcome::lines(outcome.err);
    ASSERT_EQ(lines.size(), 6u) << outcome.err;
    EXPECT_EQ(lines[2], R"({"pc":4,"op":1,"gas":"0x2322","gasCost":"0x3","memSize":0,"stack":["0x1","0x2"],)"
                        R"("depth":1,"refund":0,"opName":"ADD"})");
    EXPECT_EQ(lines[3], R"({"pc":5,"op":0,"gas":"0x231f","gasCost":"0x0","memSize":0,"stack":["0x3"],)"
                        R"("depth":1,"refund":0,"opName":"STOP"})");
    EXPECT_EQ(lines[4], R"({"output":"","gasUsed":"0x9"})");
    EXPECT_TRUE(lines[5].starts_with(R"({"stateRoot": "0x)")) << lines[5];
  }
  const Outcome without_stack = run_hocket({"statetest", "--trace", "--trace.nostack", file});
  EXPECT_NE(without_stack.err.find(R"("stack":null)"), std::string::npos);
}

TEST(StateTestCommand, TakesFileNamesFromStandardInput) {
  const TemporaryFolder folder;
  const std::string file = folder.write("sum.json", kUnfilled);
  const Outcome outcome = run_hocket({"statetest"}, file + "\n" + file + "\n\n" + file + "\n");
  EXPECT_EQ(outcome.status, 0);
  // An array a file, until the empty line.
  EXPECT_EQ(Outcome::lines(outcome.err).size(), 2u) << outcome.err;
  const std::size_t second = outcome.out.find("]\n[") + 2;
  ASSERT_NE(second, std::string::npos + 2);
  EXPECT_EQ(json::parse(outcome.out.substr(0, second)), json::parse(outcome.out.substr(second)));
}

TEST(StateTestCommand, SelectsByNameForkAndIndex) {
  const TemporaryFolder folder;
  const std::string file = folder.write("sum.json", kUnfilled);
  const auto count = [&](std::vector<std::string> options) {
    options.insert(options.begin(), "statetest");
    options.push_back(file);
    return json::parse(run_hocket(options).out).size();
  };
  EXPECT_EQ(count({"--run", "^su"}), 1u);
  EXPECT_EQ(count({"--run", "difference"}), 0u);
  EXPECT_EQ(count({"--statetest.fork", "London"}), 1u);
  EXPECT_EQ(count({"--statetest.fork", "Berlin"}), 0u);
  EXPECT_EQ(count({"--statetest.index", "0"}), 1u);
  EXPECT_EQ(count({"--statetest.index", "1"}), 0u);
  EXPECT_EQ(count({"--statetest.index", "-1"}), 1u);
}

TEST(StateTestCommand, TellsPeopleWhatFailed) {
  const TemporaryFolder folder;
  const std::string file = folder.write("sum.json", kUnfilled);
  const Outcome outcome = run_hocket({"statetest", "--human", file});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(outcome.out.starts_with("[FAIL] sum, err=post state root mismatch: ")) << outcome.out;
  EXPECT_NE(outcome.err.find("hocket statetest: 1 document: 0 passed, 1 failed; "), std::string::npos) << outcome.err;
  EXPECT_EQ(run_hocket({"statetest", "--check", file}).status, 1);
}

TEST(StateTestCommand, NamesThePlaceOfWhatCannotBeRun) {
  struct Spoiled {
    const char* name;
    const char* from;
    const char* to;
    const char* place;
  };
  const Spoiled cases[] = {
      {"fork", "London", "Londinium", "unknown network \"Londinium\", expected Frontier, "},
      {"missing", "currentGasLimit", "gasLimit", "env: currentGasLimit: missing"},
      {"twice", R"("nonce": "0x00", "code": "0x",)", R"("nonce": "0x00", "nonce": "0x00", "code": "0x",)",
       "pre: 0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b: nonce: stands twice"},
      {"index", R"("data": 0)", R"("data": 3)", "post: London: entry 0: indexes: data: 3, but transaction: data has 1"},
      {"hex", "0x6001600201", "0x600160020", "pre: 0x1000000000000000000000000000000000000000: code: "},
  };
  const TemporaryFolder folder;
  for (const Spoiled& c : cases) {
    std::string text = kUnfilled;
    text.replace(text.find(c.from), std::string(c.from).size(), c.to);
    const std::string file = folder.write(std::string(c.name) + ".json", text);
    for (const bool is_batch : {false, true}) {
      const Outcome outcome = is_batch ? run_hocket({"statetest"}, file + "\n") : run_hocket({"statetest", file});
      EXPECT_EQ(outcome.status, 1) << c.name;
      EXPECT_EQ(Outcome::lines(outcome.err).size(), 1u) << outcome.err;
      EXPECT_TRUE(outcome.err.starts_with("hocket statetest: " + file + ": sum: malformed fixture: " + c.place))
          << outcome.err;
      EXPECT_EQ(json::parse(outcome.out).at(0).at("pass"), false);
    }
  }
}

TEST(FixtureCommands, WithNothingToRunACheckFails) {
  const TemporaryFolder folder;
  const std::string file = folder.write("sum.json", kUnfilled);
  for (const char* option : {"--human", "--check"}) {
    EXPECT_EQ(run_hocket({"statetest", option, "--run", "difference", file}).status, 1);
    EXPECT_EQ(run_hocket({"statetest", option, "--statetest.fork", "Berlin", file}).status, 1);
  }
  EXPECT_EQ(run_hocket({"statetest", "--run", "difference", file}).status, 0);  // as go-ethereum
}

TEST(BlockTestCommand, GivesTheSameWithSeveralThreads) {
  const auto pack = fixture_folder_or_archive("eest-benchmark");
  if (!pack) GTEST_SKIP() << pack.error().message;
  const auto results = [&](const char* threads) {
    const Outcome outcome = run_hocket({"blocktest", "--check", "--stride", "8", "--threads", threads, pack->string()});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return json::parse(outcome.out);
  };
  const json sequential = results("1");
  EXPECT_GE(sequential.size(), 5u);
  EXPECT_EQ(results("3"), sequential);
}

TEST(BlockTestCommand, TracesOneExecutionAfterTheOther) {
  const Outcome outcome = run_hocket({"blocktest", "--trace", "--threads", "2", "."});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_NE(outcome.err.find("--threads 2: expected 1"), std::string::npos) << outcome.err;
}

TEST(FixtureCommands, NameWhatIsNoFixture) {
  const TemporaryFolder folder;
  for (const char* command : {"statetest", "blocktest"}) {
    const Outcome none = run_hocket({command, "/nowhere.json"});
    EXPECT_EQ(none.status, 1);
    EXPECT_NE(none.err.find("/nowhere.json"), std::string::npos) << none.err;
    const Outcome broken = run_hocket({command, folder.write("broken.json", "{\"a\": ")});
    EXPECT_EQ(broken.status, 1);
    EXPECT_NE(broken.err.find("broken.json: line 1, column "), std::string::npos) << broken.err;
    const Outcome pattern = run_hocket({command, "--run", "(", "."});
    EXPECT_EQ(pattern.status, 2);
    EXPECT_NE(pattern.err.find("--run: expected a regular expression"), std::string::npos) << pattern.err;
  }
}

}  // namespace
}  // namespace hocket::testing
