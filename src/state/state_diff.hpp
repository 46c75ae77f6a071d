// StateDiff: what a transaction or a block changed, and nothing else. Sorted by address and slot, so that two
// executions that did the same compare equal.
#pragma once

#include "base/bytes.hpp"
#include "core/account.hpp"

#include <map>
#include <optional>

namespace hocket {

struct AccountDiff {
  /// The account afterwards; empty: it does not exist (any more).
  std::optional<Account> account;
  /// All storage from before is gone (the account was destroyed, perhaps re-created); `storage` holds what is there
  /// now.
  bool storage_cleared = false;
  /// Slots whose value changed; zero means deleted.
  std::map<u256, u256> storage;
  /// Set where the code changed to something not empty.
  std::optional<Bytes> code;

  friend bool operator==(const AccountDiff&, const AccountDiff&) = default;
};

struct StateDiff {
  std::map<Address, AccountDiff> accounts;

  friend bool operator==(const StateDiff&, const StateDiff&) = default;
};

/// Makes `into` the change that `into` followed by `later` makes.
void merge(StateDiff& into, StateDiff later);

}  // namespace hocket
