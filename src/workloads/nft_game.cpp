// nft_game: creatures are bred, sold at auctions, and fight.
#include "base/random.hpp"
#include "workloads/abi.hpp"
#include "workloads/families.hpp"
#include "workloads/network.hpp"
#include "workloads/state_builder.hpp"

#include <fmt/core.h>
#include <unordered_map>

namespace hocket::workloads {
namespace {

constexpr std::uint64_t kGasLimit = 1'000'000;
constexpr std::uint64_t kLeastGas = 60'000;

// Creatures.sol's storage.
constexpr std::uint64_t kCountSlot = 0;
constexpr std::uint64_t kBalancesSlot = 1;
constexpr std::uint64_t kCreaturesSlot = 2;

/// Two players with two creatures each, who do everything with each other that can be done.
struct Encounter {
  std::size_t first;  // player; the second is the next one
  int step = 0;
  std::uint64_t auction = 0;
  std::uint64_t battle = 0;
};

struct Game {
  static constexpr int kSteps = 10;
  static constexpr std::size_t kAtOnce = 24;  // encounters under way

  explicit Game(const WorkloadOptions& options) : builder(options.realm), random(options.seed) {
    const std::size_t steps = options.gas / kLeastGas + 1;
    players = builder.accounts("player", 2 * (steps / kSteps + kAtOnce + 1));
    builder.fund(players, ether(1) + u256(20) * gas_cost(kGasLimit));
    contract = builder.deploy("Creatures");
    std::vector<std::pair<u256, u256>> slots = {{kCountSlot, 2 * players.size()}};
    for (std::size_t i = 0; i < players.size(); ++i) {
      slots.emplace_back(mapping_slot(players[i], kBalancesSlot), 2);
      for (std::size_t creature : {2 * i, 2 * i + 1}) {
        const u256 at = mapping_slot(u256(creature), kCreaturesSlot);
        slots.emplace_back(at, u256(random.next(), random.next(), random.next(), random.next()));
        slots.emplace_back(at + u256(1), to_u256(players[i]));
      }
    }
    builder.write_storage(contract, slots);
  }

  std::optional<Transaction> next() {
    while (encounters.size() < kAtOnce && next_player + 1 < players.size()) {
      encounters.push_back({.first = next_player});
      next_player += 2;
    }
    if (encounters.empty()) return std::nullopt;
    const std::size_t chosen = random.below(encounters.size());
    Transaction transaction = step(encounters[chosen]);
    if (++encounters[chosen].step == kSteps) encounters.erase(encounters.begin() + static_cast<std::ptrdiff_t>(chosen));
    return transaction;
  }

  Transaction step(Encounter& encounter) {
    const std::size_t other = encounter.first + 1;
    const auto by = [&](std::size_t player, Bytes data, const u256& value = 0) {
      return call(players[player], contract, kGasLimit, std::move(data), value);
    };
    const u256 price = u256(random.between(1, 100)) * u256(1'000'000'000'000);
    switch (encounter.step) {
      case 0:
        return by(encounter.first,
                  encode_call("breed(uint256,uint256)", {2 * encounter.first, 2 * encounter.first + 1}));
      case 1:
        encounter.auction = auctions++;
        return by(other, encode_call("openAuction(uint256,uint128,uint128,uint32)", {2 * other, price, 1'000, 3'600}));
      case 2:
        encounter.battle = battles++;
        return by(encounter.first, encode_call("openBattle(uint256)", {2 * encounter.first + 1}));
      case 3:
        return by(encounter.first, encode_call("bid(uint256)", {encounter.auction}), ether(1) / u256(1'000));
      case 4:
        return by(other, encode_call("joinBattle(uint256,uint256)", {encounter.battle, 2 * other + 1}));
      case 5:
      case 6:
      case 7:
        return by(encounter.step == 6 ? other : encounter.first, encode_call("fight(uint256)", {encounter.battle}));
      case 8:
        return by(other, encode_call("withdrawProceeds()", {}));
      default:
        return by(other, encode_call("transfer(address,uint256)", {players[encounter.first], 2 * other + 1}));
    }
  }

  Violation check(const Aftermath& aftermath) const {
    const auto word = [&](const u256& slot) { return *aftermath.after.storage(contract, slot); };
    const std::uint64_t count = word(kCountSlot).low64();
    std::unordered_map<Address, std::uint64_t, FixedBytesHash> owned;
    for (std::uint64_t id = 0; id < count; ++id)
      ++owned[to_address(word(mapping_slot(u256(id), kCreaturesSlot) + u256(1)))];
    u256 sum;
    for (const Address& player : players) {
      const u256 balance = word(mapping_slot(player, kBalancesSlot));
      if (balance != u256(owned[player])) return "an owner's creatures are not as many as are counted";
      sum += balance;
    }
    if (sum != u256(count)) return "a creature belongs to nobody";
    Probe probe(aftermath.after);
    const u256 owed = probe.word(contract, encode_call("owedProceeds()", {}));
    if (aftermath.after.accounts().at(contract).account.balance != owed)
      return "the contract has not what it owes to sellers";
    std::uint64_t births = 0;
    for (const Transaction& transaction : aftermath.transactions)
      births += equal(BytesView(transaction.data).first(4), encode_call("breed(uint256,uint256)", {})) ? 1 : 0;
    if (count != 2 * players.size() + births) return fmt::format("{} creatures after {} births", count, births);
    return std::nullopt;
  }

  StateBuilder builder;
  Random random;
  std::vector<Address> players;
  Address contract;
  std::vector<Encounter> encounters;
  std::size_t next_player = 0;
  std::uint64_t auctions = 0;
  std::uint64_t battles = 0;
};

constexpr Workload kRows[] = {
    {"nft_game/creatures", "breeding, auctions and battles of collectibles", scenario_of<Game>},
};

}  // namespace

std::span<const Workload> nft_game_family() { return kRows; }

}  // namespace hocket::workloads
