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

/// What the sender must own: value, gas and blob gas at the highest prices it offers (YP (65)). Nothing: more than
/// anyone can own.
std::optional<u256> highest_cost(const Transaction& transaction) noexcept {
  auto cost = add(multiply(transaction.max_fee_per_gas, transaction.gas_limit), transaction.value);
  if (transaction.type == TransactionType::blob)
    cost = add(cost, multiply(transaction.max_fee_per_blob_gas, blob_gas_of(transaction)));
  return cost;
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

struct Execution {
  const Transaction& transaction;
  const BlockEnvironment& block;
  Evm& evm;
  Journal& journal;
};

/// From the bought gas to the beneficiary's fee. Empty: a fault.
std::optional<TransactionOutcome> execute_valid(const Execution& x, const IntrinsicGas& intrinsic,
                                                AccountEntry& sender) {
  const Transaction& transaction = x.transaction;
  const Spec& spec = *x.block.spec;
  const BlockContext& context = x.block.context;
  Journal& journal = x.journal;

  // EIP-1559: the base fee is burnt.
  const u256 burnt_price = spec.fee_market ? context.base_fee : u256{};
  const u256 gas_price = effective_gas_price(transaction, burnt_price);
  const u256 blob_fee = u256{blob_gas_of(transaction)} * context.blob_base_fee;
  journal.subtract_balance(sender, u256{transaction.gas_limit} * gas_price + blob_fee);
  journal.set_nonce(sender, transaction.nonce + 1);
  warm_what_is_named(transaction, x.block, sender, journal);
  if (!apply_authorizations(transaction.authorization_list, x.block, journal)) return std::nullopt;

  TransactionOutcome outcome;
  if (!transaction.to) outcome.created = create_address(transaction.sender, transaction.nonce);
  const Address& recipient = transaction.to ? *transaction.to : *outcome.created;
  if (spec.access_lists) {
    AccountEntry* account = journal.account(recipient);
    if (account == nullptr) return std::nullopt;
    journal.warm(*account);
  }

  const Message message{.kind = transaction.to ? CallKind::call : CallKind::create,
                        .gas = static_cast<std::int64_t>(transaction.gas_limit - intrinsic.cost),
                        .sender = transaction.sender,
                        .recipient = recipient,
                        .value = transaction.value,
                        .input = transaction.data};
  const TransactionContext transaction_context{
      .origin = transaction.sender, .gas_price = gas_price, .blob_hashes = transaction.blob_versioned_hashes};
  const ExecutionResult result = x.evm.execute(message, transaction_context, journal);
  if (result.status == Status::fault) return std::nullopt;
  HOCKET_ASSERT(result.gas_left >= 0 && result.gas_left <= message.gas);
  outcome.status = result.status;
  outcome.output = result.output;

  const std::uint64_t gas_spent = transaction.gas_limit - static_cast<std::uint64_t>(result.gas_left);
  HOCKET_ASSERT(journal.refund() >= 0);
  outcome.gas_refunded = std::min(static_cast<std::uint64_t>(journal.refund()),
                                  gas_spent / static_cast<std::uint64_t>(spec.max_refund_quotient));
  outcome.gas_used = std::max(gas_spent - outcome.gas_refunded, intrinsic.floor);

  journal.add_balance(sender, u256{transaction.gas_limit - outcome.gas_used} * gas_price);
  AccountEntry* beneficiary = journal.account(context.beneficiary);
  if (beneficiary == nullptr) return std::nullopt;
  credit(spec, *beneficiary, u256{outcome.gas_used} * (gas_price - burnt_price), journal);
  return outcome;
}

}  // namespace

std::expected<TransactionOutcome, TransactionFailure> execute_transaction(const Transaction& transaction,
                                                                          const BlockEnvironment& block, Evm& evm,
                                                                          Journal& journal, const BlockUsage& usage) {
  const auto intrinsic = validate_transaction(transaction, block, usage);
  if (!intrinsic) return std::unexpected(intrinsic.error());

  journal.begin_transaction();
  const auto abandon = [&](TransactionFailure failure) {
    journal.abandon_transaction();
    return std::unexpected(failure);
  };
  AccountEntry* sender = journal.account(transaction.sender);
  if (sender == nullptr) return abandon(*journal.fault());
  if (const auto failure = check_sender(transaction, *block.spec, *sender, journal)) return abandon(*failure);

  std::optional<TransactionOutcome> outcome = execute_valid({transaction, block, evm, journal}, *intrinsic, *sender);
  if (!outcome) return abandon(*journal.fault());
  outcome->logs = journal.take_logs();
  journal.end_transaction(block.spec->state_clearing);
  return std::move(*outcome);
}

Receipt make_receipt(TransactionType type, TransactionOutcome&& outcome, std::uint64_t gas_used_before) {
  Receipt receipt;
  receipt.type = type;
  receipt.success = outcome.success();
  receipt.cumulative_gas_used = gas_used_before + outcome.gas_used;
  receipt.gas_used = outcome.gas_used;
  receipt.logs = std::move(outcome.logs);
  receipt.logs_bloom = bloom_of(receipt.logs);
  return receipt;
}

}  // namespace hocket
