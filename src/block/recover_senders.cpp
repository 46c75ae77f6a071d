#include "block/recover_senders.hpp"

#include "core/codec.hpp"
#include "crypto/secp256k1.hpp"
#include "transition/authorizations.hpp"
#include "transition/secp256k1_order.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>

namespace hocket {
namespace {

/// A signature takes some 30 microseconds: so few keep all workers busy to the end, and are worth handing out.
constexpr std::size_t kChunk = 4;

/// The senders of one block, recovered by several workers.
class SharedRecovery {
 public:
  SharedRecovery(std::span<Transaction> transactions, const Spec& spec, std::uint64_t chain_id)
      : transactions_(transactions), spec_(spec), chain_id_(chain_id) {}

  /// One worker's part: chunks, as long as there are any.
  void work() {
    for (;;) {
      // Relaxed: a chunk's number is all that is handed over; what was there before `run` is known to its workers.
      const std::size_t begin = next_.fetch_add(kChunk, std::memory_order_relaxed);
      if (begin >= transactions_.size()) return;
      const auto chunk = transactions_.subspan(begin, std::min(kChunk, transactions_.size() - begin));
      auto recovered = recover_senders(chunk, spec_, chain_id_);
      if (recovered) continue;
      // Chunks go out in order: all before this one are done, or somebody's; those after it do not matter any more.
      next_.store(transactions_.size(), std::memory_order_relaxed);
      add(begin, std::move(recovered).error());
    }
  }

  /// After all workers' end.
  std::expected<void, InvalidBlock> result() && {
    if (error_) return std::unexpected(*std::move(error_));
    return {};
  }

 private:
  /// The first by index wins, as it does for one worker.
  void add(std::size_t begin, InvalidBlock error) {
    error.transaction_index = begin + error.transaction_index.value_or(0);
    const std::lock_guard lock(mutex_);
    if (!error_ || *error.transaction_index < *error_->transaction_index) error_ = std::move(error);
  }

  std::span<Transaction> transactions_;
  const Spec& spec_;
  std::uint64_t chain_id_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::optional<InvalidBlock> error_;  // guarded by `mutex_`
};

}  // namespace

std::expected<Address, TransactionError> recover_sender(const Transaction& transaction, const Spec& spec,
                                                        std::uint64_t chain_id) noexcept {
  if (transaction.chain_id) {
    const bool allowed = spec.replay_protection || transaction.type != TransactionType::legacy;
    if (!allowed || *transaction.chain_id != chain_id) return std::unexpected(TransactionError::invalid_chainid);
  }
  const Signature& signature = transaction.signature;
  if (signature.y_parity > 1 || (spec.low_s_signatures && !is_low_s(signature.s)))
    return std::unexpected(TransactionError::invalid_signature_vrs);
  const auto sender = recover_signer(signing_hash(transaction), signature.y_parity, signature.r, signature.s);
  if (!sender) return std::unexpected(TransactionError::invalid_signature_vrs);
  return *sender;
}

std::expected<void, InvalidBlock> recover_senders(std::span<Transaction> transactions, const Spec& spec,
                                                  std::uint64_t chain_id) {
  for (std::size_t i = 0; i < transactions.size(); ++i) {
    const auto sender = recover_sender(transactions[i], spec, chain_id);
    if (!sender) return std::unexpected(InvalidBlock::of_transaction(i, sender.error()));
    transactions[i].sender = *sender;
    for (Authorization& authorization : transactions[i].authorization_list) {
      authorization.authority = recover_authority(authorization);
      authorization.authority_is_known = true;
    }
  }
  return {};
}

std::expected<void, InvalidBlock> recover_senders(std::span<Transaction> transactions, const Spec& spec,
                                                  std::uint64_t chain_id, WorkerPool& pool) {
  SharedRecovery recovery(transactions, spec, chain_id);
  const std::size_t chunks = (transactions.size() + kChunk - 1) / kChunk;
  const auto workers = static_cast<unsigned>(std::min<std::size_t>(chunks, pool.size()));
  pool.run(workers, [&](unsigned) { recovery.work(); });
  return std::move(recovery).result();
}

std::expected<RecoveredBlock, InvalidBlock> recover_senders(Block block, const Spec& spec, std::uint64_t chain_id,
                                                            WorkerPool* pool) {
  auto recovered = pool == nullptr ? recover_senders(block.transactions, spec, chain_id)
                                   : recover_senders(block.transactions, spec, chain_id, *pool);
  if (!recovered) return std::unexpected(std::move(recovered).error());
  return RecoveredBlock::trust(std::move(block));
}

}  // namespace hocket
