#include "conformance/vm_fixture.hpp"

#include "base/hex.hpp"
#include "conformance/state_test_view.hpp"

#include <map>

namespace hocket {
namespace {

Result<void> decode_environment(VmFixture& fixture, JsonObject env) {
  BlockContext& block = fixture.block;
  HOCKET_TRY(block.beneficiary, read_member<Address>(env, "currentCoinbase"));
  HOCKET_TRY(block.number, read_member<std::uint64_t>(env, "currentNumber"));
  HOCKET_TRY(block.timestamp, read_member<std::uint64_t>(env, "currentTimestamp"));
  HOCKET_TRY(block.gas_limit, read_member<std::uint64_t>(env, "currentGasLimit"));
  HOCKET_TRY(block.prev_randao, read_member<u256>(env, "currentDifficulty"));
  return {};
}

Result<void> decode_execution(VmFixture& fixture, JsonObject exec) {
  HOCKET_TRY(fixture.recipient, read_member<Address>(exec, "address"));
  HOCKET_TRY(fixture.sender, read_member<Address>(exec, "caller"));
  HOCKET_TRY(fixture.origin, read_member<Address>(exec, "origin"));
  HOCKET_TRY(fixture.code, read_member<Bytes>(exec, "code"));
  HOCKET_TRY(fixture.input, read_member<Bytes>(exec, "data"));
  HOCKET_TRY(fixture.gas_price, read_member<u256>(exec, "gasPrice"));
  HOCKET_TRY(fixture.value, read_member<u256>(exec, "value"));
  HOCKET_TRY(fixture.gas, read_member<std::uint64_t>(exec, "gas"));
  return {};
}

Result<VmFixture::Expectation> decode_expectation(JsonObject test) {
  VmFixture::Expectation expectation;
  HOCKET_TRY(const JsonObject post, read_member<JsonObject>(test, "post"));
  HOCKET_TRY(expectation.post, decode_state(post));
  HOCKET_TRY(expectation.gas_left, read_member<std::uint64_t>(test, "gas"));
  HOCKET_TRY(expectation.logs_hash, read_member<Hash32>(test, "logs"));
  HOCKET_TRY(expectation.output, read_member<Bytes>(test, "out"));
  return expectation;
}

/// VM tests do not move the value. An interpreter that does leaves the balances as they were if the sender has the
/// value more before, and the recipient the value less.
InMemoryState state_before_transfer(const VmFixture& fixture) {
  InMemoryState state = fixture.pre;
  std::map<Address, Account> changed;
  const auto change = [&](const Address& address) -> Account& {
    return changed.try_emplace(address, state.account(address)->value_or(Account())).first->second;
  };
  change(fixture.sender).balance += fixture.value;
  change(fixture.recipient).balance -= fixture.value;
  state.put_code(keccak256(fixture.code), fixture.code);
  change(fixture.recipient).code_hash = keccak256(fixture.code);
  StateDiff diff;
  for (const auto& [address, account] : changed) diff.add(address).account = account;
  state.apply(diff);
  return state;
}

/// The fixture's post-state has only accounts that were there before or that code made; the sender may be neither.
InMemoryState without_idle_sender(InMemoryState state, const VmFixture& fixture) {
  const auto sender = state.account(fixture.sender);
  if (!fixture.pre.accounts().contains(fixture.sender) && *sender && (*sender)->is_empty()) {
    StateDiff diff;
    diff.add(fixture.sender).storage_cleared = true;
    state.apply(diff);
  }
  return state;
}

}  // namespace

Result<VmFixture> decode_vm_fixture(std::string name, JsonValue value) {
  HOCKET_TRY(const JsonObject test, read_json<JsonObject>(value));
  VmFixture fixture;
  fixture.name = std::move(name);
  HOCKET_TRY(const JsonObject env, read_member<JsonObject>(test, "env"));
  HOCKET_CHECK(decode_environment(fixture, env));
  HOCKET_TRY(const JsonObject exec, read_member<JsonObject>(test, "exec"));
  HOCKET_CHECK(decode_execution(fixture, exec));
  HOCKET_TRY(const JsonObject pre, read_member<JsonObject>(test, "pre"));
  HOCKET_TRY(fixture.pre, decode_state(pre));
  if (member(test, "post")) {
    HOCKET_TRY(fixture.expectation, decode_expectation(test));
  }
  return fixture;
}

TestResult run_vm_test(const VmFixture& fixture, Evm& evm) {
  TestResult result = TestResult::of(fixture.name, "Frontier");
  const Spec& spec = spec_of(Revision::frontier);
  InMemoryState state = state_before_transfer(fixture);
  const StateTestView view(state);
  Journal journal(view);
  journal.begin_transaction();
  evm.begin_block(spec, fixture.block);
  const Message message{.kind = CallKind::call,
                        .gas = static_cast<std::int64_t>(fixture.gas),
                        .sender = fixture.sender,
                        .recipient = fixture.recipient,
                        .value = fixture.value,
                        .input = fixture.input};
  const TransactionContext transaction{.origin = fixture.origin, .gas_price = fixture.gas_price, .blob_hashes = {}};
  const ExecutionResult execution = evm.execute(message, transaction, journal);

  const bool succeeded = execution.status == Status::success;
  if (succeeded != fixture.expectation.has_value()) {
    result.fail_with(std::string("ended with ") + std::string(to_string(execution.status)) + ", expected " +
                     (succeeded ? "a failure" : "success"));
    return result;
  }
  if (!succeeded) return result;
  const VmFixture::Expectation& expected = *fixture.expectation;
  const Bytes output = to_bytes(execution.output);
  if (execution.gas_left != static_cast<std::int64_t>(expected.gas_left)) {
    result.fail_with("gas left is " + std::to_string(execution.gas_left) + ", expected " +
                     std::to_string(expected.gas_left));
    return result;
  }
  if (output != expected.output) {
    result.fail_with("output is " + to_hex(output) + ", expected " + to_hex(expected.output));
    return result;
  }
  if (const Hash32 logs = logs_hash(journal.logs()); logs != expected.logs_hash) {
    result.fail_with("logs hash is " + to_hex(logs) + ", expected " + to_hex(expected.logs_hash));
    return result;
  }
  journal.end_transaction(false);
  state.apply(journal.diff());
  if (const auto difference = first_difference(without_idle_sender(std::move(state), fixture), expected.post))
    result.fail_with("post state: " + *difference);
  return result;
}

}  // namespace hocket
