// dex, the part with concentrated liquidity: one pool whose ticks are crossed, and a pool of its own for every swap.
#include "workloads/abi.hpp"
#include "workloads/families.hpp"
#include "workloads/network.hpp"
#include "workloads/random.hpp"
#include "workloads/token.hpp"

#include <fmt/core.h>
#include <memory>

namespace hocket::workloads {
namespace {

constexpr std::uint64_t kGasLimit = 2'000'000;
/// How the field counts: so many swaps make its block of 1 Ggas, 6,413 of them.
constexpr std::uint64_t kGasOfClusterSwap = 155'934;
constexpr std::uint64_t kLeastGas = 80'000;

// ConcentratedPool.sol's storage.
constexpr std::uint64_t kToken0Slot = 0;
constexpr std::uint64_t kToken1Slot = 1;

constexpr std::int64_t kTickSpacing = 60;

struct Range {
  std::int64_t lower;
  std::int64_t upper;
  u256 liquidity;
};

/// A pool at the price 1 whose positions are all the deployer's, made by its contract.
struct Pool {
  Pool(StateBuilder& builder, const std::vector<Range>& positions) : ranges(positions) {
    const Address& deployer = builder.deployer();
    token0 = deploy_token(builder, "AAA", deployer);
    token1 = deploy_token(builder, "BBB", deployer);
    router = builder.deploy("ConcentratedRouter");
    for (const Address& token : {token0, token1}) {
      builder.call(deployer, token, mint_call(deployer, ether(1'000'000'000)));
      builder.call(deployer, token, approve_call(router, u256::max()));
    }
    address = builder.deploy("ConcentratedPool", encode_arguments({token0, token1, u256(1) << 96}));
    for (const Range& range : ranges)
      builder.call(deployer, router,
                   encode_call("mint(address,int24,int24,uint128)",
                               {address, signed_word(range.lower), signed_word(range.upper), range.liquidity}));
  }

  Address token0;
  Address token1;
  Address address;
  Address router;
  std::vector<Range> ranges;
};

Bytes swap_call(const Address& pool, bool sells_token0, const u256& amount) {
  return encode_call("swapExactIn(address,bool,uint256,uint256)", {pool, sells_token0 ? 1 : 0, amount, 1});
}

/// Every position can be taken out with what it earned: the pool owes nothing that it does not have.
Violation check_solvent(const InMemoryState& after, const Address& pool, const std::vector<Range>& ranges,
                        const Address& owner) {
  Probe probe(after);
  for (const Range& range : ranges) {
    const u256 lower = signed_word(range.lower);
    const u256 upper = signed_word(range.upper);
    if (!probe.call(owner, pool, encode_call("burn(int24,int24,uint128)", {lower, upper, range.liquidity})))
      return fmt::format("the position from {} to {} cannot be burnt", range.lower, range.upper);
    if (!probe.call(owner, pool, encode_call("collect(address,int24,int24)", {owner, lower, upper})))
      return fmt::format("the pool cannot pay out the position from {} to {}", range.lower, range.upper);
  }
  if (!probe.word(pool, encode_call("liquidity()", {})).is_zero()) return "liquidity is left without a position";
  return std::nullopt;
}

Violation check_conserved(const Aftermath& aftermath, std::initializer_list<Address> tokens) {
  for (const Address& token : tokens)
    if (token_storage_sum(aftermath.after, token) != token_storage_sum(aftermath.before, token))
      return "tokens were made or lost";
  return std::nullopt;
}

// One range as wide as a lake and many narrow ones, so that a swap of some size crosses ticks.
std::vector<Range> staggered_ranges() {
  std::vector<Range> ranges = {{-600 * kTickSpacing, 600 * kTickSpacing, ether(10'000)}};
  for (std::int64_t i = -40; i < 40; ++i)
    ranges.push_back({i * 3 * kTickSpacing, (i + 1 + (i & 3)) * 3 * kTickSpacing,
                      ether(static_cast<std::uint64_t>(2'000 + 500 * (i & 7)))});
  return ranges;
}

Scenario make_one_pool(const WorkloadOptions& options) {
  auto builder = std::make_shared<StateBuilder>();
  auto pool = std::make_shared<const Pool>(*builder, staggered_ranges());
  const std::size_t count = options.gas / kLeastGas + 1;
  auto traders = std::make_shared<const std::vector<Address>>(
      make_accounts("trader", std::max<std::uint64_t>(1, options.accounts.value_or(count))));
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
  const Address owner = builder->deployer();
  return {.state = builder->take(),
          .next = [=]() -> std::optional<Transaction> {
            const std::size_t i = progress->next++;
            // Back and forth, by amounts that cross none, some or many ticks.
            return call((*traders)[i % traders->size()], pool->router, kGasLimit,
                        swap_call(pool->address, i % 2 == 0, ether(progress->random.between(1, 1'500))));
          },
          .violation = [pool, owner](const Aftermath& aftermath) -> Violation {
            if (auto wrong = check_conserved(aftermath, {pool->token0, pool->token1})) return wrong;
            return check_solvent(aftermath.after, pool->address, pool->ranges, owner);
          }};
}

/// A pool with two tokens of its own, and who swaps in it.
struct Clusters {
  explicit Clusters(std::size_t size)
      : pools(make_accounts("pool", size)),
        tokens(make_accounts("token", 2 * size)),
        traders(make_accounts("trader", size)) {}

  std::vector<Address> pools;
  std::vector<Address> tokens;
  std::vector<Address> traders;
  std::size_t next = 0;
};

Scenario make_clusters(const WorkloadOptions& options) {
  StateBuilder builder;
  const std::vector<Range> ranges = {{-100 * kTickSpacing, 100 * kTickSpacing, ether(100'000)},
                                     {-10 * kTickSpacing, 10 * kTickSpacing, ether(50'000)}};
  const Pool original(builder, ranges);
  const u256 pooled0 = token_balance(builder.state(), original.token0, original.address);
  const u256 pooled1 = token_balance(builder.state(), original.token1, original.address);

  auto clusters = std::make_shared<Clusters>((options.gas + kGasOfClusterSwap - 1) / kGasOfClusterSwap);
  const Address blank = deploy_token(builder, "TKN", builder.deployer());
  builder.fund(clusters->traders, u256(2) * gas_cost(kGasLimit));
  for (std::size_t i = 0; i < clusters->pools.size(); ++i) {
    builder.clone(original.address, clusters->pools[i]);
    const Address& token0 = clusters->tokens[2 * i];
    const Address& token1 = clusters->tokens[2 * i + 1];
    builder.write_storage(clusters->pools[i], {{kToken0Slot, to_u256(token0)}, {kToken1Slot, to_u256(token1)}});
    for (const Address& token : {token0, token1}) {
      builder.clone(blank, token);
      give_tokens(builder, token, {clusters->pools[i]}, token == token0 ? pooled0 : pooled1);
      give_tokens(builder, token, {clusters->traders[i]}, ether(1'000));
      approve_without_limit(builder, token, {clusters->traders[i]}, original.router);
    }
  }
  auto random = std::make_shared<Random>(options.seed);
  const Address router = original.router;
  const Address owner = builder.deployer();
  Scenario scenario{.state = builder.take(),
                    .next = [=]() -> std::optional<Transaction> {
                      if (clusters->next == clusters->pools.size()) return std::nullopt;
                      const std::size_t i = clusters->next++;
                      return call(clusters->traders[i], router, kGasLimit,
                                  swap_call(clusters->pools[i], random->below(2) == 0, ether(random->between(1, 100))));
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
