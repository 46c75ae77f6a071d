#include "block/recover_senders.hpp"

#include "core/codec.hpp"
#include "crypto/keccak.hpp"
#include "crypto/secp256k1.hpp"
#include "transition/authorizations.hpp"
#include "transition/explain_error.hpp"
#include "transition/secp256k1_order.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <vector>

namespace hocket {
namespace {

/// Eight signatures take some 40 microseconds together: as many keep all workers busy to the end, and are worth handing
/// out.
constexpr std::size_t kChunk = 8;

/// Nothing: the signature may be one.
std::optional<TransactionError> check_signature(const Transaction& transaction, const Spec& spec,
                                                std::uint64_t chain_id) noexcept {
  if (transaction.chain_id) {
    const bool allowed = spec.replay_protection || transaction.type != TransactionType::legacy;
    if (!allowed || *transaction.chain_id != chain_id) return TransactionError::invalid_chainid;
  }
  const Signature& signature = transaction.signature;
  if (signature.y_parity > 1 || (spec.low_s_signatures && !is_low_s(signature.s)))
    return TransactionError::invalid_signature_vrs;
  return std::nullopt;
}

/// Signatures that are recovered together, so that hashes and recoveries fill the processor's lanes.
class SignatureBatch {
 public:
  explicit SignatureBatch(std::span<Transaction> transactions) : transactions_(transactions) {}

  bool is_full() const noexcept { return entries_.size() >= kSize; }

  /// The sender's of the transaction `index`. Requires: check_signature has nothing against it.
  void add_sender(std::size_t index) {
    const Transaction& transaction = transactions_[index];
    add(signing_payload(transaction), transaction.signature, {.index = index, .authorization = nullptr});
  }
  void add_authority(std::size_t index, Authorization& authorization) {
    authorization.authority.reset();
    authorization.authority_is_known = true;
    if (!may_have_authority(authorization)) return;
    add(signing_payload(authorization), authorization.signature, {.index = index, .authorization = &authorization});
  }

  /// Recovers what was added. Errors: the first transaction without a sender.
  std::expected<void, InvalidBlock> flush() {
    const std::vector<BytesView> views(payloads_.begin(), payloads_.end());
    std::vector<Hash32> hashes(views.size());
    keccak256_many(views, hashes);
    for (std::size_t i = 0; i < hashes.size(); ++i) signatures_[i].hash = hashes[i];
    std::vector<std::optional<Address>> signers(signatures_.size());
    recover_signers(signatures_, signers);

    std::optional<std::size_t> failed;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const Entry& entry = entries_[i];
      if (entry.authorization != nullptr)
        entry.authorization->authority = signers[i];
      else if (signers[i])
        transactions_[entry.index].sender = *signers[i];
      else if (!failed)
        failed = entry.index;
    }
    payloads_.clear();
    signatures_.clear();
    entries_.clear();
    if (failed) return std::unexpected(InvalidBlock::of_transaction(*failed, TransactionError::invalid_signature_vrs));
    return {};
  }

 private:
  static constexpr std::size_t kSize = 64;

  struct Entry {
    std::size_t index;
    Authorization* authorization;  // nullptr: the sender's signature
  };

  void add(Bytes payload, const Signature& signature, const Entry& entry) {
    payloads_.push_back(std::move(payload));
    signatures_.push_back({.hash = {}, .y_parity = signature.y_parity, .r = signature.r, .s = signature.s});
    entries_.push_back(entry);
  }

  std::span<Transaction> transactions_;
  std::vector<Bytes> payloads_;
  std::vector<SignedHash> signatures_;
  std::vector<Entry> entries_;
};

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
  if (const auto error = check_signature(transaction, spec, chain_id)) return std::unexpected(*error);
  const Signature& signature = transaction.signature;
  const auto sender = recover_signer(signing_hash(transaction), signature.y_parity, signature.r, signature.s);
  if (!sender) return std::unexpected(TransactionError::invalid_signature_vrs);
  return *sender;
}

std::expected<void, InvalidBlock> recover_senders(std::span<Transaction> transactions, const Spec& spec,
                                                  std::uint64_t chain_id) {
  SignatureBatch batch(transactions);
  for (std::size_t i = 0; i < transactions.size(); ++i) {
    if (const auto error = check_signature(transactions[i], spec, chain_id)) {
      // One before it may have no sender either.
      if (auto recovered = batch.flush(); !recovered) return recovered;
      BlockContext block;
      block.chain_id = chain_id;
      return std::unexpected(
          InvalidBlock::of_transaction(i, *error, explain(*error, transactions[i], block, std::nullopt)));
    }
    batch.add_sender(i);
    for (Authorization& authorization : transactions[i].authorization_list) batch.add_authority(i, authorization);
    if (!batch.is_full()) continue;
    if (auto recovered = batch.flush(); !recovered) return recovered;
  }
  return batch.flush();
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
