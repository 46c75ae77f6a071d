#include "conformance/transaction_fixture.hpp"

#include "base/hex.hpp"
#include "block/recover_senders.hpp"
#include "conformance/expected_exception.hpp"
#include "core/codec.hpp"
#include "transition/validate_transaction.hpp"

#include <limits>
#include <variant>

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

std::variant<ValidTransaction, Rejection> examine(BytesView bytes, const ChainConfig& config) {
  const auto transaction = decode_transaction(bytes);
  if (!transaction) return Rejection::undecodable(transaction.error().message);
  BlockEnvironment block;
  block.spec = &config.spec_at(0, 0);
  block.context.chain_id = config.chain_id;
  block.context.gas_limit = std::numeric_limits<std::uint64_t>::max();
  const auto sender = recover_sender(*transaction, *block.spec, config.chain_id);
  const auto gas = validate_transaction(*transaction, block, {});
  // A type that the fork does not have is refused before anybody looks at its signature.
  if (!gas && (sender || gas.error() != TransactionError::intrinsic_gas_too_low)) return Rejection::of(gas.error());
  if (!sender) return Rejection::of(sender.error());
  if (is_unpayable(*transaction)) return Rejection::of(TransactionError::insufficient_account_funds);
  return ValidTransaction{hash_of(*transaction), *sender, gas->cost};
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
  const auto examined = fixture.bytes ? examine(*fixture.bytes, *network)
                                      : std::variant<ValidTransaction, Rejection>(Rejection::undecodable("no hex"));
  if (const auto* rejection = std::get_if<Rejection>(&examined)) {
    if (!expectation.exception) {
      result.fail_with("refused with " + std::string(rejection->rule) + " (" + rejection->message + ")");
    } else if (auto checked = check_exception(*expectation.exception, *rejection); !checked) {
      result.fail_with(std::move(checked).error().message);
    }
    return result;
  }
  const auto& valid = std::get<ValidTransaction>(examined);
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
