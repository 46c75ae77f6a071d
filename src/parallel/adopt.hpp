// What is committed in multi-version memory goes over into the block's journal: all of it at the end, or transaction by
// transaction where something is asked about the state in between. Templates, because the simulator brings its own
// atomics.
#pragma once

#include "parallel/read_set.hpp"

namespace hocket {

/// Requires: something was committed to `at`. `cleared`: its storage from before is gone, and the journal does not
/// know.
template <class Sync>
AccountEntry& adopt(const AccountLocation<Sync>& at, bool cleared, Journal& journal) {
  std::optional<Account> now;
  if (at.committed_exists) now = at.committed;
  std::optional<BytesView> code;
  if (at.committed_code) code = at.committed_code->bytes;
  return journal.adopt_account(at.address, at.base, now, cleared, code);
}

/// Everything. Requires: no worker is active.
template <class Sync>
void adopt_all(MvMemory<Sync>& memory, Journal& journal) {
  memory.for_each_account([&](AccountLocation<Sync>& at) {
    if (at.touched) adopt(at, at.cleared_after != 0, journal);
  });
  memory.for_each_slot([&](SlotLocation<Sync>& at) {
    if (at.committed_after == 0 || at.committed_after <= at.account->cleared_after) return;
    journal.adopt_slot(adopt(*at.account, false, journal), at.slot, at.base, at.committed);
  });
}

/// Commits the versions of `txn`. Requires: all below are committed.
template <class Sync>
void commit_writes(MvMemory<Sync>& memory, TxnIndex txn, const WriteSet<Sync>& writes) {
  for (auto* at : writes.accounts) memory.commit(*at, txn);
  for (auto* at : writes.slots) memory.commit(*at, txn);
}

/// What commit_writes has just committed for `txn`.
template <class Sync>
void adopt_writes(TxnIndex txn, const WriteSet<Sync>& writes, Journal& journal) {
  for (auto* at : writes.accounts) adopt(*at, at->cleared_after == txn + 1, journal);
  for (auto* at : writes.slots) {
    AccountEntry& account = adopt(*at->account, false, journal);
    const std::lock_guard guard(at->lock);  // a reader may be loading a slot that was written without being read
    journal.adopt_slot(account, at->slot, at->base, at->committed);
  }
}

}  // namespace hocket
