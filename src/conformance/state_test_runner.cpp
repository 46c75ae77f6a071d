#include "conformance/state_test_runner.hpp"

#include "base/hex.hpp"
#include "block/recover_senders.hpp"
#include "block/state_trie.hpp"
#include "block/verify.hpp"
#include "conformance/expected_exception.hpp"
#include "conformance/state_test_view.hpp"
#include "core/codec.hpp"
#include "transition/execute_transaction.hpp"

#include <expected>

namespace hocket {
namespace {

using Expectation = StateFixture::Expectation;

BlockEnvironment environment_of(const StateFixture::Environment& env, const ChainConfig& config) {
  // Where a fixture of London or later leaves the base fee out, go-ethereum takes this one.
  constexpr std::uint64_t kDefaultBaseFee = 10;
  BlockEnvironment block;
  block.spec = &config.spec_at(env.number, env.timestamp);
  block.context.number = env.number;
  block.context.timestamp = env.timestamp;
  block.context.gas_limit = env.gas_limit;
  block.context.beneficiary = env.beneficiary;
  block.context.prev_randao = block.spec->prevrandao ? to_u256(env.random.value_or(Hash32())) : env.difficulty;
  if (block.spec->fee_market) block.context.base_fee = env.base_fee.value_or(kDefaultBaseFee);
  block.context.chain_id = config.chain_id;
  if (block.spec->blob_transactions) {
    const BlobParameters blobs = config.blob_parameters_at(env.timestamp);
    block.context.blob_base_fee = blob_base_fee(env.excess_blob_gas.value_or(0), blobs);
    block.max_blob_gas = blobs.max * kGasPerBlob;
  }
  return block;
}

/// What the signature is not part of and the fixture's fields do not say is made equal.
bool is_same_transaction(Transaction decoded, const Transaction& given) {
  decoded.signature = given.signature;
  decoded.chain_id = given.chain_id;
  decoded.sender = given.sender;
  return decoded == given;
}

/// The signed bytes decode, recover to the sender, and say what the fixture's fields say. Rejected if they do not
/// decode or nobody signed them. Errors: they are of another transaction.
Result<std::optional<Rejection>> check_signed_bytes(BytesView bytes, const Result<Transaction>& transaction,
                                                    const BlockEnvironment& block) {
  auto decoded = decode_transaction(bytes);
  if (!decoded) return Rejection::undecodable(std::move(decoded).error().message);
  const auto sender = recover_sender(*decoded, *block.spec, block.context.chain_id);
  if (!sender) return Rejection::of(sender.error());
  if (!transaction) return std::nullopt;
  if (*sender != transaction->sender)
    return fail("txbytes: signed by " + to_hex(*sender) + ", the sender is " + to_hex(transaction->sender));
  if (!is_same_transaction(*std::move(decoded), *transaction)) return fail("txbytes: not the fixture's transaction");
  return std::nullopt;
}

std::string mismatch(std::string_view what, const Hash32& found, const Hash32& expected) {
  return std::string(what) + " mismatch: got " + to_hex_bare(found) + ", want " + to_hex_bare(expected);
}

struct Execution {
  std::expected<TransactionOutcome, Rejection> outcome;
  StateDiff diff;
};

Rejection rejection_of(const TransactionFailure& failure) {
  const auto* error = std::get_if<TransactionError>(&failure);
  return error != nullptr ? Rejection::of(*error) : Rejection::undecodable("the state cannot be read");
}

/// Ends the block with a reward of nothing: before EIP-161 that makes the beneficiary exist, even if nothing was paid
/// to it.
void touch_beneficiary(const BlockEnvironment& block, Journal& journal) {
  journal.begin_transaction();
  if (AccountEntry* beneficiary = journal.account(block.context.beneficiary))
    journal.touch(*beneficiary, !block.spec->state_clearing);
  journal.end_transaction(block.spec->state_clearing);
}

/// Executes on `view`, if there is something to execute. What is rejected changes nothing.
Execution execute(const std::expected<Transaction, Rejection>& transaction, const BlockEnvironment& block,
                  const StateView& view, Evm& evm) {
  if (!transaction) return {.outcome = std::unexpected(transaction.error()), .diff = {}};
  Journal journal(view);
  evm.begin_block(*block.spec, block.context);
  auto outcome = execute_transaction(*transaction, block, evm, journal, {});
  if (!outcome) return {.outcome = std::unexpected(rejection_of(outcome.error())), .diff = {}};
  touch_beneficiary(block, journal);
  return {.outcome = *std::move(outcome), .diff = journal.diff()};
}

Hash32 root_after(const InMemoryState& pre, const StateDiff& diff) {
  if (diff.empty()) return state_root(pre);
  InMemoryState post = pre;
  post.apply(diff);
  return state_root(post);
}

/// Root of the state after a block without transactions.
Hash32 root_of_empty_block(const InMemoryState& pre, const BlockEnvironment& block) {
  const StateTestView view(pre);
  Journal journal(view);
  touch_beneficiary(block, journal);
  return root_after(pre, journal.diff());
}

void judge_rejection(TestResult& result, const Expectation& expectation, const Rejection& rejection) {
  if (!expectation.exception)
    return result.fail_with("unexpected error: " + (rejection.rule.empty()
                                                        ? rejection.message
                                                        : std::string(rejection.rule) + ": " + rejection.message));
  if (auto checked = check_exception(*expectation.exception, rejection); !checked)
    return result.fail_with(std::move(checked).error().message);
  if (*result.state_root != expectation.state_root)
    result.fail_with(mismatch("post state root of a rejected transaction", *result.state_root, expectation.state_root));
}

void judge_outcome(TestResult& result, const Expectation& expectation, const TransactionOutcome& outcome) {
  if (expectation.exception) return result.fail_with("expected error \"" + *expectation.exception + "\", got no error");
  if (*result.state_root != expectation.state_root)
    return result.fail_with(mismatch("post state root", *result.state_root, expectation.state_root));
  if (const Hash32 logs = logs_hash(outcome.logs); logs != expectation.logs_hash)
    result.fail_with(mismatch("post state logs hash", logs, expectation.logs_hash));
}

}  // namespace

TestResult StateTestRunner::run(const StateFixture& fixture, const Expectation& expectation) {
  auto network = fixture.network(expectation.fork);
  if (!network) return TestResult::malformed(fixture.name, expectation.fork, network.error());
  TestResult result = TestResult::of(fixture.name, expectation.fork);
  if (!*network) {
    result.verdict = TestVerdict::out_of_scope;
    return result;
  }
  const BlockEnvironment block = environment_of(fixture.environment, **network);
  const auto transaction = fixture.transaction(expectation);

  std::expected<Transaction, Rejection> executable =
      transaction ? std::expected<Transaction, Rejection>(*transaction)
                  : std::unexpected(Rejection::undecodable("transaction: " + transaction.error().message));
  if (expectation.transaction_bytes) {
    auto rejection = check_signed_bytes(*expectation.transaction_bytes, transaction, block);
    if (!rejection) {
      result.fail_with(std::move(rejection).error().message);
      return result;
    }
    if (*rejection) executable = std::unexpected(**std::move(rejection));
  }

  const StateTestView view(fixture.pre);
  const Execution execution = execute(executable, block, view, evm_);
  result.state_root = root_after(fixture.pre, execution.diff);
  // execution-spec-tests means the state before, ethereum/tests that after a block without the transaction.
  if (!execution.outcome && *result.state_root != expectation.state_root)
    result.state_root = root_of_empty_block(fixture.pre, block);
  if (execution.outcome)
    judge_outcome(result, expectation, *execution.outcome);
  else
    judge_rejection(result, expectation, execution.outcome.error());
  return result;
}

}  // namespace hocket
