// ReadSet and WriteSet: what one execution depends on, and where it has versions. Templates, because the simulator
// brings its own atomics.
#pragma once

#include "parallel/mv_memory.hpp"
#include "state/journal.hpp"

namespace hocket {

/// One account that an execution has loaded, and what it looked at there.
template <class Sync = RealSync>
struct AccountRead {
  AccountLocation<Sync>* at = nullptr;
  AccountValue seen;
  std::uint8_t observed = 0;  // Observed, besides the code
  u256 balance_at_least;      // where the balance was not looked at exactly
};

template <class Sync = RealSync>
struct SlotRead {
  SlotLocation<Sync>* at = nullptr;
  std::uint32_t stamp = 0;
  u256 value;
};

template <class Sync = RealSync>
struct ReadSet {
  std::vector<AccountRead<Sync>> accounts;
  std::vector<SlotRead<Sync>> slots;
  std::uint32_t clear_epoch = 0;

  void clear() {
    accounts.clear();
    slots.clear();
  }
};

/// The locations where a transaction has a version.
template <class Sync = RealSync>
struct WriteSet {
  std::vector<AccountLocation<Sync>*> accounts;
  std::vector<SlotLocation<Sync>*> slots;

  bool empty() const noexcept { return accounts.empty() && slots.empty(); }
  void clear() {
    accounts.clear();
    slots.clear();
  }
};

/// Whether what was seen of the account holds for `now`.
template <class Sync>
bool matches(const AccountRead<Sync>& read, const AccountValue& now) noexcept {
  const Account& account = now.account;
  const Account& seen = read.seen.account;
  if (account.code_hash != seen.code_hash) return false;
  if ((read.observed & kObservedNonce) && account.nonce != seen.nonce) return false;
  if (read.observed & kObservedBalance ? account.balance != seen.balance : account.balance < read.balance_at_least)
    return false;
  if ((read.observed & kObservedExistence) && now.exists != read.seen.exists) return false;
  if ((read.observed & kObservedNotEmpty) && now.exists && account.is_empty()) return false;
  if ((read.observed & kObservedDeath) && now.is_dead() != read.seen.is_dead()) return false;
  return !(read.observed & kObservedStorage) || account.has_storage == seen.has_storage;
}

/// Whether an execution at `txn` that depends on `reads` would see the same again.
template <class Sync>
bool is_valid(MvMemory<Sync>& memory, TxnIndex txn, const ReadSet<Sync>& reads) {
  // acquire: who validates for commitment comes after all that changed it; the others may take an old stamp for a new
  // one, and are looked at again.
  for (const AccountRead<Sync>& read : reads.accounts) {
    if (read.at->stamp.load(std::memory_order_acquire) == read.seen.stamp) continue;
    AccountValue now;
    if (memory.read(*read.at, txn, now) || !matches(read, now)) return false;
  }
  const bool stamps_tell_all = memory.clear_epoch() == reads.clear_epoch;
  for (const SlotRead<Sync>& read : reads.slots) {
    if (stamps_tell_all && read.at->stamp.load(std::memory_order_acquire) == read.stamp) continue;
    SlotValue now;
    if (memory.read(*read.at, txn, now) || now.value != read.value) return false;
  }
  return true;
}

/// Makes the versions of `txn` estimates: it was aborted.
template <class Sync>
void mark_estimates(MvMemory<Sync>& memory, TxnIndex txn, const WriteSet<Sync>& writes) {
  for (auto* at : writes.accounts) memory.mark_estimate(*at, txn);
  for (auto* at : writes.slots) memory.mark_estimate(*at, txn);
}

}  // namespace hocket
