// MvMemory's member functions: a template, because the simulator brings its own atomics.
#pragma once

#include "parallel/mv_memory.hpp"

#include <bit>

namespace hocket {

template <class Sync>
void MvMemory<Sync>::reset(const StateView& base, std::size_t expected_locations, unsigned worker_count,
                           unsigned hash_bits) {
  base_ = &base;
  seed_ = hash_seed();
  const std::size_t chains = std::bit_ceil(std::max<std::size_t>(expected_locations, 64));
  if (account_chains_.size() != chains) {
    account_chains_ = std::vector<typename Sync::template Atomic<AccountAt*>>(chains);
    slot_chains_ = std::vector<typename Sync::template Atomic<SlotAt*>>(chains);
  }
  for (auto& chain : account_chains_) chain.store(nullptr, std::memory_order_relaxed);
  for (auto& chain : slot_chains_) chain.store(nullptr, std::memory_order_relaxed);
  mask_ = (chains - 1) & (hash_bits >= 64 ? ~std::size_t{0} : (std::size_t{1} << hash_bits) - 1);
  arenas_ = std::vector<Arena>(worker_count);
  clear_epoch_.store(0, std::memory_order_relaxed);
}

template <class Sync>
template <class Node, class Matches, class Make>
Node& MvMemory<Sync>::find_or_make(std::vector<typename Sync::template Atomic<Node*>>& chains, std::size_t hash,
                                   Matches&& matches, Make&& make) {
  auto& head = chains[hash & mask_];
  Node* first = head.load(std::memory_order_acquire);  // pairs with the release below: the node is complete
  for (Node* node = first; node != nullptr; node = node->next)
    if (matches(*node)) return *node;
  Node& made = make();
  Node* searched_to = first;
  for (;;) {
    made.next = first;
    if (head.compare_exchange_weak(first, &made, std::memory_order_release, std::memory_order_acquire)) return made;
    // Others have put nodes in front; ours may be among them. The one just made then stays unused in its arena.
    for (Node* node = first; node != searched_to; node = node->next)
      if (matches(*node)) return *node;
    searched_to = first;
  }
}

template <class Sync>
AccountLocation<Sync>& MvMemory<Sync>::account(const Address& address, unsigned worker) {
  const std::uint8_t* p = address.data();
  const std::size_t hash = fold_multiply(load_le64(p) ^ seed_.words[0], load_le64(p + 8) ^ seed_.words[1]) ^
                           fold_multiply(load_le32(p + 16) ^ seed_.words[2], seed_.words[3]);
  return find_or_make<AccountAt>(
      account_chains_, hash, [&](const AccountAt& at) { return at.address == address; },
      [&]() -> AccountAt& {
        AccountAt& at = arenas_[worker].accounts.emplace_back();
        at.address = address;
        return at;
      });
}

template <class Sync>
SlotLocation<Sync>& MvMemory<Sync>::slot(AccountAt& account, const u256& slot, unsigned worker) {
  const std::size_t hash = fold_multiply(slot.limbs[0] ^ seed_.words[0], slot.limbs[1] ^ seed_.words[1]) ^
                           fold_multiply(slot.limbs[2] ^ seed_.words[2] ^ reinterpret_cast<std::uintptr_t>(&account),
                                         slot.limbs[3] ^ seed_.words[3]);
  return find_or_make<SlotAt>(
      slot_chains_, hash, [&](const SlotAt& at) { return at.account == &account && at.slot == slot; },
      [&]() -> SlotAt& {
        SlotAt& at = arenas_[worker].slots.emplace_back();
        at.account = &account;
        at.slot = slot;
        return at;
      });
}

template <class Sync>
std::optional<StateFault> MvMemory<Sync>::load(AccountAt& at) {
  // Read without the lock, which guards instructions and not a disk: two workers may both read, the same value.
  const auto base = base_->account(at.address);
  if (!base) return base.error();
  const std::lock_guard guard(at.lock);
  if (at.loaded) return std::nullopt;
  at.base = *base;
  if (at.base) at.committed = *at.base;
  at.committed_exists = at.base.has_value();
  at.loaded = true;
  return std::nullopt;
}

template <class Sync>
std::optional<StateFault> MvMemory<Sync>::load(SlotAt& at) {
  const auto base = base_->storage(at.account->address, at.slot);
  if (!base) return base.error();
  const std::lock_guard guard(at.lock);
  if (at.loaded) return std::nullopt;
  at.base = *base;
  // Something may have been committed since: a slot of a contract that the block made is written without being read.
  if (at.committed_after == 0) at.committed = *base;
  at.loaded = true;
  return std::nullopt;
}

template <class Sync>
StateRead<AccountValue> MvMemory<Sync>::read(AccountAt& at, TxnIndex reader) {
  for (;;) {
    {
      const std::lock_guard guard(at.lock);
      if (at.loaded) {
        AccountValue value;
        value.stamp = at.stamp.load(std::memory_order_relaxed);
        value.account = at.committed;
        value.exists = at.committed_exists;
        value.code = at.committed_code;
        for (const AccountVersion& v : at.versions) {
          if (v.txn >= reader) break;
          value.account.balance += v.balance_delta;
          if (v.parts & kPartNonce) value.account.nonce = v.nonce;
          if (v.parts & kPartCode) {
            value.account.code_hash = v.code_hash();
            value.code = v.code;
          }
          if (v.parts & kPartExistence) value.exists = v.exists;
          if (v.parts & kPartCleared) value.account.has_storage = false;
        }
        if (!value.account.is_empty()) value.exists = true;
        return value;
      }
    }
    if (const auto fault = load(at)) return std::unexpected(*fault);
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
StateRead<SlotValue> MvMemory<Sync>::read(SlotAt& at, TxnIndex reader) {
  const TxnIndex cleared = cleared_before(*at.account, reader);
  for (;;) {
    {
      const std::lock_guard guard(at.lock);
      SlotValue value{.value = {}, .stamp = at.stamp.load(std::memory_order_relaxed), .estimate_of = std::nullopt};
      if (const SlotVersion* version = at.versions.newest_below(reader);
          version != nullptr && version->txn >= cleared) {
        value.value = version->value;
        if (version->estimate) value.estimate_of = version->txn;
        return value;
      }
      if (cleared != 0 && at.committed_after <= cleared) return value;
      if (at.loaded || at.committed_after != 0) {
        value.value = at.committed;
        return value;
      }
    }
    if (const auto fault = load(at)) return std::unexpected(*fault);
  }
}

template <class Sync>
bool MvMemory<Sync>::write(AccountAt& at, AccountVersion version) {
  bool clears = (version.parts & kPartCleared) != 0;
  bool changed = true;
  {
    const std::lock_guard guard(at.lock);
    if (AccountVersion* old = at.versions.find(version.txn); old != nullptr) {
      changed = !old->same_values(version);
      clears = clears || (old->parts & kPartCleared) != 0;  // one that goes counts like one that comes
      *old = std::move(version);
    } else {
      at.versions.insert(std::move(version));
    }
    if (changed) bump(at);
  }
  if (changed && clears) bump_clear_epoch();
  return changed;
}

template <class Sync>
bool MvMemory<Sync>::write(SlotAt& at, SlotVersion version) {
  const std::lock_guard guard(at.lock);
  bool changed = true;
  if (SlotVersion* old = at.versions.find(version.txn); old != nullptr) {
    changed = !old->same_values(version);
    *old = version;
  } else {
    at.versions.insert(version);
  }
  if (changed) bump(at);
  return changed;
}

template <class Sync>
bool MvMemory<Sync>::remove(AccountAt& at, TxnIndex txn) {
  bool clears = false;
  {
    const std::lock_guard guard(at.lock);
    AccountVersion* version = at.versions.find(txn);
    if (version == nullptr) return false;
    clears = (version->parts & kPartCleared) != 0;
    at.versions.erase(version);
    bump(at);
  }
  if (clears) bump_clear_epoch();
  return true;
}

template <class Sync>
bool MvMemory<Sync>::remove(SlotAt& at, TxnIndex txn) {
  const std::lock_guard guard(at.lock);
  SlotVersion* version = at.versions.find(txn);
  if (version == nullptr) return false;
  at.versions.erase(version);
  bump(at);
  return true;
}

template <class Sync>
void MvMemory<Sync>::mark_estimate(AccountAt& at, TxnIndex txn) {
  const std::lock_guard guard(at.lock);
  if (AccountVersion* version = at.versions.find(txn); version != nullptr) version->estimate = true;
}

template <class Sync>
void MvMemory<Sync>::mark_estimate(SlotAt& at, TxnIndex txn) {
  const std::lock_guard guard(at.lock);
  if (SlotVersion* version = at.versions.find(txn); version != nullptr) version->estimate = true;
}

template <class Sync>
void MvMemory<Sync>::commit(AccountAt& at, TxnIndex txn) {
  if (!at.loaded) {
    // A blind write (a nonce that was set, say) to an account that nobody has read.
    [[maybe_unused]] const auto fault = load(at);
    HOCKET_ASSERT(!fault);
  }
  const std::lock_guard guard(at.lock);
  AccountVersion* version = at.versions.find(txn);
  HOCKET_ASSERT(version != nullptr && version == at.versions.begin());
  at.committed.balance += version->balance_delta;
  if (version->parts & kPartNonce) at.committed.nonce = version->nonce;
  if (version->parts & kPartCode) {
    at.committed.code_hash = version->code_hash();
    at.committed_code = version->code;
  }
  if (version->parts & kPartExistence) at.committed_exists = version->exists;
  if (version->parts & kPartCleared) {
    at.cleared_after = txn + 1;
    at.committed.has_storage = false;
  }
  if (!at.committed.is_empty()) at.committed_exists = true;
  at.touched = true;
  at.versions.erase(version);
}

template <class Sync>
void MvMemory<Sync>::commit(SlotAt& at, TxnIndex txn) {
  const std::lock_guard guard(at.lock);
  SlotVersion* version = at.versions.find(txn);
  HOCKET_ASSERT(version != nullptr && version == at.versions.begin());
  at.committed = version->value;
  at.committed_after = txn + 1;
  at.versions.erase(version);
}

}  // namespace hocket
