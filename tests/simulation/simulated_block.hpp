// SimulatedBlock: a scenario executed by virtual workers with the real scheduler, multi-version memory, views and
// worker loop, and everything about it checked.
#pragma once

#include "parallel/following.hpp"
#include "parallel/mv_view.hpp"
#include "parallel/worker_loop.hpp"
#include "simulation/scenario.hpp"
#include "simulation/sim_sync.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hocket::simulation {

/// How transactions are executed, and what goes wrong on purpose.
struct Mischief {
  bool wait_for_estimates = true;
  /// Executions that wait with their work kept, at most.
  unsigned max_suspended = 0;
  bool early_abort = false;
  bool defer_fees = false;
  /// Slots that an execution has read for nothing are followed from then on, or all are.
  bool follows_hot = false;
  bool follows_all = false;
  /// Each transaction takes the nonce of one account to be at least this; mostly wrongly.
  std::optional<std::uint64_t> foreseen_nonce;
  /// Payments and some others are left to their turn.
  bool in_turn = false;
  TxnIndex reach = 1;  // units begin in a random order within stretches of so many
  bool begins_alone = false;
  TxnIndex window = 512;
  bool leaves_chains = false;
  TxnIndex leaves_after = 0;
  /// One in so many validations says that a valid execution is stale, a few times for each transaction. 0: never.
  std::uint64_t one_abort_in = 0;
  /// Versions of transactions that never write there exist before they are executed.
  std::uint64_t false_estimates = 0;
  /// The block ends with a failure when this transaction's turn comes.
  std::optional<TxnIndex> fails_at;
};

struct SimulatedCounts {
  std::uint64_t steps = 0;
  std::uint64_t executions = 0;
  std::uint64_t waits = 0;
  std::uint64_t resumed = 0;       // executions that went on after a wait
  std::uint64_t early_aborts = 0;  // ended before their end
  std::uint64_t left = 0;          // to serial execution, at the block's end
  std::uint64_t narrow = 0;        // committed while one worker went on alone
  std::uint64_t invalid = 0;
  std::uint64_t redone = 0;          // committed after a part was done again
  std::uint64_t redone_in_vain = 0;  // executed again, since another way might have been taken
  std::uint64_t at_once = 0;         // executed on the committed prefix and committed, in one
};

/// Kept for many blocks, as an executor is. Thread safety: none.
class SimulatedBlock {
 public:
  /// Nothing: everything was right. Otherwise what was not.
  std::optional<std::string> run(const Scenario& scenario, const SerialResult& expected,
                                 const ScheduleOptions& schedule, const Mischief& mischief);

  const SimulatedCounts& counts() const noexcept { return counts_; }

 private:
  /// What an execution runs with, and keeps while it is suspended.
  struct Context {
    explicit Context(MvMemory<SimSync>& memory) : view(memory), journal(view) {}
    MvView<SimSync> view;
    Journal journal;
    TransactionRun run;
    bool exact = false;  // all before the transaction were committed when it began
  };
  struct State {
    ReadSet<SimSync> reads;
    WriteSet<SimSync> writes;
    Following<SimSync> following;
    Context* suspended = nullptr;
    bool exact = false;
    bool is_begun = false;
    bool has_deferred_fee = false;
    std::optional<std::uint64_t> value;
    unsigned forced_aborts = 0;
    unsigned executing = 0;  // workers at it now
  };
  class Transactions;

  Context& take_context();
  BeginOrder make_order(TxnIndex count);
  void publish_false_estimates(std::uint64_t count);
  void fail(std::string what) {
    if (!failure_) failure_ = std::move(what);
  }
  std::optional<std::string> check_end();

  VirtualWorkers virtual_workers_;
  MvMemory<SimSync> memory_;
  Scheduler<SimSync> scheduler_;
  std::vector<std::unique_ptr<Context>> contexts_;
  std::vector<Context*> free_contexts_;
  unsigned suspended_ = 0;
  std::vector<std::uint8_t> in_turn_;
  std::vector<TxnIndex> units_;
  std::vector<TxnIndex> order_;
  std::vector<State> states_;
  SimulatedCounts counts_;

  const Scenario* scenario_ = nullptr;
  const SerialResult* expected_ = nullptr;
  Mischief mischief_;
  Address foreseen_account_ = account_address(2);
  Random random_{0};
  TxnIndex committed_ = 0;
  bool failed_ = false;  // as fails_at asks
  std::optional<std::string> failure_;
};

}  // namespace hocket::simulation
