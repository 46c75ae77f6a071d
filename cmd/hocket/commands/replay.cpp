// hocket replay: executes block bundles and checks them against their headers.
#include "base/hex.hpp"
#include "command.hpp"
#include "replay/replay_block.hpp"
#include "terminal.hpp"
#include "transition/executor.hpp"

#include <fmt/core.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace hocket {
namespace {

struct Options {
  std::vector<std::string> paths;
  int repeat = 1;
  bool json = false;
  bool keep_going = false;
};

double milliseconds(std::chrono::nanoseconds time) { return std::chrono::duration<double, std::milli>(time).count(); }
double megagas(std::uint64_t gas) { return static_cast<double>(gas) / 1e6; }

// One block's way through: what is shown of it, whether or not it was verified.
struct Row {
  const BlockBundle& bundle;
  std::chrono::nanoseconds decoding{};
  std::expected<ReplayReport, ReplayFailure> report;

  std::uint64_t gas() const { return bundle.block.header.gas_used; }
  double megagas_per_second() const {
    const double seconds = milliseconds(report->execution) / 1e3;
    return seconds > 0 ? megagas(gas()) / seconds : 0;
  }
};

struct Totals {
  std::size_t verified = 0;
  std::size_t failed = 0;
  std::size_t transactions = 0;
  std::uint64_t gas = 0;
  std::chrono::nanoseconds decoding{}, recovery{}, execution{}, verification{};

  void add(const Row& row) {
    ++(row.report ? verified : failed);
    decoding += row.decoding;
    if (!row.report) return;
    transactions += row.bundle.block.transactions.size();
    gas += row.gas();
    recovery += row.report->recovery;
    execution += row.report->execution;
    verification += row.report->verification;
  }
};

std::vector<std::string_view> checks_with(const ReplayReport& report, CheckResult result) {
  std::vector<std::string_view> names;
  for (int i = 0; i < kCheckCount; ++i)
    if (report.checks[static_cast<std::size_t>(i)] == result) names.push_back(to_string(static_cast<Check>(i)));
  return names;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string text;
  for (const std::string_view word : words) text += (text.empty() ? "" : ", ") + std::string(word);
  return text;
}

// --- for programs ----------------------------------------------------------------------------------------------------

void print_json(const nlohmann::ordered_json& line) {
  using nlohmann::ordered_json;
  fmt::print("{}\n", line.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

void print_json(const Row& row, int repeat) {
  const Header& header = row.bundle.block.header;
  nlohmann::ordered_json line{
      {"file", row.bundle.name},
      {"network", row.bundle.config.name},
      {"chainId", row.bundle.config.chain_id},
      {"block", header.number},
      {"hash", to_hex(row.bundle.block_hash)},
      {"fork", fork_name(header, row.bundle.config)},
      {"transactions", row.bundle.block.transactions.size()},
      {"gasUsed", header.gas_used},
      {"ok", row.report.has_value()},
  };
  if (row.report) {
    line["repeat"] = repeat;
    line["decodeMs"] = milliseconds(row.decoding);
    line["recoverMs"] = milliseconds(row.report->recovery);
    line["executeMs"] = milliseconds(row.report->execution);
    line["verifyMs"] = milliseconds(row.report->verification);
    line["mgasPerSecond"] = row.megagas_per_second();
    line["verified"] = checks_with(*row.report, CheckResult::verified);
    line["notVerified"] = checks_with(*row.report, CheckResult::not_verified);
  } else {
    line["error"] = row.report.error().message;
  }
  print_json(line);
}

// --- for people ------------------------------------------------------------------------------------------------------

// A chain without a name is known by its id.
std::string network_name(const ChainConfig& config) {
  return config.name == "custom" ? fmt::format("{}", config.chain_id) : config.name;
}

void print_heading(bool colours) {
  const std::string heading = fmt::format("{:<8} {:>9}  {:<17} {:>5} {:>8} {:>9} {:>8}  {}", "network", "block", "fork",
                                          "txs", "Mgas", "ms", "Mgas/s", "verified");
  fmt::print("{}\n", coloured(heading, Colour::bold, colours));
}

void print_row(const Row& row, bool colours) {
  const Header& header = row.bundle.block.header;
  fmt::print("{:<8} {:>9}  {:<17} {:>5} {:>8.3f} ", network_name(row.bundle.config), header.number,
             fork_name(header, row.bundle.config), row.bundle.block.transactions.size(), megagas(header.gas_used));
  if (!row.report) {
    fmt::print("{:>9} {:>8}  {}\n", "", "", coloured("FAILED", Colour::red, colours));
    return;
  }
  const double speed = row.megagas_per_second();
  const std::string speed_text = header.gas_used == 0 ? "-" : fmt::format("{:.0f}", speed);
  const auto missing = checks_with(*row.report, CheckResult::not_verified);
  const std::string verified = missing.empty() ? coloured("all", Colour::green, colours)
                                               : coloured("all but ", Colour::green, colours) +
                                                     coloured(joined(missing), Colour::yellow, colours);
  fmt::print("{:>9.3f} {:>8}  {}\n", milliseconds(row.report->execution), speed_text, verified);
}

void print_totals(const Totals& totals, const Options& options, bool colours) {
  const double execution_ms = milliseconds(totals.execution);
  const std::size_t blocks = totals.verified + totals.failed;
  fmt::print(
      "\n{}{}\n",
      coloured(fmt::format("{} of {} {} verified", grouped(totals.verified), grouped(blocks),
                           blocks == 1 ? "block" : "blocks"),
               totals.failed == 0 ? Colour::green : Colour::red, colours),
      fmt::format(": {} transactions, {:.3f} Mgas in {:.1f} ms, {:.0f} Mgas/s", grouped(totals.transactions),
                  megagas(totals.gas), execution_ms, execution_ms > 0 ? megagas(totals.gas) / execution_ms * 1e3 : 0));
  const std::string runs = options.repeat == 1 ? "" : fmt::format(", medians of {} runs", options.repeat);
  const std::string detail = fmt::format(
      "ms is execution alone{}; besides: decoding {:.1f} ms, sender recovery {:.1f} ms, roots {:.1f} ms\n"
      "all: block hash, parent, roots of transactions, receipts, withdrawals and state, senders, ommers, gas, blob "
      "gas, "
      "bloom,\n     requests, as far as the block's fork has them; the proof-of-work seal is not checked",
      runs, milliseconds(totals.decoding), milliseconds(totals.recovery), milliseconds(totals.verification));
  fmt::print("{}\n", coloured(detail, Colour::dim, colours));
}

// --- the run ---------------------------------------------------------------------------------------------------------

class ReplayRun {
 public:
  explicit ReplayRun(const Options& options)
      : options_(options), files_(options.paths), executor_(programs_), colours_(wants_colours(stdout)) {}

  int run() {
    while (step()) {
    }
    progress_.clear();
    if (heading_printed_) print_totals(totals_, options_, colours_);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      fmt::print(stderr, "hocket replay: standard output: cannot be written\n");
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
    const auto start = std::chrono::steady_clock::now();
    const auto bundle = decode_bundle(std::move(**document));
    const auto decoding = std::chrono::steady_clock::now() - start;
    if (!bundle) {
      ++totals_.failed;
      return report_error(bundle.error().message, name);
    }
    const Row row{*bundle, decoding, replay_block(*bundle, executor_, options_.repeat)};
    programs_.trim();
    totals_.add(row);
    print(row);
    if (row.report) return true;
    failed_ = true;
    const std::string message =
        fmt::format("{}: block {}: {}", name, bundle->block.header.number, row.report.error().message);
    fmt::print(stderr, "hocket replay: {}\n", one_line(message));
    return options_.keep_going;
  }

  void print(const Row& row) {
    progress_.clear();
    if (options_.json) {
      print_json(row, options_.repeat);
    } else {
      if (!heading_printed_) print_heading(colours_);
      heading_printed_ = true;
      print_row(row, colours_);
    }
    std::fflush(stdout);
  }

  // What could not be read or understood; `file`: its name, where it is one document. False: stop here.
  bool report_error(const std::string& message, const std::string& file = {}) {
    failed_ = true;
    progress_.clear();
    if (options_.json) {
      nlohmann::ordered_json line;
      if (!file.empty()) line["file"] = file;
      line["ok"] = false;
      line["error"] = message;
      print_json(line);
    }
    std::fflush(stdout);
    fmt::print(stderr, "hocket replay: {}\n", one_line(message));
    return options_.keep_going;
  }

  const Options& options_;
  InputFiles files_;
  ProgramCache programs_;
  SequentialExecutor executor_;
  ProgressBar progress_;
  Totals totals_;
  bool colours_;
  bool heading_printed_ = false;
  bool failed_ = false;
};

constexpr const char* kFooter =
    R"(A bundle is a JSON file with
  chainId                 or "config", as in geth's genesis files
  block                   as eth_getBlockByNumber answers with full transactions; or its RLP as hex
  prestate                {address: {balance, nonce, code, storage}}, as geth's prestate tracer answers:
                          what is not listed does not exist
  or witness              {state: [trie nodes], codes: [...], headers: [parent first]}, with preStateRoot
  blockHashes             {number: hash} of the ancestors that BLOCKHASH reads
Only a witness allows the state root to be checked. Files may be plain, gzip, zstd, or tar archives of many
(.tar, .tar.gz, .tar.zst); folders are searched; "-" is standard input. A file may have up to 1 GiB.

The proof-of-work seal is not checked. What a bundle cannot show is listed as not verified.
Exit status: 0 if every block was verified, 1 if one failed or could not be read, 2 for a wrong command line.

Examples:
  hocket replay 19934116.json
  hocket replay --keep-going blocks/ more.tar.zst 'old/*.json.gz'
  hocket replay --repeat 20 --json blocks/ | jq .mgasPerSecond)";

}  // namespace

const Command kReplayCommand{
    .name = "replay",
    .summary = "Execute blocks and check them against their headers",
    .define = [](CLI::App& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      app.add_option("paths", options->paths, "Bundles: files, folders, archives, patterns")
          ->type_name("FILE|DIR|GLOB")
          ->required();
      app.add_option("--repeat", options->repeat, "Execute each block so often and report medians (default: 1)")
          ->type_name("N")
          ->check(CLI::Range(1, 1'000'000).description(""));
      app.add_flag("--json", options->json, "One JSON object a block on standard output instead of the table");
      app.add_flag("--keep-going", options->keep_going, "Go on after a block or file that fails");
      app.footer(kFooter);
      return [options] { return ReplayRun(*options).run(); };
    },
};

}  // namespace hocket
