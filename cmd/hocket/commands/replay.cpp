// hocket replay: executes block bundles and checks them against their headers.
#include "base/processors.hpp"
#include "command.hpp"
#include "commands/bundle_input.hpp"
#include "commands/replay_report.hpp"
#include "commands/replay_rows.hpp"
#include "number_checks.hpp"
#include "parallel/parallel_executor.hpp"
#include "terminal.hpp"

#include <fmt/core.h>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hocket {
namespace {

using replay_rows::Row;

struct Options {
  BundleOptions bundles;
  int repeat = 1;
  unsigned threads = available_processors();
  bool compare = false;
  bool report = false;
  std::string followed_slots;  // empty: as the executor does unless told otherwise

  /// Who repeats or compares wants to know about the execution.
  bool roots_meanwhile() const { return threads > 1 && repeat == 1 && !compare && !report; }
  replay_rows::Mode mode() const {
    return {.repeat = repeat, .threads = threads, .compares = compare, .roots_meanwhile = roots_meanwhile()};
  }
};

// What executes all blocks: the pool, the parallel executor on it, and the sequential one.
class Executors {
 public:
  Executors(const Options& options, ProgramCache& programs) : options_(options), sequential_(programs) {
    if (options.threads == 1 && !options.compare) return;
    pool_.emplace(options.threads);
    ParallelOptions parallel;
    parallel.threads = options.threads;
    // One thread is asked for to see what the parallel path costs: nothing else would be compared.
    parallel.forced = options.threads == 1;
    if (!options.followed_slots.empty()) {
      parallel.followed_slots = options.followed_slots == "none"  ? FollowedSlots::none
                                : options.followed_slots == "all" ? FollowedSlots::all
                                                                  : FollowedSlots::hot;
      parallel.follows_from = 1;
    }
    parallel_.emplace(programs, *pool_, std::move(parallel));
  }

  Row run(const BlockBundle& bundle, std::chrono::nanoseconds decoding) {
    const ReplayOptions replay{
        .repeat = options_.repeat, .pool = pool_ ? &*pool_ : nullptr, .roots_meanwhile = options_.roots_meanwhile()};
    Row row{.bundle = bundle, .decoding = decoding, .report = {}, .sequential = {}, .parallel = {}};
    Executor& executor = parallel_ ? static_cast<Executor&>(*parallel_) : sequential_;
    if (!options_.compare && !options_.report) {
      row.report = replay_block(bundle, executor, replay);
      return row;
    }
    auto comparison = compare_executors(bundle, sequential_, executor, replay);
    if (comparison) {
      row.sequential = {
          .median = comparison->reference, .least = comparison->reference_least, .cpu = comparison->reference_cpu};
      row.parallel = {
          .median = comparison->report.execution, .least = comparison->least, .cpu = comparison->report.execution_cpu};
      row.report = std::move(comparison->report);
    } else {
      row.report = std::unexpected(std::move(comparison).error());
    }
    return row;
  }

  /// Of the last block; none where there is no parallel executor.
  std::optional<ParallelStatistics> statistics() const {
    return parallel_ ? std::optional(parallel_->statistics()) : std::nullopt;
  }

 private:
  const Options& options_;
  SequentialExecutor sequential_;
  std::optional<WorkerPool> pool_;
  std::optional<ParallelExecutor> parallel_;
};

class ReplayRun {
 public:
  explicit ReplayRun(const Options& options)
      : options_(options),
        mode_(options.mode()),
        bundles_("replay", options.bundles),
        executors_(options, programs_),
        colours_(wants_colours(stdout)) {}

  int run() {
    while (const auto next = bundles_.next()) replay(*next);
    totals_.failed += bundles_.undecoded();
    if (options_.bundles.json && options_.compare) print_json(totals_, mode_);
    if (heading_printed_) print_totals(totals_, mode_, colours_);
    return bundles_.failed() ? kExitFailure : 0;
  }

 private:
  void replay(const DecodedBundle& decoded) {
    const Row row = executors_.run(decoded.bundle, decoded.decoding);
    totals_.add(row, mode_);
    print(row, report_of(row));
    programs_.trim();
    if (!row.report) bundles_.report_block(decoded.bundle, row.report.error().message, true);
  }

  // With --report, of a block that was verified.
  std::optional<replay_report::Report> report_of(const Row& row) {
    if (!options_.report || !row.report) return std::nullopt;
    auto block = replay_report::analyse(row.bundle, programs_);
    if (!block) return std::nullopt;  // it has just been executed: there is no reason for it
    return replay_report::Report{.block = std::move(*block), .statistics = executors_.statistics()};
  }

  void print(const Row& row, const std::optional<replay_report::Report>& report) {
    bundles_.clear_progress();
    if (options_.bundles.json) {
      print_json(row, mode_, report ? to_json(*report, row, mode_) : nullptr);
    } else {
      if (!heading_printed_) print_heading(mode_, colours_);
      heading_printed_ = true;
      print_row(row, mode_, colours_);
      if (report) replay_report::print(*report, row, mode_);
    }
    std::fflush(stdout);
  }

  const Options& options_;
  replay_rows::Mode mode_;
  BundleInput bundles_;
  ProgramCache programs_;
  Executors executors_;
  replay_rows::Totals totals_;
  bool colours_;
  bool heading_printed_ = false;
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

Blocks are executed on all cores; --threads 1 is the sequential executor. Sequential execution is also what small
blocks get. With --compare both executors run in turn after one unmeasured execution each, and any difference between
their receipts, logs, gas, requests or state changes is a failure; --compare --threads 1 measures the parallel
executor's own cost on one thread. Without --repeat short blocks are executed more than once: until they have taken
10 ms of processor time, or 101 times. With --compare --json a last line has the totals.

--follow-slots says of which slots it is recorded what transactions do with their values, so that a transaction that was
executed too early need not be executed again where it only calculated with them. "hot" are those that have been read
too early, or waited for. Where nothing is said these are followed, from 4 threads on.

--report says of each block how often transactions were executed and why again, what the conflicts between its
transactions allow (critical path, schedules on more cores, under four models: M1 every location conflicts, M2n balances
that are only moved commute, M2 and nonces are predicted, M3 and slots that are only added to commute), and which
locations it is for. Times are gas where they are not ms. How much faster than sequential execution the run was is
measured as with --compare, and is the ratio of the least times, which other work on the machine disturbs least. Each
block is executed a few times more for the times of its transactions, and once with a tracer, slowly.

The proof-of-work seal is not checked. What a bundle cannot show is listed as not verified.
Exit status: 0 if every block was verified, 1 if one failed or could not be read, 2 for a wrong command line.

Examples:
  hocket replay 19934116.json
  hocket replay --keep-going blocks/ more.tar.zst 'old/*.json.gz'
  hocket replay --repeat 20 --json blocks/ | jq .mgasPerSecond
  hocket replay --compare --threads 2 --repeat 9 blocks/
  hocket replay --report 19934116.json)";

}  // namespace

const Command kReplayCommand{
    .name = "replay",
    .summary = "Execute blocks and check them against their headers",
    .define = [](CLI::App& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      options->bundles.define_paths(app);
      app.add_option("--repeat", options->repeat, "Execute each block so often and report medians (default: 1)")
          ->type_name("N")
          ->check(whole_number(1, 1'000'000));
      app.add_option("--threads", options->threads,
                     "Threads that execute a block (default: one a processor that the process may use)")
          ->type_name("N")
          ->check(whole_number(1, 1024));
      app.add_option("--follow-slots", options->followed_slots, "none, hot, all (default: hot, from 4 threads on)")
          ->type_name("WHICH")
          ->check(CLI::IsMember({"none", "hot", "all"}));
      app.add_flag("--compare", options->compare, "Execute sequentially too; compare results and times");
      app.add_flag("--report", options->report, "What each block's execution cost, and what it could cost at least");
      app.add_flag("--json", options->bundles.json, "One JSON object a block on standard output instead of the table");
      options->bundles.define_keep_going(app);
      app.footer(kFooter);
      return [options] { return ReplayRun(*options).run(); };
    },
};

}  // namespace hocket
