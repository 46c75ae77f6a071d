// MvMemory: the state as the transactions of one block see it while they run in any order (multi-version memory of
// Block-STM, section 3.1). A location holds what the committed prefix of the block gives, and versions written by
// transactions that are not committed yet; a reader at index i sees the prefix and the versions below i.
//
// An account is one entry with separate parts: balance, nonce, code, existence, storage cleared. Balances are kept as
// differences, so that credits and debits of several transactions commute; reading one adds them up. A slot is an entry
// of its own.
//
// Each entry has a stamp that changes whenever a version does: a read whose entry still has the stamp needs no second
// look. Committing a version folds it into the prefix, which changes nothing for any reader and no stamp.
//
// Full keys are compared: a hash chooses a chain, never an identity.
#pragma once

#include "base/assert.hpp"
#include "base/hash_seed.hpp"
#include "core/account.hpp"
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

/// Code that a transaction of the block set.
struct CodeVersion {
  Hash32 hash;
  Bytes bytes;
};

struct AccountVersion {
  TxnIndex txn = 0;
  std::uint8_t parts = 0;
  bool exists = false;
  /// The writer was aborted: it will probably write again. The values are its last ones.
  bool estimate = false;
  std::uint64_t nonce = 0;
  u256 balance_delta;  // modulo 2^256
  std::shared_ptr<const CodeVersion> code;

  /// The same effect on any reader.
  bool same_values(const AccountVersion& other) const noexcept {
    return parts == other.parts && exists == other.exists && nonce == other.nonce &&
           balance_delta == other.balance_delta && code_hash() == other.code_hash();
  }
  Hash32 code_hash() const noexcept { return code ? code->hash : kEmptyCodeHash; }
};

struct SlotVersion {
  TxnIndex txn = 0;
  bool estimate = false;
  u256 value;

  bool same_values(const SlotVersion& other) const noexcept { return value == other.value; }
};

template <class Sync>
struct AccountLocation {
  Address address;
  AccountLocation* next = nullptr;  // in the chain; written before the node is published
  SpinLock<Sync> lock;              // guards everything below
  typename Sync::template Atomic<std::uint32_t> stamp{
      0};  // changed under `lock`, read without: stale means a second look
  bool loaded = false;
  bool touched = false;         // something was committed here
  std::optional<Account> base;  // what the StateView holds
  Account committed;
  bool committed_exists = false;
  std::shared_ptr<const CodeVersion> committed_code;  // set if the block changed it
  TxnIndex cleared_after = 0;                         // index + 1 of the last committed clearing
  VersionList<AccountVersion> versions;
};

template <class Sync>
struct SlotLocation {
  AccountLocation<Sync>* account = nullptr;
  u256 slot;
  SlotLocation* next = nullptr;
  SpinLock<Sync> lock;
  typename Sync::template Atomic<std::uint32_t> stamp{0};
  bool loaded = false;
  u256 base;
  u256 committed;
  TxnIndex committed_after = 0;  // index + 1 of the last committed writer
  VersionList<SlotVersion> versions;
};

/// What a reader sees of an account.
struct AccountValue {
  Account account;
  bool exists = false;
  std::shared_ptr<const CodeVersion> code;  // set if the block changed it
  std::uint32_t stamp = 0;

  /// EIP-161.
  bool is_dead() const noexcept { return !exists || account.is_empty(); }
};

struct SlotValue {
  u256 value;
  std::uint32_t stamp = 0;
  /// Set: the newest version below the reader is an estimate of this transaction.
  std::optional<TxnIndex> estimate_of;
};

/// Thread safety: any number of workers, except where said. One block at a time.
template <class Sync = RealSync>
class MvMemory {
 public:
  using AccountAt = AccountLocation<Sync>;
  using SlotAt = SlotLocation<Sync>;

  /// Forgets everything. `base` is the state before the block's first transaction.
  /// `hash_bits`: how many bits of a hash choose the chain; tests use few, to meet collisions.
  /// Requires: no worker is active.
  void reset(const StateView& base, std::size_t expected_locations, unsigned worker_count, unsigned hash_bits = 64);

  /// The entry of a key, made on first use by `worker`.
  AccountAt& account(const Address& address, unsigned worker);
  SlotAt& slot(AccountAt& account, const u256& slot, unsigned worker);

  /// Errors: the StateView's fault on the first read of the location.
  StateRead<AccountValue> read(AccountAt& at, TxnIndex reader);
  StateRead<SlotValue> read(SlotAt& at, TxnIndex reader);

  /// Adds or replaces the version of `version.txn`. True: a reader above may see another value than before.
  bool write(AccountAt& at, AccountVersion version);
  bool write(SlotAt& at, SlotVersion version);
  /// Removes a version. True as above.
  bool remove(AccountAt& at, TxnIndex txn);
  bool remove(SlotAt& at, TxnIndex txn);
  /// Marks a version as an estimate; it keeps its values.
  void mark_estimate(AccountAt& at, TxnIndex txn);
  void mark_estimate(SlotAt& at, TxnIndex txn);
  /// Folds the version of the committing transaction into the prefix. Requires: all below are committed.
  void commit(AccountAt& at, TxnIndex txn);
  void commit(SlotAt& at, TxnIndex txn);

  /// Changes whenever a version that clears storage comes or goes: slot stamps say nothing about that.
  std::uint32_t clear_epoch() const noexcept { return clear_epoch_.load(std::memory_order_acquire); }

  const StateView& base() const noexcept { return *base_; }

  /// Every location. Requires: no worker is active.
  template <class Visit>
  void for_each_account(Visit&& visit) {
    for (Arena& arena : arenas_)
      for (AccountAt& at : arena.accounts) visit(at);
  }
  template <class Visit>
  void for_each_slot(Visit&& visit) {
    for (Arena& arena : arenas_)
      for (SlotAt& at : arena.slots) visit(at);
  }

 private:
  /// Nodes made by one worker. alignas: no two workers write to one cache line.
  struct alignas(64) Arena {
    std::deque<AccountAt> accounts;
    std::deque<SlotAt> slots;
  };

  template <class Node, class Matches, class Make>
  Node& find_or_make(std::vector<typename Sync::template Atomic<Node*>>& chains, std::size_t hash, Matches&& matches,
                     Make&& make);
  std::optional<StateFault> load(AccountAt& at);
  std::optional<StateFault> load(SlotAt& at);
  /// Index + 1 of the newest clearing below `reader`, or 0.
  TxnIndex cleared_before(AccountAt& account, TxnIndex reader);
  void bump_clear_epoch() noexcept { clear_epoch_.fetch_add(1, std::memory_order_acq_rel); }
  template <class At>
  static void bump(At& at) noexcept {
    at.stamp.store(at.stamp.load(std::memory_order_relaxed) + 1, std::memory_order_release);  // under the lock
  }

  const StateView* base_ = nullptr;
  HashSeed seed_;
  std::size_t mask_ = 0;
  typename Sync::template Atomic<std::uint32_t> clear_epoch_{0};
  std::vector<typename Sync::template Atomic<AccountAt*>> account_chains_;
  std::vector<typename Sync::template Atomic<SlotAt*>> slot_chains_;
  std::vector<Arena> arenas_;
};

}  // namespace hocket

#include "parallel/mv_memory_impl.hpp"
