#include "commands/bench_report.hpp"

#include "version.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <fstream>
#include <iterator>

namespace hocket {
namespace {

/// What the user typed, as the system has kept it.
std::string typed_command() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!text.empty() && text.back() == '\0') text.pop_back();
  std::ranges::replace(text, '\0', ' ');
  const std::size_t end_of_program = text.find(' ');
  return "hocket" + (end_of_program == std::string::npos ? std::string() : text.substr(end_of_program));
}

}  // namespace

void BenchReportOptions::define(CLI::App& app) {
  app.add_option("--output", output, "Where report.html and report.json go (default: the current folder)")
      ->type_name("DIR");
  app.add_flag("--no-report", none, "Print the table only");
  app.add_option("--baseline", baseline, "Mark what became slower or faster since an earlier report")
      ->type_name("OLD.json");
}

Result<BenchReport> BenchReport::open(const BenchReportOptions& options, unsigned repeat, std::size_t expected_blocks) {
  BenchReport made;
  if (!options.baseline.empty()) {
    auto baseline = report::Baseline::read(options.baseline);
    if (!baseline) return fail("--baseline: " + baseline.error().message);
    made.baseline_ = std::make_unique<report::Baseline>(*std::move(baseline));
  }
  if (options.none) return made;
  auto opened = report::Report::open({.folder = options.output,
                                      .command = typed_command(),
                                      .program = version_text().substr(0, version_text().find('\n')),
                                      .repeat = repeat,
                                      .expected_blocks = expected_blocks,
                                      .baseline = made.baseline_.get()});
  if (!opened) return fail("--output: " + opened.error().message);
  made.report_ = *std::move(opened);
  return made;
}

Result<void> BenchReport::add(const report::MeasuredBlock& block, WorkerPool& pool) {
  if (!report_) return {};
  HOCKET_CHECK(report_->add(block, pool));
  ++blocks_;
  return {};
}

Result<std::string> BenchReport::write() {
  if (!report_ || blocks_ == 0) return std::string();
  HOCKET_CHECK(report_->write());
  return fmt::format("report: {}; as JSON: {}", report_->html_path().string(), report_->json_path().string());
}

}  // namespace hocket
