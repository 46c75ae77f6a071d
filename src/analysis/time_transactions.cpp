#include "analysis/time_transactions.hpp"

#include <algorithm>
#include <array>

namespace hocket {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kTimedExecutions = 5;

/// Sequential, with a look at the clock after each transaction.
class TimingExecutor final : public Executor {
 public:
  explicit TimingExecutor(ProgramCache& programs) : Executor(programs), sequential_(programs) {}

  std::expected<ExecutedTransactions, BlockFailure> execute(const BlockEnvironment& block,
                                                            std::span<const Transaction> transactions, Journal& journal,
                                                            const IntermediateRoot& intermediate_root) override {
    sequential_.evm().begin_block(*block.spec, block.context);
    durations_.clear();
    std::expected<ExecutedTransactions, BlockFailure> executed;
    executed->receipts.reserve(transactions.size());
    for (std::size_t i = 0; executed && i < transactions.size(); ++i) {
      const auto start = Clock::now();
      executed = sequential_.execute_rest(block, transactions.first(i + 1), i, *std::move(executed), journal,
                                          intermediate_root);
      durations_.push_back(Clock::now() - start);
    }
    return executed;
  }

  /// Of the last block.
  const std::vector<std::chrono::nanoseconds>& durations() const noexcept { return durations_; }

 private:
  SequentialExecutor sequential_;
  std::vector<std::chrono::nanoseconds> durations_;
};

}  // namespace

Result<std::vector<std::chrono::nanoseconds>> time_transactions(const RecoveredBlock& block, const ChainConfig& config,
                                                                const StateView& state, ProgramCache& programs) {
  TimingExecutor executor(programs);
  if (const auto unmeasured = execute_block(block, config, state, executor); !unmeasured)
    return fail(unmeasured.error().message());
  std::vector<std::array<std::chrono::nanoseconds, kTimedExecutions>> times(block.block().transactions.size());
  for (std::size_t i = 0; i < kTimedExecutions; ++i) {
    if (const auto output = execute_block(block, config, state, executor); !output)
      return fail(output.error().message());
    for (std::size_t txn = 0; txn < times.size(); ++txn) times[txn][i] = executor.durations()[txn];
  }
  std::vector<std::chrono::nanoseconds> medians;
  medians.reserve(times.size());
  for (auto& of_one : times) {
    const auto middle = of_one.begin() + kTimedExecutions / 2;
    std::ranges::nth_element(of_one, middle);
    medians.push_back(*middle);
  }
  return medians;
}

}  // namespace hocket
