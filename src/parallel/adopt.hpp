// What is committed in multi-version memory goes over into the block's journal, account by account: where the work
// after the transactions asks for one, or transaction by transaction where something is asked about the state in
// between. The rest becomes part of the block's diff without that detour. Templates, because the simulator brings its
// own atomics.
#pragma once

#include "parallel/read_set.hpp"

namespace hocket {

/// The account alone. `cleared`: its storage from before is gone, and the journal does not know.
template <class Sync>
AccountEntry& adopt(const AccountLocation<Sync>& at, bool cleared, Journal& journal) {
  std::optional<Account> base;
  if (at.base.exists) base = at.base.account;
  std::optional<Account> now;
  if (at.committed.exists) now = at.committed.account;
  std::optional<BytesView> code;
  if (at.committed.code != nullptr) code = at.committed.code->bytes;
  return journal.adopt_account(at.address, base, now, cleared, code);
}

/// What `txn` has written, which fold_writes has just folded.
template <class Sync>
void adopt_writes(TxnIndex txn, const WriteSet<Sync>& writes, Journal& journal) {
  for (auto* at : writes.accounts) adopt(*at, at->cleared_after == txn + 1, journal);
  for (auto* at : writes.slots) {
    AccountEntry& account = adopt(*at->account, false, journal);
    const std::lock_guard guard(at->lock);  // a reader may be loading a slot that was written without being read
    journal.adopt_slot(account, at->slot, at->base.value, at->committed);
  }
}

/// An account with all its slots that something was committed to.
template <class Sync>
void adopt_whole(const AccountLocation<Sync>& at, Journal& journal) {
  AccountEntry& account = adopt(at, at.cleared_after != 0, journal);
  for (const auto* slot = at.written_slots; slot != nullptr; slot = slot->next_written)
    if (slot->committed_after > at.cleared_after)
      journal.adopt_slot(account, slot->slot, slot->base.value, slot->committed);
}

}  // namespace hocket
