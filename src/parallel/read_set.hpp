// ReadSet and WriteSet: what one execution depends on, and where it has versions. Templates, because the simulator
// brings its own atomics.
#pragma once

#include "parallel/mv_memory.hpp"
#include "state/journal.hpp"

#include <algorithm>

namespace hocket {

/// One location that an execution depends on, and what it saw there.
template <class Sync = RealSync>
struct AccountRead {
  AccountLocation<Sync>* at = nullptr;
  std::uint32_t stamp = 0;
  std::uint8_t observed = 0;  // Observed, besides the code
  bool exists = false;
  bool has_storage = false;
  bool dead = true;
  std::uint64_t nonce = 0;
  u256 balance;           // exact, if observed
  u256 balance_at_least;  // otherwise
  Hash32 code_hash;
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

  void clear() {
    accounts.clear();
    slots.clear();
  }
};

/// Whether what was seen of the account holds for `now`.
template <class Sync>
bool matches(const AccountRead<Sync>& read, const AccountValue& now) noexcept {
  const Account& account = now.account;
  if (account.code_hash != read.code_hash) return false;
  if ((read.observed & kObservedNonce) && account.nonce != read.nonce) return false;
  if (read.observed & kObservedBalance ? account.balance != read.balance : account.balance < read.balance_at_least)
    return false;
  if ((read.observed & kObservedExistence) && now.exists != read.exists) return false;
  if ((read.observed & kObservedNotEmpty) && now.exists && account.is_empty()) return false;
  if ((read.observed & kObservedDeath) && now.is_dead() != read.dead) return false;
  return !(read.observed & kObservedStorage) || account.has_storage == read.has_storage;
}

/// Whether an execution at `txn` that depends on `reads` would see the same again.
template <class Sync>
bool is_valid(MvMemory<Sync>& memory, TxnIndex txn, const ReadSet<Sync>& reads) {
  for (const AccountRead<Sync>& read : reads.accounts) {
    // relaxed would do: whoever validates for commitment comes after all that changed it.
    if (read.at->stamp.load(std::memory_order_acquire) == read.stamp) continue;
    const auto now = memory.read(*read.at, txn);
    if (!now || !matches(read, *now)) return false;
  }
  const bool stamps_tell_all = memory.clear_epoch() == reads.clear_epoch;
  for (const SlotRead<Sync>& read : reads.slots) {
    if (stamps_tell_all && read.at->stamp.load(std::memory_order_acquire) == read.stamp) continue;
    const auto now = memory.read(*read.at, txn);
    if (!now || now->value != read.value) return false;
  }
  return true;
}

/// Removes the versions of `txn` in `writes`, except those that are in `now` too; `writes` becomes `now`.
/// True: a reader above may see other values than before.
template <class Sync>
bool replace_writes(MvMemory<Sync>& memory, TxnIndex txn, WriteSet<Sync>& writes, WriteSet<Sync> now) {
  bool changed = false;
  for (auto* at : writes.accounts)
    if (std::ranges::find(now.accounts, at) == now.accounts.end()) changed |= memory.remove(*at, txn);
  for (auto* at : writes.slots)
    if (std::ranges::find(now.slots, at) == now.slots.end()) changed |= memory.remove(*at, txn);
  writes = std::move(now);
  return changed;
}

/// Makes the versions of `txn` estimates: it was aborted.
template <class Sync>
void mark_estimates(MvMemory<Sync>& memory, TxnIndex txn, const WriteSet<Sync>& writes) {
  for (auto* at : writes.accounts) memory.mark_estimate(*at, txn);
  for (auto* at : writes.slots) memory.mark_estimate(*at, txn);
}

}  // namespace hocket
