// hocket bench: generates blocks of the workloads and measures their execution, sequential and parallel.
#include "base/hex.hpp"
#include "base/processors.hpp"
#include "command.hpp"
#include "commands/bench_run.hpp"
#include "number_checks.hpp"
#include "terminal.hpp"
#include "workloads/build_block.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <fmt/core.h>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace hocket {
namespace {

using workloads::Workload;

constexpr std::uint64_t kLeastGas = 1'000'000;
constexpr std::uint64_t kMostGas = 20'000'000'000;
constexpr unsigned kMostThreads = 256;

struct Options {
  std::vector<std::string> names;
  std::string gas = "100M";
  std::uint64_t accounts = 0;    // 0: as the workload needs
  std::vector<std::string> mix;  // name=weight
  BenchRunOptions run;
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
    const auto made = workloads::build_block(*chosen[i], options.run.workload);
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

int run_bench(Options& options) {
  if (options.list) return list_workloads();
  if (options.run.merge > 1 && options.run.real.empty())
    return usage_error("--merge: expected --real too, with the blocks to be merged");
  const auto gas = parse_quantity(options.gas);
  if (!gas || *gas < kLeastGas || *gas > kMostGas)
    return usage_error(fmt::format("--gas: {}: expected 1M to 20G", options.gas));
  options.run.workload.gas = *gas;
  if (options.accounts != 0) options.run.workload.accounts = options.accounts;

  if (!options.mix.empty()) {
    auto mix = parse_mix(options.mix);
    if (!mix) return usage_error("--mix: " + mix.error().message);
    options.run.workload.mix = std::move(*mix);
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
  if (options.make_only && !options.run.real.empty())
    return usage_error("--make-only: not together with --real, whose blocks are there already");
  if (options.names.empty() && options.run.real.empty())
    for (const Workload& workload : workloads::all_workloads()) chosen.push_back(&workload);

  if (options.make_only) return make_blocks(options, chosen);

  if (options.run.threads.empty()) {
    const unsigned cores = std::max(2u, available_processors());
    for (unsigned threads = 2; threads < cores; threads *= 2) options.run.threads.push_back(threads);
    options.run.threads.push_back(std::min(cores, kMostThreads));
  }
  auto report = BenchReport::open(options.report, options.run.repeat, chosen.size() + options.run.real.size());
  if (!report) return usage_error(report.error().message);
  return bench_blocks(options.run, std::move(chosen), *std::move(report));
}

constexpr const char* kFooter =
    R"(A block is made of each workload, executed sequentially and with each number of threads, in turns, and every result
is compared: receipts, gas, state changes, and what the workload itself says must hold of the state afterwards.
The same options make the same block. Senders are known: recovering them is not measured.

report.html shows what each worker did, what depends on what, and where; report.json holds all that it shows.
--baseline marks what became slower or faster than in an earlier report.json by more than chance explains.

Exit status: 0 if all is well, 1 if a result is wrong or a file cannot be read or written, 2 for a wrong command line.

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
          ->check(whole_number(2, 10'000'000));
      app.add_option("--hot", options->run.workload.hot_share,
                     "Share of choices that fall on the hot tenth of the accounts, where there is one (default: 0.3)")
          ->type_name("R")
          ->check(number(0, 1));
      app.add_option("--zipf", options->run.workload.zipf_exponent,
                     "Exponent of Zipf's law, where it rules (default: 1)")
          ->type_name("S")
          ->check(number(0, 10));
      app.add_option("--threads", options->run.threads,
                     "Numbers of threads; 1 is always measured (default: 2 to all processors that the process may use)")
          ->type_name("N,...")
          ->delimiter(',')
          ->check(whole_number(1, kMostThreads));
      app.add_option("--seed", options->run.workload.seed, "Of everything that is left to chance (default: 1)")
          ->type_name("S")
          ->check(whole_number(0));
      app.add_option("--repeat", options->run.repeat, "Execute each so often and report medians (default: 5)")
          ->type_name("N")
          ->check(whole_number(1, 100'000));
      app.add_option("--mix", options->mix, "Of mixed/mainnet: workloads with their weights, by gas")
          ->type_name("NAME=WEIGHT,...")
          ->delimiter(',');
      app.add_option("--read-latency", options->run.read_latency_us,
                     "Each read of the state takes so long (default: 0)")
          ->type_name("MICROSECONDS")
          ->check(whole_number(0, 1'000'000));
      app.add_option("--real", options->run.real, "Bundles of real blocks, as replay takes them; repeatable")
          ->type_name("FILE|DIR|GLOB");
      app.add_option("--merge", options->run.merge, "Make one block of every N real ones, by number (docs/bundles.md)")
          ->type_name("N")
          ->check(whole_number(2, 10'000));
      options->report.define(app);
      app.footer(kFooter);
      return [options] { return run_bench(*options); };
    },
};

}  // namespace hocket
