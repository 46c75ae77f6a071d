// replay_block: executes a bundle and compares the outcome with everything that the block's header claims. What the
// bundle cannot show is reported as not verified, never as verified.
#pragma once

#include "base/worker_pool.hpp"
#include "replay/block_bundle.hpp"
#include "transition/executor.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace hocket {

/// What a header claims.
enum class Check : std::uint8_t {
  block_hash,  // the bundle's is the header's
  parent,      // the header follows from its parent's under the fork's rules
  transactions_root,
  senders,  // recovered from the signatures, and as the bundle names them
  ommers_hash,
  withdrawals_root,
  gas_used,
  receipts_root,
  logs_bloom,
  blob_gas_used,
  requests_hash,
  state_root,
};
inline constexpr int kCheckCount = static_cast<int>(Check::state_root) + 1;

/// "receipts root"
std::string_view to_string(Check check) noexcept;

enum class CheckResult : std::uint8_t {
  not_applicable,  // the fork's headers claim no such thing
  not_verified,    // the bundle does not hold what it takes
  verified,
};

struct ReplayReport {
  std::string fork;  // "Cancun", "BPO2"
  std::array<CheckResult, kCheckCount> checks{};
  /// Medians over the repetitions.
  std::chrono::nanoseconds recovery{};       // of senders
  std::chrono::nanoseconds execution{};      // system calls, transactions, withdrawals, rewards
  std::chrono::nanoseconds execution_cpu{};  // the same, of all cores together
  std::chrono::nanoseconds verification{};   // roots and their comparison

  CheckResult operator[](Check check) const noexcept { return checks[static_cast<std::size_t>(check)]; }
};

struct ReplayFailure {
  /// One line: what differs, what was expected; for an invalid block the rule's name too.
  std::string message;
};

struct ReplayOptions {
  int repeat = 1;  // times that the block is executed; at least 1
  /// Recovers the senders; nullptr: the calling thread does.
  WorkerPool* pool = nullptr;
  /// The roots of transactions and receipts are made by the executor's workers while the block is being executed, and
  /// count as execution.
  bool roots_meanwhile = false;
};

/// Thread safety: that of `executor`.
/// Errors: the block is invalid, something differs from the header, or the state lacks what is needed.
std::expected<ReplayReport, ReplayFailure> replay_block(const BlockBundle& bundle, Executor& executor,
                                                        const ReplayOptions& options = {});

/// The name of the fork that the block with `header` is under, blob-parameter forks included.
std::string fork_name(const Header& header, const ChainConfig& config);

}  // namespace hocket
