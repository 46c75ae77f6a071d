#include "conformance/transaction_fixture.hpp"

#include "base/hex.hpp"
#include "block/recover_senders.hpp"
#include "conformance/expected_exception.hpp"
#include "core/codec.hpp"
#include "transition/validate_transaction.hpp"

#include <algorithm>
#include <limits>

namespace hocket {
namespace {

using Expectation = TransactionFixture::Expectation;

Result<Expectation> decode_expectation(std::string_view fork, JsonValue value) {
  HOCKET_TRY(const JsonObject json, read_json<JsonObject>(value));
  Expectation expectation;
  expectation.fork = fork;
  HOCKET_TRY(const auto exception, read_optional_member<std::string_view>(json, "exception"));
  if (exception) {
    expectation.exception = *exception;
    return expectation;
  }
  HOCKET_TRY(expectation.hash, read_member<Hash32>(json, "hash"));
  HOCKET_TRY(expectation.sender, read_member<Address>(json, "sender"));
  HOCKET_TRY(expectation.intrinsic_gas, read_member<std::uint64_t>(json, "intrinsicGas"));
  return expectation;
}

struct ValidTransaction {
  Hash32 hash;
  Address sender;
  std::uint64_t intrinsic_gas = 0;
};

/// gas limit * price is 2^256 or more: no balance covers it.
bool is_unpayable(const Transaction& transaction) {
  if (transaction.gas_limit == 0) return false;
  return transaction.max_fee_per_gas > u256::max() / u256(transaction.gas_limit);
}

struct Examined {
  std::optional<ValidTransaction> valid;
  /// Every rule that was found broken: fixtures name one of several.
  std::vector<Rejection> rejections;

  void reject(Rejection rejection) { rejections.push_back(std::move(rejection)); }
};

/// A type that the fork does not have is refused whatever follows it.
void examine_type(Examined& examined, BytesView bytes, const BlockEnvironment& block) {
  constexpr std::uint8_t kLastType = 4;
  if (bytes.empty() || bytes[0] == 0 || bytes[0] > kLastType) return;
  Transaction transaction;
  transaction.type = static_cast<TransactionType>(bytes[0]);
  const auto valid = validate_transaction(transaction, block, {});
  using enum TransactionError;
  for (const TransactionError error : {type_1_tx_pre_fork, type_2_tx_pre_fork, type_3_tx_pre_fork, type_4_tx_pre_fork})
    if (!valid && valid.error() == error) examined.reject(Rejection::of(error));
}

Examined examine(BytesView bytes, const ChainConfig& config) {
  Examined examined;
  BlockEnvironment block;
  block.spec = &config.spec_at(0, 0);
  block.context.chain_id = config.chain_id;
  block.context.gas_limit = std::numeric_limits<std::uint64_t>::max();
  examine_type(examined, bytes, block);
  const auto transaction = decode_transaction(bytes);
  if (!transaction) {
    examined.reject(Rejection::undecodable(transaction.error().message));
    return examined;
  }
  // No block has 2^63 gas. Here there is no block.
  Transaction in_any_block = *transaction;
  in_any_block.gas_limit = std::min(in_any_block.gas_limit, std::uint64_t{std::numeric_limits<std::int64_t>::max()});
  if (const auto gas = validate_transaction(in_any_block, block, {}); !gas) examined.reject(Rejection::of(gas.error()));
  // Before EIP-155 the signature's v is 27 or 28, and anything else is no signature.
  if (transaction->type == TransactionType::legacy && transaction->chain_id && !block.spec->replay_protection)
    examined.reject(Rejection::of(TransactionError::invalid_signature_vrs));
  const auto sender = recover_sender(*transaction, *block.spec, config.chain_id);
  if (!sender) examined.reject(Rejection::of(sender.error()));
  if (is_unpayable(*transaction)) examined.reject(Rejection::of(TransactionError::insufficient_account_funds));
  if (examined.rejections.empty())
    examined.valid = ValidTransaction{hash_of(*transaction), *sender, intrinsic_gas(*transaction, *block.spec).cost};
  return examined;
}

void judge_rejections(TestResult& result, const Expectation& expectation, const std::vector<Rejection>& rejections) {
  const Rejection& first = rejections.front();
  if (!expectation.exception)
    return result.fail_with("refused with " + std::string(first.rule) + " (" + first.message + ")");
  for (const Rejection& rejection : rejections)
    if (check_exception(*expectation.exception, rejection)) return;
  result.fail_with(check_exception(*expectation.exception, first).error().message);
}

}  // namespace

Result<TransactionFixture> decode_transaction_fixture(std::string name, JsonValue value) {
  HOCKET_TRY(const JsonObject test, read_json<JsonObject>(value));
  TransactionFixture fixture;
  fixture.name = std::move(name);
  HOCKET_TRY(const std::string_view text, read_member<std::string_view>(test, "txbytes"));
  if (auto bytes = from_hex(text)) fixture.bytes = *std::move(bytes);
  HOCKET_TRY(const JsonObject result, read_member<JsonObject>(test, "result"));
  for (const auto [fork, expected] : result) {
    auto expectation = decode_expectation(fork, expected);
    if (!expectation) return std::unexpected(std::move(expectation).error().in("result: " + std::string(fork)));
    fixture.expectations.push_back(*std::move(expectation));
  }
  return fixture;
}

TestResult run_transaction_test(const TransactionFixture& fixture, const Expectation& expectation) {
  TestResult result = TestResult::of(fixture.name, expectation.fork);
  const auto network = fixture_network(expectation.fork);
  if (!network) {
    result.fail_with("unknown network \"" + expectation.fork + '"');
    return result;
  }
  Examined examined;
  if (fixture.bytes)
    examined = examine(*fixture.bytes, *network);
  else
    examined.reject(Rejection::undecodable("no hex"));
  if (!examined.valid) {
    judge_rejections(result, expectation, examined.rejections);
    return result;
  }
  const ValidTransaction& valid = *examined.valid;
  if (expectation.exception)
    result.fail_with("accepted, expected " + *expectation.exception);
  else if (valid.hash != expectation.hash)
    result.fail_with("hash is " + to_hex(valid.hash) + ", expected " + to_hex(expectation.hash));
  else if (valid.sender != expectation.sender)
    result.fail_with("sender is " + to_hex(valid.sender) + ", expected " + to_hex(expectation.sender));
  else if (valid.intrinsic_gas != expectation.intrinsic_gas)
    result.fail_with("intrinsic gas is " + std::to_string(valid.intrinsic_gas) + ", expected " +
                     std::to_string(expectation.intrinsic_gas));
  return result;
}

}  // namespace hocket
