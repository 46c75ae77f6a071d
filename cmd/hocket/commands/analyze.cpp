// hocket analyze: how much parallelism blocks hold and what their conflicts are about, without measuring anything.
#include "command.hpp"
#include "commands/analyze_rows.hpp"
#include "commands/replay_rows.hpp"
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
  std::vector<std::string> paths;
  std::string csv;  // a name of kCsvTables; empty: no CSV
  std::size_t top = 5;
  bool json = false;
  bool keep_going = false;
};

class AnalyzeRun {
 public:
  explicit AnalyzeRun(const Options& options)
      : options_(options), files_(options.paths), colours_(wants_colours(stdout)) {
    if (!options.csv.empty()) csv_ = kCsvTables.at(options.csv);
  }

  int run() {
    while (step()) {
    }
    progress_.clear();
    print_end();
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      fmt::print(stderr, "hocket analyze: standard output: cannot be written\n");
      return kExitFailure;
    }
    return failed_ ? kExitFailure : 0;
  }

 private:
  // The next document. False: the last one, or stop here.
  bool step() {
    auto document = files_.next();
    if (!document) return report_error(document.error().message);
    if (!*document) return false;
    const std::string name = (*document)->name;
    progress_.show(files_.files_done(), files_.files_found(), name);
    const auto bundle = decode_bundle(std::move(**document));
    if (!bundle) return report_error(bundle.error().message, name);
    const auto traced = block_analysis::trace(*bundle, programs_);
    programs_.trim();
    if (!traced)
      return report_error(fmt::format("{}: block {}: {}", name, bundle->block.header.number, traced.error().message),
                          name);
    const auto& transactions = traced->block.block().transactions;
    Row row{.bundle = *bundle, .report = report_of(traced->trace, 0), .overlap = key_overlap(traced->trace), .hot = {}};
    row.hot.add(traced->trace, transactions);
    totals_.add(row, transactions, traced->trace);
    print(row);
    return true;
  }

  void print_heading() {
    if (heading_printed_ || options_.json) return;
    heading_printed_ = true;
    if (csv_)
      print_csv_heading(*csv_);
    else
      analyze_rows::print_heading(colours_);
  }

  void print(const Row& row) {
    progress_.clear();
    print_heading();
    if (options_.json)
      print_json(row, options_.top);
    else if (!csv_)
      print_row(row);
    else if (*csv_ == CsvTable::blocks)
      print_csv(row);
    std::fflush(stdout);
  }

  void print_end() {
    if (totals_.blocks == 0) return;
    if (options_.json)
      print_json(totals_, options_.top);
    else if (csv_)
      print_csv(totals_, *csv_, options_.top);
    else
      print_totals(totals_, options_.top, colours_);
  }

  // `file`: its name, where it is one document. False: stop here.
  bool report_error(const std::string& message, const std::string& file = {}) {
    failed_ = true;
    progress_.clear();
    if (options_.json) replay_rows::print_json_error(message, file);
    std::fflush(stdout);
    fmt::print(stderr, "hocket analyze: {}\n", one_line(message));
    return options_.keep_going;
  }

  const Options& options_;
  std::optional<CsvTable> csv_;
  InputFiles files_;
  ProgramCache programs_;
  ProgressBar progress_;
  analyze_rows::Totals totals_;
  bool colours_;
  bool heading_printed_ = false;
  bool failed_ = false;
};

int run_analyze(const Options& options) {
  if (options.json && !options.csv.empty()) {
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
      app.add_option("paths", options->paths, "Bundles: files, folders, archives, patterns")
          ->type_name("FILE|DIR|GLOB")
          ->required();
      app.add_option("--top", options->top, "How many hot locations, contracts and senders (default: 5)")
          ->type_name("N")
          ->check(CLI::Range(0, 1'000'000).description(""));
      std::vector<std::string> tables;
      for (const auto& [name, table] : kCsvTables) tables.push_back(name);
      app.add_option("--csv", options->csv, "A table as CSV on standard output")->check(CLI::IsMember(tables));
      app.add_flag("--json", options->json, "One JSON object a block on standard output, and one of totals");
      app.add_flag("--keep-going", options->keep_going, "Go on after a block or file that fails");
      app.footer(kFooter);
      return [options] { return run_analyze(*options); };
    },
};

}  // namespace hocket
