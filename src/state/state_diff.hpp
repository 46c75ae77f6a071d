// StateDiff: what a transaction or a block changed, and nothing else. Flat: accounts lie in vectors, the slots of one
// account next to each other, so that a diff of many accounts costs a few allocations.
//
// The order is whatever the builder's was, and means nothing: two diffs that say the same compare equal, and `sorted`
// gives one by address and slot. No address, and no slot of an address, is in it twice; the builder sees to that.
//
// Several workers can build one diff: each builds its own of the accounts that fall to it, and `append` puts them
// together without copying an account or a slot. Whoever reads does not see the difference.
#pragma once

#include "base/bytes.hpp"
#include "core/account.hpp"

#include <cstddef>
#include <optional>
#include <ranges>
#include <span>
#include <vector>

namespace hocket {

struct SlotChange {
  u256 slot;
  u256 value;  // afterwards; zero: deleted

  friend bool operator==(const SlotChange&, const SlotChange&) = default;
};

/// What changed in one account. The spans point into the StateDiff that it is in.
struct AccountDiff {
  Address address;
  /// All storage from before is gone (the account was destroyed, perhaps re-created); `storage` holds what is there
  /// now.
  bool storage_cleared = false;
  /// The account afterwards; empty: it does not exist (any more).
  std::optional<Account> account;
  /// Slots whose value changed.
  std::span<const SlotChange> storage;
  /// The code, where it changed to something; empty otherwise.
  BytesView code;

  /// With the slots in this order.
  friend bool operator==(const AccountDiff& a, const AccountDiff& b) noexcept;
};

/// Thread safety: none while it is built; any number of readers afterwards.
class StateDiff {
 public:
  StateDiff() = default;
  StateDiff(const StateDiff& other);
  StateDiff(StateDiff&&) noexcept = default;
  StateDiff& operator=(const StateDiff& other);
  StateDiff& operator=(StateDiff&&) noexcept = default;
  ~StateDiff() = default;

  // --- building ------------------------------------------------------------------------------------------------

  /// Room for so many accounts and slots more.
  void reserve(std::size_t accounts, std::size_t slots);
  /// A new account, whose `account` and `storage_cleared` the caller sets; valid until the next one. Requires: it is
  /// not in the diff yet.
  AccountDiff& add(const Address& address);
  /// Of the account added last. Requires: the slot is not in it yet.
  void add_slot(const u256& slot, const u256& value);
  /// Of the account added last; copied.
  void set_code(BytesView code);
  /// Everything in `other`, whose spans stay valid. Requires: no account is in both.
  void append(StateDiff&& other);

  // --- reading -------------------------------------------------------------------------------------------------

  std::size_t size() const noexcept;  // accounts
  bool empty() const noexcept { return size() == 0; }
  auto accounts() const& { return std::views::join(parts_); }
  auto accounts() & { return std::views::join(parts_); }
  void accounts() && = delete;
  void accounts() const&& = delete;
  /// Looks at every account: for small diffs and tests. nullptr: it did not change.
  const AccountDiff* find(const Address& address) const& noexcept;
  const AccountDiff* find(const Address& address) && = delete;
  /// The same, by address and slot.
  StateDiff sorted() const;

  /// Whatever the orders are.
  friend bool operator==(const StateDiff& a, const StateDiff& b);

 private:
  void add_copy(const AccountDiff& change, std::span<const SlotChange> storage);

  // What spans point into lies in the inner vectors, which keep their memory when the outer ones move.
  std::vector<std::vector<AccountDiff>> parts_;
  std::vector<std::vector<SlotChange>> slots_;  // never grown beyond their capacity
  std::vector<Bytes> codes_;
};

}  // namespace hocket
