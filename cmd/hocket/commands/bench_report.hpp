// The report that hocket bench writes, as its options ask for it.
#pragma once

#include "command.hpp"
#include "report/report.hpp"

#include <memory>
#include <optional>
#include <string>

namespace hocket {

struct BenchReportOptions {
  std::string output = ".";
  std::string baseline;  // empty: none
  bool none = false;

  void define(CLI::App& app);
};

class BenchReport {
 public:
  /// Errors: the baseline is none, or the report cannot be written; before any work is done.
  static Result<BenchReport> open(const BenchReportOptions& options, unsigned repeat, std::size_t expected_blocks);

  bool is_wanted() const noexcept { return report_.has_value(); }
  /// Null: there is none.
  const report::Baseline* baseline() const noexcept { return baseline_.get(); }

  /// As report::Report, which may not be wanted.
  Result<void> add(const report::MeasuredBlock& block, WorkerPool& pool);
  /// Returns a line for the user; empty where no report is wanted, or nothing was measured.
  Result<std::string> write();

 private:
  std::unique_ptr<report::Baseline> baseline_;  // stays where it is when this is moved
  std::optional<report::Report> report_;
  std::size_t blocks_ = 0;
};

}  // namespace hocket
