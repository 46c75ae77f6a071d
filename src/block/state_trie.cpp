#include "block/state_trie.hpp"

#include "base/assert.hpp"
#include "base/hex.hpp"
#include "crypto/keccak.hpp"
#include "rlp/encode.hpp"

namespace hocket {
namespace {

std::vector<Hash32> hash_all(std::span<const BytesView> inputs) {
  std::vector<Hash32> hashes(inputs.size());
  keccak256_many(inputs, hashes);
  return hashes;
}

AccountLeaf to_leaf(const Account& account, const Hash32& storage_root) {
  return {account.nonce, account.balance, storage_root, account.code_hash};
}

/// For tries that are all there.
void must_succeed(const Result<void>& change) { HOCKET_ASSERT(change.has_value()); }

/// Puts slots into tries, of which the hashes are taken many at a time, whatever accounts they are of.
class StorageFiller {
 public:
  void add(Trie& trie, const u256& slot, const u256& value) {
    pending_.push_back({.trie = &trie, .slot = to_hash32(slot), .value = value});
    if (pending_.size() == kBatch) flush();
  }
  void flush() {
    std::vector<BytesView> slots;
    slots.reserve(pending_.size());
    for (const Pending& p : pending_) slots.push_back(p.slot);
    const std::vector<Hash32> keys = hash_all(slots);
    for (std::size_t i = 0; i < pending_.size(); ++i)
      must_succeed(pending_[i].trie->put(keys[i], rlp::encode_integer(pending_[i].value)));
    pending_.clear();
  }

 private:
  static constexpr std::size_t kBatch = 256;
  struct Pending {
    Trie* trie;
    Hash32 slot;
    u256 value;
  };
  std::vector<Pending> pending_;
};

}  // namespace

/// One account's changes with their keys hashed.
struct StateTrie::Change {
  const AccountDiff* diff;
  Hash32 hashed_address;
  std::span<const Hash32> hashed_slots;  // in the order of `diff->storage`
  Trie* storage = nullptr;               // where it changes
};

StateTrie::StateTrie(const NodeSet& nodes, const Hash32& root) : nodes_(&nodes), accounts_(nodes, root) {}

StateTrie::StateTrie(const InMemoryState& state) {
  std::vector<BytesView> addresses;
  addresses.reserve(state.accounts().size());
  for (const auto& [address, entry] : state.accounts()) addresses.push_back(address);
  const std::vector<Hash32> keys = hash_all(addresses);

  std::vector<Trie*> storages;
  StorageFiller filler;
  std::size_t i = 0;
  for (const auto& [address, entry] : state.accounts()) {
    const Hash32& key = keys[i++];
    if (entry.storage.empty()) continue;
    storages.push_back(&storages_[key]);
    for (const auto& [slot, value] : entry.storage) filler.add(*storages.back(), slot, value);
  }
  filler.flush();
  Trie::update_hashes(storages);

  i = 0;
  for (const auto& [address, entry] : state.accounts()) {
    const Hash32& key = keys[i++];
    const Hash32 storage_root = entry.storage.empty() ? kEmptyTrieRoot : storages_[key].root();
    must_succeed(accounts_.put(key, encode(to_leaf(entry.account, storage_root))));
  }
}

Result<Hash32> StateTrie::apply(const StateDiff& diff) {
  std::vector<Change> changes;
  changes.reserve(diff.size());
  std::vector<BytesView> addresses;
  std::vector<Hash32> slots;
  for (const AccountDiff& account : diff.accounts()) {
    changes.push_back({.diff = &account, .hashed_address = {}, .hashed_slots = {}});
    addresses.push_back(account.address);
    for (const auto& [slot, value] : account.storage) slots.push_back(to_hash32(slot));
  }
  const std::vector<Hash32> hashed_addresses = hash_all(addresses);
  const std::vector<Hash32> hashed_slots = hash_all(std::vector<BytesView>(slots.begin(), slots.end()));
  std::span<const Hash32> slots_left = hashed_slots;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    changes[i].hashed_address = hashed_addresses[i];
    changes[i].hashed_slots = slots_left.first(changes[i].diff->storage.size());
    slots_left = slots_left.subspan(changes[i].hashed_slots.size());
  }

  const auto named = [](const Change& change, Result<void> result) {
    if (!result)
      return Result<void>(std::unexpected(std::move(result).error().in("account " + to_hex(change.diff->address))));
    return result;
  };
  std::vector<Trie*> changed_storages;
  for (Change& change : changes) {
    HOCKET_CHECK(named(change, apply_storage(change)));
    if (change.storage != nullptr) changed_storages.push_back(change.storage);
  }
  Trie::update_hashes(changed_storages);

  // Deletions last: what was inserted may keep a branch from collapsing, which spares the sibling's node.
  for (const Change& change : changes)
    if (change.diff->account) HOCKET_CHECK(named(change, put_account(change)));
  for (const Change& change : changes) {
    if (change.diff->account) continue;
    HOCKET_CHECK(named(change, accounts_.erase(change.hashed_address)));
  }
  return accounts_.root();
}

Result<std::vector<Bytes>> StateTrie::prove_account(const Address& address) {
  return accounts_.prove(keccak256(address));
}

Result<std::vector<Bytes>> StateTrie::prove_slot(const Address& address, const u256& slot) {
  HOCKET_TRY(Trie* const storage, open_storage(keccak256(address)));
  return storage->prove(keccak256(to_hash32(slot)));
}

Result<std::optional<AccountLeaf>> StateTrie::leaf(const Hash32& hashed_address) const {
  HOCKET_TRY(const std::optional<BytesView> rlp, accounts_.get(hashed_address));
  if (!rlp) return std::nullopt;
  return decode_account_leaf(*rlp);
}

Result<Trie*> StateTrie::open_storage(const Hash32& hashed_address) {
  const auto it = storages_.find(hashed_address);
  if (it != storages_.end()) return &it->second;
  Trie storage;
  if (nodes_ != nullptr) {
    HOCKET_TRY(const std::optional<AccountLeaf> account, leaf(hashed_address));
    if (account) storage = Trie(*nodes_, account->storage_root);
  }
  return &storages_.emplace(hashed_address, std::move(storage)).first->second;
}

Result<void> StateTrie::apply_storage(Change& change) {
  if (!change.diff->account) {
    storages_.erase(change.hashed_address);
    return {};
  }
  if (change.diff->storage_cleared) storages_[change.hashed_address] = Trie();
  if (change.diff->storage.empty()) return {};
  HOCKET_TRY(change.storage, open_storage(change.hashed_address));

  const auto each_slot = [&change](bool zeros, auto&& action) -> Result<void> {
    std::size_t i = 0;
    for (const auto& [slot, value] : change.diff->storage) {
      const Hash32& key = change.hashed_slots[i++];
      if (value.is_zero() != zeros) continue;
      if (Result<void> done = action(key, value); !done)
        return std::unexpected(std::move(done).error().in("storage slot " + to_quantity(slot)));
    }
    return {};
  };
  // Deletions last, as for accounts.
  HOCKET_CHECK(each_slot(false, [&change](const Hash32& key, const u256& value) {
    return change.storage->put(key, rlp::encode_integer(value));
  }));
  return each_slot(true, [&change](const Hash32& key, const u256&) { return change.storage->erase(key); });
}

Result<void> StateTrie::put_account(const Change& change) {
  Hash32 storage_root = kEmptyTrieRoot;
  if (const auto it = storages_.find(change.hashed_address); it != storages_.end()) {
    storage_root = it->second.root();
  } else if (nodes_ != nullptr) {
    HOCKET_TRY(const std::optional<AccountLeaf> before, leaf(change.hashed_address));
    if (before) storage_root = before->storage_root;
  }
  return accounts_.put(change.hashed_address, encode(to_leaf(*change.diff->account, storage_root)));
}

Hash32 state_root(const InMemoryState& state) { return StateTrie(state).root(); }

}  // namespace hocket
