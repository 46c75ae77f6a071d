// field: the blocks that other parallel engines publish their figures for, to stand beside them.
#include "base/random.hpp"
#include "workloads/abi.hpp"
#include "workloads/concentrated.hpp"
#include "workloads/families.hpp"
#include "workloads/network.hpp"

#include <algorithm>
#include <memory>

namespace hocket::workloads {
namespace {

// How many transactions make 1 Ggas, as pevm and grevm count.
constexpr std::uint64_t kTransferGas = 21'000;
constexpr std::uint64_t kTokenTransferGas = 29'738;
// pevm's token transfers to oneself: 37,123 of them.
constexpr std::uint64_t kTokenSelfTransferGas = 26'938;
constexpr std::uint64_t kSwapGas = 155'934;
// pevm's limit of a token transfer.
constexpr std::uint64_t kTokenTransferLimit = 35'000;
// grevm's number of accounts.
constexpr std::uint64_t kAccounts = 100'000;

std::size_t count_of(std::uint64_t gas, std::uint64_t gas_each) { return (gas + gas_each - 1) / gas_each; }

/// The scenario of another workload.
Scenario scenario_of(std::string_view name, const WorkloadOptions& options) {
  return find_workloads(name).value().front()->make(options);
}

/// Ends after so many transactions, whatever they use.
Scenario limited(Scenario scenario, std::size_t count, std::optional<std::uint64_t> gas_limit = {}) {
  auto left = std::make_shared<std::size_t>(count);
  scenario.next = [left, gas_limit, next = std::move(scenario.next)]() -> std::optional<Transaction> {
    if ((*left)-- == 0) return std::nullopt;
    auto transaction = next();
    if (transaction && gas_limit) transaction->gas_limit = *gas_limit;
    return transaction;
  };
  scenario.ends_by_itself = true;
  return scenario;
}

Scenario make_pevm_transfers(const WorkloadOptions& options) {
  return limited(scenario_of("transfers/self", options), count_of(options.gas, kTransferGas));
}

Scenario make_pevm_erc20(const WorkloadOptions& options) {
  return limited(scenario_of("erc20/self", options), count_of(options.gas, kTokenSelfTransferGas), kTokenTransferLimit);
}

Scenario make_pevm_uniswap(const WorkloadOptions& options) { return scenario_of("dex/clusters", options); }

WorkloadOptions with_accounts(WorkloadOptions options) {
  if (!options.accounts) options.accounts = kAccounts;
  return options;
}

Scenario make_grevm_transfers(const WorkloadOptions& options) {
  return limited(scenario_of("transfers/hot", with_accounts(options)), count_of(options.gas, kTransferGas));
}

Scenario make_grevm_erc20(const WorkloadOptions& options) {
  return limited(scenario_of("erc20/hot", with_accounts(options)), count_of(options.gas, kTokenTransferGas));
}

Scenario make_grevm_chain(const WorkloadOptions& options) {
  return limited(scenario_of("transfers/relay", options), count_of(options.gas, kTransferGas));
}

Scenario make_grevm_erc20_chain(const WorkloadOptions& options) {
  return limited(scenario_of("erc20/relay", options), count_of(options.gas, kTokenTransferGas));
}

// 60 % of the gas are transfers of ether, 20 % of one of three tokens, 20 % swaps in one of two pools; one kind after
// the other. All accounts are chosen with a share for the hot tenth.
struct Hybrid {
  explicit Hybrid(const WorkloadOptions& options)
      : builder(options.realm),
        random(options.seed),
        hot_share(options.hot_share),
        accounts(builder.accounts("account", with_accounts(options).accounts.value())),
        transfers(count_of(options.gas * 6 / 10, kTransferGas)),
        token_transfers(count_of(options.gas * 2 / 10, kTokenTransferGas)),
        swaps(count_of(options.gas * 2 / 10, kSwapGas)) {
    builder.fund(accounts, ether(1'000));
    for (Address& token : tokens) {
      token = deploy_token(builder, "TKN", builder.deployer());
      give_tokens(builder, token, accounts, ether(1'000'000));
    }
    for (std::size_t i = 0; i < 2; ++i) pools.emplace_back(builder, staggered_ranges());
    for (std::size_t i = 0; i < swaps; ++i) swappers.push_back(accounts[pick()]);
    std::vector<Address> owners = swappers;
    std::ranges::sort(owners);
    const auto repeated = std::ranges::unique(owners);
    owners.erase(repeated.begin(), repeated.end());
    for (const ConcentratedPool& pool : pools) {
      for (const Address& token : {pool.token0, pool.token1}) {
        give_tokens(builder, token, owners, ether(1'000'000));
        approve_without_limit(builder, token, owners, pool.router);
      }
    }
  }

  std::size_t pick() {
    const std::size_t hot = accounts.size() / 10;
    const std::size_t others = accounts.size() - hot;
    if (hot_share <= 0) return random.below(accounts.size());
    return random.with_probability(hot_share) ? others + random.below(hot) : random.below(others);
  }

  std::optional<Transaction> next() {
    std::size_t i = count++;
    if (i < transfers) {
      const std::size_t from = pick();
      return call(accounts[from], accounts[pick()], kTransferGas, {}, 1);
    }
    i -= transfers;
    if (i < token_transfers) {
      const std::size_t from = pick();
      return call(accounts[from], tokens[i * 3 / token_transfers], 100'000, transfer_call(accounts[pick()], 900));
    }
    i -= token_transfers;
    if (i == swaps) return std::nullopt;
    const ConcentratedPool& pool = pools[i * 2 / swaps];
    return call(swappers[i], pool.router, 2'000'000,
                concentrated_swap_call(pool.address, random.below(2) == 0, 2'000'000));
  }

  Violation check(const Aftermath& aftermath) const {
    for (const Address& token : tokens)
      if (auto wrong = check_token(aftermath, token)) return wrong;
    for (const ConcentratedPool& pool : pools)
      if (auto wrong = check_solvent(aftermath.after, pool.address, pool.ranges, pool.owner)) return wrong;
    return std::nullopt;
  }

  StateBuilder builder;
  Random random;
  double hot_share;
  std::vector<Address> accounts;
  std::size_t transfers;
  std::size_t token_transfers;
  std::size_t swaps;
  Address tokens[3];
  std::vector<ConcentratedPool> pools;
  std::vector<Address> swappers;
  std::size_t count = 0;
};

Scenario make_grevm_hybrid(const WorkloadOptions& options) {
  Scenario scenario = scenario_of<Hybrid>(options);
  scenario.ends_by_itself = true;
  return scenario;
}

constexpr Workload kRows[] = {
    {"field/pevm-transfers", "everyone pays itself: 47,620 transfers are 1 Ggas", make_pevm_transfers},
    {"field/pevm-erc20", "everyone transfers tokens to itself, at a gas limit of 35,000: 37,123 transfers",
     make_pevm_erc20},
    {"field/pevm-uniswap", "a swap in each of 6,413 concentrated pools (dex/clusters)", make_pevm_uniswap},
    {"field/grevm-transfers", "ether among 100,000 accounts, of which a tenth is hot (--hot)", make_grevm_transfers},
    {"field/grevm-erc20", "tokens among 100,000 accounts, of which a tenth is hot (--hot)", make_grevm_erc20},
    {"field/grevm-hybrid", "60 % ether, 20 % tokens, 20 % swaps among 100,000 accounts (--hot)", make_grevm_hybrid},
    {"field/grevm-chain", "each pays the next in ether", make_grevm_chain},
    {"field/grevm-erc20-chain", "each pays the next in tokens", make_grevm_erc20_chain},
};

}  // namespace

std::span<const Workload> field_family() { return kRows; }

}  // namespace hocket::workloads
