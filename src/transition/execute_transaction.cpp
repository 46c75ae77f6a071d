#include "transition/execute_transaction.hpp"

#include "base/assert.hpp"
#include "core/codec.hpp"
#include "evm/frames.hpp"
#include "transition/authorizations.hpp"

#include <algorithm>

namespace hocket {
namespace {

/// a * b, unless it is 2^256 or more.
std::optional<u256> multiply(const u256& a, std::uint64_t b) noexcept {
  u256 product;
  std::uint64_t carry = 0;
  for (int i = 0; i < 4; ++i) {
    const u128 limb = static_cast<u128>(a.limbs[i]) * b + carry;
    product.limbs[i] = static_cast<std::uint64_t>(limb);
    carry = static_cast<std::uint64_t>(limb >> 64);
  }
  if (carry != 0) return std::nullopt;
  return product;
}

std::optional<u256> add(const std::optional<u256>& a, const std::optional<u256>& b) noexcept {
  if (!a || !b) return std::nullopt;
  bool overflow = false;
  const u256 sum = add_carry(*a, *b, overflow);
  if (overflow) return std::nullopt;
  return sum;
}

/// Nothing: valid.
std::optional<TransactionFailure> check_sender(const Transaction& transaction, const Spec& spec, AccountEntry& sender,
                                               Journal& journal) {
  const std::uint64_t nonce = journal.nonce(sender);
  if (nonce > transaction.nonce) return TransactionError::nonce_mismatch_too_low;
  if (nonce < transaction.nonce) return TransactionError::nonce_mismatch_too_high;
  const std::optional<u256> cost = highest_cost(transaction);
  if (!cost || !journal.covers(sender, *cost)) return TransactionError::insufficient_account_funds;
  // EIP-3607, which clients apply to all of history; EIP-7702 lets delegating accounts send.
  if (sender.has_code()) {
    const auto code = journal.code(sender);
    if (!code) return *journal.fault();
    if (!delegation_of(spec, *code)) return TransactionError::sender_not_eoa;
  }
  return std::nullopt;
}

/// EIP-2929, 2930, 3651.
void warm_what_is_named(const Transaction& transaction, const BlockEnvironment& block, AccountEntry& sender,
                        Journal& journal) {
  const Spec& spec = *block.spec;
  if (!spec.access_lists) return;
  journal.prewarm_precompiles(spec.last_precompile, spec.p256verify);
  journal.warm(sender);
  if (spec.warm_beneficiary) journal.prewarm(block.context.beneficiary);
  for (const AccessListEntry& entry : transaction.access_list) {
    journal.prewarm(entry.address);
    for (const Hash32& key : entry.storage_keys) journal.prewarm(entry.address, to_u256(key));
  }
}

/// A credit that also counts where it is nothing: before Spurious Dragon it makes the account exist.
void credit(const Spec& spec, AccountEntry& account, const u256& amount, Journal& journal) {
  journal.add_balance(account, amount);
  if (!spec.state_clearing) journal.touch(account, true);
}

}  // namespace

std::optional<u256> highest_cost(const Transaction& transaction) noexcept {
  auto cost = add(multiply(transaction.max_fee_per_gas, transaction.gas_limit), transaction.value);
  if (transaction.type == TransactionType::blob)
    cost = add(cost, multiply(transaction.max_fee_per_blob_gas, blob_gas_of(transaction)));
  return cost;
}

TransactionExecution::Result TransactionExecution::start(const Transaction& transaction, const BlockEnvironment& block,
                                                         Evm& evm, Journal& journal, const Options& options) {
  const auto intrinsic = validate_transaction(transaction, block, options.usage);
  if (!intrinsic) return std::unexpected(intrinsic.error());

  transaction_ = &transaction;
  block_ = &block;
  evm_ = &evm;
  journal_ = &journal;
  defers_fee_ = options.defers_fee;
  intrinsic_ = *intrinsic;
  journal.begin_transaction();
  sender_ = journal.account(transaction.sender);
  if (sender_ == nullptr) return abandon(*journal.fault());
  if (const auto failure = check_sender(transaction, *block.spec, *sender_, journal)) return abandon(*failure);
  return execute_valid();
}

TransactionExecution::Result TransactionExecution::resume() { return finish(evm_->resume()); }

TransactionExecution::Result TransactionExecution::abandon(const TransactionFailure& failure) {
  journal_->abandon_transaction();
  return std::unexpected(failure);
}

/// From the bought gas to the message.
TransactionExecution::Result TransactionExecution::execute_valid() {
  const Transaction& transaction = *transaction_;
  const Spec& spec = *block_->spec;
  const BlockContext& context = block_->context;
  Journal& journal = *journal_;

  // EIP-1559: the base fee is burnt.
  const u256 burnt_price = spec.fee_market ? context.base_fee : u256{};
  const u256 gas_price = effective_gas_price(transaction, burnt_price);
  const u256 blob_fee = u256{blob_gas_of(transaction)} * context.blob_base_fee;
  journal.subtract_balance(*sender_, u256{transaction.gas_limit} * gas_price + blob_fee);
  journal.set_nonce(*sender_, transaction.nonce + 1);
  warm_what_is_named(transaction, *block_, *sender_, journal);
  if (!apply_authorizations(transaction.authorization_list, *block_, journal)) return abandon(*journal.fault());

  created_.reset();
  if (!transaction.to) created_ = create_address(transaction.sender, transaction.nonce);
  const Address& recipient = transaction.to ? *transaction.to : *created_;
  if (spec.access_lists) {
    AccountEntry* account = journal.account(recipient);
    if (account == nullptr) return abandon(*journal.fault());
    journal.warm(*account);
  }

  message_ = {.kind = transaction.to ? CallKind::call : CallKind::create,
              .gas = static_cast<std::int64_t>(transaction.gas_limit - intrinsic_.cost),
              .sender = transaction.sender,
              .recipient = recipient,
              .value = transaction.value,
              .input = transaction.data};
  context_ = {.origin = transaction.sender, .gas_price = gas_price, .blob_hashes = transaction.blob_versioned_hashes};
  return finish(evm_->execute(message_, context_, journal));
}

/// From the message's end to the beneficiary's fee.
TransactionExecution::Result TransactionExecution::finish(const ExecutionResult& result) {
  if (result.status == Status::suspended) return std::unexpected(StateFault::waiting);
  if (result.status == Status::fault) return abandon(*journal_->fault());
  HOCKET_ASSERT(result.gas_left >= 0 && result.gas_left <= message_.gas);
  const Transaction& transaction = *transaction_;
  const Spec& spec = *block_->spec;
  const BlockContext& context = block_->context;
  Journal& journal = *journal_;

  TransactionOutcome outcome;
  outcome.created = created_;
  outcome.status = result.status;
  outcome.output = result.output;
  const std::uint64_t gas_spent = transaction.gas_limit - static_cast<std::uint64_t>(result.gas_left);
  HOCKET_ASSERT(journal.refund() >= 0);
  outcome.gas_refunded = std::min(static_cast<std::uint64_t>(journal.refund()),
                                  gas_spent / static_cast<std::uint64_t>(spec.max_refund_quotient));
  outcome.gas_used = std::max(gas_spent - outcome.gas_refunded, intrinsic_.floor);

  const u256& gas_price = context_.gas_price;
  journal.add_balance(*sender_, u256{transaction.gas_limit - outcome.gas_used} * gas_price);
  const u256 fee = u256{outcome.gas_used} * (spec.fee_market ? gas_price - context.base_fee : gas_price);
  if (defers_fee_ && !fee.is_zero() && !journal.knows(context.beneficiary)) {
    outcome.deferred_fee = fee;
  } else {
    AccountEntry* beneficiary = journal.account(context.beneficiary);
    if (beneficiary == nullptr) return abandon(*journal.fault());
    credit(spec, *beneficiary, fee, journal);
  }
  outcome.logs = journal.take_logs();
  journal.end_transaction(spec.state_clearing);
  return outcome;
}

std::expected<TransactionOutcome, TransactionFailure> execute_transaction(const Transaction& transaction,
                                                                          const BlockEnvironment& block, Evm& evm,
                                                                          Journal& journal, const BlockUsage& usage) {
  TransactionExecution execution;
  return execution.start(transaction, block, evm, journal, {.usage = usage, .defers_fee = false});
}

void fill_receipt(TransactionType type, TransactionOutcome&& outcome, std::uint64_t gas_used_before, Receipt& receipt) {
  receipt.type = type;
  receipt.success = outcome.success();
  receipt.cumulative_gas_used = gas_used_before + outcome.gas_used;
  receipt.gas_used = outcome.gas_used;
  receipt.logs = std::move(outcome.logs);
}

}  // namespace hocket
