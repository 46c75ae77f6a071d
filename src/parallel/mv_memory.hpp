// MvMemory: the state as the transactions of one block see it while they run in any order (multi-version memory of
// Block-STM, section 3.1). A location holds what the committed prefix of the block gives, and versions written by
// transactions that are not committed yet; a reader at index i sees the prefix and the versions below i.
//
// An account is one entry with separate parts: balance, nonce, code, existence, storage cleared. Balances are kept as
// differences, so that credits and debits of several transactions commute; reading one adds them up. A slot is an entry
// of its own.
//
// Each entry has a stamp that changes whenever a version does: a read whose entry still has the stamp needs no second
// look. A version that is committed stays where it is until somebody folds it into the prefix, which changes nothing
// for any reader and no stamp.
//
// Full keys are compared: a hash chooses a chain, never an identity. Entries and versions lie in arenas, one a worker,
// which are kept from block to block.
#pragma once

#include "base/arena.hpp"
#include "base/assert.hpp"
#include "base/hash_seed.hpp"
#include "core/account.hpp"
#include "parallel/hot_slots.hpp"
#include "parallel/sync.hpp"
#include "parallel/version_list.hpp"
#include "state/state_view.hpp"

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace hocket {

/// Which parts of an account a version holds.
enum AccountPart : std::uint8_t {
  kPartBalance = 1,
  kPartNonce = 2,
  kPartCode = 4,
  kPartExistence = 8,
  kPartCleared = 16,  // the storage from before is gone
};

/// Code that a transaction of the block set. Lives as long as the block.
struct CodeVersion {
  Hash32 hash;
  Bytes bytes;
};

/// What a reader sees of an account.
struct AccountValue {
  Account account;
  bool exists = false;
  std::uint32_t stamp = 0;
  const CodeVersion* code = nullptr;  // set if the block changed it

  /// EIP-161.
  bool is_dead() const noexcept { return !exists || account.is_empty(); }
};

struct AccountVersion {
  TxnIndex txn = 0;
  std::uint8_t parts = 0;
  bool exists = false;
  /// The writer was aborted: it will probably write again. The values are its last ones.
  bool estimate = false;
  std::uint64_t nonce = 0;
  u256 balance_delta;  // modulo 2^256
  const CodeVersion* code = nullptr;
  /// The committed prefix with this and all versions below it: kept by MvMemory, so that readers of a hot account need
  /// not add up.
  AccountValue after;

  /// The same effect on any reader.
  bool same_values(const AccountVersion& other) const noexcept {
    return parts == other.parts && exists == other.exists && nonce == other.nonce &&
           balance_delta == other.balance_delta && code_hash() == other.code_hash();
  }
  const Hash32& code_hash() const noexcept { return code != nullptr ? code->hash : kEmptyCodeHash; }
};

/// What a slot's version is worth.
enum class SlotVersionKind : std::uint8_t {
  value,
  estimate,   // the writer was aborted: it will probably write again; the value is its last one
  predicted,  // the writer has not come so far yet, and will probably write; there is no value
};

struct SlotVersion {
  TxnIndex txn = 0;
  SlotVersionKind kind = SlotVersionKind::value;
  u256 value;

  bool same_values(const SlotVersion& other) const noexcept {
    return value == other.value && (kind == SlotVersionKind::predicted) == (other.kind == SlotVersionKind::predicted);
  }
};

/// A slot without uncommitted versions, for readers that would otherwise take turns at its lock.
template <class Sync>
struct QuietSlot {
  QuietSlot() = default;
  QuietSlot(const u256& of, std::uint32_t at) : value(of), stamp(at) {}

  u256 value;
  std::uint32_t stamp = 0;
  // Who has read it here: noted twice at most, so that the line stays with everybody. relaxed: a writer that misses a
  // reader lets its transaction be found stale later.
  typename Sync::template Atomic<TxnIndex> first_reader{0};  // index + 1
  typename Sync::template Atomic<bool> several_readers{false};

  void note(TxnIndex reader) noexcept {
    TxnIndex first = first_reader.load(std::memory_order_relaxed);
    if (first == reader + 1) return;
    if (first == 0 && first_reader.compare_exchange_strong(first, reader + 1, std::memory_order_relaxed)) return;
    if (!several_readers.load(std::memory_order_relaxed)) several_readers.store(true, std::memory_order_relaxed);
  }
  /// Index + 1 of a transaction that all readers are not above.
  TxnIndex last_reader() const noexcept {
    return several_readers.load(std::memory_order_relaxed) ? ~TxnIndex{0}
                                                           : first_reader.load(std::memory_order_relaxed);
  }
};

template <class Sync>
struct SlotLocation;

/// The first cache line is for reading, the others are written.
template <class Sync>
struct alignas(64) AccountLocation {
  explicit AccountLocation(const Address& key) : address(key) {}

  AccountLocation* next = nullptr;  // in the chain; written before the node is published
  const Address address;
  /// Changed under `lock`, read without: stale means a second look.
  typename Sync::template Atomic<std::uint32_t> stamp{0};
  /// What every reader sees, while there are no uncommitted versions. Stored under `lock`; whoever loads an old one has
  /// an old stamp too.
  typename Sync::template Atomic<const AccountValue*> quiet{nullptr};
  /// The code of `base`, once somebody has asked for it.
  typename Sync::template Atomic<const BytesView*> base_code{nullptr};

  alignas(64) SpinLock<Sync> lock;  // guards everything below, unless said otherwise
  bool loaded = false;
  bool touched = false;        // something was folded here
  bool was_read = false;       // since it was last disturbed
  TxnIndex last_observer = 0;  // index + 1 of the highest execution that looked at what a version may change
  TxnIndex cleared_after = 0;  // index + 1 of the last clearing in the prefix
  AccountValue base;           // what the StateView holds; does not change once `loaded`
  AccountValue committed;      // the prefix; its stamp says nothing
  VersionList<AccountVersion> versions;
  /// Slots whose prefix is not what the StateView holds.
  SlotLocation<Sync>* written_slots = nullptr;
};

/// As an account's.
template <class Sync>
struct alignas(64) SlotLocation {
  SlotLocation(AccountLocation<Sync>& of, const u256& key) : account(&of), slot(key) {}

  SlotLocation* next = nullptr;
  AccountLocation<Sync>* account;
  const u256 slot;
  typename Sync::template Atomic<std::uint32_t> stamp{0};
  /// Whether who reads it had better follow it. relaxed: a guess.
  typename Sync::template Atomic<bool> is_hot{false};
  typename Sync::template Atomic<QuietSlot<Sync>*> quiet{nullptr};

  alignas(64) QuietSlot<Sync> base;  // what the StateView holds; its value does not change once `loaded`
  mutable SpinLock<Sync> lock;
  bool loaded = false;
  bool was_read = false;  // since it was last disturbed
  TxnIndex last_observer = 0;
  TxnIndex committed_after = 0;  // index + 1 of the last writer in the prefix
  u256 committed;
  VersionList<SlotVersion> versions;
  SlotLocation* next_written = nullptr;  // of the account; see `written_slots`
};

struct SlotValue {
  u256 value;
  std::uint32_t stamp = 0;
  /// Set: a version below the reader, newer than what `value` is from, is an estimate or a prediction of this
  /// transaction.
  std::optional<TxnIndex> awaits;
};

/// Thread safety: any number of workers, each with an index of its own, except where said. One block at a time.
template <class Sync = RealSync>
class MvMemory {
 public:
  using AccountAt = AccountLocation<Sync>;
  using SlotAt = SlotLocation<Sync>;

  /// Forgets everything. `base` is the state before the block's first transaction.
  /// `hash_bits`: how many bits of a hash choose the chain; tests use few, to meet collisions.
  /// `hot`: slots that are hot from the beginning; may be null.
  /// Requires: no worker is active.
  void reset(const StateView& base, std::size_t expected_locations, unsigned worker_count, unsigned hash_bits = 64,
             const HotSlots* hot = nullptr);

  /// The entry of a key, made on first use by `worker`.
  AccountAt& account(const Address& address, unsigned worker);
  SlotAt& slot(AccountAt& account, const u256& slot, unsigned worker);
  /// The same for somebody who is about to read it: `at` is set to an entry that holds what the StateView does as soon
  /// as others see it, so that no lock is taken for that. Errors: the StateView's fault; there may be no entry then.
  std::optional<StateFault> find_to_read(const Address& address, unsigned worker, AccountAt*& at);
  std::optional<StateFault> find_to_read(AccountAt& account, const u256& slot, TxnIndex reader, unsigned worker,
                                         SlotAt*& at);
  /// The entry of a key, if anybody has asked for it.
  AccountAt* find_account(const Address& address) noexcept;

  /// Errors: the StateView's fault on the first read of the location.
  std::optional<StateFault> read(AccountAt& at, TxnIndex reader, AccountValue& value, unsigned worker);
  /// `observes`: the reader is to be looked at again when this changes.
  std::optional<StateFault> read(SlotAt& at, TxnIndex reader, SlotValue& value, unsigned worker, bool observes = true);
  /// The code that the StateView holds for an account, which has some. Errors: the StateView's fault.
  StateRead<BytesView> base_code(AccountAt& at, const Hash32& code_hash, unsigned worker);

  /// Adds or replaces the version of `version.txn`. True: somebody above may have looked at what is different now.
  bool write(AccountAt& at, const AccountVersion& version, unsigned worker);
  bool write(SlotAt& at, const SlotVersion& version, unsigned worker);
  /// Removes a version. True as above.
  bool remove(AccountAt& at, TxnIndex txn);
  bool remove(SlotAt& at, TxnIndex txn);
  /// Marks a version as an estimate; it keeps its values.
  void mark_estimate(AccountAt& at, TxnIndex txn);
  void mark_estimate(SlotAt& at, TxnIndex txn);
  /// `txn` has looked at a part of the account that a version may change.
  void observe(AccountAt& at, TxnIndex txn);
  /// Keeps code for the versions of this block.
  const CodeVersion& keep_code(const Hash32& hash, BytesView code, unsigned worker);

  /// Folds the versions of transactions below `end` into the prefix, if there are any. Requires: all below `end` are
  /// committed.
  void fold(AccountAt& at, TxnIndex end, unsigned worker);
  void fold(SlotAt& at, TxnIndex end, unsigned worker);
  /// Changes two accounts of the prefix in the place of the transaction whose turn it is, which has no versions.
  /// `change` is given what they hold, and says whether it has changed both; if not, it has changed none. Neither is
  /// empty afterwards. Nothing: it has not. True: somebody above may have looked at what is different now.
  /// Requires: one at a time; `a` and `b` are not the same. Errors: the StateView's fault.
  template <class Change>
  StateRead<std::optional<bool>> commit_change(AccountAt& a, AccountAt& b, TxnIndex txn, unsigned worker,
                                               Change&& change);
  /// Adds to the prefix's balance what everybody above `txn`, whose turn it is, sees. Requires: one at a time; `amount`
  /// is not zero. Errors: the StateView's fault if nobody has read the account yet.
  std::optional<StateFault> commit_credit(AccountAt& at, TxnIndex txn, const u256& amount, unsigned worker);

  /// Changes whenever a version that clears storage comes or goes: slot stamps say nothing about that.
  std::uint32_t clear_epoch() const noexcept { return clear_epoch_.load(std::memory_order_acquire); }

  /// Changes whenever a version comes, goes or changes that somebody above has looked at.
  std::uint32_t change_epoch() const noexcept {
    // relaxed: a reader that misses the change is found stale later.
    return change_epoch_.load(std::memory_order_relaxed);
  }

  const StateView& base() const noexcept { return *base_; }

  /// Accounts to which, or to whose slots, something was committed. Requires: no worker is active, and everything that
  /// is committed was folded.
  const std::vector<AccountAt*>& touched();

  /// Every location. Requires: no worker is active.
  template <class Visit>
  void for_each_account(Visit&& visit) {
    for (auto& chain : account_chains_)
      for (AccountAt* at = chain.load(std::memory_order_relaxed); at != nullptr; at = at->next) visit(*at);
  }
  template <class Visit>
  void for_each_slot(Visit&& visit) {
    for (auto& chain : slot_chains_)
      for (SlotAt* at = chain.load(std::memory_order_relaxed); at != nullptr; at = at->next) visit(*at);
  }

 private:
  template <class Node>
  using Chains = std::vector<typename Sync::template Atomic<Node*>>;

  /// What one worker makes. alignas: no two workers write to one cache line.
  struct alignas(64) Made {
    Arena arena;
    std::deque<CodeVersion> codes;
    std::vector<AccountAt*> touched;
  };

  /// nullptr: `make` gave that.
  template <class Node, class Matches, class Make>
  Node* find_or_make(Chains<Node>& chains, std::size_t hash, Matches&& matches, Make&& make);
  std::size_t hash_of(const Address& address) const noexcept;
  std::size_t hash_of(const AccountAt& account, const u256& slot) const noexcept;
  std::optional<StateFault> load(AccountAt& at);
  std::optional<StateFault> load(SlotAt& at);
  // Under the lock, or while nobody else knows the entry:
  static void set_base(AccountAt& at, const std::optional<Account>& base) noexcept;
  static void set_base(SlotAt& at, const u256& value) noexcept;
  /// Index + 1 of the newest clearing below `reader`, or 0.
  TxnIndex cleared_before(AccountAt& account, TxnIndex reader);
  // Under the lock:
  void mark_touched(AccountAt& at, unsigned worker) {
    if (at.touched) return;
    at.touched = true;
    made_[worker]->touched.push_back(&at);
  }
  void fold_below(AccountAt& at, TxnIndex end, unsigned worker);
  /// Returns `seen`.
  bool note_change(bool seen) noexcept {
    if (seen) change_epoch_.fetch_add(1, std::memory_order_relaxed);
    return seen;
  }
  void bump_clear_epoch() noexcept { clear_epoch_.fetch_add(1, std::memory_order_acq_rel); }
  // Under the lock:
  /// Makes `after` right from a version on, which has come or changed, or follows one that has gone.
  static void accumulate(AccountAt& at, AccountVersion* from) noexcept;
  template <class At>
  static void bump(At& at) noexcept {
    at.stamp.store(at.stamp.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }
  /// Under the lock: the prefix holds something else.
  void note_committed(AccountAt& at, unsigned worker) {
    disturb(at);
    at.committed.exists = true;
    accumulate(at, at.versions.begin());
    bump(at);
    mark_touched(at, worker);
  }
  /// It is about to change, or to have a version. release: see `quiet`.
  static void disturb(AccountAt& at) noexcept {
    at.was_read = false;
    if (at.quiet.load(std::memory_order_relaxed) != nullptr) at.quiet.store(nullptr, std::memory_order_release);
  }
  static void disturb(SlotAt& at) noexcept {
    at.was_read = false;
    const QuietSlot<Sync>* quiet = at.quiet.load(std::memory_order_relaxed);
    if (quiet == nullptr) return;
    at.last_observer = std::max(at.last_observer, quiet->last_reader());
    at.quiet.store(nullptr, std::memory_order_release);
  }

  SlotAt& make_slot(AccountAt& account, const u256& slot, unsigned worker);

  const StateView* base_ = nullptr;
  const HotSlots* hot_ = nullptr;
  HashSeed seed_;
  std::size_t mask_ = 0;
  // Read by everybody all the time: apart from what is written.
  alignas(64) typename Sync::template Atomic<std::uint32_t> clear_epoch_{0};
  typename Sync::template Atomic<std::uint32_t> change_epoch_{0};
  alignas(64) Chains<AccountAt> account_chains_;
  Chains<SlotAt> slot_chains_;
  std::vector<std::unique_ptr<Made>> made_;  // by worker
  std::vector<AccountAt*> touched_;          // collected from what workers have made
};

}  // namespace hocket

#include "parallel/mv_memory_impl.hpp"
