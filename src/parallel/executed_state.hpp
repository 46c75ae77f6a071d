// ExecutedState: what the transactions of a block have made of the state, kept outside the block's journal. The journal
// adopts from it what the work after the transactions asks for; the rest goes into the block's diff directly.
#pragma once

#include "base/worker_pool.hpp"
#include "state/journal.hpp"
#include "state/state_diff.hpp"

namespace hocket {

/// Thread safety: none.
class ExecutedState : public LaterState {
 public:
  /// Brings the accounts up to date that the journal knows already.
  void adopt_known(Journal& journal) const {
    // adopt adds no account that is known.
    for (std::size_t i = 0; i < journal.account_count(); ++i) adopt(journal.account_entry(i).address, journal);
  }
  /// Adds the accounts that have changed and that the journal does not know. A large block's by several workers.
  virtual void append_others(const Journal& journal, WorkerPool& pool, StateDiff& diff) const = 0;
};

}  // namespace hocket
