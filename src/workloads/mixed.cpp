// mixed: several workloads in one block, each with its share of the gas.
#include "base/random.hpp"
#include "workloads/families.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <memory>

namespace hocket::workloads {
namespace {

struct Part {
  const Workload* workload;
  double share;  // of the gas, all parts together 1
  Scenario scenario;
  std::uint64_t gas = 0;
  bool is_over = false;
};

struct Mixture {
  Random random{0};
  std::vector<Part> parts;
  std::vector<std::size_t> part_of;  // each transaction
  std::size_t current = 0;
};

/// Moves all accounts of `from` into `into`. Requires: none is in both, but for system contracts.
void add_accounts(InMemoryState& into, const InMemoryState& from) {
  for (const auto& [address, entry] : from.accounts()) {
    const Bytes code = entry.account.has_code() ? to_bytes(*from.code(address, entry.account.code_hash)) : Bytes{};
    std::vector<std::pair<u256, u256>> storage;
    for (const auto& [slot, value] : entry.storage) storage.emplace_back(slot, value);
    into.put(address, entry.account.nonce, entry.account.balance, code, storage);
  }
}

/// The part that is furthest behind its share of the gas, with some noise so that parts do not take turns.
std::optional<std::size_t> choose(Mixture& mixture) {
  double total = 1e6;
  for (const Part& part : mixture.parts) total += static_cast<double>(part.gas);
  std::optional<std::size_t> best;
  double most = 0;
  for (std::size_t i = 0; i < mixture.parts.size(); ++i) {
    const Part& part = mixture.parts[i];
    if (part.is_over) continue;
    const double due = part.share * (total + 2e6 * mixture.random.share());
    const double behind = due - static_cast<double>(part.gas);
    if (!best || behind > most) {
      best = i;
      most = behind;
    }
  }
  return best;
}

std::optional<Transaction> next(Mixture& mixture) {
  while (const auto chosen = choose(mixture)) {
    Part& part = mixture.parts[*chosen];
    if (auto transaction = part.scenario.next()) {
      mixture.current = *chosen;
      mixture.part_of.push_back(*chosen);
      return transaction;
    }
    part.is_over = true;
  }
  return std::nullopt;
}

Violation check(const Mixture& mixture, const Aftermath& aftermath) {
  for (std::size_t i = 0; i < mixture.parts.size(); ++i) {
    const Part& part = mixture.parts[i];
    if (!part.scenario.violation) continue;
    std::vector<Transaction> own;
    for (std::size_t at = 0; at < aftermath.transactions.size(); ++at)
      if (mixture.part_of[at] == i) own.push_back(aftermath.transactions[at]);
    if (auto wrong = part.scenario.violation({aftermath.before, aftermath.after, own}))
      return fmt::format("{}: {}", part.workload->name, *wrong);
  }
  return std::nullopt;
}

Scenario make(const WorkloadOptions& options) {
  auto mixture = std::make_shared<Mixture>();
  mixture->random = Random(options.seed);
  double total = 0;
  for (const MixPart& part : options.mix) total += part.weight;
  Scenario scenario;
  for (const MixPart& wanted : options.mix) {
    const Workload& workload = *find_workloads(wanted.workload).value().front();
    WorkloadOptions own = options;
    own.realm = options.realm + std::string(workload.name) + "/";
    const double share = wanted.weight / total;
    // Enough for its share and what it may be ahead of it.
    own.gas = static_cast<std::uint64_t>(share * static_cast<double>(options.gas)) + 5'000'000;
    Part part{.workload = &workload, .share = share, .scenario = workload.make(own)};
    add_accounts(scenario.state, part.scenario.state);
    part.scenario.state = {};
    scenario.all_succeed = scenario.all_succeed && part.scenario.all_succeed;
    mixture->parts.push_back(std::move(part));
  }
  scenario.next = [mixture] { return next(*mixture); };
  scenario.executed = [mixture](std::uint64_t gas) { mixture->parts[mixture->current].gas += gas; };
  scenario.violation = [mixture](const Aftermath& aftermath) { return check(*mixture, aftermath); };
  return scenario;
}

constexpr Workload kRows[] = {
    {"mixed/mainnet", "several workloads, by shares of the gas (--mix); the default is near mainnet's", make},
};

}  // namespace

std::span<const Workload> mixed_family() { return kRows; }

}  // namespace hocket::workloads
