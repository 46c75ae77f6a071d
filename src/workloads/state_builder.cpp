#include "workloads/state_builder.hpp"

#include "base/assert.hpp"
#include "base/hex.hpp"
#include "crypto/keccak.hpp"
#include "protocol/opcode.hpp"
#include "transition/execute_transaction.hpp"
#include "transition/system_call.hpp"
#include "workloads/contract_code.hpp"
#include "workloads/network.hpp"

#include <fmt/core.h>

namespace hocket::workloads {

u256 ether(std::uint64_t amount) noexcept { return u256(amount) * u256(1'000'000'000'000'000'000); }

std::vector<Address> make_accounts(std::string_view group, std::size_t count) {
  std::vector<Address> accounts;
  accounts.reserve(count);
  Bytes name = to_bytes(as_bytes(group));
  name.resize(group.size() + 8);
  for (std::size_t i = 0; i < count; ++i) {
    store_be64(name.data() + group.size(), i);
    accounts.push_back(to_address(to_u256(keccak256(name))));
  }
  return accounts;
}

StateBuilder::StateBuilder() : deployer_(make_accounts("deployer", 1)[0]) {
  environment_ = free_environment();
  evm_.begin_block(*environment_.spec, environment_.context);
  fund(deployer_, ether(1'000'000));
  // A block asks these two for requests. These have none: STOP.
  for (const Address& contract : {kWithdrawalRequestContract, kConsolidationRequestContract})
    state_.put(contract, 1, 0, Bytes{OP_STOP}, {});
}

void StateBuilder::fund(const Address& address, const u256& wei) {
  flush();
  state_.put(address, 0, wei, {}, {});
}

void StateBuilder::fund(const std::vector<Address>& addresses, const u256& wei) {
  for (const Address& address : addresses) fund(address, wei);
}

Address StateBuilder::deploy(std::string_view contract, BytesView constructor_arguments) {
  Transaction creation;
  creation.type = TransactionType::legacy;
  creation.sender = deployer_;
  creation.gas_limit = environment_.spec->max_transaction_gas;
  creation.data = creation_code(contract);
  append(creation.data, constructor_arguments);
  AccountEntry* sender = journal_.account(deployer_);
  HOCKET_ASSERT(sender != nullptr);
  creation.nonce = sender->nonce;
  is_journal_used_ = true;
  const auto outcome = execute_transaction(creation, environment_, evm_, journal_);
  HOCKET_ASSERT(outcome.has_value());
  if (!outcome->success()) {
    fmt::print(stderr, "deploying {}: {} {}\n", contract, to_string(outcome->status), to_hex(outcome->output));
    HOCKET_ASSERT(!"a constructor of our own contracts failed");
  }
  return *outcome->created;
}

Bytes StateBuilder::call(const Address& from, const Address& to, BytesView data, const u256& value) {
  Transaction transaction;
  transaction.type = TransactionType::legacy;
  transaction.sender = from;
  transaction.to = to;
  transaction.value = value;
  transaction.gas_limit = environment_.spec->max_transaction_gas;
  transaction.data = to_bytes(data);
  AccountEntry* sender = journal_.account(from);
  HOCKET_ASSERT(sender != nullptr);
  transaction.nonce = sender->nonce;
  is_journal_used_ = true;
  const auto outcome = execute_transaction(transaction, environment_, evm_, journal_);
  HOCKET_ASSERT(outcome.has_value());
  if (!outcome->success()) {
    fmt::print(stderr, "calling {} with {}: {} {}\n", to_hex(to), to_hex(data), to_string(outcome->status),
               to_hex(outcome->output));
    HOCKET_ASSERT(!"a call that prepares a workload failed");
  }
  return to_bytes(outcome->output);
}

void StateBuilder::write_storage(const Address& address, const std::vector<std::pair<u256, u256>>& slots) {
  flush();
  const auto it = state_.accounts().find(address);
  HOCKET_ASSERT(it != state_.accounts().end());
  const InMemoryState::Entry entry = it->second;
  std::vector<std::pair<u256, u256>> all(entry.storage.begin(), entry.storage.end());
  all.insert(all.end(), slots.begin(), slots.end());
  const Bytes code = entry.account.has_code() ? to_bytes(*state_.code(address, entry.account.code_hash)) : Bytes{};
  state_.put(address, entry.account.nonce, entry.account.balance, code, all);
}

void StateBuilder::clone(const Address& original, const Address& address) {
  flush();
  const auto it = state_.accounts().find(original);
  HOCKET_ASSERT(it != state_.accounts().end());
  const InMemoryState::Entry entry = it->second;
  const Bytes code = to_bytes(*state_.code(original, entry.account.code_hash));
  state_.put(address, entry.account.nonce, 0, code, {entry.storage.begin(), entry.storage.end()});
}

const InMemoryState& StateBuilder::state() {
  flush();
  return state_;
}

InMemoryState StateBuilder::take() {
  flush();
  return std::move(state_);
}

void StateBuilder::flush() {
  if (!is_journal_used_) return;
  state_.apply(journal_.diff());
  journal_.reset(state_);
  is_journal_used_ = false;
}

}  // namespace hocket::workloads
