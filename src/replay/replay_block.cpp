#include "replay/replay_block.hpp"

#include "base/assert.hpp"
#include "replay/bundle_checks.hpp"

namespace hocket {
namespace {

std::expected<BlockOutput, ReplayFailure> execute(BundleChecks& checks, const RecoveredBlock& block, Executor& executor,
                                                  const ReplayOptions& options) {
  if (options.roots_meanwhile) return checks.execute_with_roots(block, executor);
  auto output = checks.execute(block, executor);
  if (!output) return std::unexpected(ReplayFailure{output.error().message()});
  return std::move(*output);
}

}  // namespace

std::string_view to_string(Check check) noexcept {
  switch (check) {
    case Check::block_hash:
      return "block hash";
    case Check::parent:
      return "parent";
    case Check::transactions_root:
      return "transactions root";
    case Check::senders:
      return "senders";
    case Check::ommers_hash:
      return "ommers hash";
    case Check::withdrawals_root:
      return "withdrawals root";
    case Check::gas_used:
      return "gas used";
    case Check::receipts_root:
      return "receipts root";
    case Check::logs_bloom:
      return "logs bloom";
    case Check::blob_gas_used:
      return "blob gas";
    case Check::requests_hash:
      return "requests hash";
    case Check::state_root:
      return "state root";
  }
  return "";
}

std::string fork_name(const Header& header, const ChainConfig& config) {
  const Revision revision = config.spec_for(header).revision;
  std::string name(to_string(revision));
  if (!spec_of(revision).blob_transactions) return name;
  for (const BlobScheduleEntry& entry : config.blob_schedule)
    if (entry.from_time <= header.timestamp && entry.fork.starts_with("bpo")) name = "BPO" + entry.fork.substr(3);
  return name;
}

std::expected<ReplayReport, ReplayFailure> replay_block(const BlockBundle& bundle, Executor& executor,
                                                        const ReplayOptions& options) {
  HOCKET_ASSERT(options.repeat >= 1 && bundle.state != nullptr);
  BundleChecks checks(bundle);
  if (auto ok = checks.check_before(!options.roots_meanwhile); !ok) return std::unexpected(std::move(ok).error());
  ExecutionTimes times;
  for (int i = 0; i < options.repeat; ++i) {
    const auto recovered = checks.recover(options.pool);
    if (!recovered) return std::unexpected(recovered.error());
    const ExecutionTimer timer;
    const auto output = execute(checks, *recovered, executor, options);
    times.add(timer.elapsed());
    if (!output) return std::unexpected(output.error());
    if (auto ok = checks.check_output(*output); !ok) return std::unexpected(std::move(ok).error());
  }
  ReplayReport report = checks.report();
  const ExecutionTime medians = times.medians();
  report.execution = medians.wall;
  report.execution_cpu = medians.cpu;
  return report;
}

}  // namespace hocket
