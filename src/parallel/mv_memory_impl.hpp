// MvMemory's member functions: a template, because the simulator brings its own atomics.
#pragma once

#include "parallel/mv_memory.hpp"

#include <bit>

namespace hocket {

template <class Sync>
void MvMemory<Sync>::reset(const StateView& base, std::size_t expected_locations, unsigned worker_count,
                           unsigned hash_bits, const HotSlots* hot) {
  base_ = &base;
  hot_ = hot;
  seed_ = hash_seed();
  const std::size_t chains = std::bit_ceil(std::max<std::size_t>(expected_locations, 64));
  // Each by itself: memory may have been refused for the second one the last time.
  if (account_chains_.size() != chains) account_chains_ = Chains<AccountAt>(chains);
  if (slot_chains_.size() != chains) slot_chains_ = Chains<SlotAt>(chains);
  for (auto& chain : account_chains_) chain.store(nullptr, std::memory_order_relaxed);
  for (auto& chain : slot_chains_) chain.store(nullptr, std::memory_order_relaxed);
  mask_ = (chains - 1) & (hash_bits >= 64 ? ~std::size_t{0} : (std::size_t{1} << hash_bits) - 1);
  while (made_.size() < worker_count) made_.push_back(std::make_unique<Made>());
  for (auto& made : made_) {
    made->arena.clear();
    made->codes.clear();
    made->touched.clear();
  }
  touched_.clear();
  clear_epoch_.store(0, std::memory_order_relaxed);
  change_epoch_.store(0, std::memory_order_relaxed);
}

template <class Sync>
template <class Node, class Matches, class Make>
Node* MvMemory<Sync>::find_or_make(Chains<Node>& chains, std::size_t hash, Matches&& matches, Make&& make) {
  auto& head = chains[hash & mask_];
  Node* first = head.load(std::memory_order_acquire);  // pairs with the release below: the node is complete
  for (Node* node = first; node != nullptr; node = node->next)
    if (matches(*node)) return node;
  Node* made = make();
  if (made == nullptr) return nullptr;
  Node* searched_to = first;
  for (;;) {
    made->next = first;
    if (head.compare_exchange_weak(first, made, std::memory_order_release, std::memory_order_acquire)) return made;
    // Others have put nodes in front; ours may be among them. The one just made then stays unused in its arena.
    for (Node* node = first; node != searched_to; node = node->next)
      if (matches(*node)) return node;
    searched_to = first;
  }
}

template <class Sync>
std::size_t MvMemory<Sync>::hash_of(const Address& address) const noexcept {
  const std::uint8_t* p = address.data();
  return fold_multiply(load_le64(p) ^ seed_.words[0], load_le64(p + 8) ^ seed_.words[1]) ^
         fold_multiply(load_le32(p + 16) ^ seed_.words[2], seed_.words[3]);
}

template <class Sync>
std::size_t MvMemory<Sync>::hash_of(const AccountAt& account, const u256& slot) const noexcept {
  return fold_multiply(slot.limbs[0] ^ seed_.words[0], slot.limbs[1] ^ seed_.words[1]) ^
         fold_multiply(slot.limbs[2] ^ seed_.words[2] ^ reinterpret_cast<std::uintptr_t>(&account),
                       slot.limbs[3] ^ seed_.words[3]);
}

template <class Sync>
AccountLocation<Sync>& MvMemory<Sync>::account(const Address& address, unsigned worker) {
  return *find_or_make<AccountAt>(
      account_chains_, hash_of(address), [&](const AccountAt& at) { return at.address == address; },
      [&] { return &made_[worker]->arena.template make<AccountAt>(address); });
}

template <class Sync>
std::optional<StateFault> MvMemory<Sync>::find_to_read(const Address& address, unsigned worker, AccountAt*& at) {
  std::optional<StateFault> fault;
  at = find_or_make<AccountAt>(
      account_chains_, hash_of(address), [&](const AccountAt& node) { return node.address == address; },
      [&]() -> AccountAt* {
        const auto base = base_->account(address);
        if (!base) {
          fault = base.error();
          return nullptr;
        }
        AccountAt& made = made_[worker]->arena.template make<AccountAt>(address);
        set_base(made, *base);
        return &made;
      });
  return fault;
}

template <class Sync>
AccountLocation<Sync>* MvMemory<Sync>::find_account(const Address& address) noexcept {
  AccountAt* at = account_chains_[hash_of(address) & mask_].load(std::memory_order_acquire);
  while (at != nullptr && at->address != address) at = at->next;
  return at;
}

template <class Sync>
SlotLocation<Sync>& MvMemory<Sync>::slot(AccountAt& account, const u256& slot, unsigned worker) {
  return *find_or_make<SlotAt>(
      slot_chains_, hash_of(account, slot), [&](const SlotAt& at) { return at.account == &account && at.slot == slot; },
      [&] { return &make_slot(account, slot, worker); });
}

template <class Sync>
SlotLocation<Sync>& MvMemory<Sync>::make_slot(AccountAt& account, const u256& slot, unsigned worker) {
  SlotAt& made = made_[worker]->arena.template make<SlotAt>(account, slot);
  if (hot_ != nullptr && hot_->contains({.account = account.address, .slot = slot}))
    made.is_hot.store(true, std::memory_order_relaxed);
  return made;
}

template <class Sync>
std::optional<StateFault> MvMemory<Sync>::find_to_read(AccountAt& account, const u256& slot, TxnIndex reader,
                                                       unsigned worker, SlotAt*& at) {
  std::optional<StateFault> fault;
  at = find_or_make<SlotAt>(
      slot_chains_, hash_of(account, slot),
      [&](const SlotAt& node) { return node.account == &account && node.slot == slot; },
      [&]() -> SlotAt* {
        const auto value = base_->storage(account.address, slot);
        if (!value) {
          fault = value.error();
          return nullptr;
        }
        SlotAt& made = make_slot(account, slot, worker);
        set_base(made, *value);
        made.base.first_reader.store(reader + 1, std::memory_order_relaxed);
        return &made;
      });
  return fault;
}

template <class Sync>
const CodeVersion& MvMemory<Sync>::keep_code(const Hash32& hash, BytesView code, unsigned worker) {
  return made_[worker]->codes.emplace_back(CodeVersion{hash, to_bytes(code)});
}

template <class Sync>
StateRead<BytesView> MvMemory<Sync>::base_code(AccountAt& at, const Hash32& code_hash, unsigned worker) {
  if (const BytesView* known = at.base_code.load(std::memory_order_acquire); known != nullptr) return *known;
  const auto code = base_->code(at.address, code_hash);
  // release: pairs with the load above. Several workers may store the same.
  if (code) at.base_code.store(&made_[worker]->arena.template make<BytesView>(*code), std::memory_order_release);
  return code;
}

template <class Sync>
std::optional<StateFault> MvMemory<Sync>::load(AccountAt& at) {
  // Read without the lock, which guards instructions and not a disk: two workers may both read, the same value.
  const auto base = base_->account(at.address);
  if (!base) return base.error();
  const std::lock_guard guard(at.lock);
  if (!at.loaded) set_base(at, *base);
  return std::nullopt;
}

template <class Sync>
void MvMemory<Sync>::set_base(AccountAt& at, const std::optional<Account>& base) noexcept {
  if (base) at.base.account = *base;
  at.base.exists = base.has_value();
  at.base.stamp = at.stamp.load(std::memory_order_relaxed);
  at.committed = at.base;
  at.loaded = true;
  accumulate(at, at.versions.begin());
  if (at.base.exists && at.versions.empty()) at.quiet.store(&at.base, std::memory_order_release);
}

template <class Sync>
std::optional<StateFault> MvMemory<Sync>::load(SlotAt& at) {
  const auto base = base_->storage(at.account->address, at.slot);
  if (!base) return base.error();
  const std::lock_guard guard(at.lock);
  if (!at.loaded) set_base(at, *base);
  return std::nullopt;
}

template <class Sync>
void MvMemory<Sync>::set_base(SlotAt& at, const u256& value) noexcept {
  at.base.value = value;
  at.base.stamp = at.stamp.load(std::memory_order_relaxed);
  at.loaded = true;
  // Something may have been committed since: a slot of a contract that the block made is written without being read.
  if (at.committed_after != 0) return;
  at.committed = value;
  if (at.versions.empty()) at.quiet.store(&at.base, std::memory_order_release);
}

template <class Sync>
std::optional<StateFault> MvMemory<Sync>::read(AccountAt& at, TxnIndex reader, AccountValue& value, unsigned worker) {
  // acquire: pairs with the store that published it.
  if (const AccountValue* quiet = at.quiet.load(std::memory_order_acquire); quiet != nullptr) {
    value = *quiet;
    return std::nullopt;
  }
  for (;;) {
    {
      const std::lock_guard guard(at.lock);
      if (at.loaded) {
        const AccountVersion* const newest = at.versions.newest_below(reader);
        value = newest != nullptr ? newest->after : at.committed;
        value.stamp = at.stamp.load(std::memory_order_relaxed);
        if (!value.account.is_empty()) value.exists = true;
        if (at.versions.empty() && at.was_read)
          at.quiet.store(&made_[worker]->arena.template make<AccountValue>(value), std::memory_order_release);
        at.was_read = true;
        return std::nullopt;
      }
    }
    if (const auto fault = load(at)) return fault;
  }
}

template <class Sync>
void MvMemory<Sync>::accumulate(AccountAt& at, AccountVersion* from) noexcept {
  for (AccountVersion* version = from; version != at.versions.end(); ++version) {
    AccountValue& after = version->after;
    after = version == at.versions.begin() ? at.committed : (version - 1)->after;
    after.account.balance += version->balance_delta;
    if (version->parts & kPartNonce) after.account.nonce = version->nonce;
    if (version->parts & kPartCode) {
      after.account.code_hash = version->code_hash();
      after.code = version->code;
    }
    if (version->parts & kPartExistence) after.exists = version->exists;
    if (version->parts & kPartCleared) after.account.has_storage = false;
    if (!after.account.is_empty()) after.exists = true;
  }
}

template <class Sync>
TxnIndex MvMemory<Sync>::cleared_before(AccountAt& account, TxnIndex reader) {
  if (clear_epoch() == 0) return 0;
  const std::lock_guard guard(account.lock);
  TxnIndex cleared = account.cleared_after;
  for (const AccountVersion& v : account.versions) {
    if (v.txn >= reader) break;
    if (v.parts & kPartCleared) cleared = v.txn + 1;
  }
  return cleared;
}

template <class Sync>
std::optional<StateFault> MvMemory<Sync>::read(SlotAt& at, TxnIndex reader, SlotValue& value, unsigned worker,
                                               bool observes) {
  const bool nothing_cleared = clear_epoch() == 0;
  if (QuietSlot<Sync>* quiet = at.quiet.load(std::memory_order_acquire); quiet != nullptr && nothing_cleared) {
    if (observes) quiet->note(reader);
    value = {.value = quiet->value, .stamp = quiet->stamp, .awaits = std::nullopt};
    return std::nullopt;
  }
  const TxnIndex cleared = cleared_before(*at.account, reader);
  for (;;) {
    {
      const std::lock_guard guard(at.lock);
      value.stamp = at.stamp.load(std::memory_order_relaxed);
      value.awaits.reset();
      if (observes) at.last_observer = std::max(at.last_observer, reader + 1);
      const SlotVersion* v = at.versions.end();
      while (v != at.versions.begin()) {
        --v;
        if (v->txn >= reader) continue;
        if (v->txn < cleared) break;
        if (v->kind != SlotVersionKind::value && !value.awaits) value.awaits = v->txn;
        if (v->kind == SlotVersionKind::predicted) continue;
        value.value = v->value;
        return std::nullopt;
      }
      if (cleared != 0 && at.committed_after <= cleared) {
        value.value = {};
        return std::nullopt;
      }
      if (at.loaded || at.committed_after != 0) {
        value.value = at.committed;
        if (at.versions.empty() && at.was_read && nothing_cleared) {
          auto& quiet = made_[worker]->arena.template make<QuietSlot<Sync>>(value.value, value.stamp);
          if (observes) quiet.note(reader);
          at.quiet.store(&quiet, std::memory_order_release);
        }
        at.was_read = true;
        return std::nullopt;
      }
    }
    if (const auto fault = load(at)) return fault;
  }
}

template <class Sync>
bool MvMemory<Sync>::write(AccountAt& at, const AccountVersion& version, unsigned worker) {
  // Few transactions set code or clear storage, and everybody looks at code: no reader is noted for these.
  constexpr std::uint8_t kSeenByAll = kPartCode | kPartCleared;
  std::uint8_t parts = version.parts;
  bool changed = true;
  bool observed;
  {
    const std::lock_guard guard(at.lock);
    disturb(at);
    if (AccountVersion* old = at.versions.find(version.txn); old != nullptr) {
      changed = !old->same_values(version);
      parts |= old->parts;  // one that goes counts like one that comes
      *old = version;
      accumulate(at, old);
    } else {
      accumulate(at, at.versions.insert(version, made_[worker]->arena));
    }
    if (changed) bump(at);
    observed = at.last_observer > version.txn + 1;
  }
  if (changed && (parts & kPartCleared)) bump_clear_epoch();
  return note_change(changed && (observed || (parts & kSeenByAll)));
}

template <class Sync>
bool MvMemory<Sync>::write(SlotAt& at, const SlotVersion& version, unsigned worker) {
  const std::lock_guard guard(at.lock);
  disturb(at);
  bool changed = true;
  if (SlotVersion* old = at.versions.find(version.txn); old != nullptr) {
    changed = !old->same_values(version);
    *old = version;
  } else {
    at.versions.insert(version, made_[worker]->arena);
  }
  if (changed) bump(at);
  return note_change(changed && at.last_observer > version.txn + 1);
}

template <class Sync>
bool MvMemory<Sync>::remove(AccountAt& at, TxnIndex txn) {
  bool clears = false;
  {
    const std::lock_guard guard(at.lock);
    AccountVersion* version = at.versions.find(txn);
    if (version == nullptr) return false;
    clears = (version->parts & kPartCleared) != 0;
    accumulate(at, at.versions.erase(version));
    bump(at);
  }
  if (clears) bump_clear_epoch();
  return note_change(true);
}

template <class Sync>
bool MvMemory<Sync>::remove(SlotAt& at, TxnIndex txn) {
  const std::lock_guard guard(at.lock);
  SlotVersion* version = at.versions.find(txn);
  if (version == nullptr) return false;
  at.versions.erase(version);
  bump(at);
  return note_change(at.last_observer > txn + 1);
}

template <class Sync>
void MvMemory<Sync>::mark_estimate(AccountAt& at, TxnIndex txn) {
  const std::lock_guard guard(at.lock);
  if (AccountVersion* version = at.versions.find(txn); version != nullptr) version->estimate = true;
}

template <class Sync>
void MvMemory<Sync>::mark_estimate(SlotAt& at, TxnIndex txn) {
  const std::lock_guard guard(at.lock);
  SlotVersion* version = at.versions.find(txn);
  if (version == nullptr || version->kind != SlotVersionKind::value) return;
  version->kind = SlotVersionKind::estimate;
  bump(at);  // whoever has read it had better look again
}

template <class Sync>
void MvMemory<Sync>::observe(AccountAt& at, TxnIndex txn) {
  const std::lock_guard guard(at.lock);
  at.last_observer = std::max(at.last_observer, txn + 1);
}

template <class Sync>
void MvMemory<Sync>::fold_below(AccountAt& at, TxnIndex end, unsigned worker) {
  const AccountVersion* const first = at.versions.begin();
  const AccountVersion* kept = first;
  for (; kept != at.versions.end() && kept->txn < end; ++kept)
    if (kept->parts & kPartCleared) at.cleared_after = kept->txn + 1;
  if (kept == first) return;
  HOCKET_ASSERT(at.loaded);  // a version's writer has loaded the account
  at.committed = (kept - 1)->after;
  at.versions.erase_before(kept);
  mark_touched(at, worker);
}

template <class Sync>
void MvMemory<Sync>::fold(AccountAt& at, TxnIndex end, unsigned worker) {
  const std::lock_guard guard(at.lock);
  fold_below(at, end, worker);
}

template <class Sync>
void MvMemory<Sync>::fold(SlotAt& at, TxnIndex end, unsigned worker) {
  {
    const std::lock_guard guard(at.lock);
    const SlotVersion* version = at.versions.begin();
    if (version == at.versions.end() || version->txn >= end) return;
    const bool is_first = at.committed_after == 0;
    for (; version != at.versions.end() && version->txn < end; ++version) {
      HOCKET_ASSERT(version->kind != SlotVersionKind::predicted);
      at.committed = version->value;
      at.committed_after = version->txn + 1;
    }
    at.versions.erase_before(version);
    if (!is_first) return;
  }
  AccountAt& account = *at.account;
  const std::lock_guard guard(account.lock);
  at.next_written = account.written_slots;
  account.written_slots = &at;
  mark_touched(account, worker);
}

template <class Sync>
auto MvMemory<Sync>::touched() -> const std::vector<AccountAt*>& {
  for (const auto& made : made_) {
    touched_.insert(touched_.end(), made->touched.begin(), made->touched.end());
    made->touched.clear();
  }
  return touched_;
}

template <class Sync>
std::optional<StateFault> MvMemory<Sync>::commit_credit(AccountAt& at, TxnIndex txn, const u256& amount,
                                                        unsigned worker) {
  for (;;) {
    {
      const std::lock_guard guard(at.lock);
      if (at.loaded) {
        fold_below(at, txn + 1, worker);
        at.committed.account.balance += amount;
        note_committed(at, worker);
        return std::nullopt;
      }
    }
    if (const auto fault = load(at)) return fault;
  }
}

template <class Sync>
template <class Change>
StateRead<std::optional<bool>> MvMemory<Sync>::commit_change(AccountAt& a, AccountAt& b, TxnIndex txn, unsigned worker,
                                                             Change&& change) {
  for (;;) {
    {
      // Nobody else holds two locks.
      const std::lock_guard guard_a(a.lock);
      const std::lock_guard guard_b(b.lock);
      if (a.loaded && b.loaded) {
        fold_below(a, txn, worker);
        fold_below(b, txn, worker);
        if (!change(a.committed.account, b.committed.account)) return std::optional<bool>{};
        note_committed(a, worker);
        note_committed(b, worker);
        return note_change(std::max(a.last_observer, b.last_observer) > txn + 1);
      }
    }
    for (AccountAt* at : {&a, &b})
      if (const auto fault = load(*at)) return std::unexpected(*fault);
  }
}

}  // namespace hocket
