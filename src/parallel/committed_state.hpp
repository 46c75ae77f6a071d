// CommittedState: what the transactions of a block have made of the state, as multi-version memory holds it in the end.
#pragma once

#include "parallel/executed_state.hpp"
#include "parallel/mv_memory.hpp"

namespace hocket {

/// Requires: no worker is active; the memory is not reset. Thread safety: none.
class CommittedState final : public ExecutedState {
 public:
  explicit CommittedState(MvMemory<>& memory) : memory_(&memory) {}

  void adopt(const Address& address, Journal& journal) const override;
  void append_others(const Journal& journal, WorkerPool& pool, StateDiff& diff) const override;

 private:
  MvMemory<>* memory_;
};

}  // namespace hocket
