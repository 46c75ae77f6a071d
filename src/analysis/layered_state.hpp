// LayeredState: a StateView with changes on top that grow transaction by transaction.
#pragma once

#include "state/state_diff.hpp"
#include "state/state_view.hpp"

#include <unordered_map>

namespace hocket {

/// Thread safety: as the view below; none during `apply`.
class LayeredState final : public StateView {
 public:
  explicit LayeredState(const StateView& below) : below_(&below) {}

  /// No journal may hold a code from here any more.
  void apply(const StateDiff& diff);

  StateRead<std::optional<Account>> account(const Address& address) const override;
  StateRead<u256> storage(const Address& address, const u256& slot) const override;
  StateRead<BytesView> code(const Address& address, const Hash32& code_hash) const override;
  StateRead<Hash32> block_hash(std::uint64_t number) const override { return below_->block_hash(number); }
  std::string fault_message() const override { return below_->fault_message(); }

 private:
  struct Entry {
    std::optional<Account> account;
    bool storage_cleared = false;
    std::unordered_map<u256, u256, U256Hash> storage;
    Bytes code;
  };
  const Entry* find(const Address& address) const noexcept;

  const StateView* below_;
  std::unordered_map<Address, Entry, FixedBytesHash> accounts_;
};

}  // namespace hocket
