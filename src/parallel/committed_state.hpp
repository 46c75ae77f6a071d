// CommittedState: what the transactions of a block have made of the state, as multi-version memory holds it in the end.
// A journal adopts from it what the work after the transactions asks for; the rest goes into the block's diff directly.
#pragma once

#include "base/worker_pool.hpp"
#include "parallel/mv_memory.hpp"
#include "state/journal.hpp"

namespace hocket {

/// Requires: no worker is active; the memory is not reset. Thread safety: none.
class CommittedState final : public LaterState {
 public:
  explicit CommittedState(MvMemory<>& memory) : memory_(&memory) {}

  void adopt(const Address& address, Journal& journal) const override;
  /// Brings the accounts up to date that the journal knows already.
  void adopt_known(Journal& journal) const;
  /// Adds the accounts that have changed and that the journal does not know. A large block's by several workers.
  void append_others(const Journal& journal, WorkerPool& pool, StateDiff& diff) const;

 private:
  MvMemory<>* memory_;
};

}  // namespace hocket
