// Scenario: what a workload makes of its options. The state before the block, an endless or finite series of
// transactions, and what must hold of the state after any part of them.
#pragma once

#include "core/transaction.hpp"
#include "state/in_memory_state.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hocket::workloads {

/// A workload's weight in a mixture.
struct MixPart {
  std::string workload;
  double weight;
};

/// Near mainnet's mix by gas: much trading, tokens, some ether, a little of everything else.
std::vector<MixPart> default_mix();

struct WorkloadOptions {
  /// Gas that the block's transactions use together, as nearly as whole transactions allow.
  std::uint64_t gas = 1'000'000'000;
  /// Externally owned accounts that take part; absent: as the workload needs.
  std::optional<std::uint64_t> accounts = std::nullopt;
  /// Where a workload has hot accounts (a tenth of all): the share of choices that fall on them, 0 to 1.
  double hot_share = 0.3;
  /// Where choices are Zipf-distributed: the exponent.
  double zipf_exponent = 1.0;
  std::uint64_t seed = 1;
  /// Of `mixed`: names of single workloads. Requires: at least one, weights above zero.
  std::vector<MixPart> mix = default_mix();
  /// Goes into every address, so that several scenarios can share a state.
  std::string realm = {};
};

/// The state before and after a block, and what was in it.
struct Aftermath {
  const InMemoryState& before;
  const InMemoryState& after;
  std::span<const Transaction> transactions;
};

/// Nothing: all is well. Otherwise what is wrong, for a person.
using Violation = std::optional<std::string>;

struct Scenario {
  InMemoryState state;
  /// The next transaction: sender, target, value, data and gas limit; the rest is set by `build_block`.
  /// Nothing: there are no more.
  std::function<std::optional<Transaction>()> next;
  /// The workload's invariants.
  std::function<Violation(const Aftermath&)> violation = {};
  /// False: some transactions revert on purpose.
  bool all_succeed = true;
  /// Told the gas of each transaction after its execution; may be empty.
  std::function<void(std::uint64_t gas)> executed = {};
  /// True: the block ends where `next` does, not where its gas is reached (at most at twice the gas).
  bool ends_by_itself = false;
};

/// Of a world that is made for the options and holds all that changes: a `builder`, `next()` and `check(aftermath)`.
template <class World>
Scenario scenario_of(const WorkloadOptions& options) {
  auto world = std::make_shared<World>(options);
  return {.state = world->builder.take(),
          .next = [world]() -> std::optional<Transaction> { return world->next(); },
          .violation = [world](const Aftermath& aftermath) { return world->check(aftermath); }};
}

/// A transaction as `Scenario::next` gives it.
inline Transaction call(const Address& from, const Address& to, std::uint64_t gas_limit, Bytes data = {},
                        const u256& value = 0) {
  Transaction transaction;
  transaction.sender = from;
  transaction.to = to;
  transaction.gas_limit = gas_limit;
  transaction.data = std::move(data);
  transaction.value = value;
  return transaction;
}

}  // namespace hocket::workloads
