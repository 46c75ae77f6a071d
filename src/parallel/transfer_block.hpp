// TransferBlock: a block of nothing but plain transfers, executed account by account instead of transaction by
// transaction. What a transfer does to one account depends on that account alone: so each worker takes some of the
// accounts, goes through the block in order and applies what concerns them, and the checks (nonce, balance) see exactly
// what they would see in sequential execution. Nothing conflicts, whoever pays whom: neither one account that pays
// everybody, nor one that everybody pays, nor a chain.
//
// Only what is simple is done this way. Wherever something else is met (code, an invalid transaction, a state that
// cannot be read, a transfer of nothing) all is dropped, and the block is executed as any other.
#pragma once

#include "base/worker_pool.hpp"
#include "parallel/executed_state.hpp"
#include "parallel/plain_transfer.hpp"
#include "parallel/timeline.hpp"
#include "transition/executor.hpp"

#include <atomic>
#include <memory>
#include <vector>

namespace hocket {

/// Kept from block to block. Thread safety: none.
class TransferBlock final : public ExecutedState {
 public:
  /// Without a look at the state: whether it is worth trying. Thread safety: pure.
  static bool may_be(const BlockEnvironment& block, std::span<const Transaction> transactions) noexcept;

  /// Nothing: it is not such a block, or not a valid one, or `cancelled` was set.
  /// Requires: `base` may be read by several threads, and outlives what is asked of the result.
  std::optional<ExecutedTransactions> execute(const BlockEnvironment& block, std::span<const Transaction> transactions,
                                              const StateView& base, WorkerPool& pool, unsigned workers,
                                              const std::atomic<bool>* cancelled, Timeline* timeline = nullptr);

  void adopt(const Address& address, Journal& journal) const override;
  void append_others(const Journal& journal, WorkerPool& pool, StateDiff& diff) const override;

 private:
  struct AccountState {
    Address address;
    bool existed = false;
    bool changed = false;
    Account base;
    Account now;
  };
  /// The accounts whose hash falls to it. alignas: a worker's own.
  struct alignas(64) Shard {
    std::vector<AccountState> accounts;
    std::vector<std::uint32_t> cells;  // index + 1 by hash; open addressing

    void clear(std::size_t expected_accounts);
    const AccountState* find(const Address& address, std::uint32_t hash) const noexcept;
    /// nullptr: a fault.
    AccountState* find_or_load(const Address& address, std::uint32_t hash, const StateView& base);
    void grow();
  };
  /// Of one transaction's parties.
  struct Hashes {
    std::uint32_t sender;
    std::uint32_t recipient;
  };

  static std::uint32_t hash_of(const Address& address) noexcept;
  std::size_t shard_of(std::uint32_t hash) const noexcept { return (hash >> 24) * shards_.size() >> 8; }
  bool prepare(std::size_t begin, std::size_t end);
  bool apply(std::size_t shard);
  bool pay(Shard& shard, std::size_t index, const PlainTransfers& transfers);

  const BlockEnvironment* block_ = nullptr;
  std::span<const Transaction> transactions_;
  const StateView* base_ = nullptr;
  std::vector<Hashes> hashes_;
  std::vector<Shard> shards_;
};

}  // namespace hocket
