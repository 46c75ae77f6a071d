#include "report/report.hpp"

#include "base/processors.hpp"
#include "report/format.hpp"
#include "report/summary.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
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

ordered_json machine() {
  return {{"processor", processor_name()}, {"cores", available_processors()}};
}

std::string reason() { return std::error_code(errno, std::generic_category()).message(); }

/// An empty file beside `path`, under a name of its own. Errors: none can be made.
Result<fs::path> make_part(const fs::path& path) {
  if (fs::is_directory(path)) return fail(path.string() + ": is a folder");
  fs::path part = path;
  part += ".part";
  errno = 0;
  if (!std::ofstream(part, std::ios::binary))
    return fail(fmt::format("{}: cannot be written: {}", path.string(), reason()));
  return part;
}

Result<void> write_file(const fs::path& path, std::string_view text) {
  HOCKET_TRY(const fs::path part, make_part(path));
  {
    std::ofstream file(part, std::ios::binary | std::ios::trunc);
    errno = 0;
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) {
      auto error = fail(fmt::format("{}: cannot be written: {}", path.string(), reason()));
      std::error_code ignored;
      fs::remove(part, ignored);
      return error;
    }
  }
  std::error_code error;
  fs::rename(part, path, error);
  if (error) return fail(fmt::format("{}: cannot be written: {}", path.string(), error.message()));
  return {};
}

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
  for (const fs::path& path : {report.html_path(), report.json_path()}) {
    HOCKET_TRY(const fs::path part, make_part(path));
    fs::remove(part, error);
  }
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
