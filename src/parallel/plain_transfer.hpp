// PlainTransfers: what transactions do that move value to an account without code and do nothing else. It is said here
// once, for whoever executes them without an EVM. Only what is simple counts: where a function says no, the transaction
// is to be executed as any other, which finds out what it is.
#pragma once

#include "core/account.hpp"
#include "evm/precompiles/precompile.hpp"
#include "transition/execute_transaction.hpp"

namespace hocket {

/// What a plain transfer uses (YP appendix G: G_transaction).
inline constexpr std::uint64_t kTransferGas = 21'000;

/// From the transaction alone, as far as it decides. Thread safety: pure.
inline bool may_be_plain_transfer(const Transaction& transaction) noexcept {
  return transaction.to && transaction.data.empty() && transaction.access_list.empty() &&
         transaction.type <= TransactionType::dynamic_fee && !transaction.value.is_zero();
}

/// Of one block, which must live as long. Thread safety: all functions may be called by any thread.
class PlainTransfers {
 public:
  explicit PlainTransfers(const BlockEnvironment& block) noexcept
      : block_(&block), burnt_price_(block.spec->fee_market ? block.context.base_fee : u256{}) {}

  /// Whether a block may have any: before EIP-161 accounts come into being in more ways.
  static bool may_be_in(const BlockEnvironment& block) noexcept { return block.spec->state_clearing; }

  /// What the state has no part in: it is valid in the block and behind `usage`, uses kTransferGas, and its recipient
  /// is no precompile. Requires: may_be_plain_transfer.
  bool contain(const Transaction& transaction, const BlockUsage& usage) const noexcept {
    const auto intrinsic = validate_transaction(transaction, *block_, usage);
    return intrinsic && intrinsic->cost == kTransferGas && intrinsic->floor <= kTransferGas &&
           precompile_at(*block_->spec, *transaction.to) == 0;
  }

  /// What of the gas price goes to the beneficiary, wei (EIP-1559). Zero: the fee is a touch, which deletes the
  /// beneficiary if it exists and is empty (EIP-161), and changes nothing otherwise. Requires: `contain` it.
  u256 priority_price(const Transaction& transaction) const noexcept {
    return effective_gas_price(transaction, burnt_price_) - burnt_price_;
  }

  /// Takes value and gas from the sender, whose nonce it raises. False, and nothing has changed: it is not valid, or
  /// the account has code. Requires: `contain` it.
  bool pay(const Transaction& transaction, Account& sender) const noexcept {
    if (sender.has_code() || sender.nonce != transaction.nonce) return false;
    const std::optional<u256> highest = highest_cost(transaction);
    if (!highest || sender.balance < *highest) return false;
    sender.balance -= u256{kTransferGas} * effective_gas_price(transaction, burnt_price_) + transaction.value;
    ++sender.nonce;
    return true;
  }

  /// Gives the value to the recipient. False, and nothing has changed: it has code, or would own 2^256 wei or more:
  /// balances are counted modulo that, and an account that becomes empty so is deleted (EIP-161).
  static bool receive(const Transaction& transaction, Account& recipient) noexcept {
    bool overflow = false;
    const u256 balance = add_carry(recipient.balance, transaction.value, overflow);
    if (overflow || recipient.has_code()) return false;
    recipient.balance = balance;
    return true;
  }

 private:
  const BlockEnvironment* block_;
  u256 burnt_price_;
};

}  // namespace hocket
