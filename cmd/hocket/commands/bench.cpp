// hocket bench: generates blocks of the workloads and measures their execution, sequential and parallel.
#include "analysis/block_report.hpp"
#include "analysis/trace_block.hpp"
#include "base/hex.hpp"
#include "block/verify.hpp"
#include "command.hpp"
#include "commands/bench_merge.hpp"
#include "commands/bench_report.hpp"
#include "commands/bench_table.hpp"
#include "replay/block_bundle.hpp"
#include "terminal.hpp"
#include "workloads/build_block.hpp"
#include "workloads/latent_view.hpp"
#include "workloads/measure.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <fmt/core.h>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace hocket {
namespace {

using workloads::Measurement;
using workloads::Workload;

constexpr std::uint64_t kLeastGas = 1'000'000;
constexpr std::uint64_t kMostGas = 20'000'000'000;
constexpr unsigned kMostThreads = 256;

struct Options {
  std::vector<std::string> names;
  std::string gas = "100M";
  std::uint64_t accounts = 0;  // 0: as the workload needs
  workloads::WorkloadOptions workload;
  std::vector<unsigned> threads;
  unsigned repeat = 5;
  std::uint64_t read_latency_us = 0;
  std::vector<std::string> mix;   // name=weight
  std::vector<std::string> real;  // paths of bundles
  std::size_t merge = 1;          // so many of them become one block
  bool list = false;
  BenchReportOptions report;
  bool make_only = false;
};

// "1G", "1.5M", "21000". Nothing: it is no such number.
std::optional<std::uint64_t> parse_quantity(std::string_view text) {
  double factor = 1;
  if (!text.empty()) {
    switch (text.back()) {
      case 'k':
        factor = 1e3;
        break;
      case 'M':
        factor = 1e6;
        break;
      case 'G':
        factor = 1e9;
        break;
      default:
        break;
    }
    if (factor > 1) text.remove_suffix(1);
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  number = std::round(number * factor);
  if (!(number >= 0 && number < 1e18)) return std::nullopt;
  return static_cast<std::uint64_t>(number);
}

// "dex/one-pair=3": one workload and its weight.
Result<std::vector<workloads::MixPart>> parse_mix(const std::vector<std::string>& words) {
  std::vector<workloads::MixPart> mix;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    double weight = 0;
    const char* end = word.data() + word.size();
    if (equals == std::string::npos) return fail(word + ": expected NAME=WEIGHT");
    const auto [stop, error] = std::from_chars(word.data() + equals + 1, end, weight);
    if (error != std::errc() || stop != end || !(weight > 0 && weight <= 1e6))
      return fail(word + ": expected a weight above 0");
    HOCKET_TRY(const auto found, workloads::find_workloads(std::string_view(word).substr(0, equals)));
    if (found.size() != 1) return fail(word + ": expected one workload, not a family of them (--list)");
    if (found.front()->family() == "mixed" || found.front()->family() == "field")
      return fail(word + ": cannot be a part of a mixture");
    mix.push_back({std::string(found.front()->name), weight});
  }
  return mix;
}

int usage_error(const std::string& message) {
  fmt::print(stderr, "hocket bench: {}; see 'hocket bench --help'\n", one_line(message));
  return kExitUsage;
}

int list_workloads() {
  std::string_view family;
  for (const Workload& workload : workloads::all_workloads()) {
    if (workload.family() != family && !family.empty()) fmt::print("\n");
    family = workload.family();
    fmt::print("{:<28} {}\n", workload.name, workload.summary);
  }
  return 0;
}

// Without executing anything: what each block is, and how long it took to make.
int make_blocks(const Options& options, const std::vector<const Workload*>& chosen) {
  const bool colours = wants_colours(stdout);
  const std::string heading = fmt::format("{:<28} {:>7} {:>8} {:>7}  {}", "workload", "txs", "Mgas", "s", "block hash");
  fmt::print("{}\n", coloured(heading, Colour::bold, colours));
  ProgressBar progress;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    progress.show(i, chosen.size(), chosen[i]->name);
    const auto start = std::chrono::steady_clock::now();
    const auto made = workloads::build_block(*chosen[i], options.workload);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    progress.clear();
    if (!made) {
      fmt::print(stderr, "hocket bench: {}\n", one_line(made.error().message));
      return kExitFailure;
    }
    fmt::print("{:<28} {:>7} {:>8.1f} {:>7.2f}  {}\n", made->name, made->block.block().transactions.size(),
               static_cast<double>(made->block.header().gas_used) / 1e6, time.count(), to_hex(made->hash));
    std::fflush(stdout);
  }
  return 0;
}

// --- the run ---------------------------------------------------------------------------------------------------------

class BenchRun {
 public:
  BenchRun(const Options& options, std::vector<const Workload*> chosen, BenchReport report)
      : options_(options),
        chosen_(std::move(chosen)),
        pool_(std::ranges::max(options.threads)),
        report_(std::move(report)),
        colours_(wants_colours(stdout)),
        table_(colours_, report_.baseline()) {}

  int run() {
    table_.print_heading();
    for (const Workload* workload : chosen_) report(measure(*workload));
    if (!options_.real.empty()) run_bundles();
    progress_.clear();
    if (!failed_) {
      const std::string detail = fmt::format(
          "medians of {} executions each, in turns; every result is the sequential one's, every invariant holds\n"
          "1 thread: sequential; bound: the most that dependencies allow where a transaction may wait at its first "
          "dependent read,\nwhole: where it may not, time taken as gas; executed: executed over committed gas; peak: "
          "memory of an execution",
          options_.repeat);
      fmt::print("{}\n", coloured(detail, Colour::dim, colours_));
    }
    if (const auto written = report_.write(); !written) {
      failed_ = true;
      fmt::print(stderr, "hocket bench: {}\n", one_line(written.error().message));
    } else if (!written->empty()) {
      fmt::print("{}\n", *written);
    }
    return end_output("bench") && !failed_ ? 0 : kExitFailure;
  }

 private:
  void report(const Result<Measurement>& measurement) {
    progress_.clear();
    if (measurement) {
      table_.print(*measurement);
    } else {
      failed_ = true;
      fmt::print(stderr, "hocket bench: {}\n", one_line(measurement.error().message));
    }
    std::fflush(stdout);
  }

  void run_bundles() {
    InputFiles files(options_.real);
    std::vector<BlockBundle> to_merge;
    while (true) {
      auto document = files.next();
      if (!document) {
        report(std::unexpected(std::move(document).error()));
        continue;
      }
      if (!*document) break;
      if (options_.merge == 1) {
        report(measure(std::move(**document)));
      } else if (auto bundle = decode_bundle(std::move(**document)); bundle) {
        to_merge.push_back(std::move(*bundle));
      } else {
        report(std::unexpected(std::move(bundle).error()));
      }
    }
    if (!to_merge.empty()) run_merged(std::move(to_merge));
  }

  void run_merged(std::vector<BlockBundle> bundles) {
    const auto groups = bench_merge::group(std::move(bundles), options_.merge);
    if (!groups) return report(std::unexpected(groups.error()));
    for (const auto& group : *groups) {
      const std::string name = bench_merge::name_of(group);
      progress_.show(0, 1, name + ": merging");
      const auto merged = bench_merge::merge(group);
      if (!merged) {
        report(fail(fmt::format("{}: {}", name, merged.error().message)));
        continue;
      }
      report(measure(name, *merged));
      fmt::print("{}\n", coloured("  " + bench_merge::text_of(*merged, group.size()), Colour::dim, colours_));
    }
  }

  // A merged block is nobody's: there is nothing to compare its outcome with but what merging it gave.
  Result<Measurement> measure(const std::string& name, const MergedBlock& merged) {
    return measure({.name = name,
                    .config = merged.config,
                    .block = merged.block,
                    .state = merged.state,
                    .check = [&](const BlockOutput& output) -> std::optional<std::string> {
                      const std::uint64_t expected = merged.block.header().gas_used;
                      if (output.gas_used == expected) return std::nullopt;
                      return fmt::format("gas used: {}, expected {}", output.gas_used, expected);
                    }});
  }

  Result<Measurement> measure(InputDocument document) {
    const std::string file = document.name;
    HOCKET_TRY(const BlockBundle bundle, decode_bundle(std::move(document)));
    const Header& header = bundle.block.header;
    const auto block = recover_senders(bundle.block, bundle.config.spec_for(header), bundle.config.chain_id);
    if (!block) return fail(fmt::format("{}: {}", file, block.error().message()));
    return measure({.name = fmt::format("{} {}", bundle.config.name, header.number),
                    .config = bundle.config,
                    .block = *block,
                    .state = *bundle.state,
                    .check = [&](const BlockOutput& output) -> std::optional<std::string> {
                      const Verdict verdict = verify(output, header, bundle.config);
                      return verdict ? std::nullopt : std::optional(verdict.error().message());
                    }});
  }

  Result<Measurement> measure(const Workload& workload) {
    progress_.show(0, 1, fmt::format("{}: making the block", workload.name));
    HOCKET_TRY(const workloads::WorkloadBlock made, workloads::build_block(workload, options_.workload));
    return measure({.name = made.name,
                    .config = made.config,
                    .block = made.block,
                    .state = made.state,
                    .check = [&](const BlockOutput& output) { return made.check(output); }});
  }

  Result<Measurement> measure(const workloads::Subject& subject) {
    workloads::MeasureOptions how;
    how.repeat = options_.repeat;
    how.threads.clear();
    for (const unsigned threads : options_.threads)
      if (threads > 1) how.threads.push_back(threads);
    how.progress = [&](unsigned done, unsigned total) { progress_.show(done, total, subject.name); };
    const workloads::LatentView latent(subject.state, std::chrono::microseconds(options_.read_latency_us));
    const bool is_latent = options_.read_latency_us != 0;
    const workloads::Subject measured{.name = subject.name,
                                      .config = subject.config,
                                      .block = subject.block,
                                      .state = is_latent ? static_cast<const StateView&>(latent) : subject.state,
                                      .check = subject.check};
    HOCKET_TRY(Measurement measurement, workloads::measure(measured, pool_, how));
    // The table has bounds for several threads only. Tracing takes as long as many executions.
    if (how.threads.empty() && !report_.is_wanted()) return measurement;

    progress_.show(1, 1, subject.name + ": dependencies");
    ProgramCache programs;
    HOCKET_TRY(const TracedBlock traced, trace_block(subject.block, subject.config, subject.state, programs));
    note_dependencies(traced.trace, measurement);
    progress_.show(1, 1, subject.name + ": report");
    HOCKET_CHECK(report_.add(
        {.subject = measured, .measurement = measurement, .state = subject.state, .trace = traced.trace}, pool_));
    return measurement;
  }

  // What true dependencies take at least, in gas: moves of value commute, and nonces are known ahead.
  static void note_dependencies(const BlockTrace& trace, Measurement& measurement) {
    const CriticalPaths paths = critical_paths(by_gas(trace, dependencies(trace, ConflictModel::predicted_nonces)));
    measurement.critical_gas = paths.after_writers;
    measurement.critical_gas_waiting = paths.waiting_at_first_read;
  }

  const Options& options_;
  std::vector<const Workload*> chosen_;
  WorkerPool pool_;
  ProgressBar progress_;
  BenchReport report_;
  bool colours_;
  BenchTable table_;
  bool failed_ = false;
};

int run_bench(Options& options) {
  if (options.list) return list_workloads();
  if (options.merge > 1 && options.real.empty())
    return usage_error("--merge: expected --real too, with the blocks to be merged");
  const auto gas = parse_quantity(options.gas);
  if (!gas || *gas < kLeastGas || *gas > kMostGas)
    return usage_error(fmt::format("--gas: {}: expected 1M to 20G", options.gas));
  options.workload.gas = *gas;
  if (options.accounts != 0) options.workload.accounts = options.accounts;

  if (!options.mix.empty()) {
    auto mix = parse_mix(options.mix);
    if (!mix) return usage_error("--mix: " + mix.error().message);
    options.workload.mix = std::move(*mix);
  }

  std::vector<const Workload*> chosen;
  std::set<const Workload*> seen;
  for (const std::string& name : options.names) {
    const auto found = workloads::find_workloads(name);
    if (!found) return usage_error("--workload: " + found.error().message);
    for (const Workload* workload : *found)
      if (seen.insert(workload).second) chosen.push_back(workload);
  }
  const auto is_mixed = [](const Workload* workload) { return workload->family() == "mixed"; };
  if (!options.mix.empty() && !options.names.empty() && std::ranges::none_of(chosen, is_mixed))
    return usage_error("--mix: only mixed/mainnet is a mixture, and it was not asked for");
  if (options.make_only && !options.real.empty())
    return usage_error("--make-only: not together with --real, whose blocks are there already");
  if (options.names.empty() && options.real.empty())
    for (const Workload& workload : workloads::all_workloads()) chosen.push_back(&workload);

  if (options.make_only) return make_blocks(options, chosen);

  if (options.threads.empty()) {
    const unsigned cores = std::max(2u, std::thread::hardware_concurrency());
    for (unsigned threads = 2; threads < cores; threads *= 2) options.threads.push_back(threads);
    options.threads.push_back(std::min(cores, kMostThreads));
  }
  auto report = BenchReport::open(options.report, options.repeat, chosen.size() + options.real.size());
  if (!report) return usage_error(report.error().message);
  return BenchRun(options, std::move(chosen), *std::move(report)).run();
}

// What CLI11's own checks let pass: "nan" is in every range, "-1" is a large number.
CLI::Validator number_from(double low, double high) {
  return CLI::Validator(
      [=](const std::string& text) {
        double number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        const bool is_number = error == std::errc() && end == text.data() + text.size();
        if (is_number && number >= low && number <= high) return std::string();
        return fmt::format("Value {} not in range {} to {}", text, low, high);
      },
      "");
}
CLI::Validator whole_number() {
  return CLI::Validator(
      [](const std::string& text) {
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc() && end == text.data() + text.size()) return std::string();
        return fmt::format("{} is no whole number below 2^64", text);
      },
      "");
}

constexpr const char* kFooter =
    R"(A block is made of each workload, executed sequentially and with each number of threads, in turns, and every result
is compared: receipts, gas, state changes, and what the workload itself says must hold of the state afterwards.
The same options make the same block. Senders are known: recovering them is not measured.

report.html shows what each worker did, what depends on what, and where; report.json holds all that it shows.
--baseline marks what became slower or faster than in an earlier report.json by more than chance explains.

Exit status: 0 if all is well, 1 if a result is wrong, 2 for a wrong command line.

Examples:
  hocket bench --list
  hocket bench --workload transfers,erc20/zipf --gas 1G --threads 1,2,4
  hocket bench --real blocks/ --threads 2
  hocket bench --real 15537393.json --real 15537394.json --merge 2
  hocket bench --workload erc20/hot --hot 0.1 --accounts 100000
  hocket bench --workload dex --repeat 9 --output after --baseline before/report.json)";

}  // namespace

const Command kBenchCommand{
    .name = "bench",
    .summary = "Generate blocks and measure their execution, sequential and parallel",
    .define = [](CLI::App& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      app.add_flag("--list", options->list, "Print the workloads and what they do");
      app.add_flag("--make-only", options->make_only, "Make the blocks and print their hashes; execute nothing");
      app.add_option("--workload", options->names, "Workloads, or families of them (default: all)")
          ->type_name("NAME,...")
          ->delimiter(',');
      app.add_option("--gas", options->gas, "Gas of a block (default: 100M)")->type_name("GAS");
      app.add_option("--accounts", options->accounts, "Accounts that take part (default: as the workload needs)")
          ->type_name("N")
          ->check(CLI::Range(2, 10'000'000).description(""));
      app.add_option("--hot", options->workload.hot_share,
                     "Share of choices that fall on the hot tenth of the accounts, where there is one (default: 0.3)")
          ->type_name("R")
          ->check(number_from(0, 1));
      app.add_option("--zipf", options->workload.zipf_exponent, "Exponent of Zipf's law, where it rules (default: 1)")
          ->type_name("S")
          ->check(number_from(0, 10));
      app.add_option("--threads", options->threads,
                     "Numbers of threads; 1 is always measured (default: 2 to all cores)")
          ->type_name("N,...")
          ->delimiter(',')
          ->check(CLI::Range(1u, kMostThreads).description(""));
      app.add_option("--seed", options->workload.seed, "Of everything that is left to chance (default: 1)")
          ->type_name("S")
          ->check(whole_number());
      app.add_option("--repeat", options->repeat, "Execute each so often and report medians (default: 5)")
          ->type_name("N")
          ->check(CLI::Range(1, 100'000).description(""));
      app.add_option("--mix", options->mix, "Of mixed/mainnet: workloads with their weights, by gas")
          ->type_name("NAME=WEIGHT,...")
          ->delimiter(',');
      app.add_option("--read-latency", options->read_latency_us, "Each read of the state takes so long (default: 0)")
          ->type_name("MICROSECONDS")
          ->check(CLI::Range(0, 1'000'000).description(""));
      app.add_option("--real", options->real, "Bundles of real blocks, as replay takes them; repeatable")
          ->type_name("FILE|DIR|GLOB");
      app.add_option("--merge", options->merge, "Make one block of every N real ones, by number (docs/bundles.md)")
          ->type_name("N")
          ->check(CLI::Range(2, 10'000).description(""));
      options->report.define(app);
      app.footer(kFooter);
      return [options] { return run_bench(*options); };
    },
};

}  // namespace hocket
