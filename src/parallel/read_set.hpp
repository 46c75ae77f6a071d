// ReadSet and WriteSet: what one execution depends on, and where it has versions. Templates, because the simulator
// brings its own atomics.
#pragma once

#include "parallel/mv_memory.hpp"
#include "state/journal.hpp"

#include <algorithm>

namespace hocket {

/// One account that an execution has loaded, and what it looked at there.
template <class Sync = RealSync>
struct AccountRead {
  AccountLocation<Sync>* at = nullptr;
  AccountValue seen;
  std::uint8_t observed = 0;  // Observed, besides the code
  u256 balance_at_least;      // where the balance was not looked at exactly
};

/// Most of the time the stamps say that nothing has changed, often on another core than the reads were made on: they
/// stand apart, close together.
template <class Sync = RealSync>
struct ReadSet {
  template <class At>
  struct Stamp {
    At* at = nullptr;
    std::uint32_t stamp = 0;
  };

  // In the order of the journal's entries; the entries of two vectors belong together.
  std::vector<AccountRead<Sync>> accounts;
  std::vector<Stamp<AccountLocation<Sync>>> account_stamps;
  std::vector<u256> slots;
  std::vector<Stamp<SlotLocation<Sync>>> slot_stamps;
  std::vector<std::uint32_t> followed;  // of the slots: what depends on them can be done again
  std::uint32_t clear_epoch = 0;

  void clear() {
    accounts.clear();
    account_stamps.clear();
    slots.clear();
    slot_stamps.clear();
    followed.clear();
  }
  bool is_followed(std::size_t slot) const noexcept { return std::ranges::find(followed, slot) != followed.end(); }
  bool follows(const SlotLocation<Sync>& at) const noexcept {
    return std::ranges::any_of(followed, [&](std::uint32_t slot) { return slot_stamps[slot].at == &at; });
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
  if (account.balance.is_negative() && !seen.balance.is_negative()) return false;  // 2^255 wei or more
  if ((read.observed & kObservedExistence) && now.exists != read.seen.exists) return false;
  if ((read.observed & kObservedNotEmpty) && now.exists && account.is_empty()) return false;
  if ((read.observed & kObservedDeath) && now.is_dead() != read.seen.is_dead()) return false;
  return !(read.observed & kObservedStorage) || account.has_storage == seen.has_storage;
}

/// Whether an execution at `txn` that depends on `reads` would see the same again, in slots that are not followed.
/// `settled`: and nothing that it has read is an estimate, which will probably change.
template <class Sync>
bool is_valid(MvMemory<Sync>& memory, TxnIndex txn, const ReadSet<Sync>& reads, unsigned worker, bool settled = false) {
  // acquire: who validates for commitment comes after all that changed it; the others may take an old stamp for a new
  // one, and are looked at again.
  for (std::size_t i = 0; i < reads.account_stamps.size(); ++i) {
    const auto& [at, stamp] = reads.account_stamps[i];
    if (at->stamp.load(std::memory_order_acquire) == stamp) continue;
    AccountValue now;
    if (memory.read(*at, txn, now, worker) || !matches(reads.accounts[i], now)) return false;
  }
  const bool stamps_tell_all = memory.clear_epoch() == reads.clear_epoch;
  for (std::size_t i = 0; i < reads.slot_stamps.size(); ++i) {
    const auto& [at, stamp] = reads.slot_stamps[i];
    if (stamps_tell_all && at->stamp.load(std::memory_order_acquire) == stamp) continue;
    if (reads.is_followed(i)) continue;
    SlotValue now;
    if (memory.read(*at, txn, now, worker) || now.value != reads.slots[i]) return false;
    if (settled && now.awaits) return false;
  }
  return true;
}

/// Makes the versions of `txn` estimates: it was aborted.
template <class Sync>
void mark_estimates(MvMemory<Sync>& memory, TxnIndex txn, const WriteSet<Sync>& writes) {
  for (auto* at : writes.accounts) memory.mark_estimate(*at, txn);
  for (auto* at : writes.slots) memory.mark_estimate(*at, txn);
}

/// Folds what transactions below `end` have written where one of them has. Requires: these are committed.
template <class Sync>
void fold_writes(MvMemory<Sync>& memory, TxnIndex end, const WriteSet<Sync>& writes, unsigned worker) {
  for (auto* at : writes.accounts) memory.fold(*at, end, worker);
  for (auto* at : writes.slots) memory.fold(*at, end, worker);
}

}  // namespace hocket
