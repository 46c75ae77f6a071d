#include "replay/state_union.hpp"

#include "base/assert.hpp"

namespace hocket {
namespace {

template <class Map, class Key>
auto* find(Map& map, const Key& key) {
  const auto it = map.find(key);
  return it == map.end() ? nullptr : &it->second;
}

}  // namespace

void StateUnion::note(const Address& address, const std::optional<Account>& account) {
  Entry& entry = entries_[address];
  if (entry.is_known) return;
  entry.is_known = true;
  entry.account = account;
}

void StateUnion::note(const Address& address, const u256& slot, const u256& value) {
  entries_[address].slots.try_emplace(slot, value);
}

void StateUnion::note_code(const Hash32& hash, BytesView code) { codes_.try_emplace(hash, to_bytes(code)); }

void StateUnion::note_block_hash(std::uint64_t number, const Hash32& hash) { block_hashes_.try_emplace(number, hash); }

const std::optional<Account>* StateUnion::account(const Address& address) const noexcept {
  const Entry* entry = find(entries_, address);
  return entry != nullptr && entry->is_known ? &entry->account : nullptr;
}

const u256* StateUnion::slot(const Address& address, const u256& slot) const noexcept {
  const Entry* entry = find(entries_, address);
  return entry == nullptr ? nullptr : find(entry->slots, slot);
}

const Bytes* StateUnion::code(const Hash32& hash) const noexcept { return find(codes_, hash); }

const Hash32* StateUnion::block_hash(std::uint64_t number) const noexcept { return find(block_hashes_, number); }

void StateUnion::fund(const Address& address, const u256& wei) {
  Entry* entry = find(entries_, address);
  HOCKET_ASSERT(entry != nullptr && entry->is_known);
  if (!entry->account) entry->account.emplace();
  entry->account->balance += wei;
}

InMemoryState StateUnion::take() const {
  StateDiff diff;
  for (const auto& [address, entry] : entries_) {
    if (!entry.account) continue;
    diff.add(address).account = entry.account;
    if (const Bytes* of_account = code(entry.account->code_hash)) diff.set_code(*of_account);
    for (const auto& [slot, value] : entry.slots) diff.add_slot(slot, value);
  }
  InMemoryState state;
  state.apply(diff);
  for (const auto& [number, hash] : block_hashes_) state.put_block_hash(number, hash);
  return state;
}

// --- a block's own state ---------------------------------------------------------------------------------------------

StateRead<std::optional<Account>> NotingView::account(const Address& address) const {
  auto account = base_.account(address);
  if (account) noted_.note(address, *account);
  return account;
}

StateRead<u256> NotingView::storage(const Address& address, const u256& slot) const {
  auto value = base_.storage(address, slot);
  if (value) noted_.note(address, slot, *value);
  return value;
}

StateRead<BytesView> NotingView::code(const Address& address, const Hash32& code_hash) const {
  auto code = base_.code(address, code_hash);
  if (code) noted_.note_code(code_hash, *code);
  return code;
}

StateRead<Hash32> NotingView::block_hash(std::uint64_t number) const {
  auto hash = base_.block_hash(number);
  if (hash) noted_.note_block_hash(number, *hash);
  return hash;
}

// --- the union -------------------------------------------------------------------------------------------------------

template <class T, class Read>
T UnionView::ask(const T& nothing, const Read& read) const {
  bool is_known = false;
  for (const StateView* state : states_) {
    const auto answer = read(*state);
    if (!answer) continue;
    is_known = true;
    if (*answer != nothing) return *answer;
  }
  if (!is_known) ++unknown_;
  return nothing;
}

StateRead<std::optional<Account>> UnionView::account(const Address& address) const {
  if (const auto* known = noted_.account(address)) return *known;
  const auto account = ask<std::optional<Account>>({}, [&](const StateView& state) { return state.account(address); });
  noted_.note(address, account);
  return account;
}

StateRead<u256> UnionView::storage(const Address& address, const u256& slot) const {
  if (const u256* known = noted_.slot(address, slot)) return *known;
  const auto value = ask<u256>({}, [&](const StateView& state) { return state.storage(address, slot); });
  noted_.note(address, slot, value);
  return value;
}

StateRead<BytesView> UnionView::code(const Address& address, const Hash32& code_hash) const {
  if (const Bytes* known = noted_.code(code_hash)) return BytesView(*known);
  for (const StateView* state : states_) {
    const auto code = state->code(address, code_hash);
    if (!code) continue;
    noted_.note_code(code_hash, *code);
    return BytesView(*noted_.code(code_hash));
  }
  return std::unexpected(StateFault::missing_node);
}

StateRead<Hash32> UnionView::block_hash(std::uint64_t number) const {
  if (const Hash32* known = noted_.block_hash(number)) return *known;
  const auto hash = ask<Hash32>({}, [&](const StateView& state) { return state.block_hash(number); });
  noted_.note_block_hash(number, hash);
  return hash;
}

}  // namespace hocket
