#include "parallel/conflict.hpp"

#include <mutex>

namespace hocket {
namespace {

ConflictCause account_conflict_of(const AccountRead<>& read, const AccountValue& now) {
  const Account& seen = read.seen.account;
  if (now.account.code_hash != seen.code_hash) return ConflictCause::code;
  if ((read.observed & kObservedNonce) && now.account.nonce != seen.nonce) return ConflictCause::nonce;
  if ((read.observed & kObservedStorage) && now.account.has_storage != seen.has_storage)
    return ConflictCause::cleared_storage;
  return ConflictCause::balance;
}

}  // namespace

Conflict conflict_of(MvMemory<>& memory, TxnIndex txn, const ReadSet<>& reads, unsigned worker) {
  for (const AccountRead<>& read : reads.accounts) {
    AccountValue now;
    if (memory.read(*read.at, txn, now, worker)) return {ConflictCause::failed_read, nullptr, read.at};
    if (!matches(read, now)) return {account_conflict_of(read, now), nullptr, read.at};
  }
  for (std::size_t i = 0; i < reads.slots.size(); ++i) {
    SlotValue now;
    auto& at = *reads.slot_stamps[i].at;
    if (memory.read(*reads.slot_stamps[i].at, txn, now, worker)) return {ConflictCause::failed_read, &at, nullptr};
    if (now.value != reads.slots[i]) return {ConflictCause::slot, &at, nullptr};
  }
  return {};
}

TxnIndex writer_before(const SlotLocation<RealSync>& at, TxnIndex txn) {
  const std::lock_guard guard(at.lock);
  const SlotVersion* version = at.versions.newest_below(txn);
  return version != nullptr ? version->txn + 1 : at.committed_after;
}

ActivityCause cause_of(const Conflict& conflict, TxnIndex txn) {
  ActivityCause cause{
      .writer = std::nullopt, .conflict = conflict.cause, .has_location = true, .address = {}, .slot = {}};
  TxnIndex writer = 0;
  if (conflict.slot != nullptr) {
    cause.address = conflict.slot->account->address;
    cause.slot = conflict.slot->slot;
    writer = writer_before(*conflict.slot, txn);
  } else if (conflict.account != nullptr) {
    cause.address = conflict.account->address;
    const std::lock_guard guard(conflict.account->lock);
    const AccountVersion* version = conflict.account->versions.newest_below(txn);
    if (version != nullptr) writer = version->txn + 1;
  } else {
    cause.has_location = false;
  }
  if (writer != 0) cause.writer = writer - 1;
  return cause;
}

}  // namespace hocket
