// SegmentView: the StateView of one segment: what the segments before it have committed, as far as its worker
// knew when it began, and below that the state as the block began. It notes where it found what, so that it is known at
// the segment's turn whether that has changed.
#pragma once

#include "parallel/segments/committed_segments.hpp"

#include <atomic>
#include <vector>

namespace hocket {

struct SegmentRead {
  /// A location by its hash, and what was found there.
  template <class Node>
  struct At {
    std::uint64_t hash = 0;
    const Node* found = nullptr;
    bool foreseen = false;  // what was given was not what is there: to be compared in any case
  };
};

/// Thread safety: none; one execution's.
class SegmentView final : public StateView {
 public:
  /// `known`: brought up to date already.
  /// `cancelled`: looked at before each read; once it is set, reads give StateFault::interrupted. May be null.
  void begin(const LocationFilter& known, const StateView& base, const std::atomic<bool>* cancelled) noexcept;

  /// If this account is read next, its nonce is taken to be at least so high: earlier transactions will raise it.
  void predict_nonce(const Address& sender, std::uint64_t nonce) noexcept {
    sender_ = &sender;
    sender_nonce_ = nonce;
  }

  StateRead<std::optional<Account>> account(const Address& address) const override;
  StateRead<u256> storage(const Address& address, const u256& slot) const override;
  StateRead<BytesView> code(const Address& address, const Hash32& code_hash) const override;
  StateRead<Hash32> block_hash(std::uint64_t number) const override;
  std::string fault_message() const override { return base_->fault_message(); }

  /// In the order in which the journal asked, which is that of its entries.
  struct Reads {
    std::vector<SegmentRead::At<CommittedAccount>> accounts;
    std::vector<SegmentRead::At<CommittedSlot>> slots;
  };
  const Reads& reads() const noexcept { return reads_; }

 private:
  bool is_cancelled() const noexcept {
    // relaxed: nothing is read because of it.
    return cancelled_ != nullptr && cancelled_->load(std::memory_order_relaxed);
  }

  const LocationFilter* known_ = nullptr;
  const StateView* base_ = nullptr;
  const std::atomic<bool>* cancelled_ = nullptr;
  const Address* sender_ = nullptr;
  std::uint64_t sender_nonce_ = 0;
  mutable Reads reads_;
};

}  // namespace hocket
