// MvView's member functions: a template, because the simulator brings its own atomics.
#pragma once

#include "parallel/mv_view.hpp"

namespace hocket {

template <class Sync>
void MvView<Sync>::begin(TxnIndex txn, bool wait_for_estimates, const std::atomic<bool>* cancelled) {
  txn_ = txn;
  cancelled_ = cancelled;
  wait_for_estimates_ = wait_for_estimates;
  clear_epoch_ = memory_->clear_epoch();
  accounts_.clear();
  slots_.clear();
  blocker_.reset();
}

template <class Sync>
auto MvView<Sync>::find_loaded(const Address& address) const noexcept -> const LoadedAccount* {
  for (auto it = accounts_.rbegin(); it != accounts_.rend(); ++it)
    if (it->at->address == address) return &*it;
  return nullptr;
}

template <class Sync>
StateRead<std::optional<Account>> MvView<Sync>::account(const Address& address) const {
  if (is_cancelled()) return std::unexpected(StateFault::interrupted);
  auto& at = memory_->account(address, worker_);
  auto value = memory_->read(at, txn_);
  if (!value) return std::unexpected(value.error());
  accounts_.push_back({&at, std::move(*value)});
  const AccountValue& given = accounts_.back().value;
  if (!given.exists) return std::nullopt;
  return given.account;
}

template <class Sync>
StateRead<u256> MvView<Sync>::storage(const Address& address, const u256& slot) const {
  if (is_cancelled()) return std::unexpected(StateFault::interrupted);
  const LoadedAccount* loaded = find_loaded(address);
  auto& account = loaded != nullptr ? *loaded->at : memory_->account(address, worker_);
  auto& at = memory_->slot(account, slot, worker_);
  const auto value = memory_->read(at, txn_);
  if (!value) return std::unexpected(value.error());
  if (value->estimate_of && wait_for_estimates_) {
    blocker_ = value->estimate_of;
    return std::unexpected(StateFault::interrupted);
  }
  slots_.push_back({&at, *value});
  return value->value;
}

template <class Sync>
StateRead<BytesView> MvView<Sync>::code(const Address& address, const Hash32& code_hash) const {
  if (is_cancelled()) return std::unexpected(StateFault::interrupted);
  // Code that the block set is kept alive by what was loaded with it.
  const LoadedAccount* loaded = find_loaded(address);
  if (loaded != nullptr && loaded->value.code && loaded->value.code->hash == code_hash)
    return BytesView{loaded->value.code->bytes};
  return memory_->base().code(address, code_hash);
}

template <class Sync>
StateRead<Hash32> MvView<Sync>::block_hash(std::uint64_t number) const {
  if (is_cancelled()) return std::unexpected(StateFault::interrupted);
  return memory_->base().block_hash(number);
}

template <class Sync>
void MvView<Sync>::collect_reads(const Journal& journal, ReadSet<Sync>& reads) const {
  reads.clear();
  reads.clear_epoch = clear_epoch_;
  reads.accounts.reserve(accounts_.size());
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    const LoadedAccount& loaded = accounts_[i];
    const AccountEntry& entry = journal.account_entry(i);
    const Account& seen = loaded.value.account;
    reads.accounts.push_back({.at = loaded.at,
                              .stamp = loaded.value.stamp,
                              .observed = entry.observed,
                              .exists = loaded.value.exists,
                              .has_storage = seen.has_storage,
                              .dead = loaded.value.is_dead(),
                              .nonce = seen.nonce,
                              .balance = seen.balance,
                              .balance_at_least = entry.observed_at_least,
                              .code_hash = seen.code_hash});
  }
  reads.slots.reserve(slots_.size());
  for (const LoadedSlot& loaded : slots_)
    reads.slots.push_back({.at = loaded.at, .stamp = loaded.value.stamp, .value = loaded.value.value});
}

template <class Sync>
bool MvView<Sync>::publish_writes(const Journal& journal, WriteSet<Sync>& writes) const {
  bool changed = false;
  WriteSet<Sync> now;
  for (std::size_t i = 0; i < journal.account_count(); ++i) {
    const AccountEntry& entry = journal.account_entry(i);
    if (!entry.changed) continue;
    auto& at = *accounts_[i].at;
    const AccountValue& seen = accounts_[i].value;
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
      if (entry.has_code())
        version.code = std::make_shared<const CodeVersion>(CodeVersion{entry.code_hash, to_bytes(entry.code)});
    }
    if (destroyed || entry.exists != seen.exists) version.parts |= kPartExistence;
    if (destroyed) version.parts |= kPartCleared;
    if (version.parts != 0) {
      changed |= memory_->write(at, std::move(version));
      now.accounts.push_back(&at);
    }
  }
  for (std::size_t i = 0, read = 0; i < journal.slot_count(); ++i) {
    const SlotEntry& entry = journal.slot_entry(i);
    SlotLocation<Sync>* at = entry.from_view ? slots_[read++].at : nullptr;
    if (entry.epoch != entry.account->storage_epoch || entry.current == entry.base) continue;
    if (at == nullptr) {
      const LoadedAccount* loaded = find_loaded(entry.account->address);
      at = &memory_->slot(*loaded->at, entry.slot, worker_);
    }
    changed |= memory_->write(*at, {.txn = txn_, .estimate = false, .value = entry.current});
    now.slots.push_back(at);
  }
  changed |= replace_writes(*memory_, txn_, writes, std::move(now));
  return changed;
}

template <class Sync>
bool MvView<Sync>::withdraw_writes(WriteSet<Sync>& writes) const {
  return replace_writes(*memory_, txn_, writes, {});
}

}  // namespace hocket
