#include "workloads/measure.hpp"

#include "core/codec.hpp"
#include "replay/output_difference.hpp"
#include "workloads/process_usage.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <memory>

namespace hocket::workloads {
namespace {

using Clock = std::chrono::steady_clock;

template <class T>
T median(std::vector<T> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// One way to execute the block, with what it has cost so far.
class Contestant {
 public:
  Contestant(const Subject& subject, unsigned threads, std::unique_ptr<Executor> executor)
      : subject_(subject), executor_(std::move(executor)) {
    cost_.threads = threads;
  }

  std::expected<BlockOutput, BlockFailure> run(bool timed) {
    if (!timed) return run_for_memory();
    const auto cpu_before = processor_time();
    const auto start = Clock::now();
    auto output = execute_block(subject_.block, subject_.config, subject_.state, *executor_);
    const auto wall = Clock::now() - start;
    const auto cpu = processor_time() - cpu_before;
    cost_.walls.push_back(wall);
    shares_.push_back(static_cast<double>(cpu.count()) / static_cast<double>(wall.count()));
    return output;
  }

  const Executor& executor() const noexcept { return *executor_; }
  std::unexpected<Error> failed(const std::string& why) const {
    return fail(cost_.threads == 1 ? why : fmt::format("{} threads: {}", cost_.threads, why));
  }

  Cost finish() {
    cost_.wall = median(cost_.walls);
    cost_.cpu_share = median(shares_);
    if (const auto* parallel = dynamic_cast<const ParallelExecutor*>(executor_.get()))
      cost_.statistics = parallel->statistics();
    return std::move(cost_);
  }

 private:
  std::expected<BlockOutput, BlockFailure> run_for_memory() {
    const bool is_known = reset_peak_memory();
    const auto before = resident_bytes();
    auto output = execute_block(subject_.block, subject_.config, subject_.state, *executor_);
    const auto peak = peak_bytes();
    if (is_known && before && peak) cost_.peak_bytes = *peak - std::min(*peak, *before);
    return output;
  }

  const Subject& subject_;
  std::unique_ptr<Executor> executor_;
  Cost cost_;
  std::vector<double> shares_;
};

}  // namespace

Result<Measurement> measure(const Subject& subject, WorkerPool& pool, const MeasureOptions& options) {
  ProgramCache programs;
  std::vector<Contestant> contestants;
  contestants.emplace_back(subject, 1, std::make_unique<SequentialExecutor>(programs));
  for (const unsigned threads : options.threads) {
    ParallelOptions parallel;
    parallel.threads = threads;
    parallel.forced = options.forced;
    contestants.emplace_back(subject, threads, std::make_unique<ParallelExecutor>(programs, pool, parallel));
  }

  std::optional<BlockOutput> expected;
  const auto total = static_cast<unsigned>(contestants.size()) * (options.repeat + 1);
  unsigned done = 0;
  for (unsigned round = 0; round <= options.repeat; ++round) {
    for (Contestant& contestant : contestants) {
      auto output = contestant.run(round != 0);
      if (!output) return contestant.failed(output.error().message());
      if (expected) {
        if (const auto differs = difference(*expected, *output, {.expected = "sequentially", .found = "here"}))
          return contestant.failed(*differs);
      }
      if (round == 0 && subject.check) {
        if (const auto wrong = subject.check(*output)) return contestant.failed(*wrong);
      }
      if (!expected) expected = std::move(*output);
      if (options.progress) options.progress(++done, total);
    }
  }

  Measurement measurement;
  measurement.name = subject.name;
  measurement.hash = hash_of(subject.block.block().header);
  measurement.transactions = subject.block.block().transactions.size();
  measurement.gas = expected->gas_used;
  measurement.sequential = contestants.front().finish();
  for (std::size_t i = 1; i < contestants.size(); ++i) measurement.parallel.push_back(contestants[i].finish());
  return measurement;
}

}  // namespace hocket::workloads
