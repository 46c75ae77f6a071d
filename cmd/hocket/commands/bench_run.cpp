#include "commands/bench_run.hpp"

#include "analysis/block_report.hpp"
#include "analysis/trace_block.hpp"
#include "block/verify.hpp"
#include "commands/bench_merge.hpp"
#include "commands/bench_table.hpp"
#include "replay/block_bundle.hpp"
#include "terminal.hpp"
#include "workloads/build_block.hpp"
#include "workloads/latent_view.hpp"
#include "workloads/measure.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/core.h>

namespace hocket {
namespace {

using workloads::Measurement;
using workloads::Workload;

class BenchRun {
 public:
  BenchRun(const BenchRunOptions& options, std::vector<const Workload*> chosen, BenchReport report)
      : options_(options),
        chosen_(std::move(chosen)),
        pool_(std::ranges::max(options.threads)),
        report_(std::move(report)),
        colours_(wants_colours(stdout)),
        table_(colours_, report_.baseline()) {}

  int run() {
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
    return failed_ ? kExitFailure : 0;
  }

 private:
  void report(const Result<Measurement>& measurement) {
    progress_.clear();
    if (measurement) {
      if (!heading_printed_) table_.print_heading();
      heading_printed_ = true;
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
      const auto measurement = measure(name, *merged);
      report(measurement);
      if (!measurement) continue;
      fmt::print("{}\n", coloured("  " + bench_merge::text_of(*merged, group.size()), Colour::dim, colours_));
    }
  }

  // A merged block is nobody's: there is nothing to compare its outcome with but what merging it gave.
  Result<Measurement> measure(const std::string& name, const MergedBlock& merged) {
    return measure(name, {.name = name,
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
    HOCKET_TRY(const BlockBundle bundle, decode_bundle(std::move(document)));
    const Header& header = bundle.block.header;
    const std::string place = fmt::format("{}: block {}", bundle.name, header.number);
    const auto block = recover_senders(bundle.block, bundle.config.spec_for(header), bundle.config.chain_id);
    if (!block) return fail(fmt::format("{}: {}", place, block.error().message()));
    return measure(place, {.name = fmt::format("{} {}", bundle.config.name, header.number),
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
    return measure(made.name, {.name = made.name,
                               .config = made.config,
                               .block = made.block,
                               .state = made.state,
                               .check = [&](const BlockOutput& output) { return made.check(output); }});
  }

  /// `place`: what an error's message begins with.
  Result<Measurement> measure(const std::string& place, const workloads::Subject& subject) {
    auto measurement = measure(subject);
    if (!measurement) return std::unexpected(std::move(measurement).error().in(place));
    return measurement;
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

  const BenchRunOptions& options_;
  std::vector<const Workload*> chosen_;
  WorkerPool pool_;
  ProgressBar progress_;
  BenchReport report_;
  bool colours_;
  BenchTable table_;
  bool heading_printed_ = false;
  bool failed_ = false;
};

}  // namespace

int bench_blocks(const BenchRunOptions& options, std::vector<const Workload*> chosen, BenchReport report) {
  return BenchRun(options, std::move(chosen), std::move(report)).run();
}

}  // namespace hocket
