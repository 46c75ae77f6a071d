#include "report/report.hpp"

#include "base/processors.hpp"
#include "base/write_file.hpp"
#include "report/format.hpp"
#include "report/summary.hpp"

#include <algorithm>
#include <ctime>
#include <fmt/core.h>
#include <fstream>
#include <system_error>

namespace hocket::report {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

// Of the whole report: a page that opens at once, on a phone too.
constexpr std::size_t kBarsInAll = 60'000;
constexpr std::size_t kTransactionsInAll = 20'000;
constexpr std::size_t kLeastOfBlock = 400;

std::string now_in_utc() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

ordered_json machine() { return {{"processor", processor_name()}, {"cores", available_processors()}}; }

std::size_t share_of(std::size_t all, std::size_t used, std::size_t blocks_left, std::size_t most) {
  const std::size_t left = all - std::min(all, used);
  return std::clamp(left / std::max<std::size_t>(blocks_left, 1), kLeastOfBlock, most);
}

}  // namespace

Result<Report> Report::open(ReportOptions options) {
  Report report(std::move(options));
  std::error_code error;
  fs::create_directories(report.options_.folder, error);
  if (!fs::is_directory(report.options_.folder))
    return fail(fmt::format("{}: cannot be made: {}", report.options_.folder.string(),
                            error ? error.message() : "it is no folder"));
  for (const fs::path& path : {report.html_path(), report.json_path()}) HOCKET_CHECK(check_writable(path));
  return report;
}

DetailLimits Report::limits(std::size_t schedules) const {
  DetailLimits limits;
  const std::size_t blocks_left = options_.expected_blocks - std::min(options_.expected_blocks, sections_.size());
  limits.bars = share_of(kBarsInAll, bars_, blocks_left * schedules, limits.bars);
  limits.transactions = share_of(kTransactionsInAll, transactions_, blocks_left, limits.transactions);
  limits.graph_nodes = std::min(limits.graph_nodes, limits.transactions);
  limits.graph_edges = std::min(limits.graph_edges, 2 * limits.transactions);
  return limits;
}

Result<void> Report::add(const MeasuredBlock& block, WorkerPool& pool) {
  const std::size_t schedules = std::max<std::size_t>(block.measurement.parallel.size(), 1);
  const SectionOptions options{.limits = limits(schedules), .recordings = 3, .baseline = options_.baseline};
  HOCKET_TRY(ordered_json section, make_section(block, pool, options));
  for (const ordered_json& schedule : section["schedules"]) bars_ += schedule["barsShown"].get<std::size_t>();
  transactions_ += section["detailsShown"].get<std::size_t>();
  sections_.push_back(std::move(section));
  return {};
}

ordered_json Report::document() const {
  ordered_json json;
  json["format"] = kFormatName;
  json["version"] = kFormatVersion;
  json["program"] = options_.program;
  json["command"] = options_.command;
  json["time"] = now_in_utc();
  json["machine"] = machine();
  json["repeat"] = options_.repeat;
  if (options_.baseline != nullptr)
    json["baseline"] = {{"file", options_.baseline->path()},
                        {"time", options_.baseline->time()},
                        {"processor", options_.baseline->processor()},
                        {"leastChange", kLeastChange},
                        {"mostProbability", kMostProbability}};
  else
    json["baseline"] = nullptr;
  json["summary"] = summary_of(sections_);
  json["blocks"] = sections_;
  return json;
}

Result<void> Report::write() const {
  // What is no UTF-8 (a file's name may be anything) becomes U+FFFD.
  const std::string json = document().dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  HOCKET_CHECK(write_file(json_path(), json + "\n"));
  return write_file(html_path(), make_page(json));
}

}  // namespace hocket::report
