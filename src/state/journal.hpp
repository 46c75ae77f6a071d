// Journal: the state as an execution sees it. Reads go to the StateView on first touch, writes stay here and can be
// reverted to a checkpoint. It may live for one transaction (parallel execution) or for a whole block (sequential):
// per-transaction facts (warmth, original values, creation, destruction) carry the number of their transaction.
//
// Entries live in arenas: their addresses are stable until `reset`.
//
// Faults: a read that the StateView cannot answer returns nullptr and sets `fault()`; the execution unwinds and its
// changes are discarded by whoever owns the journal.
// Thread safety: none; one execution owns one journal.
#pragma once

#include "base/hash_seed.hpp"
#include "base/stable_pool.hpp"
#include "core/receipt.hpp"
#include "state/index_table.hpp"
#include "state/state_diff.hpp"
#include "state/state_view.hpp"

#include <iterator>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace hocket {

class Program;  // evm/program.hpp: the journal only carries the pointer

/// What an execution has looked at in an account. Under parallel execution this, and not what was merely loaded, is
/// what the execution depends on: a credit or a covered debit commutes with others. So that nothing wraps at 2^256,
/// whoever compares takes a balance of 2^255 or more for a change where the one seen was less.
enum Observed : std::uint8_t {
  kObservedBalance = 1,  // its exact value
  kObservedNonce = 2,
  kObservedExistence = 4,
  kObservedDeath = 8,     // whether it is dead: does not exist, or is empty (EIP-161)
  kObservedStorage = 16,  // whether there is any (EIP-7610)
  /// That it is not an account that exists and is empty: a touch, which deletes such an account, did nothing.
  kObservedNotEmpty = 32,
};

struct AccountEntry {
  Address address;
  // Now.
  std::uint64_t nonce = 0;
  u256 balance;
  Hash32 code_hash = kEmptyCodeHash;
  bool exists = false;
  /// Storage of the StateView does not show through: the account is new, or was destroyed during this journal's life.
  bool storage_hidden = false;
  /// The StateView's storage was not empty (EIP-7610) and is still there.
  bool has_storage = false;
  bool code_loaded = false;
  /// Differs from what the StateView holds, perhaps: a candidate for the diff.
  bool changed = false;
  bool nonce_written = false;
  std::uint8_t observed = 0;  // Observed; of what the StateView gave
  /// The StateView's balance is at least this: looked at as a bound, not as a value.
  u256 observed_at_least;
  // Transaction numbers; equal to the current one: true now.
  std::uint32_t warm_in = 0;
  std::uint32_t created_in = 0;
  std::uint32_t destroyed_in = 0;
  std::uint32_t touched_in = 0;
  /// Slots of an older epoch are gone: the account was destroyed since.
  std::uint32_t storage_epoch = 0;
  std::uint32_t index = 0;            // as in Journal::account_entry
  BytesView code;                     // valid if code_loaded
  const Program* program = nullptr;   // analysed code, or null if not asked for yet
  std::optional<Account> base;        // what the StateView holds
  struct SlotEntry* slots = nullptr;  // all slots touched, newest first

  bool has_code() const noexcept { return code_hash != kEmptyCodeHash; }
  /// EIP-161.
  bool is_empty() const noexcept { return nonce == 0 && balance.is_zero() && !has_code(); }
  u256 base_balance() const noexcept { return base ? base->balance : u256{}; }
};

struct SlotEntry {
  u256 current;
  u256 original;  // at the start of transaction `original_in`
  std::uint32_t original_in = 0;
  std::uint32_t warm_in = 0;
  std::uint32_t epoch = 0;
  bool from_view = false;  // the StateView was asked, rather than the account known to have no storage
  AccountEntry* account = nullptr;
  u256 slot;
  u256 base;  // what the StateView holds
  SlotEntry* next_of_account = nullptr;
};

class Journal;

/// What others have made of the state since the StateView, and the journal does not know yet.
class LaterState {
 public:
  virtual ~LaterState() = default;
  /// Has the journal adopt the account, if it has changed, with all its slots that have.
  virtual void adopt(const Address& address, Journal& journal) const = 0;
};

class Journal {
 public:
  explicit Journal(const StateView& base);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Forgets everything and reads from `base` from now on.
  void reset(const StateView& base);
  /// From now on an account that is not here yet is looked for in `later` before the StateView is asked. nullptr: no
  /// more.
  void set_later_state(const LaterState* later) noexcept { later_ = later; }

  // --- transactions --------------------------------------------------------------------------------------------

  /// Everything is cold again, current values become the original ones, logs and refund start anew.
  void begin_transaction();
  /// Deletes what was destroyed and, with `state_clearing` (EIP-161), the empty accounts that were touched.
  void end_transaction(bool state_clearing);
  /// Discards every change since `begin_transaction`, as if the transaction had not been there.
  void abandon_transaction();

  // --- accounts ------------------------------------------------------------------------------------------------

  /// The account's entry, whether or not it exists. nullptr: a fault.
  AccountEntry* account(const Address& address);
  /// The code of an account, empty if it has none. Errors: a fault (empty optional).
  std::optional<BytesView> code(AccountEntry& account);

  // Looking at an account. Its code hash may be read directly: code hardly ever changes, so that every loaded account
  // counts as looked at for its code.
  const u256& balance(AccountEntry& account) noexcept {
    account.observed |= kObservedBalance;
    return account.balance;
  }
  std::uint64_t nonce(AccountEntry& account) noexcept {
    account.observed |= kObservedNonce;
    return account.nonce;
  }
  bool exists(AccountEntry& account) noexcept {
    account.observed |= kObservedExistence;
    return account.exists;
  }
  /// Whether the balance is at least `amount`.
  bool covers(AccountEntry& account, const u256& amount) noexcept;
  /// EIP-161: it does not exist, or is empty.
  bool is_dead(AccountEntry& account) noexcept;
  /// EIP-684, EIP-7610: a contract cannot be created here.
  bool is_taken(AccountEntry& account) noexcept {
    account.observed |= kObservedNonce | kObservedStorage;
    return account.nonce != 0 || account.has_code() || account.has_storage;
  }

  /// Marks as accessed in this transaction; true if it was cold (EIP-2929).
  bool warm(AccountEntry& account);
  bool is_warm(const AccountEntry& account) const noexcept { return account.warm_in == transaction_; }

  /// Counts as accessed from the start of this transaction (EIP-2930, 3651), without being read: what a list names need
  /// not be in a witness. Requires: no checkpoint was taken yet.
  void prewarm(const Address& address);
  void prewarm(const Address& address, const u256& slot);
  /// From now on the precompiles count as accessed from every transaction's start: the addresses from 1 to `last`, and
  /// 0x100 with `p256verify`.
  void prewarm_precompiles(std::uint8_t last, bool p256verify) noexcept {
    last_precompile_ = last;
    p256verify_ = p256verify;
  }

  void set_balance(AccountEntry& account, const u256& balance);
  /// Adds; more than zero makes the account exist. Counts as a touch, also for zero.
  void add_balance(AccountEntry& account, const u256& amount);
  /// Requires: the balance covers it.
  void subtract_balance(AccountEntry& account, const u256& amount);
  void set_nonce(AccountEntry& account, std::uint64_t nonce);
  /// `code` is copied. Empty code resets to "no code".
  void set_code(AccountEntry& account, BytesView code);
  /// EIP-161: an empty account that was touched is deleted at the end of the transaction; before Spurious Dragon a
  /// touch makes the account exist. The caller says which by `creates`.
  void touch(AccountEntry& account, bool creates);
  /// Turns an account into a fresh contract: nonce as given, no storage, created in this transaction; keeps its
  /// balance.
  void create_contract(AccountEntry& account, std::uint64_t nonce);
  bool was_created_now(const AccountEntry& account) const noexcept { return account.created_in == transaction_; }
  /// Marks for deletion at the end of the transaction; true if it was not marked yet. The balance is the caller's
  /// matter.
  bool destroy(AccountEntry& account);
  bool is_destroyed(const AccountEntry& account) const noexcept { return account.destroyed_in == transaction_; }

  // --- storage -------------------------------------------------------------------------------------------------

  /// The slot's entry with `current` and `original` of this transaction. nullptr: a fault.
  SlotEntry* slot(AccountEntry& account, const u256& slot);
  bool warm(SlotEntry& slot);
  bool is_warm(const SlotEntry& slot) const noexcept { return slot.warm_in == transaction_; }
  void set_storage(SlotEntry& slot, const u256& value);

  /// EIP-1153.
  u256 transient(const AccountEntry& account, const u256& slot) const;
  void set_transient(AccountEntry& account, const u256& slot, const u256& value);

  // --- logs, refund --------------------------------------------------------------------------------------------

  void add_log(Log&& log) { logs_.push_back(std::move(log)); }
  const std::vector<Log>& logs() const noexcept { return logs_; }
  /// All, in a vector of their size: what holds them here is kept for the next transaction.
  Logs take_logs() {
    Logs taken(std::make_move_iterator(logs_.begin()), std::make_move_iterator(logs_.end()));
    logs_.clear();
    return taken;
  }

  void add_refund(std::int64_t gas) noexcept { refund_ += gas; }
  std::int64_t refund() const noexcept { return refund_; }

  // --- checkpoints ---------------------------------------------------------------------------------------------

  struct Checkpoint {
    std::uint32_t undo_size;
    std::uint32_t log_count;
    std::int64_t refund;
  };
  Checkpoint checkpoint() const noexcept {
    return {static_cast<std::uint32_t>(undo_.size()), static_cast<std::uint32_t>(logs_.size()), refund_};
  }
  void revert(const Checkpoint& checkpoint);

  // --- results, faults -----------------------------------------------------------------------------------------

  /// What changed since construction or `reset`, compared with the StateView.
  StateDiff diff() const;

  /// Whether the account has been loaded or adopted.
  bool knows(const Address& address) const noexcept;

  /// All entries, in the order in which the StateView was asked.
  std::size_t account_count() const noexcept { return accounts_.size(); }
  const AccountEntry& account_entry(std::size_t i) const noexcept { return accounts_[i]; }
  std::size_t slot_count() const noexcept { return slots_.size(); }
  const SlotEntry& slot_entry(std::size_t i) const noexcept { return slots_[i]; }

  /// What others have executed, taken over between transactions. `base` is what the StateView holds, so that it is not
  /// asked; `now` what holds from here on (empty: the account does not exist), `code` its code if that changed.
  /// `storage_cleared`: the storage from before is gone; slots follow.
  AccountEntry& adopt_account(const Address& address, const std::optional<Account>& base,
                              const std::optional<Account>& now, bool storage_cleared, std::optional<BytesView> code);
  void adopt_slot(AccountEntry& account, const u256& slot, const u256& base, const u256& now);

  /// Hash of the ancestor block `number`. Errors: a fault (empty optional).
  std::optional<Hash32> block_hash(std::uint64_t number);

  bool has_fault() const noexcept { return fault_.has_value(); }
  /// The read that was not answered is about to be made again.
  void clear_fault() noexcept { fault_.reset(); }
  std::optional<StateFault> fault() const noexcept { return fault_; }
  const StateView& base() const noexcept { return *base_; }

 private:
  enum class Change : std::uint8_t {
    balance,
    nonce,
    code,
    created,
    destroyed,
    touched,
    warmed_account,
    warmed_slot,
    storage,
    transient
  };
  struct Undo {
    Change change;
    bool existed;         // the account did, before
    bool storage_hidden;  // likewise
    std::uint32_t stamp;  // transaction number before
    void* entry;          // AccountEntry, SlotEntry or transient value
    u256 old;
  };

  AccountEntry* load_account(const Address& address, std::size_t hash);
  SlotEntry* load_slot(AccountEntry& account, const u256& slot, std::size_t hash);
  AccountEntry& add_account(const Address& address, const std::optional<Account>& account, std::size_t hash);
  SlotEntry& add_slot(AccountEntry& account, const u256& slot, const u256& value, std::size_t hash);
  void undo(const Undo& change) noexcept;
  static void add_difference(const AccountEntry& entry, StateDiff& diff);

  const StateView* base_;
  const LaterState* later_ = nullptr;
  std::uint32_t transaction_ = 1;
  std::int64_t refund_ = 0;
  std::optional<StateFault> fault_;
  std::vector<Log> logs_;
  std::vector<Undo> undo_;
  HashSeed seed_;
  StablePool<AccountEntry> accounts_;
  StablePool<SlotEntry, 256> slots_;
  IndexTable<AccountEntry> account_index_;
  IndexTable<SlotEntry> slot_index_;
  std::vector<AccountEntry*> touched_;    // in this transaction: candidates for EIP-161 clearing
  std::vector<AccountEntry*> destroyed_;  // in this transaction
  struct TransientKey {
    const AccountEntry* account;
    u256 slot;
    friend bool operator==(const TransientKey&, const TransientKey&) = default;
  };
  struct TransientKeyHash {
    std::size_t operator()(const TransientKey& k) const noexcept;
  };
  std::unordered_map<TransientKey, u256, TransientKeyHash> transient_;
  /// What `prewarm` named in any transaction; `warm_in` is the last one.
  struct Prewarmed {
    Address address;
    u256 slot;  // zero for an account
    std::uint32_t warm_in = 0;
  };
  Prewarmed* find_prewarmed(const IndexTable<Prewarmed>& index, const Address& address, const u256& slot,
                            std::size_t hash) const noexcept;
  void prewarm(IndexTable<Prewarmed>& index, const Address& address, const u256& slot);
  bool was_prewarmed(const IndexTable<Prewarmed>& index, const Address& address, const u256& slot) const noexcept;
  bool was_prewarmed(const Address& address) const noexcept;
  bool is_precompile(const Address& address) const noexcept;
  /// Where nothing but one account, the beneficiary, was named in this transaction, as in most, no table is looked
  /// into.
  Address first_prewarmed_;
  std::uint32_t first_prewarmed_in_ = 0;     // transactions, as `warm_in`
  std::uint32_t accounts_prewarmed_in_ = 0;  // more than the first
  std::uint32_t slots_prewarmed_in_ = 0;
  StablePool<Prewarmed> prewarmed_;
  IndexTable<Prewarmed> prewarmed_accounts_;
  IndexTable<Prewarmed> prewarmed_slots_;
  std::uint8_t last_precompile_ = 0;
  bool p256verify_ = false;
  /// Code as it was before `set_code`, for undoing.
  struct SavedCode {
    Hash32 hash;
    BytesView code;
    const Program* program;
    bool loaded;
  };
  std::vector<SavedCode> saved_codes_;
  StablePool<Bytes, 16> codes_;  // set by this journal; the entries' views point here
};

}  // namespace hocket
