// The network that workloads live on: the newest fork from the start, one parent block.
#pragma once

#include "core/header.hpp"
#include "protocol/chain_config.hpp"
#include "transition/block_environment.hpp"

namespace hocket::workloads {

inline constexpr std::uint64_t kSecondsPerBlock = 12;
/// Wei per gas that is burnt, and that the beneficiary gets, of every transaction of a workload.
inline constexpr std::uint64_t kBaseFee = 1'000'000'000;
inline constexpr std::uint64_t kPriorityFee = 1'000'000'000;
/// What a transaction's sender must have for its gas.
inline u256 gas_cost(std::uint64_t gas) { return u256(gas) * u256(kBaseFee + kPriorityFee); }

const ChainConfig& network();

/// The block before the workload's: its state root is that of the state the workload starts with.
Header parent_header(const Hash32& state_root, std::uint64_t gas_limit);
/// The workload's block as far as it follows from its parent.
Header next_header(const Header& parent);

/// For calls that prepare a state: the same fork, and gas costs nothing.
BlockEnvironment free_environment();

}  // namespace hocket::workloads
