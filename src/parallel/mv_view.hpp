// MvView: the StateView of one transaction under parallel execution. It reads multi-version memory and notes what it
// gave, so that the execution's dependencies are known afterwards.
#pragma once

#include "evm/operation_log.hpp"
#include "parallel/read_set.hpp"

#include <atomic>

namespace hocket {

/// How a transaction's reads are answered.
struct ReadOptions {
  /// A read of a value that is still being produced gives StateFault::waiting, and `MvView::blocker` says whose it is.
  /// Otherwise the newest value that is there is given.
  bool wait = true;
  /// The account whose nonce is taken to be at least this: the sender's, which earlier transactions will raise.
  const Address* sender = nullptr;
  std::uint64_t sender_nonce = 0;
  /// An execution whose earlier reads have changed meanwhile ends at its next read, by StateFault::interrupted.
  bool early_abort = true;
  /// Of the execution, which can be suspended, and has not begun to follow slots. Hot slots are followed: they are not
  /// waited for, and may change. Null: no slots are.
  OperationLog* log = nullptr;
  /// All slots are hot.
  bool follows_all = false;
  /// Looked at before each read: once it is set, reads give StateFault::interrupted. May be null.
  const std::atomic<bool>* cancelled = nullptr;
};

/// Thread safety: none; one execution's.
template <class Sync = RealSync>
class MvView final : public StateView {
 public:
  explicit MvView(MvMemory<Sync>& memory) : memory_(&memory) {}

  /// From now on this is what `txn` sees; what it reads is noted in `reads`, which must live as long.
  void begin(TxnIndex txn, ReadSet<Sync>& reads, unsigned worker, const ReadOptions& options);
  /// The same execution goes on, perhaps on another worker.
  void resume(unsigned worker) noexcept {
    worker_ = worker;
    blocker_.reset();
    begins_to_follow_ = false;
  }

  StateRead<std::optional<Account>> account(const Address& address) const override;
  StateRead<u256> storage(const Address& address, const u256& slot) const override;
  StateRead<BytesView> code(const Address& address, const Hash32& code_hash) const override;
  StateRead<Hash32> block_hash(std::uint64_t number) const override;
  std::string fault_message() const override { return memory_->base().fault_message(); }

  /// The transaction whose value is being waited for.
  std::optional<TxnIndex> blocker() const noexcept { return blocker_; }
  /// The read gave StateFault::waiting for nothing but this: from here on the execution has to record in the log.
  bool begins_to_follow() const noexcept { return begins_to_follow_; }
  /// Where. Requires: there is a blocker.
  SlotLocation<Sync>& waits_at() const noexcept { return *waits_at_; }
  /// Earlier reads would be answered otherwise now: the execution has ended for nothing.
  bool is_stale() const noexcept { return stale_; }
  /// Somebody has changed something since the last read that somebody else had looked at.
  bool may_be_stale() const noexcept { return memory_->change_epoch() != change_epoch_; }

  /// Completes the reads by what the execution that `journal` has just ended looked at. Requires: `journal` was reset
  /// to this view before it.
  void collect_reads(const Journal& journal);
  /// Makes what the journal changed the versions of this transaction, in place of those in `writes`, which becomes the
  /// new set. True: a reader above may have looked at what is different now.
  bool publish_writes(const Journal& journal, WriteSet<Sync>& writes);
  /// As for an execution that changed nothing.
  bool withdraw_writes(WriteSet<Sync>& writes);

 private:
  bool has_ended() const;
  const AccountRead<Sync>* find_loaded(const Address& address) const noexcept;
  /// Removes the versions in `writes_before_` that are not in `now`.
  bool remove_others(const WriteSet<Sync>& now);

  MvMemory<Sync>* memory_;
  ReadSet<Sync>* reads_ = nullptr;  // in the order in which the journal asked, which is that of its entries
  unsigned worker_ = 0;
  TxnIndex txn_ = 0;
  ReadOptions options_;
  mutable std::optional<TxnIndex> blocker_;
  mutable SlotLocation<Sync>* waits_at_ = nullptr;
  mutable bool follows_ = false;  // some slots
  mutable bool begins_to_follow_ = false;
  mutable bool stale_ = false;
  WriteSet<Sync> writes_before_;            // of an earlier execution, while the present one is published
  mutable std::uint32_t change_epoch_ = 0;  // of the memory, when all reads were still right
};

}  // namespace hocket

#include "parallel/mv_view_impl.hpp"
