// Report: what `hocket bench` leaves behind. report.json holds everything (docs/report.md); report.html is a page that
// shows it, with the same JSON inside, and needs nothing else.
#pragma once

#include "report/block_section.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace hocket::report {

struct ReportOptions {
  std::filesystem::path folder;
  std::string command;  // what the user typed
  std::string program;  // name and version
  unsigned repeat = 1;
  /// How many blocks will come, as far as is known; details are shared out by it.
  std::size_t expected_blocks = 1;
  const Baseline* baseline = nullptr;  // must live as long
};

/// Thread safety: none.
class Report {
 public:
  /// Makes the folder if need be. Errors: the two files cannot be written there.
  static Result<Report> open(ReportOptions options);

  /// Errors: the block cannot be executed any more; the report goes on without it.
  Result<void> add(const MeasuredBlock& block, WorkerPool& pool);

  /// report.json as it is now.
  nlohmann::ordered_json document() const;

  /// Writes both files; an older one is replaced only by a complete one. Errors: it cannot be written.
  Result<void> write() const;

  std::filesystem::path html_path() const { return options_.folder / "report.html"; }
  std::filesystem::path json_path() const { return options_.folder / "report.json"; }

 private:
  explicit Report(ReportOptions options) : options_(std::move(options)) {}

  /// Of the next block, which has so many schedules.
  DetailLimits limits(std::size_t schedules) const;

  ReportOptions options_;
  std::vector<nlohmann::ordered_json> sections_;
  std::size_t bars_ = 0;          // in the sections
  std::size_t transactions_ = 0;  // with details
};

/// The page around a report.json: its text stands in a script element. Thread safety: pure.
std::string make_page(std::string_view json);

}  // namespace hocket::report
