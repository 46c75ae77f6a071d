// OverlayView: a StateView with changes on top: the state as a block's system calls leave it for its transactions.
#pragma once

#include "state/state_diff.hpp"
#include "state/state_view.hpp"

namespace hocket {

/// Thread safety: as the view below.
class OverlayView final : public StateView {
 public:
  OverlayView(const StateView& below, StateDiff changes) : below_(&below), changes_(std::move(changes)) {}

  StateRead<std::optional<Account>> account(const Address& address) const override {
    const auto it = changes_.accounts.find(address);
    if (it == changes_.accounts.end()) return below_->account(address);
    if (!it->second.account) return std::nullopt;
    Account account = *it->second.account;
    // The diff does not say whether storage from before is left (EIP-7610).
    account.has_storage = false;
    if (!it->second.storage_cleared) {
      const auto before = below_->account(address);
      if (!before) return before;
      account.has_storage = *before && (*before)->has_storage;
    }
    return account;
  }

  StateRead<u256> storage(const Address& address, const u256& slot) const override {
    const auto it = changes_.accounts.find(address);
    if (it == changes_.accounts.end()) return below_->storage(address, slot);
    const auto value = it->second.storage.find(slot);
    if (value != it->second.storage.end()) return value->second;
    if (it->second.storage_cleared || !it->second.account) return u256{};
    return below_->storage(address, slot);
  }

  StateRead<BytesView> code(const Address& address, const Hash32& code_hash) const override {
    const auto it = changes_.accounts.find(address);
    if (it != changes_.accounts.end() && it->second.code && it->second.account->code_hash == code_hash)
      return BytesView{*it->second.code};
    return below_->code(address, code_hash);
  }

  StateRead<Hash32> block_hash(std::uint64_t number) const override { return below_->block_hash(number); }
  std::string fault_message() const override { return below_->fault_message(); }

 private:
  const StateView* below_;
  StateDiff changes_;
};

}  // namespace hocket
