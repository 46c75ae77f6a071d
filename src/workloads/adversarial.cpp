// adversarial: blocks made to hurt an engine that executes transactions before their turn.
#include "base/random.hpp"
#include "evm/evm.hpp"
#include "workloads/abi.hpp"
#include "workloads/families.hpp"
#include "workloads/network.hpp"
#include "workloads/state_builder.hpp"

#include <fmt/core.h>
#include <memory>
#include <unordered_map>

namespace hocket::workloads {
namespace {

// Adversary.sol.
constexpr std::uint64_t kHotSlot = 0;
constexpr std::uint64_t kFirstCellSlot = 1;
constexpr std::uint64_t kCells = 64;

/// A contract and those who call it, in turn.
struct Stage {
  Stage(std::string_view contract, const WorkloadOptions& options, std::uint64_t least_gas, std::uint64_t most_gas)
      : builder(options.realm),
        random(options.seed),
        callers(make_accounts(options, "caller",
                              std::max<std::uint64_t>(1, options.accounts.value_or(options.gas / least_gas + 1)))),
        gas_limit(most_gas) {
    builder.fund(callers, ether(1) + u256(4) * gas_cost(options.gas + most_gas));
    target = builder.deploy(contract);
  }

  Transaction next_call(Bytes data, const u256& value = 0) {
    return call(callers[count++ % callers.size()], target, gas_limit, std::move(data), value);
  }

  StateBuilder builder;
  Random random;
  std::vector<Address> callers;
  Address target;
  std::uint64_t gas_limit;
  std::size_t count = 0;
};

Violation check_hot_slot(const Aftermath& aftermath, const Address& contract) {
  const u256 found = *aftermath.after.storage(contract, kHotSlot);
  if (found != u256(aftermath.transactions.size()))
    return fmt::format("the hot slot holds {}, expected {}", to_decimal(found), aftermath.transactions.size());
  return std::nullopt;
}

Scenario make_on_hot_slot(const WorkloadOptions& options, std::string_view signature, std::uint64_t rounds,
                          std::uint64_t least_gas) {
  auto stage = std::make_shared<Stage>("Adversary", options, least_gas, 20 * least_gas);
  return {.state = stage->builder.take(),
          .next = [=]() -> std::optional<Transaction> {
            return stage->next_call(encode_call(signature, {rounds + stage->random.below(rounds)}));
          },
          .violation = [stage](const Aftermath& aftermath) { return check_hot_slot(aftermath, stage->target); }};
}

Scenario make_hot_slot(const WorkloadOptions& options) {
  return make_on_hot_slot(options, "readFirstWriteLast(uint256)", 50, 60'000);
}

Scenario make_late_conflict(const WorkloadOptions& options) {
  return make_on_hot_slot(options, "meetAtTheEnd(uint256)", 1'500, 300'000);
}

Scenario make_abort_storm(const WorkloadOptions& options) {
  constexpr std::uint64_t kSteps = 12;
  auto stage = std::make_shared<Stage>("Adversary", options, 60'000, 1'000'000);
  return {.state = stage->builder.take(),
          .next = [=]() -> std::optional<Transaction> {
            return stage->next_call(encode_call("wander(uint256,uint256)", {stage->random.below(kCells), kSteps}));
          },
          .violation = [stage](const Aftermath& aftermath) -> Violation {
            u256 visits;
            for (std::uint64_t i = 0; i < kCells; ++i)
              visits += *aftermath.after.storage(stage->target, kFirstCellSlot + i);
            if (visits != u256(kSteps * aftermath.transactions.size()))
              return fmt::format("{} visits, expected {}", to_decimal(visits), kSteps * aftermath.transactions.size());
            return std::nullopt;
          }};
}

Scenario make_self_destruct(const WorkloadOptions& options) {
  constexpr std::uint64_t kSalts = 4;
  auto stage = std::make_shared<Stage>("Phoenix", options, 80'000, 1'000'000);
  return {.state = stage->builder.take(),
          .next = [=]() -> std::optional<Transaction> {
            return stage->next_call(encode_call("rise(uint256)", {stage->random.below(kSalts)}),
                                    u256(stage->random.between(1, 1'000)));
          },
          .violation = [stage](const Aftermath& aftermath) -> Violation {
            Probe probe(aftermath.after);
            u256 rebirths;
            for (std::uint64_t salt = 0; salt < kSalts; ++salt) {
              rebirths += probe.word(stage->target, encode_call("rebirths(uint256)", {salt}));
              const Address feather = to_address(probe.word(stage->target, encode_call("addressOf(uint256)", {salt})));
              if (aftermath.after.accounts().contains(feather)) return "a destroyed contract is still there";
            }
            if (rebirths != u256(aftermath.transactions.size()))
              return fmt::format("{} rebirths, expected {}", to_decimal(rebirths), aftermath.transactions.size());
            return std::nullopt;
          }};
}

// --- delegation flips (EIP-7702) -------------------------------------------------------------------------------------

/// Few accounts that delegate to one of two codes, and many who flip that, or call them.
struct Flips {
  static constexpr std::uint64_t kSteps[2] = {1, 1'000};

  explicit Flips(const WorkloadOptions& options)
      : builder(options.realm),
        random(options.seed),
        authorities(make_accounts(options, "authority", 8)),
        nonces(authorities.size()),
        callers(make_accounts(options, "caller",
                              std::max<std::uint64_t>(1, options.accounts.value_or(options.gas / 25'000)))) {
    builder.fund(authorities, ether(1));
    builder.fund(callers, ether(1) + u256(4) * gas_cost(options.gas));
    for (std::size_t i = 0; i < 2; ++i) codes[i] = builder.deploy("Stepper", encode_arguments({kSteps[i]}));
  }

  Transaction next() {
    const std::size_t authority = random.below(authorities.size());
    Transaction transaction =
        call(callers[count++ % callers.size()], authorities[authority], 200'000, encode_call("advance()", {}));
    if (random.below(3) == 0) {
      // Whom this transaction calls, its own authorization has just changed.
      transaction.type = TransactionType::set_code;
      Authorization authorization;
      authorization.chain_id = network().chain_id;
      authorization.address = codes[random.below(2)];
      authorization.nonce = nonces[authority]++;
      authorization.authority_is_known = true;
      authorization.authority = authorities[authority];
      transaction.authorization_list.push_back(authorization);
    }
    return transaction;
  }

  Violation check(const Aftermath& aftermath) const {
    // Done on paper: who delegates to what, and how far that counts.
    std::unordered_map<Address, std::uint64_t, FixedBytesHash> step;
    std::unordered_map<Address, std::uint64_t, FixedBytesHash> expected;
    for (const Transaction& transaction : aftermath.transactions) {
      for (const Authorization& authorization : transaction.authorization_list)
        step[*authorization.authority] = kSteps[authorization.address == codes[0] ? 0 : 1];
      expected[*transaction.to] += step[*transaction.to];
    }
    for (const auto& [authority, count_expected] : expected)
      if (const u256 found = *aftermath.after.storage(authority, 0); found != u256(count_expected))
        return fmt::format("an authority has counted to {}, expected {}", to_decimal(found), count_expected);
    return std::nullopt;
  }

  StateBuilder builder;
  Random random;
  std::vector<Address> authorities;
  std::vector<std::uint64_t> nonces;
  std::vector<Address> callers;
  Address codes[2];
  std::size_t count = 0;
};

constexpr Workload kRows[] = {
    {"adversarial/hot-slot", "a slot that everyone reads first and writes last", make_hot_slot},
    {"adversarial/abort-storm", "what one writes decides what the next ones read and write", make_abort_storm},
    {"adversarial/late-conflict", "long work alone, then a slot of everyone's", make_late_conflict},
    {"adversarial/self-destruct", "contracts made, destroyed and made again at four addresses", make_self_destruct},
    {"adversarial/delegation-flips", "accounts whose delegation changes between calls", scenario_of<Flips>},
};

}  // namespace

std::span<const Workload> adversarial_family() { return kRows; }

}  // namespace hocket::workloads
