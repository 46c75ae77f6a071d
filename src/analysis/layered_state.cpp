#include "analysis/layered_state.hpp"

namespace hocket {

void LayeredState::apply(const StateDiff& diff) {
  for (const AccountDiff& change : diff.accounts()) {
    Entry& entry = accounts_[change.address];
    entry.account = change.account;
    if (change.storage_cleared) {
      entry.storage_cleared = true;
      entry.storage.clear();
    }
    for (const SlotChange& slot : change.storage) entry.storage[slot.slot] = slot.value;
    if (!change.code.empty()) entry.code = to_bytes(change.code);
  }
}

const LayeredState::Entry* LayeredState::find(const Address& address) const noexcept {
  const auto it = accounts_.find(address);
  return it == accounts_.end() ? nullptr : &it->second;
}

StateRead<std::optional<Account>> LayeredState::account(const Address& address) const {
  const Entry* entry = find(address);
  if (entry == nullptr) return below_->account(address);
  if (!entry->account) return std::nullopt;
  Account account = *entry->account;
  // A diff does not say whether storage from before is left (EIP-7610).
  account.has_storage = false;
  if (!entry->storage_cleared) {
    const auto before = below_->account(address);
    if (!before) return before;
    account.has_storage = *before && (*before)->has_storage;
  }
  return account;
}

StateRead<u256> LayeredState::storage(const Address& address, const u256& slot) const {
  const Entry* entry = find(address);
  if (entry == nullptr) return below_->storage(address, slot);
  if (const auto it = entry->storage.find(slot); it != entry->storage.end()) return it->second;
  if (entry->storage_cleared || !entry->account) return u256{};
  return below_->storage(address, slot);
}

StateRead<BytesView> LayeredState::code(const Address& address, const Hash32& code_hash) const {
  const Entry* entry = find(address);
  if (entry != nullptr && !entry->code.empty() && entry->account && entry->account->code_hash == code_hash)
    return BytesView{entry->code};
  return below_->code(address, code_hash);
}

}  // namespace hocket
