#include "conformance/official_suites.hpp"

#include "base/processors.hpp"
#include "support/fixtures.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/core.h>
#include <gtest/gtest.h>

namespace hocket {
namespace {

constexpr OfficialSuite kSuites[] = {
    {"ethereum_tests_state", "ethereum-tests", "GeneralStateTests/", SuiteKind::state, 20},
    {"ethereum_tests_eip_state", "ethereum-tests", "EIPTests/StateTests/", SuiteKind::state, 5},
    {"ethereum_tests_block", "ethereum-tests", "BlockchainTests/", SuiteKind::block, 20},
    {"ethereum_tests_transaction", "ethereum-tests", "TransactionTests/", SuiteKind::transaction, 1},
    {"legacy_cancun_state", "ethereum-legacytests", "Cancun/GeneralStateTests/", SuiteKind::state, 40},
    {"legacy_cancun_block", "ethereum-legacytests", "Cancun/BlockchainTests/", SuiteKind::block, 10},
    {"legacy_constantinople_state", "ethereum-legacytests", "Constantinople/GeneralStateTests/", SuiteKind::state, 40},
    {"legacy_constantinople_block", "ethereum-legacytests", "Constantinople/BlockchainTests/", SuiteKind::block, 10},
    {"legacy_constantinople_vm", "ethereum-legacytests", "Constantinople/VMTests/", SuiteKind::vm, 4},
    {"eest_state", "eest-state", "", SuiteKind::state, 10},
    {"eest_block", "eest-blockchain", "", SuiteKind::block, 20},
    {"eest_benchmark", "eest-benchmark", "", SuiteKind::block, 10},
    {"eest_devnet", "eest-devnet-bal-5.7.0", "", SuiteKind::block, 50},
};

std::unique_ptr<DocumentRunner> make_runner(SuiteKind kind, const TestSelection& selection) {
  switch (kind) {
    case SuiteKind::state:
      return make_state_test_runner(selection);
    case SuiteKind::block:
      return make_block_test_runner(selection);
    case SuiteKind::transaction:
      return make_transaction_test_runner();
    case SuiteKind::vm:
      return make_vm_test_runner();
  }
  return nullptr;
}

bool runs_everything() {
  const char* full = std::getenv("HOCKET_FULL");
  return full != nullptr && std::string_view(full) == "1";
}

/// The name of a document within its pack.
std::string_view name_in_pack(std::string_view name, const std::string& pack_path) {
  if (!name.starts_with(pack_path)) return name;
  return name.substr(std::min(name.size(), pack_path.size() + 1));  // "/" of a folder, ":" of an archive
}

}  // namespace

void PrintTo(const OfficialSuite& suite, std::ostream* out) { *out << suite.name; }

std::vector<OfficialSuite> official_suites() { return {std::begin(kSuites), std::end(kSuites)}; }

std::vector<OfficialSuite> official_block_suites() {
  auto suites = official_suites();
  std::erase_if(suites, [](const OfficialSuite& suite) { return suite.kind != SuiteKind::block; });
  return suites;
}

std::size_t document_threads() { return available_processors(); }

void run_official_suite(const OfficialSuite& suite, const MakeExecutor& make_executor) {
  const auto pack = testing::fixture_folder_or_archive(suite.pack);
  if (!pack) GTEST_SKIP() << pack.error().message;

  constexpr int kFailuresShown = 10;
  int failures = 0;
  SuiteOptions options;
  options.workers = document_threads();
  options.stride = runs_everything() ? 1 : suite.stride;
  options.accepts = [&](std::string_view name) { return name_in_pack(name, pack->string()).starts_with(suite.folder); };
  options.on_report = [&](const DocumentReport& report) {
    if (report.error) ADD_FAILURE() << *report.error;
    for (const TestResult& result : report.results)
      if (result.verdict == TestVerdict::failed && ++failures <= kFailuresShown)
        ADD_FAILURE() << report.name << ": " << to_line(result);
  };
  TestSelection selection;
  selection.threads = document_threads();
  selection.make_executor = make_executor;
  // A folder is read from where the suite is, so that the others cost nothing.
  std::string path = pack->string();
  if (std::filesystem::is_directory(*pack)) path = (*pack / suite.folder).string();
  const SuiteTotals totals = run_suite(InputFiles({path}), [&] { return make_runner(suite.kind, selection); }, options);
  fmt::print("{}: {}\n", suite.name, summary(totals));
  EXPECT_GT(totals.passed, 0u);
  EXPECT_EQ(totals.failed, 0u);
}

}  // namespace hocket
