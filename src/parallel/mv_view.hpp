// MvView: the StateView of one transaction under parallel execution. It reads multi-version memory and remembers what
// it gave, so that the execution's dependencies can be told afterwards.
#pragma once

#include "parallel/read_set.hpp"

#include <atomic>

namespace hocket {

/// Thread safety: none; one worker's.
template <class Sync = RealSync>
class MvView final : public StateView {
 public:
  MvView(MvMemory<Sync>& memory, unsigned worker) : memory_(&memory), worker_(worker) {}

  /// From now on this is what `txn` sees. `wait_for_estimates`: a read of an estimate is answered by
  /// StateFault::interrupted, and `blocker` says whose it is; otherwise the estimated value is given.
  /// `cancelled`, if any, is looked at before each read: once it is set, reads give StateFault::interrupted.
  void begin(TxnIndex txn, bool wait_for_estimates, const std::atomic<bool>* cancelled = nullptr);

  StateRead<std::optional<Account>> account(const Address& address) const override;
  StateRead<u256> storage(const Address& address, const u256& slot) const override;
  StateRead<BytesView> code(const Address& address, const Hash32& code_hash) const override;
  StateRead<Hash32> block_hash(std::uint64_t number) const override;
  std::string fault_message() const override { return memory_->base().fault_message(); }

  /// The transaction whose value is being waited for.
  std::optional<TxnIndex> blocker() const noexcept { return blocker_; }

  /// What the execution that `journal` has just ended depends on. Requires: `journal` was reset to this view before it.
  void collect_reads(const Journal& journal, ReadSet<Sync>& reads) const;
  /// Makes what the journal changed the versions of this transaction, in place of those in `writes`, which becomes the
  /// new set. True: a reader above may see other values than before.
  bool publish_writes(const Journal& journal, WriteSet<Sync>& writes) const;
  /// As for an execution that changed nothing.
  bool withdraw_writes(WriteSet<Sync>& writes) const;

 private:
  struct LoadedAccount {
    AccountLocation<Sync>* at;
    AccountValue value;
  };
  struct LoadedSlot {
    SlotLocation<Sync>* at;
    SlotValue value;
  };
  bool is_cancelled() const noexcept {
    // relaxed: nothing is read because of it.
    return cancelled_ != nullptr && cancelled_->load(std::memory_order_relaxed);
  }
  const LoadedAccount* find_loaded(const Address& address) const noexcept;

  MvMemory<Sync>* memory_;
  unsigned worker_;
  TxnIndex txn_ = 0;
  bool wait_for_estimates_ = true;
  const std::atomic<bool>* cancelled_ = nullptr;
  std::uint32_t clear_epoch_ = 0;
  // In the order in which the journal asked, which is the order of its entries.
  mutable std::vector<LoadedAccount> accounts_;
  mutable std::vector<LoadedSlot> slots_;
  mutable std::optional<TxnIndex> blocker_;
};

}  // namespace hocket

#include "parallel/mv_view_impl.hpp"
