// Sender recovery (YP appendix F): a Block becomes a RecoveredBlock, whose transactions all have their sender.
#pragma once

#include "base/worker_pool.hpp"
#include "core/block.hpp"
#include "protocol/spec.hpp"
#include "transition/block_error.hpp"

#include <expected>
#include <optional>
#include <span>

namespace hocket {

/// The sender by the signature. Errors: invalid_signature_vrs, invalid_chainid. Thread safety: pure.
std::expected<Address, TransactionError> recover_sender(const Transaction& transaction, const Spec& spec,
                                                        std::uint64_t chain_id) noexcept;

/// Sets the sender of each, and the authority of each authorization (EIP-7702); several threads may work on parts of
/// one block. Errors: the index within `transactions` of the first that has none, with its rule.
std::expected<void, InvalidBlock> recover_senders(std::span<Transaction> transactions, const Spec& spec,
                                                  std::uint64_t chain_id);
/// The same on all of `pool`, with the same result; what comes after an error may be left without a sender.
std::expected<void, InvalidBlock> recover_senders(std::span<Transaction> transactions, const Spec& spec,
                                                  std::uint64_t chain_id, WorkerPool& pool);

/// A block whose transactions have their senders.
class RecoveredBlock {
 public:
  /// Requires: every transaction's `sender` is set, and was recovered or comes from a trusted source.
  static RecoveredBlock trust(Block block) { return RecoveredBlock(std::move(block)); }

  const Block& block() const noexcept { return block_; }
  const Header& header() const noexcept { return block_.header; }

 private:
  explicit RecoveredBlock(Block block) : block_(std::move(block)) {}
  Block block_;
};

/// `pool`: recovers them; nullptr: the calling thread does.
std::expected<RecoveredBlock, InvalidBlock> recover_senders(Block block, const Spec& spec, std::uint64_t chain_id,
                                                            WorkerPool* pool = nullptr);

}  // namespace hocket
