// Validity of a transaction as far as the fork and the block decide it, without any state (YP section 6.2).
#pragma once

#include "core/transaction.hpp"
#include "transition/block_environment.hpp"
#include "transition/transaction_error.hpp"

#include <expected>
#include <optional>

namespace hocket {

struct IntrinsicGas {
  std::uint64_t cost = 0;   // charged before execution (YP (64))
  std::uint64_t floor = 0;  // least gas used (EIP-7623); 0 where the fork has no floor
};

/// Does not check the gas limit against it. Thread safety: pure.
IntrinsicGas intrinsic_gas(const Transaction& transaction, const Spec& spec) noexcept;

/// What the transactions of a block have used so far.
struct BlockUsage {
  std::uint64_t gas = 0;
  std::uint64_t blob_gas = 0;
};

/// Whether the block still has the gas and the blob gas that the transaction may use (YP (61)).
/// Thread safety: pure.
std::optional<TransactionError> check_room_in_block(const Transaction& transaction, const BlockEnvironment& block,
                                                    const BlockUsage& usage) noexcept;

/// Every rule that does not need the state; the signature is not checked (recover_senders).
/// `usage`: of the transactions before it. An execution ahead of its turn leaves it out, so that only a transaction too
/// large for any block fails, and asks check_room_in_block when its turn comes. Where that fails, this function with
/// the usage names the rule, as another may come first. Thread safety: pure.
std::expected<IntrinsicGas, TransactionError> validate_transaction(const Transaction& transaction,
                                                                   const BlockEnvironment& block,
                                                                   const BlockUsage& usage = {}) noexcept;

/// EIP-4844: 131072 a blob.
std::uint64_t blob_gas_of(const Transaction& transaction) noexcept;

/// EIP-1559: what one gas costs, wei. Requires: the transaction is valid in a block with this base fee.
u256 effective_gas_price(const Transaction& transaction, const u256& base_fee) noexcept;

}  // namespace hocket
