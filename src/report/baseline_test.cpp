#include "report/baseline.hpp"

#include "base/hex.hpp"
#include "report/format.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace hocket::report {
namespace {

TEST(Compare, MarksWhatChanceDoesNotExplain) {
  const std::vector<double> old_times = {10.0, 10.2, 10.1, 9.9, 10.3};
  const Change slower = compare(old_times, {11.0, 11.2, 11.1, 10.9, 11.3});
  EXPECT_EQ(slower.verdict, Verdict::slower);
  EXPECT_DOUBLE_EQ(slower.old_ms, 10.1);
  EXPECT_NEAR(slower.ratio, 11.1 / 10.1, 1e-12);
  EXPECT_EQ(compare({11.0, 11.2, 11.1, 10.9, 11.3}, old_times).verdict, Verdict::faster);
  EXPECT_EQ(compare(old_times, old_times).verdict, Verdict::same);
}

TEST(Compare, LeavesNoiseAlone) {
  // The median is a fifth higher, but the times lie across each other.
  EXPECT_EQ(compare({10, 10.1, 9.8, 14, 10.2}, {12, 9.9, 12.2, 9.7, 12.1}).verdict, Verdict::same);
  // Apart, but by one per cent.
  EXPECT_EQ(compare({10.00, 10.01, 10.02, 10.03, 10.04}, {10.10, 10.11, 10.12, 10.13, 10.14}).verdict, Verdict::same);
}

TEST(Compare, SaysWhereThereAreTooFewTimes) {
  EXPECT_EQ(compare({10, 10.1, 10.2}, {20, 20.1, 20.2}).verdict, Verdict::unknown);
  EXPECT_EQ(compare({10}, {20}).verdict, Verdict::unknown);
}

std::string report_with(std::string_view blocks) {
  return fmt::format(R"({{"format":"{}","version":{},"time":"then","machine":{{"processor":"P"}},"blocks":{}}})",
                     kFormatName, kFormatVersion, blocks);
}

TEST(Baseline, FindsTheSameBlockAtTheSameNumberOfThreads) {
  workloads::Measurement measurement;
  measurement.name = "erc20/zipf";
  measurement.hash.bytes[31] = 7;
  const auto baseline = Baseline::parse(
      report_with(fmt::format(R"([{{"name":"erc20/zipf","hash":"{}","costs":[{{"threads":2,"msAll":[1,2,3,4,5]}}]}}])",
                              to_hex(measurement.hash))));
  ASSERT_TRUE(baseline) << baseline.error().message;
  EXPECT_EQ(baseline->time(), "then");
  EXPECT_EQ(baseline->processor(), "P");
  workloads::Cost cost;
  cost.threads = 2;
  for (int i = 1; i <= 5; ++i) cost.walls.push_back(std::chrono::milliseconds(10 * i));
  const auto change = baseline->change(measurement, cost);
  ASSERT_TRUE(change);
  EXPECT_DOUBLE_EQ(change->old_ms, 3);
  EXPECT_DOUBLE_EQ(change->ratio, 10);
  EXPECT_EQ(change->verdict, Verdict::slower);

  cost.threads = 4;
  EXPECT_FALSE(baseline->change(measurement, cost));
  cost.threads = 2;
  measurement.hash.bytes[31] = 8;  // the same name, but another block
  EXPECT_FALSE(baseline->change(measurement, cost));
  measurement.name = "erc20/hot";
  EXPECT_FALSE(baseline->change(measurement, cost));
}

TEST(Baseline, SaysWhatIsWrongWithAFile) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "is no JSON: line 1, column 1: the text ends here, expected more JSON"},
      {"[1,\n2;", "is no JSON: line 2, column 1: expected JSON, found '2;'"},
      {"[]", "is no report of hocket bench"},
      {R"({"format":"other"})", "is no report of hocket bench"},
      {fmt::format(R"({{"format":"{}"}})", kFormatName),
       "is a report of version unknown, and this program reads version 1"},
      {fmt::format(R"({{"format":"{}","version":99}})", kFormatName),
       "is a report of version 99, and this program reads version 1"},
      {fmt::format(R"({{"format":"{}","version":1}})", kFormatName), "has no \"blocks\""},
      {report_with("[7]"), "a block has no \"costs\""},
      {report_with(R"([{"name":"x","costs":[{"threads":2}]}])"), "a block's costs have no \"threads\" or no \"msAll\""},
      {report_with(R"([{"name":"x","costs":[{"threads":2,"msAll":[]}]}])"),
       "a block's costs have no \"threads\" or no \"msAll\""},
      {report_with(R"([{"name":"x","costs":[{"threads":2,"msAll":["1"]}]}])"),
       "\"msAll\" holds something other than numbers"},
  };
  for (const auto& [text, expected] : cases) {
    const auto baseline = Baseline::parse(text);
    ASSERT_FALSE(baseline) << text;
    EXPECT_EQ(baseline.error().message, expected) << text;
  }
  const auto missing = Baseline::read("/nowhere/report.json");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "/nowhere/report.json: No such file or directory");
}

}  // namespace
}  // namespace hocket::report
