// hocket analyze: how much parallelism blocks hold and what their conflicts are about, without measuring anything.
#include "command.hpp"
#include "commands/analyze_rows.hpp"
#include "commands/bundle_input.hpp"
#include "number_checks.hpp"
#include "terminal.hpp"

#include <fmt/core.h>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hocket {
namespace {

using analyze_rows::CsvTable;
using analyze_rows::Row;

const std::map<std::string, CsvTable> kCsvTables = {{"blocks", CsvTable::blocks},
                                                    {"locations", CsvTable::locations},
                                                    {"contracts", CsvTable::contracts},
                                                    {"senders", CsvTable::senders}};

struct Options {
  BundleOptions bundles;
  std::string csv;  // a name of kCsvTables; empty: no CSV
  std::size_t top = 5;
};

class AnalyzeRun {
 public:
  explicit AnalyzeRun(const Options& options)
      : options_(options), bundles_("analyze", options.bundles), colours_(wants_colours(stdout)) {
    if (!options.csv.empty()) csv_ = kCsvTables.at(options.csv);
  }

  int run() {
    while (const auto next = bundles_.next()) analyze(next->bundle);
    print_end();
    return bundles_.failed() ? kExitFailure : 0;
  }

 private:
  void analyze(const BlockBundle& bundle) {
    const auto traced = block_analysis::trace(bundle, programs_);
    programs_.trim();
    if (!traced) return bundles_.report_block(bundle, traced.error().message, false);
    const auto& transactions = traced->block.block().transactions;
    Row row{.bundle = bundle, .report = report_of(traced->trace, 0), .overlap = key_overlap(traced->trace), .hot = {}};
    row.hot.add(traced->trace, transactions);
    totals_.add(row, transactions, traced->trace);
    print(row);
  }

  void print_heading() {
    if (heading_printed_ || options_.bundles.json) return;
    heading_printed_ = true;
    if (csv_)
      print_csv_heading(*csv_);
    else
      analyze_rows::print_heading(colours_);
  }

  void print(const Row& row) {
    bundles_.clear_progress();
    print_heading();
    if (options_.bundles.json)
      print_json(row, options_.top);
    else if (!csv_)
      print_row(row);
    else if (*csv_ == CsvTable::blocks)
      print_csv(row);
    std::fflush(stdout);
  }

  void print_end() {
    if (totals_.blocks == 0) return;
    if (options_.bundles.json)
      print_json(totals_, options_.top);
    else if (csv_)
      print_csv(totals_, *csv_, options_.top);
    else
      print_totals(totals_, options_.top, colours_);
  }

  const Options& options_;
  std::optional<CsvTable> csv_;
  BundleInput bundles_;
  ProgramCache programs_;
  analyze_rows::Totals totals_;
  bool colours_;
  bool heading_printed_ = false;
};

int run_analyze(const Options& options) {
  if (options.bundles.json && !options.csv.empty()) {
    fmt::print(stderr, "hocket analyze: --csv: not together with --json; see 'hocket analyze --help'\n");
    return kExitUsage;
  }
  return AnalyzeRun(options).run();
}

constexpr const char* kFooter =
    R"(Each block is executed sequentially with a tracer that notes what every transaction reads and writes; what it gives is
checked against the block's header. Bundles are files as 'hocket replay --help' describes them.

share %       transactions that use a location (balance, nonce, code, existence, slot) which another one uses too
overlap %     ... a location that at least one of them changes: what locks or access lists would keep apart
dependent %   transactions that need what an earlier one has changed; moves of value commute, nonces are known ahead
critical      gas of the longest chain of such transactions
on N          ideal speed-up on N workers: dependencies known ahead, no cost but gas

Below the table: the locations, contracts and senders with the most gas behind them. --json has one object a block with
all four conflict models (docs/parallelism.md), and a last one with totals; --csv prints one of the tables.

Exit status: 0 if all blocks were analysed, 1 if one failed or could not be read, 2 for a wrong command line.

Examples:
  hocket analyze 19934116.json
  hocket analyze --keep-going blocks/ more.tar.zst 'old/*.json.gz'
  hocket analyze --json blocks/ | jq 'select(.totals).totals.idealSpeedUp'
  hocket analyze --csv blocks blocks/ > blocks.csv
  hocket analyze --csv contracts --top 100 blocks/)";

}  // namespace

const Command kAnalyzeCommand{
    .name = "analyze",
    .summary = "Say how much parallelism blocks hold, and what their conflicts are about",
    .define = [](CLI::App& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      options->bundles.define_paths(app);
      app.add_option("--top", options->top, "How many hot locations, contracts and senders (default: 5)")
          ->type_name("N")
          ->check(whole_number(0, 1'000'000));
      std::vector<std::string> tables;
      for (const auto& [name, table] : kCsvTables) tables.push_back(name);
      app.add_option("--csv", options->csv, "A table as CSV on standard output")->check(CLI::IsMember(tables));
      app.add_flag("--json", options->bundles.json, "One JSON object a block on standard output, and one of totals");
      options->bundles.define_keep_going(app);
      app.footer(kFooter);
      return [options] { return run_analyze(*options); };
    },
};

}  // namespace hocket
