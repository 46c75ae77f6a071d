#include "report/report.hpp"

#include "analysis/trace_block.hpp"
#include "report/format.hpp"
#include "report/schedule.hpp"
#include "report/summary.hpp"
#include "workloads/build_block.hpp"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <unistd.h>

namespace hocket::report {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The JSON within a page, as a browser finds it: up to the first end of a script element.
std::string embedded_json(const std::string& page) {
  const std::string open = R"(<script type="application/json" id="report">)";
  const std::size_t begin = page.find(open) + open.size();
  return page.substr(begin, page.find("</script", begin) - begin);
}

TEST(Page, HoldsWhateverTheReportSays) {
  const std::string text = R"({"name":"</script><script>alert(1)</script><!-- {{report.css}}"})";
  const std::string page = make_page(text);
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  EXPECT_EQ(json::parse(embedded_json(page)), json::parse(text));
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  // The parts are in their places, and it asks for nothing from elsewhere.
  EXPECT_NE(page.find("class SchedulePicture"), std::string::npos);
  EXPECT_NE(page.find("prefers-color-scheme: dark"), std::string::npos);
  for (const char* outside : {"src=\"", "https://", "url(", "@import"})
    EXPECT_EQ(page.find(outside), std::string::npos) << outside;
}

class ReportTest : public ::testing::Test {
 protected:
  ReportTest() : folder_(fs::temp_directory_path() / ("hocket-report-" + std::to_string(getpid()))) {}
  ~ReportTest() override { fs::remove_all(folder_); }

  Result<Report> open(std::size_t expected_blocks = 1) {
    return Report::open({.folder = folder_,
                         .command = "hocket bench <b>",
                         .program = "hocket test",
                         .repeat = 2,
                         .expected_blocks = expected_blocks,
                         .baseline = nullptr});
  }
  /// Measures a workload with 2 threads and puts it into the report.
  void add(Report& report, std::string_view workload, std::uint64_t gas) {
    const auto found = workloads::find_workloads(workload);
    ASSERT_TRUE(found);
    workloads::WorkloadOptions options;
    options.gas = gas;
    const auto block = workloads::build_block(*found->front(), options);
    ASSERT_TRUE(block);
    const workloads::Subject subject{
        .name = block->name, .config = block->config, .block = block->block, .state = block->state, .check = {}};
    const auto measurement =
        workloads::measure(subject, pool_, {.threads = {2}, .repeat = 2, .forced = false, .progress = {}});
    ASSERT_TRUE(measurement);
    ProgramCache programs;
    const auto traced = trace_block(subject.block, subject.config, subject.state, programs);
    ASSERT_TRUE(traced) << traced.error().message;
    const auto added = report.add(
        {.subject = subject, .measurement = *measurement, .state = block->state, .trace = traced->trace}, pool_);
    ASSERT_TRUE(added) << added.error().message;
  }

  fs::path folder_;
  WorkerPool pool_{2};
};

TEST_F(ReportTest, HoldsEverythingOfABlock) {
  auto report = open();
  ASSERT_TRUE(report) << report.error().message;
  add(*report, "dex/zipf-pairs", 20'000'000);
  add(*report, "transfers/independent", 20'000'000);
  ASSERT_TRUE(report->write());
  const json document = json::parse(text_of(report->json_path()));
  EXPECT_EQ(document, json::parse(embedded_json(text_of(report->html_path()))));
  EXPECT_EQ(document["format"], kFormatName);
  EXPECT_EQ(document["version"], kFormatVersion);
  EXPECT_EQ(document["command"], "hocket bench <b>");
  EXPECT_EQ(document["baseline"], nullptr);
  EXPECT_EQ(document["summary"]["blocks"], 2);
  ASSERT_EQ(document["blocks"].size(), 2u);

  const json& dex = document["blocks"][0];
  EXPECT_EQ(dex["name"], "dex/zipf-pairs");
  const std::size_t count = dex["transactions"];
  ASSERT_EQ(dex["costs"].size(), 2u);
  EXPECT_EQ(dex["costs"][0]["threads"], 1);
  EXPECT_EQ(dex["costs"][1]["threads"], 2);
  EXPECT_EQ(dex["costs"][1]["msAll"].size(), 2u);
  EXPECT_EQ(dex["details"]["hash"].size(), count);
  EXPECT_EQ(dex["detailsShown"], count);
  EXPECT_EQ(dex["addressNames"].size(), dex["addresses"].size());
  double us = 0;
  for (const json& of_one : dex["details"]["us"]) us += of_one.get<double>();
  EXPECT_NEAR(us / 1e3, dex["transactionsMs"].get<double>(), 1e-6);
  EXPECT_LE(dex["criticalMs"], dex["transactionsMs"]);
  const json& hot = dex["hottest"][0];
  EXPECT_EQ(dex["calls"][hot["calls"][0]["call"].get<std::size_t>()], "Router.swapExactIn");
  ASSERT_EQ(dex["schedules"].size(), 1u);
  const json& bars = dex["schedules"][0]["bars"];
  // Whatever the schedule was: each transaction was executed to its end once.
  std::size_t committed = 0;
  for (std::size_t i = 0; i < bars["kind"].size(); ++i) {
    const auto kind = static_cast<BarKind>(bars["kind"][i].get<int>());
    if (kind == BarKind::first_time || kind == BarKind::reexecution || kind == BarKind::in_turn) ++committed;
    EXPECT_LE(bars["begin"][i], bars["end"][i]);
    EXPECT_LT(bars["at"][i].get<std::int64_t>(), static_cast<std::int64_t>(dex["locations"].size()));
  }
  EXPECT_EQ(committed, count);
  for (const char* column : {"worker", "txn", "last", "count", "begin", "end", "by", "at"})
    EXPECT_EQ(bars[column].size(), bars["kind"].size()) << column;
  // The critical path is a chain of dependencies.
  const auto path = dex["graph"]["criticalPath"].get<std::vector<std::size_t>>();
  EXPECT_EQ(path.size(), dex["criticalTransactions"]);
  EXPECT_TRUE(std::ranges::is_sorted(path));

  const json& transfers = document["blocks"][1];
  EXPECT_EQ(transfers["graph"]["dependent"], 0);
  EXPECT_EQ(transfers["hottest"].size(), 0u);
}

TEST_F(ReportTest, ABlockWithoutGasWastesNothing) {
  auto report = open();
  ASSERT_TRUE(report);
  add(*report, "transfers/independent", 1'000'000);
  nlohmann::ordered_json section = report->document()["blocks"][0];
  section["gas"] = 0;
  for (auto& cost : section["costs"]) cost["executedGas"] = 0;
  for (const auto& of : summary_of({&section, 1})["threads"]) EXPECT_EQ(of["executedOverCommitted"], 1.0);
}

TEST_F(ReportTest, IsBoundedWhateverTheBlock) {
  // So many blocks to come that each has the least share.
  auto report = open(1'000'000);
  ASSERT_TRUE(report);
  add(*report, "erc20/zipf", 60'000'000);
  const auto document = report->document();
  const auto& block = document["blocks"][0];
  EXPECT_GT(block["transactions"], 1000u);
  EXPECT_EQ(block["detailsShown"], 400u);
  EXPECT_EQ(block["details"]["index"].size(), 400u);
  EXPECT_LE(block["schedules"][0]["barsShown"], 400u);
  EXPECT_GT(block["schedules"][0]["barsBefore"], 1000u);
  EXPECT_LE(block["graph"]["nodes"]["txn"].size(), 400u);
  EXPECT_LE(block["graph"]["edges"]["reader"].size(), 800u);
  std::size_t executions = 0;
  for (const auto& of : block["schedules"][0]["bars"]["count"]) executions += of.get<std::size_t>();
  EXPECT_GE(executions, block["transactions"].get<std::size_t>());
}

TEST_F(ReportTest, ReplacesAnOlderReportByACompleteOneOnly) {
  fs::create_directories(folder_);
  std::ofstream(folder_ / "report.json") << "old";
  const auto report = open();
  ASSERT_TRUE(report);
  EXPECT_EQ(text_of(folder_ / "report.json"), "old");
  ASSERT_TRUE(report->write());
  EXPECT_EQ(json::parse(text_of(folder_ / "report.json"))["summary"]["blocks"], 0);
  for (const auto& entry : fs::directory_iterator(folder_))
    EXPECT_NE(entry.path().extension(), ".part") << entry.path();
}

TEST_F(ReportTest, SaysWhereItCannotBeWritten) {
  std::ofstream(folder_) << "a file";
  auto report = open();
  ASSERT_FALSE(report);
  EXPECT_TRUE(report.error().message.starts_with(folder_.string() + ": cannot be made: ")) << report.error().message;
  fs::remove(folder_);
  fs::create_directories(folder_ / "report.html");
  report = open();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().message, (folder_ / "report.html").string() + ": is a folder");
}

}  // namespace
}  // namespace hocket::report
