// Messages of the reference: how calls and creations begin, what they cost their caller, and how they end
// (execution-specs: vm/interpreter.py and vm/instructions/system.py).
#include "base/assert.hpp"
#include "crypto/keccak.hpp"
#include "evm/evm.hpp"
#include "evm/precompiles/precompile.hpp"
#include "reference/frame.hpp"

#include <algorithm>
#include <optional>

namespace hocket::reference {
namespace {

constexpr int kDepthLimit = 1024;
constexpr int kCallValueGas = 9000;
constexpr int kCallStipend = 2300;
constexpr int kNewAccountGas = 25000;
constexpr int kCodeDepositGas = 200;  // a byte
constexpr int kKeccakWordGas = 6;

bool is_dead(const AccountEntry& account) { return !account.exists || account.is_empty(); }

/// EIP-150: all but one 64th.
Word most_of(const Word& gas) { return gas - gas / 64; }

bool is_collision(const AccountEntry& account) {
  return account.nonce != 0 || account.has_code() || account.has_storage;
}

AccountEntry& account_of(Journal& journal, const Address& address) {
  AccountEntry* account = journal.account(address);
  HOCKET_ASSERT(account != nullptr);
  return *account;
}

Outcome run_code(const Environment& environment, const Call& call) {
  const bool is_creation = call.kind == CallKind::create || call.kind == CallKind::create2;
  const std::uint16_t precompile = is_creation ? 0 : precompile_at(environment.spec, call.code_address);
  if (precompile == 0) return Frame(environment, call).run();
  if (call.precompiles_disabled) return {.status = Status::success, .gas_left = call.gas.get_si(), .output = {}};
  Outcome outcome;
  const PrecompileResult result =
      run_precompile(precompile, environment.spec, call.input, call.gas.get_si(), outcome.output);
  outcome.status = result.success ? Status::success : Status::precompile_failure;
  outcome.gas_left = result.success ? result.gas_left : 0;
  if (!result.success) outcome.output.clear();
  return outcome;
}

}  // namespace

std::optional<Address> delegate_of(const Spec& spec, BytesView code) {
  if (!spec.set_code_transactions || code.size() != 23) return std::nullopt;
  if (code[0] != 0xef || code[1] != 0x01 || code[2] != 0x00) return std::nullopt;
  return Address::from(code.last(20));
}

Outcome process_call(const Environment& environment, const Call& call) {
  Journal& journal = environment.journal;
  const Journal::Checkpoint checkpoint = journal.checkpoint();
  AccountEntry& target = account_of(journal, call.target);
  journal.touch(target, !environment.spec.state_clearing);
  if (call.transfers_value && call.value != 0) {
    journal.subtract_balance(account_of(journal, call.caller), to_u256(call.value));
    journal.add_balance(target, to_u256(call.value));
  }
  Outcome outcome = run_code(environment, call);
  if (outcome.status != Status::success) journal.revert(checkpoint);
  return outcome;
}

Outcome process_create(const Environment& environment, const Call& call) {
  const Spec& spec = environment.spec;
  Journal& journal = environment.journal;
  const Journal::Checkpoint checkpoint = journal.checkpoint();
  AccountEntry& target = account_of(journal, call.target);
  journal.create_contract(target, spec.create_nonce);
  Outcome outcome = process_call(environment, call);
  if (outcome.status != Status::success) {
    journal.revert(checkpoint);
    return outcome;
  }
  const Bytes code = std::move(outcome.output);
  outcome.output.clear();
  const Word deposit = kCodeDepositGas * from_u64(code.size());
  Status failure = Status::success;
  if (spec.rejects_ef_code && !code.empty() && code[0] == 0xef)
    failure = Status::invalid_code_prefix;
  else if (deposit > outcome.gas_left)
    failure = Status::out_of_gas;
  else if (code.size() > spec.max_code_size)
    failure = Status::code_size_exceeded;
  if (failure == Status::success) {
    outcome.gas_left -= deposit.get_si();
    journal.set_code(target, code);
  } else if (spec.create_fails_without_deposit) {
    journal.revert(checkpoint);
    outcome = {.status = failure, .gas_left = 0, .output = {}};
  }  // Frontier: the contract stays, without code
  return outcome;
}

void Frame::create(bool with_salt) {
  const Word endowment = pop();
  const Range range = pop_range();
  const Word salt = with_salt ? pop() : Word(0);
  Word gas = expansion_gas({range}) + words_of(range.size) * static_cast<long>(spec_.initcode_word_gas);
  if (with_salt) gas += kKeccakWordGas * words_of(range.size);
  charge(gas);
  expand({range});
  require_not_static();
  const Bytes init_code = read_memory(range);
  if (init_code.size() > spec_.max_initcode_size) throw Halt{Status::initcode_size_exceeded};

  return_data_.clear();
  const Word child_gas = spec_.keeps_one_64th ? most_of(gas_) : gas_;
  AccountEntry& self = account(call_.target);
  if (from_u256(self.balance) < endowment || self.nonce == ~std::uint64_t{0} || call_.depth + 1 > kDepthLimit)
    return push(0);

  const Address address = with_salt
                              ? create2_address(call_.target, Hash32::from(to_bytes32(salt)), keccak256(init_code))
                              : create_address(call_.target, self.nonce);
  gas_ -= child_gas;
  AccountEntry& contract = account(address);
  if (spec_.access_lists) journal_.warm(contract);
  journal_.set_nonce(self, self.nonce + 1);
  if (is_collision(contract)) return push(0);

  const Outcome outcome = process_create(environment_, Call{.kind = with_salt ? CallKind::create2 : CallKind::create,
                                                            .depth = call_.depth + 1,
                                                            .is_static = false,
                                                            .gas = child_gas,
                                                            .caller = call_.target,
                                                            .target = address,
                                                            .code_address = {},
                                                            .value = endowment,
                                                            .transfers_value = true,
                                                            .precompiles_disabled = false,
                                                            .input = {},
                                                            .code = init_code});
  gas_ += static_cast<long>(outcome.gas_left);
  if (outcome.status == Status::revert) return_data_ = outcome.output;
  push(outcome.status == Status::success ? from_address(address) : Word(0));
}

void Frame::call(CallKind kind) {
  const bool has_value = kind == CallKind::call || kind == CallKind::callcode;
  const Word requested_gas = pop();
  const Address code_address = pop_address();
  const Word value = has_value ? pop() : Word(0);
  const Range input = pop_range();
  const Range output = pop_range();

  charge(expansion_gas({input, output}));
  charge(access_gas(code_address));
  Address executed = code_address;
  bool is_delegated = false;
  if (const auto delegate = delegate_of(spec_, code_of(code_address))) {
    is_delegated = true;
    executed = *delegate;
    charge(journal_.warm(account(executed)) ? 2600 : 100);  // EIP-7702
  }
  if (value != 0) charge(kCallValueGas);
  if (kind == CallKind::call) {
    if (value != 0) require_not_static();
    const AccountEntry& target = account(code_address);
    if (spec_.state_clearing ? value != 0 && is_dead(target) : !target.exists) charge(kNewAccountGas);
  }
  // EIP-150: more than that may be asked for but is not given; before, it had to be there.
  const Word forwarded = spec_.keeps_one_64th && requested_gas > most_of(gas_) ? most_of(gas_) : requested_gas;
  charge(forwarded);
  const Word child_gas = value != 0 ? Word(forwarded + kCallStipend) : forwarded;
  expand({input, output});

  return_data_.clear();
  if (from_u256(account(call_.target).balance) < value || call_.depth + 1 > kDepthLimit) {
    gas_ += child_gas;
    return push(0);
  }
  const bool is_own = kind == CallKind::callcode || kind == CallKind::delegatecall;
  const bool is_delegatecall = kind == CallKind::delegatecall;
  const Outcome outcome = process_call(environment_, Call{.kind = kind,
                                                          .depth = call_.depth + 1,
                                                          .is_static = call_.is_static || kind == CallKind::staticcall,
                                                          .gas = child_gas,
                                                          .caller = is_delegatecall ? call_.caller : call_.target,
                                                          .target = is_own ? call_.target : code_address,
                                                          .code_address = executed,
                                                          .value = is_delegatecall ? call_.value : value,
                                                          .transfers_value = !is_delegatecall,
                                                          .precompiles_disabled = is_delegated,
                                                          .input = read_memory(input),
                                                          .code = code_of(executed)});
  gas_ += static_cast<long>(outcome.gas_left);
  return_data_ = outcome.output;
  const Word copied = std::min(output.size, from_u64(outcome.output.size()));
  write_memory(output.offset, BytesView(outcome.output).first(to_u64(copied)));
  push(outcome.status == Status::success ? 1 : 0);
}

Outcome execute(const Spec& spec, const BlockContext& block, const TransactionContext& transaction,
                const Message& message, Journal& journal) {
  const Environment environment{.spec = spec, .block = block, .transaction = transaction, .journal = journal};
  Call call{.kind = message.kind,
            .depth = 0,
            .is_static = false,
            .gas = from_u64(static_cast<std::uint64_t>(message.gas)),
            .caller = message.sender,
            .target = message.recipient,
            .code_address = message.recipient,
            .value = from_u256(message.value),
            .transfers_value = true,
            .precompiles_disabled = false,
            .input = {},
            .code = {}};
  if (from_u256(account_of(journal, message.sender).balance) < call.value)
    return {.status = Status::insufficient_balance, .gas_left = message.gas, .output = {}};
  if (message.kind == CallKind::create) {
    call.code = to_bytes(message.input);
    if (is_collision(account_of(journal, message.recipient)))
      return {.status = Status::create_collision, .gas_left = 0, .output = {}};
    return process_create(environment, call);
  }
  call.input = to_bytes(message.input);
  call.code = to_bytes(*journal.code(account_of(journal, message.recipient)));
  if (const auto delegate = delegate_of(spec, call.code)) {
    AccountEntry& executed = account_of(journal, *delegate);
    journal.warm(executed);
    call.code_address = *delegate;
    call.precompiles_disabled = true;
    call.code = to_bytes(*journal.code(executed));
  }
  return process_call(environment, call);
}

}  // namespace hocket::reference
