// OverlayView: a StateView with changes on top: the state as a block's system calls leave it for its transactions.
#pragma once

#include "state/state_diff.hpp"
#include "state/state_view.hpp"

#include <algorithm>
#include <unordered_map>

namespace hocket {

/// Thread safety: as the view below.
class OverlayView final : public StateView {
 public:
  OverlayView(const StateView& below, const StateDiff& changes) : below_(&below), changes_(changes.sorted()) {
    for (const AccountDiff& change : changes_.accounts()) accounts_.emplace(change.address, &change);
  }
  OverlayView(const OverlayView&) = delete;
  OverlayView& operator=(const OverlayView&) = delete;

  StateRead<std::optional<Account>> account(const Address& address) const override {
    const AccountDiff* change = find(address);
    if (change == nullptr) return below_->account(address);
    if (!change->account) return std::nullopt;
    Account account = *change->account;
    // The diff does not say whether storage from before is left (EIP-7610).
    account.has_storage = false;
    if (!change->storage_cleared) {
      const auto before = below_->account(address);
      if (!before) return before;
      account.has_storage = *before && (*before)->has_storage;
    }
    return account;
  }

  StateRead<u256> storage(const Address& address, const u256& slot) const override {
    const AccountDiff* change = find(address);
    if (change == nullptr) return below_->storage(address, slot);
    const auto it = std::ranges::lower_bound(change->storage, slot, {}, &SlotChange::slot);
    if (it != change->storage.end() && it->slot == slot) return it->value;
    if (change->storage_cleared || !change->account) return u256{};
    return below_->storage(address, slot);
  }

  StateRead<BytesView> code(const Address& address, const Hash32& code_hash) const override {
    const AccountDiff* change = find(address);
    if (change != nullptr && !change->code.empty() && change->account->code_hash == code_hash) return change->code;
    return below_->code(address, code_hash);
  }

  StateRead<Hash32> block_hash(std::uint64_t number) const override { return below_->block_hash(number); }
  std::string fault_message() const override { return below_->fault_message(); }

 private:
  const AccountDiff* find(const Address& address) const noexcept {
    const auto it = accounts_.find(address);
    return it == accounts_.end() ? nullptr : it->second;
  }

  const StateView* below_;
  StateDiff changes_;  // sorted
  std::unordered_map<Address, const AccountDiff*, FixedBytesHash> accounts_;
};

}  // namespace hocket
