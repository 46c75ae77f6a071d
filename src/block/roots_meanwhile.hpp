// RootsMeanwhile: the roots of a block's transactions and receipts, made by an executor's workers while the block is
// being executed.
#pragma once

#include "core/block.hpp"
#include "transition/block_companion.hpp"
#include "trie/ordered_root.hpp"

#include <atomic>

namespace hocket {

/// For one execution of one block: give it to Executor::accompany before.
class RootsMeanwhile final : public BlockCompanion {
 public:
  /// `transactions` must live as long.
  explicit RootsMeanwhile(std::span<const Transaction> transactions)
      : transactions_(transactions), transactions_trie_(transactions.size()), receipts_trie_(transactions.size()) {}

  void take_receipts(std::size_t first, std::span<const Receipt> receipts) override;
  bool work() override;

  /// Requires: the block was executed, and no transaction of it was skipped.
  Hash32 transactions_root() { return transactions_trie_.root(); }
  Hash32 receipts_root() { return receipts_trie_.root(); }

 private:
  std::span<const Transaction> transactions_;
  OrderedTrie transactions_trie_;
  OrderedTrie receipts_trie_;
  std::atomic<std::size_t> next_{0};  // transaction, the first of its group. relaxed: only handed out
};

}  // namespace hocket
