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
  std::vector<Log> logs;
  /// Address that a contract creation was for, whether or not it succeeded.
  std::optional<Address> created;
  /// RETURN or REVERT data; valid until `evm` executes again.
  BytesView output;

  bool success() const noexcept { return status == Status::success; }
};

/// Validates `transaction` against fork, block and state, and executes it on `journal`, which gets the transaction's
/// begin and end. `transaction.sender` is trusted; `usage` is as for validate_transaction.
/// Requires: `evm.begin_block` was called with the spec and context of `block`.
/// Errors: an invalid transaction, or a state that could not be read; the journal is as before in both cases.
/// The beneficiary's fee is a plain credit that does not depend on the balance before.
std::expected<TransactionOutcome, TransactionFailure> execute_transaction(const Transaction& transaction,
                                                                          const BlockEnvironment& block, Evm& evm,
                                                                          Journal& journal,
                                                                          const BlockUsage& usage = {});

/// What a receipt says of `outcome`; takes the logs. Requires: `gas_used_before` is the cumulative gas of the
/// transactions before it in the block.
Receipt make_receipt(TransactionType type, TransactionOutcome&& outcome, std::uint64_t gas_used_before);

}  // namespace hocket
