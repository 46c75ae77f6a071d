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
std::optional<std::string> difference(const StateDiff& expected, const StateDiff& found);

/// One way to execute a block in parallel.
struct ParallelWay {
  unsigned threads = 2;
  unsigned hash_bits = 64;
  TxnIndex sequential_after = 0;
  bool wait_for_estimates = true;
  bool predict_nonces = true;
  std::uint64_t unsteady_seed = 0;  // of an UnsteadyView

  ParallelOptions options() const {
    return {.threads = threads,
            .forced = true,
            .predict_nonces = predict_nonces,
            .wait_for_estimates = wait_for_estimates,
            .sequential_after = sequential_after,
            .hash_bits = hash_bits,
            .on_commit = {},
            .cancelled = nullptr};
  }
};
std::string to_string(const ParallelWay& way);

}  // namespace hocket::testing
