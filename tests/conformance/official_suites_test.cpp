// The official suites: state, blockchain, transaction and VM tests of every fork that Hocket executes. Every k-th
// document by default; all of them with HOCKET_FULL=1. Prints what was run, so that docs/conformance.md can say it.
#include "conformance/document_runners.hpp"
#include "support/fixtures.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <thread>

namespace hocket {
namespace {

using MakeRunner = std::unique_ptr<DocumentRunner> (*)();

std::size_t thread_count() { return std::max(1u, std::thread::hardware_concurrency()); }

const TestSelection kAllTests{.name = {}, .fork = {}, .index = {}, .threads = thread_count()};

std::unique_ptr<DocumentRunner> make_state_tests() { return make_state_test_runner(kAllTests); }
std::unique_ptr<DocumentRunner> make_block_tests() { return make_block_test_runner(kAllTests); }

struct SuiteCase {
  const char* name;
  const char* pack;
  /// What the names of the documents in the pack begin with.
  const char* folder;
  MakeRunner make_runner;
  /// Every so many documents are a sample that takes seconds.
  std::size_t stride;
};

void PrintTo(const SuiteCase& c, std::ostream* out) { *out << c.name; }

constexpr SuiteCase kSuites[] = {
    {"ethereum_tests_state", "ethereum-tests", "GeneralStateTests/", make_state_tests, 20},
    {"ethereum_tests_eip_state", "ethereum-tests", "EIPTests/StateTests/", make_state_tests, 5},
    {"ethereum_tests_block", "ethereum-tests", "BlockchainTests/", make_block_tests, 20},
    {"ethereum_tests_transaction", "ethereum-tests", "TransactionTests/", make_transaction_test_runner, 1},
    {"legacy_cancun_state", "ethereum-legacytests", "Cancun/GeneralStateTests/", make_state_tests, 40},
    {"legacy_cancun_block", "ethereum-legacytests", "Cancun/BlockchainTests/", make_block_tests, 10},
    {"legacy_constantinople_state", "ethereum-legacytests", "Constantinople/GeneralStateTests/", make_state_tests, 40},
    {"legacy_constantinople_block", "ethereum-legacytests", "Constantinople/BlockchainTests/", make_block_tests, 10},
    {"legacy_constantinople_vm", "ethereum-legacytests", "Constantinople/VMTests/", make_vm_test_runner, 4},
    {"eest_state", "eest-state", "", make_state_tests, 10},
    {"eest_block", "eest-blockchain", "", make_block_tests, 20},
    {"eest_benchmark", "eest-benchmark", "", make_block_tests, 10},
    {"eest_devnet", "eest-devnet-bal-5.7.0", "", make_block_tests, 50},
};

bool runs_everything() {
  const char* full = std::getenv("HOCKET_FULL");
  return full != nullptr && std::string_view(full) == "1";
}

/// The name of a document within its pack.
std::string_view name_in_pack(std::string_view name, const std::string& pack_path) {
  if (!name.starts_with(pack_path)) return name;
  return name.substr(std::min(name.size(), pack_path.size() + 1));  // "/" of a folder, ":" of an archive
}

class OfficialSuites : public ::testing::TestWithParam<SuiteCase> {};

TEST_P(OfficialSuites, EveryTestPasses) {
  const SuiteCase& c = GetParam();
  const auto pack = testing::fixture_folder_or_archive(c.pack);
  if (!pack) GTEST_SKIP() << pack.error().message;

  constexpr int kFailuresShown = 10;
  int failures = 0;
  SuiteOptions options;
  options.workers = thread_count();
  options.stride = runs_everything() ? 1 : c.stride;
  options.accepts = [&](std::string_view name) { return name_in_pack(name, pack->string()).starts_with(c.folder); };
  options.on_report = [&](const DocumentReport& report) {
    if (report.error) ADD_FAILURE() << *report.error;
    for (const TestResult& result : report.results)
      if (result.verdict == TestVerdict::failed && ++failures <= kFailuresShown)
        ADD_FAILURE() << report.name << ": " << to_line(result);
  };
  // A folder is read from where the suite is, so that the others cost nothing.
  std::string path = pack->string();
  if (std::filesystem::is_directory(*pack)) path = (*pack / c.folder).string();
  const SuiteTotals totals = run_suite(InputFiles({path}), c.make_runner, options);
  fmt::print("{}: {}\n", c.name, summary(totals));
  EXPECT_GT(totals.passed, 0u);
  EXPECT_EQ(totals.failed, 0u);
}

INSTANTIATE_TEST_SUITE_P(Packs, OfficialSuites, ::testing::ValuesIn(kSuites),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace hocket
