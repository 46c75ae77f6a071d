#include "parallel/segments/segment_view.hpp"

namespace hocket {

void SegmentView::begin(const LocationFilter& known, const StateView& base,
                        const std::atomic<bool>* cancelled) noexcept {
  known_ = &known;
  base_ = &base;
  cancelled_ = cancelled;
  sender_ = nullptr;
  reads_.accounts.clear();
  reads_.slots.clear();
}

StateRead<std::optional<Account>> SegmentView::account(const Address& address) const {
  if (is_cancelled()) return std::unexpected(StateFault::interrupted);
  const CommittedSegments& committed = known_->committed();
  const std::uint64_t hash = committed.hash_of(address);
  const CommittedAccount* found = known_->may_hold_account(hash) ? committed.find(hash, address) : nullptr;
  std::optional<Account> account;
  if (found != nullptr) {
    account = found->now;
  } else {
    auto read = base_->account(address);
    if (!read) return read;
    account = *read;
  }
  reads_.accounts.push_back({.hash = hash, .found = found});
  if (sender_ != nullptr && address == *sender_ && (account ? account->nonce : 0) < sender_nonce_) {
    if (!account) account.emplace();
    account->nonce = sender_nonce_;
    reads_.accounts.back().foreseen = true;
  }
  return account;
}

StateRead<u256> SegmentView::storage(const Address& address, const u256& slot) const {
  if (is_cancelled()) return std::unexpected(StateFault::interrupted);
  const CommittedSegments& committed = known_->committed();
  const std::uint64_t hash = committed.hash_of(address, slot);
  const CommittedSlot* found = known_->may_hold_slot(hash) ? committed.find(hash, address, slot) : nullptr;
  u256 value;
  if (found != nullptr) {
    value = found->now;
  } else {
    const auto read = base_->storage(address, slot);
    if (!read) return read;
    value = *read;
  }
  reads_.slots.push_back({.hash = hash, .found = found});
  return value;
}

StateRead<BytesView> SegmentView::code(const Address& address, const Hash32& code_hash) const {
  if (is_cancelled()) return std::unexpected(StateFault::interrupted);
  const CommittedSegments& committed = known_->committed();
  const std::uint64_t hash = committed.hash_of(address);
  // More may have been committed since the account was read.
  if (known_->may_hold_account(hash))
    for (const CommittedAccount* node = committed.find(hash, address); node != nullptr; node = node->older)
      if (node->now.code_hash == code_hash && !node->code.empty()) return node->code;
  return base_->code(address, code_hash);
}

StateRead<Hash32> SegmentView::block_hash(std::uint64_t number) const {
  if (is_cancelled()) return std::unexpected(StateFault::interrupted);
  return base_->block_hash(number);
}

}  // namespace hocket
