#include "workloads/state_builder.hpp"

#include "base/assert.hpp"
#include "base/hex.hpp"
#include "crypto/keccak.hpp"
#include "protocol/opcode.hpp"
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

std::vector<Address> make_accounts(const WorkloadOptions& options, std::string_view group, std::size_t count) {
  return make_accounts(options.realm + std::string(group), count);
}

StateBuilder::StateBuilder(std::string realm) : realm_(std::move(realm)), deployer_(accounts("deployer", 1)[0]) {
  environment_ = free_environment();
  evm_.begin_block(*environment_.spec, environment_.context);
  fund(deployer_, ether(1'000'000));
  // A block asks these two for requests. These have none: STOP.
  for (const Address& contract : {kWithdrawalRequestContract, kConsolidationRequestContract})
    state_.put(contract, 1, 0, Bytes{OP_STOP}, {});
}

void StateBuilder::set_age(std::uint64_t seconds) {
  environment_ = free_environment();
  environment_.context.timestamp -= seconds;
  environment_.context.number -= seconds / kSecondsPerBlock;
  evm_.begin_block(*environment_.spec, environment_.context);
}

void StateBuilder::fund(const Address& address, const u256& wei) {
  flush();
  state_.put(address, 0, wei, {}, {});
}

void StateBuilder::fund(const std::vector<Address>& addresses, const u256& wei) {
  for (const Address& address : addresses) fund(address, wei);
}

Address StateBuilder::deploy(std::string_view contract, BytesView constructor_arguments) {
  FreeCall creation{deployer_, std::nullopt, 0, creation_code(contract)};
  append(creation.data, constructor_arguments);
  return *run(creation, contract).created;
}

Bytes StateBuilder::call(const Address& from, const Address& to, BytesView data, const u256& value) {
  return run({from, to, value, to_bytes(data)}, to_hex(to)).output;
}

FreeCallResult StateBuilder::run(const FreeCall& call, std::string_view what) {
  is_journal_used_ = true;
  FreeCallResult result = free_call(call, environment_, evm_, journal_);
  if (!result.success()) {
    fmt::print(stderr, "{}, {}: {} {}\n", what, to_hex(call.data), to_string(result.status), to_hex(result.output));
    HOCKET_ASSERT(!"what prepares a workload failed");
  }
  return result;
}

void StateBuilder::write_storage(const Address& address, const std::vector<std::pair<u256, u256>>& slots) {
  flush();
  state_.put_slots(address, slots);
}

void StateBuilder::clone(const Address& original, const Address& address) {
  flush();
  state_.put_copy(original, address);
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
