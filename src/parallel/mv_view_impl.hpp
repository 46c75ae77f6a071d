// MvView's member functions: a template, because the simulator brings its own atomics.
#pragma once

#include "parallel/mv_view.hpp"

#include <algorithm>

namespace hocket {

template <class Sync>
void MvView<Sync>::begin(TxnIndex txn, ReadSet<Sync>& reads, unsigned worker, const ReadOptions& options) {
  txn_ = txn;
  reads_ = &reads;
  worker_ = worker;
  options_ = options;
  blocker_.reset();
  stale_ = false;
  follows_ = begins_to_follow_ = false;
  reads.clear();
  reads.clear_epoch = memory_->clear_epoch();
  change_epoch_ = memory_->change_epoch();
}

/// Before a read: whether there is no point in going on.
template <class Sync>
bool MvView<Sync>::has_ended() const {
  // relaxed: nothing is read because of it.
  if (options_.cancelled != nullptr && options_.cancelled->load(std::memory_order_relaxed)) return true;
  if (!options_.early_abort) return false;
  const std::uint32_t now = memory_->change_epoch();
  if (now == change_epoch_) [[likely]]
    return false;
  change_epoch_ = now;
  stale_ = !is_valid(*memory_, txn_, *reads_, worker_);
  return stale_;
}

template <class Sync>
auto MvView<Sync>::find_loaded(const Address& address) const noexcept -> const AccountRead<Sync>* {
  for (auto it = reads_->accounts.rbegin(); it != reads_->accounts.rend(); ++it)
    if (it->at->address == address) return &*it;
  return nullptr;
}

template <class Sync>
StateRead<std::optional<Account>> MvView<Sync>::account(const Address& address) const {
  if (has_ended()) return std::unexpected(StateFault::interrupted);
  AccountLocation<Sync>* at = nullptr;
  if (const auto fault = memory_->find_to_read(address, worker_, at)) return std::unexpected(*fault);
  AccountRead<Sync>& read = reads_->accounts.emplace_back();
  read.at = at;
  AccountValue& seen = read.seen;
  if (const auto fault = memory_->read(*at, txn_, seen, worker_)) {
    reads_->accounts.pop_back();
    return std::unexpected(*fault);
  }
  if (options_.sender != nullptr && seen.account.nonce < options_.sender_nonce && address == *options_.sender) {
    seen.account.nonce = options_.sender_nonce;
    seen.exists = true;
    --seen.stamp;  // this is not what the location holds: to be compared in any case
  }
  reads_->account_stamps.push_back({read.at, seen.stamp});
  if (!seen.exists) return std::nullopt;
  return seen.account;
}

template <class Sync>
StateRead<u256> MvView<Sync>::storage(const Address& address, const u256& slot) const {
  if (has_ended()) return std::unexpected(StateFault::interrupted);
  const AccountRead<Sync>* loaded = find_loaded(address);
  auto& account = loaded != nullptr ? *loaded->at : memory_->account(address, worker_);
  SlotLocation<Sync>* at = nullptr;
  if (const auto fault = memory_->find_to_read(account, slot, txn_, worker_, at)) return std::unexpected(*fault);
  SlotValue value;
  // Of a log that has given up nothing can be done again: there it is better to wait.
  const bool follows = options_.log != nullptr && !(follows_ && options_.log->has_given_up()) &&
                       (options_.follows_all || at->is_hot.load(std::memory_order_relaxed));
  if (follows && !follows_) {
    follows_ = begins_to_follow_ = true;
    options_.log->begin();
    return std::unexpected(StateFault::waiting);
  }
  if (const auto fault = memory_->read(*at, txn_, value, worker_, !follows)) return std::unexpected(*fault);
  if (value.awaits && options_.wait && !follows) {
    blocker_ = value.awaits;
    waits_at_ = at;
    return std::unexpected(StateFault::waiting);
  }
  if (follows) {
    options_.log->follow(address, slot);
    reads_->followed.push_back(static_cast<std::uint32_t>(reads_->slots.size()));
  }
  reads_->slots.push_back(value.value);
  reads_->slot_stamps.push_back({at, value.stamp});
  return value.value;
}

template <class Sync>
StateRead<BytesView> MvView<Sync>::code(const Address& address, const Hash32& code_hash) const {
  if (has_ended()) return std::unexpected(StateFault::interrupted);
  const AccountRead<Sync>* loaded = find_loaded(address);
  if (loaded == nullptr) return memory_->base().code(address, code_hash);
  const CodeVersion* set = loaded->seen.code;
  if (set != nullptr && set->hash == code_hash) return BytesView{set->bytes};
  return memory_->base_code(*loaded->at, code_hash, worker_);
}

template <class Sync>
StateRead<Hash32> MvView<Sync>::block_hash(std::uint64_t number) const {
  if (has_ended()) return std::unexpected(StateFault::interrupted);
  return memory_->base().block_hash(number);
}

template <class Sync>
void MvView<Sync>::collect_reads(const Journal& journal) {
  for (std::size_t i = 0; i < reads_->accounts.size(); ++i) {
    AccountRead<Sync>& read = reads_->accounts[i];
    const AccountEntry& entry = journal.account_entry(i);
    read.observed = entry.observed;
    read.balance_at_least = entry.observed_at_least;
    // A sender's nonce is only ever raised by its own transactions, which is foreseen.
    const bool is_sender = options_.sender != nullptr && read.at->address == *options_.sender;
    const auto noted = static_cast<std::uint8_t>(~(is_sender ? kObservedNonce | kObservedNotEmpty : kObservedNotEmpty));
    if (read.observed & noted) memory_->observe(*read.at, txn_);
  }
}

template <class Sync>
bool MvView<Sync>::publish_writes(const Journal& journal, WriteSet<Sync>& writes) {
  bool changed = false;
  std::swap(writes, writes_before_);
  writes.clear();
  for (std::size_t i = 0; i < journal.account_count(); ++i) {
    const AccountEntry& entry = journal.account_entry(i);
    if (!entry.changed) continue;
    auto& at = *reads_->accounts[i].at;
    const AccountValue& seen = reads_->accounts[i].seen;
    AccountVersion version;
    version.txn = txn_;
    version.exists = entry.exists;
    version.balance_delta = entry.balance - (seen.exists ? seen.account.balance : u256{});
    if (!version.balance_delta.is_zero()) version.parts |= kPartBalance;
    const bool destroyed = entry.storage_epoch > 0;
    if (entry.nonce_written) {
      version.parts |= kPartNonce;
      version.nonce = entry.nonce;
    }
    if (destroyed || entry.code_hash != (seen.exists ? seen.account.code_hash : kEmptyCodeHash)) {
      version.parts |= kPartCode;
      if (entry.has_code()) version.code = &memory_->keep_code(entry.code_hash, entry.code, worker_);
    }
    if (destroyed || entry.exists != seen.exists) version.parts |= kPartExistence;
    if (destroyed) version.parts |= kPartCleared;
    if (version.parts == 0) continue;
    changed |= memory_->write(at, version, worker_);
    writes.accounts.push_back(&at);
  }
  for (std::size_t i = 0, read = 0; i < journal.slot_count(); ++i) {
    const SlotEntry& entry = journal.slot_entry(i);
    SlotLocation<Sync>* at = entry.from_view ? reads_->slot_stamps[read++].at : nullptr;
    if (entry.epoch != entry.account->storage_epoch || entry.current == entry.base) continue;
    if (at == nullptr) {
      const AccountRead<Sync>* loaded = find_loaded(entry.account->address);
      at = &memory_->slot(*loaded->at, entry.slot, worker_);
    }
    changed |= memory_->write(*at, {.txn = txn_, .kind = SlotVersionKind::value, .value = entry.current}, worker_);
    writes.slots.push_back(at);
  }
  if (!writes_before_.empty()) changed |= remove_others(writes);
  return changed;
}

template <class Sync>
bool MvView<Sync>::withdraw_writes(WriteSet<Sync>& writes) {
  std::swap(writes, writes_before_);
  writes.clear();
  return remove_others(writes);
}

template <class Sync>
bool MvView<Sync>::remove_others(const WriteSet<Sync>& now) {
  bool changed = false;
  for (auto* at : writes_before_.accounts)
    if (std::ranges::find(now.accounts, at) == now.accounts.end()) changed |= memory_->remove(*at, txn_);
  for (auto* at : writes_before_.slots)
    if (std::ranges::find(now.slots, at) == now.slots.end()) changed |= memory_->remove(*at, txn_);
  writes_before_.clear();
  return changed;
}

}  // namespace hocket
