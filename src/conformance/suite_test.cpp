#include "conformance/suite.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <thread>

namespace hocket {
namespace {

/// A folder of `count` documents "000.json", "001.json", ..., each with one test whose name is its number.
class Folder {
 public:
  explicit Folder(int count) {
    std::string name = (std::filesystem::temp_directory_path() / "hocket-suite-XXXXXX").string();
    path_ = mkdtemp(name.data());
    for (int i = 0; i < count; ++i) std::ofstream(path_ / (number(i) + ".json")) << "{\"" << number(i) << "\": {}}";
  }
  ~Folder() { std::filesystem::remove_all(path_); }

  static std::string number(int i) {
    std::string text = std::to_string(i);
    return std::string(3 - text.size(), '0') + text;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Passes every test; now and then it takes its time, so that documents end out of order.
class UnevenRunner final : public DocumentRunner {
  void run(std::string_view name, JsonValue, std::vector<TestResult>& results) override {
    if (name.ends_with("7")) std::this_thread::sleep_for(std::chrono::milliseconds(3));
    results.push_back(TestResult::of(name, ""));
    if (name.ends_with("9")) results.back().fail_with("nine");
  }
};

std::unique_ptr<DocumentRunner> make_uneven_runner() { return std::make_unique<UnevenRunner>(); }

TEST(Suite, ReportsInTheOrderOfTheDocumentsWhateverTheThreadsDo) {
  const Folder folder(100);
  std::vector<std::string> names;
  SuiteOptions options;
  options.workers = 4;
  options.on_report = [&](const DocumentReport& report) { names.push_back(report.results.at(0).name); };
  const SuiteTotals totals = run_suite(InputFiles({folder.path().string()}), make_uneven_runner, options);
  EXPECT_EQ(names.size(), 100u);
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_EQ(totals.documents, 100u);
  EXPECT_EQ(totals.passed, 90u);
  EXPECT_EQ(totals.failed, 10u);
  EXPECT_FALSE(totals.all_passed());
}

TEST(Suite, TakesEveryNthOfTheDocumentsItIsToldTo) {
  const Folder folder(30);
  std::vector<std::string> names;
  SuiteOptions options;
  options.accepts = [](std::string_view name) { return name.find("/01") != std::string_view::npos; };
  options.stride = 4;
  options.on_report = [&](const DocumentReport& report) { names.push_back(report.results.at(0).name); };
  run_suite(InputFiles({folder.path().string()}), make_uneven_runner, options);
  EXPECT_EQ(names, (std::vector<std::string>{"010", "014", "018"}));
}

TEST(Suite, CountsWhatCannotBeReadAndGoesOn) {
  const Folder folder(3);
  std::ofstream(folder.path() / "001.json") << "nothing";
  SuiteOptions options;
  const SuiteTotals totals =
      run_suite(InputFiles({folder.path().string(), "/nowhere.json"}), make_uneven_runner, options);
  EXPECT_EQ(totals.passed, 2u);
  EXPECT_EQ(totals.unreadable, 2u);
  EXPECT_FALSE(totals.all_passed());
  EXPECT_TRUE(summary(totals).starts_with("4 documents: 2 passed, 0 failed, 2 unreadable; ")) << summary(totals);
}

}  // namespace
}  // namespace hocket
