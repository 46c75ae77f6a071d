// One block through one executor, and how two results differ.
#pragma once

#include "parallel/parallel_executor.hpp"
#include "parallel/random_block.hpp"
#include "transition/executor.hpp"

#include <expected>
#include <optional>
#include <string>

namespace hocket::testing {

struct Execution {
  std::expected<ExecutedTransactions, std::string> transactions;  // or the failure's message
  StateDiff diff;                                                 // empty after a failure
};

/// Executes `block` on `state` (the block's own, or a view of it).
Execution execute(const RandomBlock& block, const StateView& state, Executor& executor);

/// Nothing: the same. Otherwise the first difference, for a person.
std::optional<std::string> difference(const Execution& expected, const Execution& found);

/// One way to execute a block in parallel.
struct ParallelWay {
  unsigned threads = 2;
  unsigned hash_bits = 64;
  TxnIndex sequential_after = 0;
  bool wait_for_estimates = true;
  bool predict_nonces = true;
  bool predict_writes = true;
  unsigned max_suspended = 64;
  PolicyKind policy = PolicyKind::critical_path;
  bool early_abort = true;
  bool defer_fees = true;
  bool split_transfers = true;
  bool transfers_in_turn = true;
  TxnIndex segment_length = 0;
  FollowedSlots followed_slots = FollowedSlots::none;
  std::uint64_t unsteady_seed = 0;  // of an UnsteadyView
  std::uint64_t disorder = 0;

  ParallelOptions options() const {
    ParallelOptions options;
    options.threads = threads;
    options.forced = true;
    options.predict_nonces = predict_nonces;
    options.wait_for_estimates = wait_for_estimates;
    options.predict_writes = predict_writes;
    options.max_suspended = max_suspended;
    options.policy = policy;
    options.early_abort = early_abort;
    options.defer_fees = defer_fees;
    options.split_transfers = split_transfers;
    options.transfers_in_turn = transfers_in_turn;
    options.segment_length = segment_length;
    options.sequential_after = sequential_after;
    options.hash_bits = hash_bits;
    options.followed_slots = followed_slots;
    options.follows_from = 1;
    options.disorder = disorder;
    return options;
  }
};
std::string to_string(const ParallelWay& way);

}  // namespace hocket::testing
