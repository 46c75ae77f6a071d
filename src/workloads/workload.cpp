#include "workloads/workload.hpp"

#include "workloads/families.hpp"

#include <algorithm>

namespace hocket::workloads {

std::span<const Workload> all_workloads() {
  static const std::vector<Workload> all = [] {
    std::vector<Workload> rows;
    for (const auto& family : {transfers_family(), erc20_family(), dex_pairs_family(), dex_concentrated_family(),
                               lending_family(), nft_game_family(), supply_chain_family(), dao_family(),
                               bridge_family(), mixed_family(), adversarial_family(), field_family()})
      rows.insert(rows.end(), family.begin(), family.end());
    return rows;
  }();
  return all;
}

std::vector<MixPart> default_mix() {
  return {{"transfers/zipf", 10}, {"erc20/zipf", 25},        {"erc20/approvals", 5}, {"dex/zipf-pairs", 15},
          {"dex/multi-hop", 5},   {"dex/arbitrage", 10},     {"dex/sandwich", 5},    {"dex/concentrated", 10},
          {"lending/market", 10}, {"nft_game/creatures", 3}, {"dao/governor", 1},    {"supply_chain/provenance", 1},
          {"bridge/two-way", 1}};
}

Result<std::vector<const Workload*>> find_workloads(std::string_view name) {
  std::vector<const Workload*> found;
  for (const Workload& workload : all_workloads())
    if (workload.name == name || workload.family() == name) found.push_back(&workload);
  if (!found.empty()) return found;

  std::string families;
  std::string_view last;
  for (const Workload& workload : all_workloads()) {
    if (workload.family() == last) continue;
    last = workload.family();
    families += (families.empty() ? "" : ", ") + std::string(last);
  }
  return fail("unknown workload '" + std::string(name) + "', expected one of " + families +
              " or one of their variants (--list)");
}

}  // namespace hocket::workloads
