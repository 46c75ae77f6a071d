// ForwardingView: answers as the view below does; for views that do so with most of what they are asked.
#pragma once

#include "state/state_view.hpp"

namespace hocket {

/// Thread safety: that of the view below. Requires: that view outlives it.
class ForwardingView : public StateView {
 public:
  explicit ForwardingView(const StateView& below) : below_(&below) {}

  StateRead<std::optional<Account>> account(const Address& address) const override { return below_->account(address); }
  StateRead<u256> storage(const Address& address, const u256& slot) const override {
    return below_->storage(address, slot);
  }
  StateRead<BytesView> code(const Address& address, const Hash32& code_hash) const override {
    return below_->code(address, code_hash);
  }
  StateRead<Hash32> block_hash(std::uint64_t number) const override { return below_->block_hash(number); }
  std::string fault_message() const override { return below_->fault_message(); }

 private:
  const StateView* below_;
};

}  // namespace hocket
