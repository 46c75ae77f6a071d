#include "state/in_memory_state.hpp"

#include "base/assert.hpp"
#include "crypto/keccak.hpp"

namespace hocket {

StateRead<std::optional<Account>> InMemoryState::account(const Address& address) const {
  const Entry* entry = accounts_.find(address);
  if (entry == nullptr) return std::nullopt;
  Account account = entry->account;
  account.has_storage = !entry->storage.empty();
  return account;
}

StateRead<u256> InMemoryState::storage(const Address& address, const u256& slot) const {
  const Entry* entry = accounts_.find(address);
  return entry == nullptr ? u256{} : entry->storage.value(slot);
}

StateRead<BytesView> InMemoryState::code(const Address&, const Hash32& code_hash) const {
  const auto it = codes_.find(code_hash);
  if (it == codes_.end()) return std::unexpected(StateFault::missing_node);
  return it->second;
}

StateRead<Hash32> InMemoryState::block_hash(std::uint64_t number) const {
  const auto it = block_hashes_.find(number);
  return it == block_hashes_.end() ? Hash32{} : it->second;
}

void InMemoryState::put(const Address& address, std::uint64_t nonce, const u256& balance, BytesView code,
                        const std::vector<std::pair<u256, u256>>& storage) {
  put(address, nonce, balance, code, code.empty() ? kEmptyCodeHash : keccak256(code), storage);
}

void InMemoryState::put(const Address& address, std::uint64_t nonce, const u256& balance, BytesView code,
                        const Hash32& code_hash, const std::vector<std::pair<u256, u256>>& storage) {
  Entry& entry = accounts_[address];
  entry = Entry{};
  entry.account.nonce = nonce;
  entry.account.balance = balance;
  entry.account.code_hash = code_hash;
  if (!code.empty()) put_code(code_hash, code);
  for (const auto& [slot, value] : storage)
    if (!value.is_zero()) entry.storage.set(slot, value);
}

void InMemoryState::put_slots(const Address& address, const std::vector<std::pair<u256, u256>>& slots) {
  Entry* entry = accounts_.find(address);
  HOCKET_ASSERT(entry != nullptr);
  for (const auto& [slot, value] : slots) entry->storage.set(slot, value);
}

void InMemoryState::put_copy(const Address& original, const Address& address) {
  const Entry* entry = accounts_.find(original);
  HOCKET_ASSERT(entry != nullptr);
  Entry copy = *entry;
  copy.account.balance = 0;
  accounts_[address] = std::move(copy);
}

void InMemoryState::put_code(const Hash32& hash, BytesView code) { codes_.try_emplace(hash, to_bytes(code)); }

void InMemoryState::put_block_hash(std::uint64_t number, const Hash32& hash) { block_hashes_[number] = hash; }

void InMemoryState::apply(const StateDiff& diff) {
  for (const AccountDiff& change : diff.accounts()) {
    if (!change.account) {
      accounts_.erase(change.address);
      continue;
    }
    Entry& entry = accounts_[change.address];
    entry.account = *change.account;
    entry.account.has_storage = false;  // derived from `storage` on every read
    if (!change.code.empty()) put_code(change.account->code_hash, change.code);
    if (change.storage_cleared) entry.storage.clear();
    for (const auto& [slot, value] : change.storage) entry.storage.set(slot, value);
  }
}

}  // namespace hocket
