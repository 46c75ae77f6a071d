// transfers: plain ether from one account to another.
#include "base/hex.hpp"
#include "workloads/families.hpp"
#include "workloads/network.hpp"
#include "workloads/pairing.hpp"
#include "workloads/state_builder.hpp"

#include <fmt/core.h>
#include <memory>
#include <unordered_map>

namespace hocket::workloads {
namespace {

constexpr std::uint64_t kTransferGas = 21'000;

u256 balance_of(const InMemoryState& state, const Address& address) {
  const StoredAccount* found = state.accounts().find(address);
  return found == nullptr ? u256() : found->account.balance;
}

// Every account has what the transfers, done on paper, leave it.
Violation check_balances(const Aftermath& aftermath) {
  std::unordered_map<Address, u256, FixedBytesHash> expected;
  const auto balance = [&](const Address& address) -> u256& {
    return expected.try_emplace(address, balance_of(aftermath.before, address)).first->second;
  };
  for (const Transaction& transaction : aftermath.transactions) {
    balance(transaction.sender) -= transaction.value + gas_cost(kTransferGas);
    balance(*transaction.to) += transaction.value;
  }
  for (const auto& [address, wei] : expected)
    if (const u256 found = balance_of(aftermath.after, address); found != wei)
      return fmt::format("balance of {}: {}, expected {}", to_hex(address), to_decimal(found), to_decimal(wei));
  return std::nullopt;
}

template <Pattern kPattern>
Scenario make(const WorkloadOptions& options) {
  auto pairing = std::make_shared<Pairing>(kPattern, options, options.gas / kTransferGas + 1);
  const std::vector<Address>& accounts = pairing->accounts();
  StateBuilder builder(options.realm);
  // Enough for an account that sends all of the block's transactions.
  const u256 plenty = u256(2) * gas_cost(options.gas + kTransferGas);
  if constexpr (kPattern == Pattern::chain) {
    // Only the first has anything: each lives on what the one before gave.
    builder.fund(accounts[0], plenty);
  } else {
    builder.fund(accounts, plenty);
  }
  auto random = std::make_shared<Random>(options.seed);
  auto handed_on = std::make_shared<u256>(plenty);
  return {.state = builder.take(),
          .next = [=]() -> std::optional<Transaction> {
            const auto [from, to] = pairing->next();
            u256 value(random->between(1, 1'000'000'000));
            if constexpr (kPattern == Pattern::chain) value = *handed_on -= gas_cost(kTransferGas);
            return call(pairing->accounts()[from], pairing->accounts()[to], kTransferGas, {}, value);
          },
          .violation = check_balances};
}

constexpr Workload kRows[] = {
    {"transfers/independent", "ether between accounts that meet once", make<Pattern::independent>},
    {"transfers/to-one", "everyone pays one account", make<Pattern::to_one>},
    {"transfers/from-one", "one account pays everyone", make<Pattern::from_one>},
    {"transfers/chain", "each spends what the one before gave it", make<Pattern::chain>},
    {"transfers/relay", "each pays the next, and has enough anyway", make<Pattern::relay>},
    {"transfers/zipf", "payers and payees by Zipf's law", make<Pattern::zipf>},
    {"transfers/hot", "a share of payers and payees from a tenth of the accounts", make<Pattern::hot>},
    {"transfers/self", "everyone pays itself", make<Pattern::self>},
};

}  // namespace

std::span<const Workload> transfers_family() { return kRows; }

}  // namespace hocket::workloads
