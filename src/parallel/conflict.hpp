// Conflict: why a transaction's last execution does not hold any more.
#pragma once

#include "parallel/read_set.hpp"
#include "parallel/timeline.hpp"

namespace hocket {

/// The first read that has changed; it decides what the re-execution is counted as.
struct Conflict {
  ConflictCause cause = ConflictCause::slot;
  SlotLocation<RealSync>* slot = nullptr;
  AccountLocation<RealSync>* account = nullptr;  // where it is no slot
};

/// Requires: as for MvMemory::read. Thread safety: any worker that has the transaction's task.
Conflict conflict_of(MvMemory<>& memory, TxnIndex txn, const ReadSet<>& reads, unsigned worker);

/// Index + 1 of whose value a reader at `txn` gets; 0: of none in the block. Thread safety: any worker.
TxnIndex writer_before(const SlotLocation<RealSync>& at, TxnIndex txn);

/// For the timeline: what has changed, and by whom. Thread safety: any worker.
ActivityCause cause_of(const Conflict& conflict, TxnIndex txn);
/// For the timeline: whose value is awaited.
inline ActivityCause cause_of(TxnIndex blocker) {
  ActivityCause cause;
  cause.writer = blocker;
  return cause;
}

}  // namespace hocket
