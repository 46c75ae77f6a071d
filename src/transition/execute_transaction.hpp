// One transaction from validation to the beneficiary's fee (YP section 6).
#pragma once

#include "core/receipt.hpp"
#include "evm/evm.hpp"
#include "transition/validate_transaction.hpp"

#include <expected>
#include <optional>
#include <vector>

namespace hocket {

struct TransactionOutcome {
  /// How the outermost message ended.
  Status status = Status::success;
  std::uint64_t gas_used = 0;      // after refund and floor: what the sender pays for
  std::uint64_t gas_refunded = 0;  // after the cap
  Logs logs;
  /// Address that a contract creation was for, whether or not it succeeded.
  std::optional<Address> created;
  /// RETURN or REVERT data; valid until `evm` executes again.
  BytesView output;
  /// What the beneficiary is still to be credited with.
  u256 deferred_fee;

  bool success() const noexcept { return status == Status::success; }
};

/// What the sender must own: value, gas and blob gas at the highest prices it offers (YP (65)). Nothing: more than
/// anyone can own. Thread safety: pure.
std::optional<u256> highest_cost(const Transaction& transaction) noexcept;

/// Validates `transaction` against fork, block and state, and executes it on `journal`, which gets the transaction's
/// begin and end. `transaction.sender` is trusted; `usage` is as for validate_transaction.
/// Requires: `evm.begin_block` was called with the spec and context of `block`.
/// Errors: an invalid transaction, or a state that could not be read; the journal is as before in both cases.
/// The beneficiary's fee is a plain credit that does not depend on the balance before.
std::expected<TransactionOutcome, TransactionFailure> execute_transaction(const Transaction& transaction,
                                                                          const BlockEnvironment& block, Evm& evm,
                                                                          Journal& journal,
                                                                          const BlockUsage& usage = {});

/// The same as an object, which can stop at a read whose value is still being produced and go on later.
/// Thread safety: none; it may go on on another thread.
class TransactionExecution {
 public:
  using Result = std::expected<TransactionOutcome, TransactionFailure>;

  struct Options {
    BlockUsage usage;
    /// A fee that is more than nothing, for a beneficiary that the transaction has not looked at, is left in
    /// `deferred_fee`: such credits commute, whoever makes them in the end.
    bool defers_fee = false;
  };

  /// As execute_transaction. StateFault::waiting: suspended, with the journal's transaction under way. The arguments
  /// must live until the end.
  Result start(const Transaction& transaction, const BlockEnvironment& block, Evm& evm, Journal& journal,
               const Options& options);
  /// Goes on. Requires: suspended, and the journal's transaction not abandoned. Returns as `start`.
  Result resume();

 private:
  Result execute_valid();
  Result finish(const ExecutionResult& result);
  Result abandon(const TransactionFailure& failure);

  const Transaction* transaction_ = nullptr;
  const BlockEnvironment* block_ = nullptr;
  Evm* evm_ = nullptr;
  Journal* journal_ = nullptr;
  bool defers_fee_ = false;
  IntrinsicGas intrinsic_{};
  AccountEntry* sender_ = nullptr;
  std::optional<Address> created_;
  Message message_;
  TransactionContext context_;
};

/// Writes what a receipt says of `outcome`, whose logs it takes. The bloom is left to a BloomBuilder, and its memory
/// untouched. Requires: `gas_used_before` is the cumulative gas of the transactions before it in the block.
void fill_receipt(TransactionType type, TransactionOutcome&& outcome, std::uint64_t gas_used_before, Receipt& receipt);

}  // namespace hocket
