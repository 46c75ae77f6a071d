// lending: supplies and loans against each other, with interest, prices from an oracle, and liquidations.
#include "base/random.hpp"
#include "workloads/abi.hpp"
#include "workloads/families.hpp"
#include "workloads/network.hpp"
#include "workloads/token.hpp"

#include <array>
#include <fmt/core.h>

namespace hocket::workloads {
namespace {

constexpr std::uint64_t kGasLimit = 1'000'000;
constexpr std::uint64_t kTypicalGas = 110'000;
constexpr std::uint64_t kDay = 86'400;

// LendingMarket.sol's storage.
constexpr std::uint64_t kSupplySharesSlot = 0;
constexpr std::uint64_t kDebtSharesSlot = 1;
constexpr std::uint64_t kReservesSlot = 2;
constexpr std::uint64_t kReserveSize = 5;  // slots: ..., supply shares, debt shares, cash
constexpr std::uint64_t kSupplySharesAt = 2;
constexpr std::uint64_t kDebtSharesAt = 3;
constexpr std::uint64_t kCashAt = 4;

struct Asset {
  std::string_view symbol;
  std::uint64_t price;              // whole units
  std::uint64_t collateral_factor;  // ten-thousandths
};
constexpr std::array<Asset, 4> kAssets = {
    {{"USD", 1, 8'500}, {"ETH", 3'000, 8'000}, {"BTC", 60'000, 7'500}, {"ALT", 20, 6'000}}};

/// What everyone has and supplies at first, in units of value.
constexpr std::uint64_t kWealth = 100'000;
constexpr std::uint64_t kSupplied = 10'000;

u256 reserve_word(const InMemoryState& state, const Address& market, std::size_t id, std::uint64_t at) {
  return *state.storage(market, array_slot(kReservesSlot) + u256(id * kReserveSize + at));
}

struct Lending {
  explicit Lending(const WorkloadOptions& options) : builder(options.realm), random(options.seed) {
    const std::size_t count = options.gas / kTypicalGas + 1;
    users = builder.accounts("user", std::max<std::uint64_t>(8, options.accounts.value_or(count / 2)));
    risky = builder.accounts("risky", std::max<std::size_t>(4, count / 20));
    liquidators = builder.accounts("liquidator", 8);
    feeder = builder.accounts("feeder", 1)[0];
    builder.fund(users, ether(1) + u256(4) * gas_cost(options.gas + kGasLimit));
    builder.fund(risky, ether(1));
    builder.fund(liquidators, ether(1) + u256(4) * gas_cost(options.gas + kGasLimit));
    builder.fund(feeder, ether(1) + u256(4) * gas_cost(options.gas + kGasLimit));

    // It began a month ago, so that there is interest.
    builder.set_age(30 * kDay);
    oracle = builder.deploy("PriceOracle", encode_arguments({feeder}));
    market = builder.deploy("LendingMarket", encode_arguments({oracle}));
    for (std::size_t id = 0; id < kAssets.size(); ++id) {
      tokens[id] = deploy_token(builder, kAssets[id].symbol, builder.deployer());
      prices[id] = ether(kAssets[id].price);
      builder.call(feeder, oracle, report_call(id));
      builder.call(builder.deployer(), market,
                   encode_call("addReserve(address,uint16,uint16)", {tokens[id], kAssets[id].collateral_factor, 500}));
      for (const auto* group : {&users, &risky, &liquidators}) {
        give_tokens(builder, tokens[id], *group, worth(id, kWealth));
        approve_without_limit(builder, tokens[id], *group, market);
      }
    }
    for (std::size_t i = 0; i < users.size(); ++i)
      builder.call(users[i], market, action("supply", supplied_by(i), kSupplied));
    for (std::size_t i = 0; i < risky.size(); ++i) {
      // As much as can be borrowed, but for a little.
      const std::size_t id = supplied_by(i);
      builder.call(risky[i], market, action("supply", id, kSupplied));
      builder.call(risky[i], market,
                   action("borrow", borrowed_by(i), kSupplied * kAssets[id].collateral_factor / 10'000 - 60));
    }
  }

  static std::size_t supplied_by(std::size_t user) { return user % kAssets.size(); }
  static std::size_t borrowed_by(std::size_t user) { return (user + 1) % kAssets.size(); }

  /// Tokens of this value.
  u256 worth(std::size_t id, std::uint64_t value) const { return ether(value) / u256(kAssets[id].price); }
  Bytes action(std::string_view name, std::size_t id, std::uint64_t value) const {
    return encode_call(std::string(name) + "(uint256,uint256)", {id, worth(id, value)});
  }
  Bytes report_call(std::size_t id) const { return encode_call("report(address,uint256)", {tokens[id], prices[id]}); }

  Transaction next() {
    const std::size_t i = random.below(users.size());
    const std::uint64_t value = random.between(1, 20);
    const std::uint64_t dice = random.below(100);
    const auto by_user = [&](Bytes data) { return call(users[i], market, kGasLimit, std::move(data)); };
    if (dice < 35) return by_user(action("supply", supplied_by(i), value));
    if (dice < 55) return by_user(action("withdraw", supplied_by(i), value));
    if (dice < 75) return by_user(action("borrow", borrowed_by(i), value));
    if (dice < 90) return by_user(action("repay", borrowed_by(i), value));
    if (dice < 97) {
      const std::size_t victim = random.below(risky.size());
      return call(liquidators[random.below(liquidators.size())], market, kGasLimit,
                  encode_call("liquidate(address,uint256,uint256,uint256)",
                              {risky[victim], borrowed_by(victim), supplied_by(victim),
                               worth(borrowed_by(victim), random.between(200, 2'000))}));
    }
    // Up or down by at most half a per cent.
    const std::size_t id = random.below(kAssets.size());
    prices[id] = prices[id] * u256(random.between(9'950, 10'050)) / u256(10'000);
    return call(feeder, oracle, kGasLimit, report_call(id));
  }

  Violation check(const Aftermath& aftermath) const {
    Probe probe(aftermath.after);
    for (std::size_t id = 0; id < kAssets.size(); ++id) {
      const auto sheet = probe.call(Address(), market, encode_call("balanceSheet(uint256)", {id}));
      if (!sheet || load_be256(sheet->data()) > load_be256(sheet->data() + 32))
        return fmt::format("claims of {} are not covered", kAssets[id].symbol);
      if (reserve_word(aftermath.after, market, id, kCashAt) != token_balance(aftermath.after, tokens[id], market))
        return fmt::format("cash of {} is not what the market has", kAssets[id].symbol);
      u256 supplied;
      u256 owed;
      for (const auto* group : {&users, &risky, &liquidators}) {
        for (const Address& account : *group) {
          const auto shares = [&](std::uint64_t mapping) {
            return *aftermath.after.storage(market, mapping_slot(u256(id), mapping_slot(account, mapping)));
          };
          supplied += shares(kSupplySharesSlot);
          owed += shares(kDebtSharesSlot);
        }
      }
      if (supplied != reserve_word(aftermath.after, market, id, kSupplySharesAt) ||
          owed != reserve_word(aftermath.after, market, id, kDebtSharesAt))
        return fmt::format("shares of {} do not add up", kAssets[id].symbol);
      if (token_storage_sum(aftermath.before, tokens[id]) != token_storage_sum(aftermath.after, tokens[id]))
        return fmt::format("{} was made or lost", kAssets[id].symbol);
    }
    return std::nullopt;
  }

  StateBuilder builder;
  Random random;
  std::vector<Address> users;
  std::vector<Address> risky;  // their loans are hardly covered
  std::vector<Address> liquidators;
  Address feeder;
  Address oracle;
  Address market;
  std::array<Address, kAssets.size()> tokens;
  std::array<u256, kAssets.size()> prices;
};

constexpr Workload kRows[] = {
    {"lending/market", "supply, borrow, repay, withdraw; an oracle moves prices, liquidators watch",
     scenario_of<Lending>},
};

}  // namespace

std::span<const Workload> lending_family() { return kRows; }

}  // namespace hocket::workloads
