#include "parallel/segments/segment_view.hpp"

namespace hocket {

void SegmentView::begin(const CommittedSegments& committed, const StateView& base,
                        const std::atomic<bool>* cancelled) noexcept {
  committed_ = &committed;
  base_ = &base;
  cancelled_ = cancelled;
  sender_ = nullptr;
  reads_.accounts.clear();
  reads_.slots.clear();
}

StateRead<std::optional<Account>> SegmentView::account(const Address& address) const {
  if (is_cancelled()) return std::unexpected(StateFault::interrupted);
  const auto spot = committed_->spot_of(address);
  const CommittedAccount* head = spot.head();
  const CommittedAccount* found = CommittedSegments::find(spot, head, address);
  std::optional<Account> account;
  if (found != nullptr) {
    account = found->now;
  } else {
    auto read = base_->account(address);
    if (!read) return read;
    account = *read;
  }
  reads_.accounts.push_back({spot, head, found});
  if (sender_ != nullptr && address == *sender_ && (account ? account->nonce : 0) < sender_nonce_) {
    if (!account) account.emplace();
    account->nonce = sender_nonce_;
    reads_.accounts.back().spot.list = nullptr;
  }
  return account;
}

StateRead<u256> SegmentView::storage(const Address& address, const u256& slot) const {
  if (is_cancelled()) return std::unexpected(StateFault::interrupted);
  const auto spot = committed_->spot_of(address, slot);
  const CommittedSlot* head = spot.head();
  const CommittedSlot* found = CommittedSegments::find(spot, head, address, slot);
  u256 value;
  if (found != nullptr) {
    value = found->entry->current;
  } else {
    const auto read = base_->storage(address, slot);
    if (!read) return read;
    value = *read;
  }
  reads_.slots.push_back({spot, head, found});
  return value;
}

StateRead<BytesView> SegmentView::code(const Address& address, const Hash32& code_hash) const {
  if (is_cancelled()) return std::unexpected(StateFault::interrupted);
  return base_->code(address, code_hash);
}

StateRead<Hash32> SegmentView::block_hash(std::uint64_t number) const {
  if (is_cancelled()) return std::unexpected(StateFault::interrupted);
  return base_->block_hash(number);
}

}  // namespace hocket
