// The families of workloads: each in a file of its own, each with the rows of its variants.
#pragma once

#include "workloads/workload.hpp"

namespace hocket::workloads {

std::span<const Workload> transfers_family();
std::span<const Workload> erc20_family();
std::span<const Workload> dex_pairs_family();
std::span<const Workload> dex_concentrated_family();
std::span<const Workload> lending_family();
std::span<const Workload> nft_game_family();
std::span<const Workload> supply_chain_family();
std::span<const Workload> dao_family();
std::span<const Workload> bridge_family();
std::span<const Workload> mixed_family();
std::span<const Workload> adversarial_family();
std::span<const Workload> field_family();

}  // namespace hocket::workloads
