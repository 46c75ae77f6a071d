#include "state/journal.hpp"

#include "base/assert.hpp"
#include "crypto/keccak.hpp"

namespace hocket {
namespace {

/// Block 2675119 deleted RIPEMD-160's empty account although the call that touched it ran out of gas; every client
/// keeps this one touch through a revert since (EIP-161, "addendum" of its specification).
constexpr Address kRipemd160{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3}};

std::size_t hash_of(const HashSeed& seed, const Address& address) noexcept {
  const std::uint8_t* p = address.data();
  return fold_multiply(load_le64(p) ^ seed.words[0], load_le64(p + 8) ^ seed.words[1]) ^
         fold_multiply(load_le32(p + 16) ^ seed.words[2], seed.words[3]);
}

std::size_t hash_of(const HashSeed& seed, const AccountEntry* account, const u256& slot) noexcept {
  return fold_multiply(slot.limbs[0] ^ seed.words[0], slot.limbs[1] ^ seed.words[1]) ^
         fold_multiply(slot.limbs[2] ^ seed.words[2] ^ reinterpret_cast<std::uintptr_t>(account),
                       slot.limbs[3] ^ seed.words[3]);
}

std::size_t hash_of(const HashSeed& seed, const Address& address, const u256& slot) noexcept {
  return hash_of(seed, address) ^ fold_multiply(slot.limbs[0] ^ seed.words[0], slot.limbs[1] ^ seed.words[1]) ^
         fold_multiply(slot.limbs[2] ^ seed.words[2], slot.limbs[3] ^ seed.words[3]);
}

/// Whether what came in on top of `base` might go beyond 2^256 on top of another balance below 2^255, or of one that is
/// above as `base` is.
bool may_wrap(const u256& base, const u256& now) noexcept {
  return (base.is_negative() || now.is_negative()) && base < now;
}

}  // namespace

std::size_t Journal::TransientKeyHash::operator()(const TransientKey& k) const noexcept {
  return hash_of(hash_seed(), k.account, k.slot);
}

Journal::Journal(const StateView& base) : base_(&base), seed_(hash_seed()) {}
Journal::~Journal() = default;

void Journal::reset(const StateView& base) {
  base_ = &base;
  later_ = nullptr;
  transaction_ = 1;
  refund_ = 0;
  fault_.reset();
  logs_.clear();
  undo_.clear();
  saved_codes_.clear();
  accounts_.clear();
  slots_.clear();
  codes_.clear();
  account_index_.clear();
  slot_index_.clear();
  touched_.clear();
  destroyed_.clear();
  transient_.clear();
  first_prewarmed_in_ = accounts_prewarmed_in_ = slots_prewarmed_in_ = 0;
  prewarmed_.clear();
  prewarmed_accounts_.clear();
  prewarmed_slots_.clear();
  prewarm_precompiles(0, false);
}

// --- transactions ----------------------------------------------------------------------------------------------------

void Journal::begin_transaction() {
  ++transaction_;
  refund_ = 0;
  logs_.clear();
  undo_.clear();
  saved_codes_.clear();
  touched_.clear();
  destroyed_.clear();
  if (!transient_.empty()) transient_.clear();
}

void Journal::end_transaction(bool state_clearing) {
  for (AccountEntry* account : destroyed_) {
    if (account->destroyed_in != transaction_) continue;
    account->observed |= kObservedBalance;
    account->exists = false;
    account->nonce = 0;
    account->nonce_written = true;
    account->balance = {};
    account->code_hash = kEmptyCodeHash;
    account->code = {};
    account->code_loaded = false;
    account->program = nullptr;
    account->storage_hidden = true;
    account->has_storage = false;
    ++account->storage_epoch;
    account->changed = true;
  }
  if (state_clearing) {
    for (AccountEntry* account : touched_) {
      if (account->touched_in != transaction_) continue;
      if (!account->exists) {
        // If another transaction brings it into being it is hardly empty: not looked at for that.
        account->observed |= kObservedNotEmpty;
        continue;
      }
      if (!is_dead(*account)) continue;
      account->exists = false;
      account->changed = true;
      account->observed |= kObservedStorage;
      if (account->has_storage) {
        // Nobody can make such an account any more (EIP-7610), but a state may hold one: its storage goes with it.
        account->has_storage = false;
        account->storage_hidden = true;
        ++account->storage_epoch;
      }
    }
  }
  undo_.clear();
  saved_codes_.clear();
  touched_.clear();
  destroyed_.clear();
}

void Journal::abandon_transaction() {
  revert({.undo_size = 0, .log_count = 0, .refund = 0});
  touched_.clear();
  destroyed_.clear();
}

// --- accounts --------------------------------------------------------------------------------------------------------

AccountEntry* Journal::account(const Address& address) {
  const std::size_t hash = hash_of(seed_, address);
  AccountEntry* entry = account_index_.find(hash, [&](const AccountEntry& e) { return e.address == address; });
  return entry != nullptr ? entry : load_account(address, hash);
}

bool Journal::knows(const Address& address) const noexcept {
  return account_index_.find(hash_of(seed_, address), [&](const AccountEntry& e) { return e.address == address; }) !=
         nullptr;
}

AccountEntry* Journal::load_account(const Address& address, std::size_t hash) {
  if (later_ != nullptr) {
    later_->adopt(address, *this);
    AccountEntry* adopted = account_index_.find(hash, [&](const AccountEntry& e) { return e.address == address; });
    if (adopted != nullptr) return adopted;
  }
  const auto read = base_->account(address);
  if (!read) {
    fault_ = read.error();
    return nullptr;
  }
  return &add_account(address, *read, hash);
}

AccountEntry& Journal::add_account(const Address& address, const std::optional<Account>& account, std::size_t hash) {
  AccountEntry& entry = accounts_.add();
  entry.index = static_cast<std::uint32_t>(accounts_.size() - 1);
  entry.address = address;
  entry.base = account;
  if (account) {
    entry.nonce = account->nonce;
    entry.balance = account->balance;
    entry.code_hash = account->code_hash;
    entry.exists = true;
    entry.has_storage = account->has_storage;
  } else {
    entry.storage_hidden = true;
  }
  account_index_.insert(hash, &entry);
  return entry;
}

AccountEntry& Journal::adopt_account(const Address& address, const std::optional<Account>& base,
                                     const std::optional<Account>& now, bool storage_cleared,
                                     std::optional<BytesView> code) {
  const std::size_t hash = hash_of(seed_, address);
  AccountEntry* entry = account_index_.find(hash, [&](const AccountEntry& e) { return e.address == address; });
  if (entry == nullptr) entry = &add_account(address, base, hash);
  const Account account = now.value_or(Account{});
  entry->exists = now.has_value();
  entry->nonce = account.nonce;
  entry->balance = account.balance;
  if (entry->code_hash != account.code_hash) {
    entry->code_hash = account.code_hash;
    entry->program = nullptr;
    entry->code_loaded = false;
    if (code) {
      Bytes& copy = codes_.add();
      copy.assign(code->begin(), code->end());
      entry->code = copy;
      entry->code_loaded = true;
    }
  }
  if (storage_cleared) {
    entry->storage_hidden = true;
    entry->has_storage = false;
    ++entry->storage_epoch;
  }
  entry->changed = true;
  return *entry;
}

void Journal::adopt_slot(AccountEntry& account, const u256& slot, const u256& base, const u256& now) {
  const std::size_t hash = hash_of(seed_, &account, slot);
  SlotEntry* entry =
      slot_index_.find(hash, [&](const SlotEntry& e) { return e.account == &account && e.slot == slot; });
  if (entry == nullptr) entry = &add_slot(account, slot, base, hash);
  entry->epoch = account.storage_epoch;
  entry->current = now;
  // It may be adopted in the middle of a transaction, which began with this value.
  entry->original = now;
  entry->original_in = transaction_;
  account.changed = true;
}

std::optional<BytesView> Journal::code(AccountEntry& account) {
  if (account.code_loaded) return account.code;
  if (account.has_code()) {
    const auto read = base_->code(account.address, account.code_hash);
    if (!read) {
      fault_ = read.error();
      return std::nullopt;
    }
    account.code = *read;
  } else {
    account.code = {};
  }
  account.code_loaded = true;
  return account.code;
}

bool Journal::covers(AccountEntry& account, const u256& amount) noexcept {
  if (account.balance < amount) {
    account.observed |= kObservedBalance;
    return false;
  }
  // The StateView's balance could be lower by what is left over, and the answer would be the same.
  const u256 slack = account.balance - amount;
  const u256 base = account.base_balance();
  if (may_wrap(base, account.balance)) [[unlikely]]
    account.observed |= kObservedBalance;
  if (slack < base && account.observed_at_least < base - slack) account.observed_at_least = base - slack;
  return true;
}

bool Journal::is_dead(AccountEntry& account) noexcept {
  // Known from this execution alone: code is always looked at; a nonce was set; more came in than went out.
  if (account.has_code() || (account.nonce_written && account.nonce != 0)) return false;
  if (const u256 base = account.base_balance(); base < account.balance) {
    if (may_wrap(base, account.balance)) [[unlikely]]
      account.observed |= kObservedBalance;
    return false;
  }
  const bool as_in_base =
      account.balance == account.base_balance() && !account.nonce_written && account.exists == account.base.has_value();
  account.observed |= as_in_base ? kObservedDeath : kObservedBalance | kObservedNonce | kObservedExistence;
  return !account.exists || account.is_empty();
}

bool Journal::warm(AccountEntry& account) {
  if (account.warm_in == transaction_) return false;
  undo_.push_back({Change::warmed_account, false, false, account.warm_in, &account, {}});
  account.warm_in = transaction_;
  return !is_precompile(account.address) && !was_prewarmed(account.address);
}

bool Journal::is_precompile(const Address& address) const noexcept {
  const std::uint8_t* p = address.data();
  if ((load_le64(p) | load_le64(p + 8)) != 0) return false;
  const std::uint32_t number = load_be32(p + 16);
  return (number != 0 && number <= last_precompile_) || (number == 0x100 && p256verify_);
}

Journal::Prewarmed* Journal::find_prewarmed(const IndexTable<Prewarmed>& index, const Address& address,
                                            const u256& slot, std::size_t hash) const noexcept {
  return index.find(hash, [&](const Prewarmed& e) { return e.address == address && e.slot == slot; });
}

void Journal::prewarm(IndexTable<Prewarmed>& index, const Address& address, const u256& slot) {
  const std::size_t hash = hash_of(seed_, address, slot);
  Prewarmed* entry = find_prewarmed(index, address, slot, hash);
  if (entry == nullptr) {
    entry = &prewarmed_.add();
    entry->address = address;
    entry->slot = slot;
    index.insert(hash, entry);
  }
  entry->warm_in = transaction_;
}

bool Journal::was_prewarmed(const IndexTable<Prewarmed>& index, const Address& address,
                            const u256& slot) const noexcept {
  const Prewarmed* entry = find_prewarmed(index, address, slot, hash_of(seed_, address, slot));
  return entry != nullptr && entry->warm_in == transaction_;
}

void Journal::prewarm(const Address& address) {
  if (first_prewarmed_in_ != transaction_) {
    first_prewarmed_in_ = transaction_;
    first_prewarmed_ = address;
  } else if (first_prewarmed_ != address) {
    accounts_prewarmed_in_ = transaction_;
    prewarm(prewarmed_accounts_, address, {});
  }
}

void Journal::prewarm(const Address& address, const u256& slot) {
  slots_prewarmed_in_ = transaction_;
  prewarm(prewarmed_slots_, address, slot);
}

bool Journal::was_prewarmed(const Address& address) const noexcept {
  if (first_prewarmed_in_ == transaction_ && first_prewarmed_ == address) return true;
  return accounts_prewarmed_in_ == transaction_ && was_prewarmed(prewarmed_accounts_, address, {});
}

void Journal::set_balance(AccountEntry& account, const u256& balance) {
  undo_.push_back({Change::balance, account.exists, false, 0, &account, account.balance});
  account.balance = balance;
  account.exists = true;
  account.changed = true;
}

void Journal::add_balance(AccountEntry& account, const u256& amount) {
  touch(account, false);
  if (!amount.is_zero()) set_balance(account, account.balance + amount);
}

void Journal::subtract_balance(AccountEntry& account, const u256& amount) {
  HOCKET_ASSERT(account.balance >= amount);
  touch(account, false);
  if (!amount.is_zero()) set_balance(account, account.balance - amount);
}

void Journal::set_nonce(AccountEntry& account, std::uint64_t nonce) {
  undo_.push_back({Change::nonce, account.exists, false, 0, &account, u256{account.nonce}});
  account.nonce = nonce;
  account.nonce_written = true;
  account.exists = true;
  account.changed = true;
}

void Journal::set_code(AccountEntry& account, BytesView code) {
  saved_codes_.push_back({account.code_hash, account.code, account.program, account.code_loaded});
  undo_.push_back({Change::code, account.exists, false, 0, &account, u256{saved_codes_.size() - 1}});
  Bytes& copy = codes_.add();
  copy.assign(code.begin(), code.end());
  account.code_hash = code.empty() ? kEmptyCodeHash : keccak256(code);
  account.code = copy;
  account.code_loaded = true;
  account.program = nullptr;
  account.exists = true;
  account.changed = true;
}

void Journal::touch(AccountEntry& account, bool creates) {
  if (account.touched_in != transaction_) {
    undo_.push_back({Change::touched, account.exists, false, account.touched_in, &account, {}});
    account.touched_in = transaction_;
    touched_.push_back(&account);
  }
  if (creates && !exists(account)) set_balance(account, account.balance);
}

void Journal::create_contract(AccountEntry& account, std::uint64_t nonce) {
  touch(account, false);
  account.observed |= kObservedExistence;  // before EIP-161 it may exist for nothing but this
  undo_.push_back(
      {Change::created, account.exists, account.storage_hidden, account.created_in, &account, u256{account.nonce}});
  account.nonce = nonce;
  account.nonce_written = true;
  account.exists = true;
  account.created_in = transaction_;
  account.storage_hidden = true;
  account.changed = true;
}

bool Journal::destroy(AccountEntry& account) {
  if (account.destroyed_in == transaction_) return false;
  undo_.push_back({Change::destroyed, false, false, account.destroyed_in, &account, {}});
  account.destroyed_in = transaction_;
  destroyed_.push_back(&account);
  return true;
}

// --- storage ---------------------------------------------------------------------------------------------------------

SlotEntry* Journal::slot(AccountEntry& account, const u256& slot) {
  const std::size_t hash = hash_of(seed_, &account, slot);
  SlotEntry* entry =
      slot_index_.find(hash, [&](const SlotEntry& e) { return e.account == &account && e.slot == slot; });
  if (entry == nullptr) return load_slot(account, slot, hash);
  if (entry->epoch != account.storage_epoch) {
    entry->epoch = account.storage_epoch;
    entry->current = {};
  }
  if (entry->original_in != transaction_) {
    entry->original_in = transaction_;
    entry->original = entry->current;
  }
  return entry;
}

SlotEntry* Journal::load_slot(AccountEntry& account, const u256& slot, std::size_t hash) {
  u256 value;
  const bool from_view = !account.storage_hidden;
  if (from_view) {
    const auto read = base_->storage(account.address, slot);
    if (!read) {
      fault_ = read.error();
      return nullptr;
    }
    value = *read;
  }
  SlotEntry& entry = add_slot(account, slot, value, hash);
  entry.from_view = from_view;
  return &entry;
}

SlotEntry& Journal::add_slot(AccountEntry& account, const u256& slot, const u256& value, std::size_t hash) {
  SlotEntry& entry = slots_.add();
  entry.account = &account;
  entry.slot = slot;
  entry.base = value;
  entry.current = value;
  entry.original = value;
  entry.original_in = transaction_;
  entry.epoch = account.storage_epoch;
  entry.next_of_account = account.slots;
  account.slots = &entry;
  slot_index_.insert(hash, &entry);
  return entry;
}

bool Journal::warm(SlotEntry& slot) {
  if (slot.warm_in == transaction_) return false;
  undo_.push_back({Change::warmed_slot, false, false, slot.warm_in, &slot, {}});
  slot.warm_in = transaction_;
  return slots_prewarmed_in_ != transaction_ || !was_prewarmed(prewarmed_slots_, slot.account->address, slot.slot);
}

void Journal::set_storage(SlotEntry& slot, const u256& value) {
  undo_.push_back({Change::storage, false, false, 0, &slot, slot.current});
  slot.current = value;
  slot.account->changed = true;
}

u256 Journal::transient(const AccountEntry& account, const u256& slot) const {
  if (transient_.empty()) return {};
  const auto it = transient_.find({&account, slot});
  return it == transient_.end() ? u256{} : it->second;
}

void Journal::set_transient(AccountEntry& account, const u256& slot, const u256& value) {
  u256& entry = transient_[{&account, slot}];
  undo_.push_back({Change::transient, false, false, 0, &entry, entry});
  entry = value;
}

// --- checkpoints -----------------------------------------------------------------------------------------------------

void Journal::revert(const Checkpoint& checkpoint) {
  HOCKET_DEBUG_ASSERT(checkpoint.undo_size <= undo_.size() && checkpoint.log_count <= logs_.size());
  while (undo_.size() > checkpoint.undo_size) {
    undo(undo_.back());
    undo_.pop_back();
  }
  logs_.resize(checkpoint.log_count);
  refund_ = checkpoint.refund;
}

void Journal::undo(const Undo& change) noexcept {
  auto* account = static_cast<AccountEntry*>(change.entry);
  switch (change.change) {
    case Change::balance:
      account->balance = change.old;
      account->exists = change.existed;
      break;
    case Change::nonce:
      account->nonce = change.old.low64();
      account->exists = change.existed;
      break;
    case Change::code: {
      const SavedCode& saved = saved_codes_[change.old.low64()];
      account->code_hash = saved.hash;
      account->code = saved.code;
      account->program = saved.program;
      account->code_loaded = saved.loaded;
      account->exists = change.existed;
      break;
    }
    case Change::created:
      account->nonce = change.old.low64();
      account->exists = change.existed;
      account->storage_hidden = change.storage_hidden;
      account->created_in = change.stamp;
      break;
    case Change::destroyed:
      account->destroyed_in = change.stamp;
      break;
    case Change::touched:
      if (account->address != kRipemd160) account->touched_in = change.stamp;
      break;
    case Change::warmed_account:
      account->warm_in = change.stamp;
      break;
    case Change::warmed_slot:
      static_cast<SlotEntry*>(change.entry)->warm_in = change.stamp;
      break;
    case Change::storage:
      static_cast<SlotEntry*>(change.entry)->current = change.old;
      break;
    case Change::transient:
      *static_cast<u256*>(change.entry) = change.old;
      break;
  }
}

// --- results ---------------------------------------------------------------------------------------------------------

StateDiff Journal::diff() const {
  StateDiff diff;
  diff.reserve(accounts_.size(), slots_.size());
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    const AccountEntry& entry = accounts_[i];
    if (entry.changed) add_difference(entry, diff);
  }
  return diff;
}

void Journal::add_difference(const AccountEntry& entry, StateDiff& diff) {
  if (!entry.exists) {
    if (entry.base) diff.add(entry.address);
    return;
  }
  const Hash32& base_code = entry.base ? entry.base->code_hash : kEmptyCodeHash;
  const bool cleared = entry.storage_epoch > 0 && entry.base && entry.base->has_storage;
  const auto value_of = [&](const SlotEntry& slot) {
    return slot.epoch == entry.storage_epoch ? slot.current : u256{};
  };
  const auto differs = [&](const SlotEntry& slot) {
    return cleared ? !value_of(slot).is_zero() : value_of(slot) != slot.base;
  };
  const SlotEntry* slot = entry.slots;
  while (slot != nullptr && !differs(*slot)) slot = slot->next_of_account;
  if (entry.base && entry.nonce == entry.base->nonce && entry.balance == entry.base->balance &&
      entry.code_hash == base_code && !cleared && slot == nullptr)
    return;

  AccountDiff& change = diff.add(entry.address);
  change.account = Account{.nonce = entry.nonce, .balance = entry.balance, .code_hash = entry.code_hash};
  change.storage_cleared = cleared;
  for (; slot != nullptr; slot = slot->next_of_account)
    if (differs(*slot)) diff.add_slot(slot->slot, value_of(*slot));
  if (entry.code_hash != base_code && entry.has_code()) diff.set_code(entry.code);
}

std::optional<Hash32> Journal::block_hash(std::uint64_t number) {
  const auto read = base_->block_hash(number);
  if (!read) {
    fault_ = read.error();
    return std::nullopt;
  }
  return *read;
}

}  // namespace hocket
