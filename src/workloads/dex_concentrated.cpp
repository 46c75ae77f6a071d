// dex, the part with concentrated liquidity: one pool whose ticks are crossed, and a pool of its own for every swap.
#include "base/random.hpp"
#include "workloads/concentrated.hpp"
#include "workloads/families.hpp"
#include "workloads/network.hpp"

#include <memory>

namespace hocket::workloads {
namespace {

constexpr std::uint64_t kGasLimit = 2'000'000;
/// How the field counts: so many swaps make its block of 1 Ggas, 6,413 of them.
constexpr std::uint64_t kGasOfClusterSwap = 155'934;
constexpr std::uint64_t kLeastGas = 80'000;

Violation check_conserved(const Aftermath& aftermath, std::initializer_list<Address> tokens) {
  for (const Address& token : tokens)
    if (token_storage_sum(aftermath.after, token) != token_storage_sum(aftermath.before, token))
      return "tokens were made or lost";
  return std::nullopt;
}

Scenario make_one_pool(const WorkloadOptions& options) {
  auto builder = std::make_shared<StateBuilder>(options.realm);
  auto pool = std::make_shared<const ConcentratedPool>(*builder, staggered_ranges());
  const std::size_t count = options.gas / kLeastGas + 1;
  auto traders = std::make_shared<const std::vector<Address>>(
      make_accounts(options, "trader", std::max<std::uint64_t>(1, options.accounts.value_or(count))));
  builder->fund(*traders, u256(4) * gas_cost(options.gas + kGasLimit));
  for (const Address& token : {pool->token0, pool->token1}) {
    give_tokens(*builder, token, *traders, ether(1'000'000));
    approve_without_limit(*builder, token, *traders, pool->router);
  }
  struct Progress {
    Random random;
    std::size_t next;
  };
  auto progress = std::make_shared<Progress>(Progress{Random(options.seed), 0});
  return {.state = builder->take(),
          .next = [=]() -> std::optional<Transaction> {
            const std::size_t i = progress->next++;
            // Back and forth, by amounts that cross none, some or many ticks.
            return call((*traders)[i % traders->size()], pool->router, kGasLimit,
                        concentrated_swap_call(pool->address, i % 2 == 0, ether(progress->random.between(1, 1'500))));
          },
          .violation = [pool](const Aftermath& aftermath) -> Violation {
            if (auto wrong = check_conserved(aftermath, {pool->token0, pool->token1})) return wrong;
            return check_solvent(aftermath.after, pool->address, pool->ranges, pool->owner);
          }};
}

/// A pool with two tokens of its own, and who swaps in it.
struct Clusters {
  Clusters(const WorkloadOptions& options, std::size_t size)
      : pools(make_accounts(options, "pool", size)),
        tokens(make_accounts(options, "token", 2 * size)),
        traders(make_accounts(options, "trader", size)) {}

  std::vector<Address> pools;
  std::vector<Address> tokens;
  std::vector<Address> traders;
  std::size_t next = 0;
};

Scenario make_clusters(const WorkloadOptions& options) {
  StateBuilder builder(options.realm);
  const std::vector<Range> ranges = {{-100 * kTickSpacing, 100 * kTickSpacing, ether(100'000)},
                                     {-10 * kTickSpacing, 10 * kTickSpacing, ether(50'000)}};
  const ConcentratedPool original(builder, ranges);
  auto clusters = std::make_shared<Clusters>(options, (options.gas + kGasOfClusterSwap - 1) / kGasOfClusterSwap);
  const Address blank = deploy_token(builder, "TKN", builder.deployer());
  builder.fund(clusters->traders, u256(2) * gas_cost(kGasLimit));
  for (std::size_t i = 0; i < clusters->pools.size(); ++i) {
    const Address& token0 = clusters->tokens[2 * i];
    const Address& token1 = clusters->tokens[2 * i + 1];
    for (const Address& token : {token0, token1}) {
      builder.clone(blank, token);
      give_tokens(builder, token, {clusters->traders[i]}, ether(1'000));
      approve_without_limit(builder, token, {clusters->traders[i]}, original.router);
    }
    original.copy_to(builder, clusters->pools[i], token0, token1);
  }
  auto random = std::make_shared<Random>(options.seed);
  const Address router = original.router;
  const Address owner = builder.deployer();
  Scenario scenario{
      .state = builder.take(),
      .next = [=]() -> std::optional<Transaction> {
        if (clusters->next == clusters->pools.size()) return std::nullopt;
        const std::size_t i = clusters->next++;
        return call(clusters->traders[i], router, kGasLimit,
                    concentrated_swap_call(clusters->pools[i], random->below(2) == 0, ether(random->between(1, 100))));
      },
      .violation = {}};
  scenario.violation = [=](const Aftermath& aftermath) -> Violation {
    const auto& tokens = clusters->tokens;
    for (std::size_t i = 0; i < clusters->pools.size(); ++i)
      if (auto wrong = check_conserved(aftermath, {tokens[2 * i], tokens[2 * i + 1]})) return wrong;
    // Taking everything out of a pool is much work: of some of them.
    for (std::size_t i = 0; i < clusters->pools.size(); i += 1 + clusters->pools.size() / 100)
      if (auto wrong = check_solvent(aftermath.after, clusters->pools[i], ranges, owner)) return wrong;
    return std::nullopt;
  };
  scenario.ends_by_itself = true;
  return scenario;
}

constexpr Workload kRows[] = {
    {"dex/concentrated", "all swap in one pool of concentrated liquidity, crossing ticks", make_one_pool},
    {"dex/clusters", "each swaps in a concentrated pool of its own: 6,413 swaps are the field's 1 Ggas", make_clusters},
};

}  // namespace

std::span<const Workload> dex_concentrated_family() { return kRows; }

}  // namespace hocket::workloads
