// dex, the part with constant-product pairs: swaps over one or many pairs, over several hops, sandwiches, arbitrage.
#include "workloads/abi.hpp"
#include "workloads/families.hpp"
#include "workloads/market.hpp"
#include "workloads/network.hpp"
#include "workloads/zipf.hpp"

#include <fmt/core.h>
#include <memory>

namespace hocket::workloads {
namespace {

constexpr std::uint64_t kLeastGas = 60'000;  // of a swap, about: bounds how many are planned
constexpr std::uint64_t kGasLimit = 1'000'000;
constexpr std::uint64_t kTokensEach = 1'000;  // whole ones
constexpr std::size_t kManyPairs = 256;

/// Between a hundredth and one whole token, which moves no price by much.
u256 small_amount(Random& random) { return u256(random.between(10, 1'000)) * u256(1'000'000'000'000'000); }
/// Some hundred tokens: a hundredth of a per cent of the reserve.
u256 large_amount(Random& random) { return ether(random.between(100, 900)); }

enum class Choice : std::uint8_t { only, uniform, zipf };

struct PlannedSwap {
  std::size_t pair;  // the first one
  bool sells_token0;
};

/// What all swaps have in common: a market, traders, and a plan of who trades where.
struct Trading {
  Trading(const WorkloadOptions& options, std::vector<Market::Tokens> pairs)
      : builder(options.realm),
        random(options.seed),
        market(builder, std::move(pairs)),
        count(options.gas / kLeastGas + 1) {
    traders = make_accounts(options, "trader", std::max<std::uint64_t>(1, options.accounts.value_or(count)));
    builder.fund(traders, u256(4) * gas_cost(options.gas + kGasLimit));
  }

  const Address& trader(std::size_t i) const noexcept { return traders[i % traders.size()]; }

  void plan(Choice choice, const WorkloadOptions& options, bool only_token0 = false) {
    const Zipf zipf(market.size(), choice == Choice::zipf ? options.zipf_exponent : 0);
    for (std::size_t i = 0; i < count; ++i) {
      const PlannedSwap swap{zipf.pick(random), only_token0 || random.below(2) == 0};
      swaps.push_back(swap);
      market.want(market.sold(swap.pair, swap.sells_token0), trader(i));
    }
    market.give_out(builder, ether(kTokensEach * 1'000));
  }

  StateBuilder builder;
  Random random;
  Market market;
  std::size_t count;
  std::vector<Address> traders;
  std::vector<PlannedSwap> swaps;
  std::size_t next = 0;
};

std::vector<Market::Tokens> separate_pairs(std::size_t count) {
  std::vector<Market::Tokens> pairs;
  for (std::size_t i = 0; i < count; ++i) pairs.emplace_back(2 * i, 2 * i + 1);
  return pairs;
}

Scenario finish(const std::shared_ptr<Trading>& trading, std::function<std::optional<Transaction>()> next) {
  Scenario scenario{.state = trading->builder.take(), .next = std::move(next)};
  scenario.violation = [trading](const Aftermath& aftermath) { return trading->market.check(aftermath); };
  return scenario;
}

template <Choice kChoice>
Scenario make(const WorkloadOptions& options) {
  auto trading = std::make_shared<Trading>(options, separate_pairs(kChoice == Choice::only ? 1 : kManyPairs));
  trading->plan(kChoice, options);
  return finish(trading, [trading]() -> std::optional<Transaction> {
    if (trading->next == trading->count) return std::nullopt;
    const std::size_t i = trading->next++;
    const auto [pair, sells_token0] = trading->swaps[i];
    const Market& market = trading->market;
    return call(trading->trader(i), market.router(), kGasLimit,
                market.swap_call(market.sold(pair, sells_token0), small_amount(trading->random), {market.pair(pair)}));
  });
}

// Pairs in a ring: a swap goes from its first pair over two to four of them.
Scenario make_multi_hop(const WorkloadOptions& options) {
  std::vector<Market::Tokens> ring;
  for (std::size_t i = 0; i < kManyPairs; ++i) ring.emplace_back(i, (i + 1) % kManyPairs);
  auto trading = std::make_shared<Trading>(options, std::move(ring));
  trading->plan(Choice::uniform, options, true);
  return finish(trading, [trading]() -> std::optional<Transaction> {
    if (trading->next == trading->count) return std::nullopt;
    const std::size_t i = trading->next++;
    const std::size_t first = trading->swaps[i].pair;
    const Market& market = trading->market;
    std::vector<Address> path;
    for (std::size_t hop = 0, hops = trading->random.between(2, 4); hop < hops; ++hop)
      path.push_back(market.pair((first + hop) % market.size()));
    return call(trading->trader(i), market.router(), kGasLimit,
                market.swap_call(market.token0(first), small_amount(trading->random), path));
  });
}

/// Those who trade around others; each has its own contract and looks after some of the pairs.
struct Searchers {
  static constexpr std::size_t kCount = 16;

  Searchers(Trading& trading, const WorkloadOptions& options) : owners(make_accounts(options, "searcher", kCount)) {
    trading.builder.fund(owners, u256(4) * gas_cost(options.gas + kGasLimit));
    for (const Address& owner : owners)
      contracts.push_back(trading.builder.deploy("Searcher", encode_arguments({owner})));
    for (std::size_t pair = 0; pair < trading.market.size(); ++pair)
      trading.market.want(trading.market.token0(pair), contract_of(pair));
  }

  const Address& owner_of(std::size_t pair) const noexcept { return owners[pair / 2 % kCount]; }
  const Address& contract_of(std::size_t pair) const noexcept { return contracts[pair / 2 % kCount]; }

  std::vector<Address> owners;
  std::vector<Address> contracts;
};

// A searcher buys ahead of a trader and sells after it: three transactions in a row on one pair.
Scenario make_sandwich(const WorkloadOptions& options) {
  auto trading = std::make_shared<Trading>(options, separate_pairs(kManyPairs));
  auto searchers = std::make_shared<const Searchers>(*trading, options);
  trading->plan(Choice::zipf, options, true);
  auto turn = std::make_shared<int>(0);
  return finish(trading, [=]() -> std::optional<Transaction> {
    if (trading->next == trading->count) return std::nullopt;
    const std::size_t pair = trading->swaps[trading->next].pair;
    const Market& market = trading->market;
    const int now = std::exchange(*turn, (*turn + 1) % 3);
    if (now == 0)
      return call(searchers->owner_of(pair), searchers->contract_of(pair), kGasLimit,
                  encode_call("frontrun(address,bool,uint256)", {market.pair(pair), 1, large_amount(trading->random)}));
    if (now == 1)
      return call(trading->trader(trading->next), market.router(), kGasLimit,
                  market.swap_call(market.token0(pair), large_amount(trading->random), {market.pair(pair)}));
    ++trading->next;
    return call(searchers->owner_of(pair), searchers->contract_of(pair), kGasLimit,
                encode_call("backrun(address,bool)", {market.pair(pair), 0}));
  });
}

// Two pairs with the same tokens: somebody trades on one of them, and a searcher takes what the prices differ by.
Scenario make_arbitrage(const WorkloadOptions& options) {
  std::vector<Market::Tokens> twins;
  for (std::size_t i = 0; i < kManyPairs; ++i) twins.emplace_back(i / 2 * 2, i / 2 * 2 + 1);
  auto trading = std::make_shared<Trading>(options, std::move(twins));
  auto searchers = std::make_shared<const Searchers>(*trading, options);
  trading->plan(Choice::zipf, options);
  auto is_searchers_turn = std::make_shared<bool>(false);
  Scenario scenario = finish(trading, [=]() -> std::optional<Transaction> {
    if (trading->next == trading->count) return std::nullopt;
    const auto [pair, sells_token0] = trading->swaps[trading->next];
    const Market& market = trading->market;
    *is_searchers_turn = !*is_searchers_turn;
    if (*is_searchers_turn)
      return call(trading->trader(trading->next), market.router(), kGasLimit,
                  market.swap_call(market.sold(pair, sells_token0), u256(10) * large_amount(trading->random),
                                   {market.pair(pair)}));
    ++trading->next;
    const std::size_t first = pair / 2 * 2;
    return call(searchers->owner_of(pair), searchers->contract_of(pair), kGasLimit,
                encode_call("arbitrage(address,address)", {market.pair(first), market.pair(first + 1)}));
  });
  scenario.violation = [trading, searchers](const Aftermath& aftermath) -> Violation {
    const Market& market = trading->market;
    for (std::size_t pair = 0; pair < market.size(); pair += 2) {
      const Address& contract = searchers->contract_of(pair);
      if (token_balance(aftermath.after, market.token0(pair), contract) <
          token_balance(aftermath.before, market.token0(pair), contract))
        return fmt::format("a searcher lost between pairs {} and {}", pair, pair + 1);
    }
    return market.check(aftermath);
  };
  return scenario;
}

constexpr Workload kRows[] = {
    {"dex/one-pair", "all swap in one constant-product pair", make<Choice::only>},
    {"dex/many-pairs", "swaps over 256 pairs", make<Choice::uniform>},
    {"dex/zipf-pairs", "swaps over 256 pairs, which pair by Zipf's law", make<Choice::zipf>},
    {"dex/multi-hop", "swaps over two to four pairs of a ring of 256", make_multi_hop},
    {"dex/sandwich", "a searcher buys ahead of a trader and sells after it", make_sandwich},
    {"dex/arbitrage", "a searcher evens out two pairs after a trade on one", make_arbitrage},
};

}  // namespace

std::span<const Workload> dex_pairs_family() { return kRows; }

}  // namespace hocket::workloads
