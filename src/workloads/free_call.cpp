#include "workloads/free_call.hpp"

#include "base/assert.hpp"
#include "transition/execute_transaction.hpp"
#include "workloads/network.hpp"

namespace hocket::workloads {

FreeCallResult free_call(const FreeCall& call, const BlockEnvironment& environment, Evm& evm, Journal& journal) {
  Transaction transaction;
  transaction.type = TransactionType::legacy;
  transaction.sender = call.from;
  transaction.to = call.to;
  transaction.value = call.value;
  transaction.gas_limit = environment.spec->max_transaction_gas;
  transaction.data = call.data;
  const AccountEntry* sender = journal.account(call.from);
  HOCKET_ASSERT(sender != nullptr);
  transaction.nonce = sender->nonce;
  const auto outcome = execute_transaction(transaction, environment, evm, journal);
  HOCKET_ASSERT(outcome.has_value());
  return {.status = outcome->status, .output = to_bytes(outcome->output), .created = outcome->created};
}

Probe::Probe(const InMemoryState& state) : environment_(free_environment()), journal_(state) {
  evm_.begin_block(*environment_.spec, environment_.context);
}

std::optional<Bytes> Probe::call(const Address& from, const Address& to, Bytes data) {
  FreeCallResult result = free_call({from, to, 0, std::move(data)}, environment_, evm_, journal_);
  if (!result.success()) return std::nullopt;
  return std::move(result.output);
}

u256 Probe::word(const Address& contract, Bytes data) {
  const auto output = call(Address(), contract, std::move(data));
  HOCKET_ASSERT(output && output->size() >= 32);
  return load_be256(output->data());
}

}  // namespace hocket::workloads
