// State and blockchain tests that are made here, run from their JSON on; and what is said about malformed ones.
#include "base/hex.hpp"
#include "conformance/document_runners.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

const TestSelection kAllTests;

InputDocument document(std::string text) {
  text.reserve(text.size() + InputDocument::kTextPadding);
  return {.name = "test.json", .text = std::move(text)};
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// A transfer of 1 wei in London; the roots are what Hocket computes, so that everything else can be varied.
constexpr const char* kTransfer = R"({"transfer": {
  "env": {"currentCoinbase": "0x2adc25665018aa1fe0e6bc666dac8fc2697ff9ba", "currentDifficulty": "0x020000",
          "currentGasLimit": "0x05f5e100", "currentNumber": "0x01", "currentTimestamp": "0x03e8",
          "currentBaseFee": "0x0a"},
  "pre": {"0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b":
          {"balance": "0x0de0b6b3a7640000", "nonce": "0x00", "code": "0x", "storage": {}}},
  "transaction": {"data": ["0x"], "gasLimit": ["0x5208"], "gasPrice": "0x0a", "nonce": "0x00",
                  "sender": "0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b",
                  "to": "0x1000000000000000000000000000000000000000", "value": ["0x01"]},
  "post": {"London": [{"hash": "ROOT", "indexes": {"data": 0, "gas": 0, "value": 0},
                       "logs": "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"}]}}})";

std::vector<TestResult> run(const std::string& text) {
  const auto runner = make_state_test_runner(kAllTests);
  DocumentReport report = runner->run_document(document(text));
  EXPECT_FALSE(report.error.has_value()) << *report.error;
  return std::move(report.results);
}

/// kTransfer with the state root that it gives.
const std::string& transfer() {
  static const std::string kText = [] {
    const std::string zero = "0x" + std::string(64, '0');
    const auto results = run(replaced(kTransfer, "ROOT", zero));
    return replaced(kTransfer, "ROOT", to_hex(*results.at(0).state_root));
  }();
  return kText;
}

TEST(StateTests, PassWithTheRightRoot) {
  const auto results = run(transfer());
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].verdict, TestVerdict::passed) << results[0].error;
  EXPECT_EQ(results[0].name, "transfer");
  EXPECT_EQ(results[0].fork, "London");
}

struct FailureCase {
  const char* name;
  const char* from;
  const char* to;
  const char* error;
};

void PrintTo(const FailureCase& c, std::ostream* out) { *out << c.name; }

class StateTestFailures : public ::testing::TestWithParam<FailureCase> {};

TEST_P(StateTestFailures, SayWhy) {
  const FailureCase& c = GetParam();
  const auto results = run(replaced(transfer(), c.from, c.to));
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].verdict, TestVerdict::failed);
  EXPECT_NE(results[0].error.find(c.error), std::string::npos) << results[0].error;
}

INSTANTIATE_TEST_SUITE_P(
    Differences, StateTestFailures,
    ::testing::Values(
        FailureCase{"another value", R"("value": ["0x01"])", R"("value": ["0x02"])", "post state root mismatch: got "},
        FailureCase{"other logs", "0x1dcc4de8", "0x2dcc4de8", "post state logs hash mismatch: got 1dcc4de8"},
        FailureCase{"no rejection", R"("indexes")", R"("expectException": "TR_NoFunds", "indexes")",
                    "expected error \"TR_NoFunds\", got no error"},
        FailureCase{"unexpected rejection", R"("gasLimit": ["0x5208"])", R"("gasLimit": ["0x5207"])",
                    "unexpected error: TransactionException.INTRINSIC_GAS_TOO_LOW"},
        FailureCase{"unknown fork", R"("London")", R"("Londonderry")",
                    "unknown network \"Londonderry\", expected Frontier, "}));

INSTANTIATE_TEST_SUITE_P(
    Malformed, StateTestFailures,
    ::testing::Values(
        FailureCase{"missing", R"("currentNumber": "0x01", )", "", "malformed fixture: env: currentNumber: missing"},
        FailureCase{"mistyped", R"("currentNumber": "0x01")", R"("currentNumber": [])",
                    "env: currentNumber: expected text, found an array"},
        FailureCase{"not a number", R"("currentNumber": "0x01")", R"("currentNumber": "0xg1")",
                    "env: currentNumber: expected an integer below 2^256, found \"0xg1\""},
        FailureCase{"too large", R"("currentNumber": "0x01")", R"("currentNumber": "0x010000000000000000")",
                    "env: currentNumber: expected an integer below 2^64, found 0x10000000000000000"},
        FailureCase{"twice", R"("currentNumber": "0x01")", R"("currentNumber": "0x01", "currentNumber": "0x02")",
                    "env: currentNumber: stands twice"},
        FailureCase{"twice in an account", R"("code": "0x")", R"("code": "0x", "code": "0x00")",
                    "malformed fixture: pre: 0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b: code: stands twice"},
        FailureCase{"no results", R"({"London")", R"({}, "unused": {"London")",
                    "post: expected the results of a fork, found none"},
        FailureCase{"short address", R"("0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b":)", R"("0xa94f":)",
                    "pre: 0xa94f: expected 20 bytes of hex, found 2"},
        FailureCase{"odd hex", R"("code": "0x")", R"("code": "0x123")",
                    "pre: 0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b: code: "},
        FailureCase{"slot twice", R"("storage": {})", R"("storage": {"0x00": "0x01", "0x0000": "0x02"})",
                    "storage: slot 0x0: stands twice"},
        FailureCase{"no indexes", R"("indexes": {"data": 0, "gas": 0, "value": 0},)", "",
                    "post: London: entry 0: indexes: missing"},
        FailureCase{"index beyond the list", R"("gas": 0)", R"("gas": 1)",
                    "post: London: entry 0: indexes: gas: 1, but transaction: gasLimit has 1 entries"},
        FailureCase{"value that is no word", R"("value": ["0x01"])", R"("value": ["0x:bigint 0x1"])",
                    "transaction: value: expected an integer below 2^256"}));

TEST(StateTests, OfAmsterdamAreOutOfScope) {
  EXPECT_EQ(run(replaced(transfer(), "London", "Amsterdam")).at(0).verdict, TestVerdict::out_of_scope);
  EXPECT_EQ(run(replaced(transfer(), "London", "BPO2ToAmsterdamAtTime15k")).at(0).verdict, TestVerdict::out_of_scope);
}

TEST(StateTests, AreRejectedForTheReasonThatIsNamed) {
  const std::string poor = replaced(transfer(), "0x0de0b6b3a7640000", "0x01");
  const auto root = run(replaced(poor, R"("indexes")", R"("expectException": "TR_NoFunds", "indexes")"))
                        .at(0)
                        .state_root;  // the pre-state's, and no beneficiary after EIP-161
  const auto with = [&](std::string_view exception) {
    std::string text =
        replaced(poor, R"("indexes")", R"("expectException": ")" + std::string(exception) + R"(", "indexes")");
    const std::size_t at = text.find("\"hash\": \"") + 9;
    return run(text.replace(at, 66, to_hex(*root))).at(0);
  };
  EXPECT_EQ(with("TR_NoFunds").verdict, TestVerdict::passed) << with("TR_NoFunds").error;
  EXPECT_EQ(with("TransactionException.NONCE_IS_MAX|TR_NoFunds").verdict, TestVerdict::passed);
  EXPECT_NE(with("TR_NonceTooLow").error.find("expected TR_NonceTooLow, rejected with "), std::string::npos);
  EXPECT_NE(with("TR_Nonsense").error.find("unknown exception name TR_Nonsense"), std::string::npos);
}

TEST(StateTests, AreChosenByNameForkAndIndex) {
  const auto count = [](const TestSelection& selection) {
    return make_state_test_runner(selection)->run_document(document(transfer())).results.size();
  };
  TestSelection selection;
  EXPECT_EQ(count(selection), 1u);
  selection.name.emplace("^trans");
  EXPECT_EQ(count(selection), 1u);
  selection.name.emplace("^other");
  EXPECT_EQ(count(selection), 0u);
  selection = {};
  selection.fork = "Berlin";
  EXPECT_EQ(count(selection), 0u);
  selection.fork = "London";
  selection.index = 0;
  EXPECT_EQ(count(selection), 1u);
  selection.index = 1;
  EXPECT_EQ(count(selection), 0u);
}

TEST(Documents, ThatAreNoFixturesAreErrors) {
  const auto error = [](std::string text) {
    const auto report = make_state_test_runner(kAllTests)->run_document(document(std::move(text)));
    return report.error.value_or("");
  };
  EXPECT_NE(error("").find("test.json: line 1, column "), std::string::npos);
  EXPECT_NE(error("{\"a\": ").find("test.json: line 1, column "), std::string::npos);
  EXPECT_EQ(error("[]"), "test.json: expected an object, found an array");
  EXPECT_EQ(error("{}"), "test.json: expected tests, found an empty object");
  EXPECT_EQ(error(R"({"a": {}, "a": {}})"), "test.json: a: stands twice");
}

TEST(BlockTests, OfAnotherFormatFail) {
  const auto report = make_block_test_runner(kAllTests)->run_document(document(transfer()));
  ASSERT_EQ(report.results.size(), 1u);
  EXPECT_EQ(report.results[0].error, "malformed fixture: network: missing");
}

}  // namespace
}  // namespace hocket
