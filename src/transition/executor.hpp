// Executor: runs the transactions of a block. The sequential one is the oracle that others are compared with.
#pragma once

#include "base/result.hpp"
#include "core/bloom_builder.hpp"
#include "core/receipt.hpp"
#include "evm/evm.hpp"
#include "transition/block_companion.hpp"
#include "transition/block_environment.hpp"
#include "transition/block_error.hpp"

#include <cstddef>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace hocket {

/// Before Byzantium a receipt holds the state root after its transaction: this computes it from what changed since the
/// parent block. Errors: a trie that lacks a node.
using IntermediateRoot = std::function<Result<Hash32>(const StateDiff& since_parent)>;

/// See BlockEnvironment::skips_invalid.
struct SkippedTransaction {
  std::size_t index = 0;
  TransactionError error{};

  friend bool operator==(const SkippedTransaction&, const SkippedTransaction&) = default;
};

struct ExecutedTransactions {
  std::vector<Receipt> receipts;            // of those that were not skipped
  std::vector<SkippedTransaction> skipped;  // in order
  Bloom logs_bloom;                         // of all the receipts
  std::uint64_t gas_used = 0;
  std::uint64_t blob_gas_used = 0;
};

/// Works on one block at a time and is used for many. Thread safety: none.
class Executor {
 public:
  explicit Executor(ProgramCache& programs);
  virtual ~Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// Executes `transactions` (senders recovered) in order on what `journal` holds; afterwards it shows their changes to
  /// whoever asks, and `diff` lists them. Requires: it is the first time for this journal.
  /// `intermediate_root` is asked where the fork's receipts need it; empty: such receipts stay without a root.
  /// Errors: an invalid transaction with its index, or a fault.
  virtual std::expected<ExecutedTransactions, BlockFailure> execute(const BlockEnvironment& block,
                                                                    std::span<const Transaction> transactions,
                                                                    Journal& journal,
                                                                    const IntermediateRoot& intermediate_root) = 0;

  /// Everything that has changed since `fresh_journal`: what `journal` holds, and what was executed without it.
  virtual StateDiff diff(const Journal& journal) const { return journal.diff(); }

  /// The next `execute` has `companion`'s work done too, all of it unless the block fails or skips a transaction. It
  /// must live as long; `execute_block` forgets it at its end, whatever comes of the block. nullptr: nobody's.
  void accompany(BlockCompanion* companion) noexcept { companion_ = companion; }

  /// For the calls that a block makes besides its transactions.
  Evm& evm() noexcept { return evm_; }
  /// An empty journal over `base`; it and what it holds are the executor's until the next call.
  Journal& fresh_journal(const StateView& base);

 protected:
  /// For this execution, once.
  BlockCompanion* take_companion() noexcept { return std::exchange(companion_, nullptr); }

 private:
  Evm evm_;
  std::optional<Journal> journal_;
  BlockCompanion* companion_ = nullptr;
};

/// For whoever needs an executor of its own on each of several threads, of a kind that somebody else chooses.
/// Thread safety: called from any of them.
using MakeExecutor = std::function<std::unique_ptr<Executor>(ProgramCache& programs)>;

class SequentialExecutor final : public Executor {
 public:
  using Executor::Executor;

  /// Executes what is left of a block whose first transactions, up to `first`, have given `executed` and are shown by
  /// `journal`. Returns as `execute`, all receipts included.
  std::expected<ExecutedTransactions, BlockFailure> execute_rest(const BlockEnvironment& block,
                                                                 std::span<const Transaction> transactions,
                                                                 std::size_t first, ExecutedTransactions executed,
                                                                 Journal& journal,
                                                                 const IntermediateRoot& intermediate_root);

  std::expected<ExecutedTransactions, BlockFailure> execute(const BlockEnvironment& block,
                                                            std::span<const Transaction> transactions, Journal& journal,
                                                            const IntermediateRoot& intermediate_root) override;

 private:
  BloomBuilder blooms_;
};

}  // namespace hocket
