// The chains of the pack "chains" that can be executed from their genesis.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>

namespace hocket::testing {

struct ChainCase {
  const char* name;
  const char* genesis;
  const char* blocks;
  /// Configuration where the genesis file has none.
  const char* network;
  std::uint64_t block_count;
  std::uint64_t transaction_count;
};

inline void PrintTo(const ChainCase& c, std::ostream* out) { *out << c.name; }

// Counts from the pack's description, less the genesis block where the file begins with it.
inline constexpr ChainCase kChains[] = {
    {"execution_apis", "execution-apis/genesis.json", "execution-apis/chain.rlp", nullptr, 54, 249},
    {"geth_ethtest", "geth-ethtest/genesis.json", "geth-ethtest/chain.rlp", nullptr, 600, 603},
    {"hive_sync", "hive-sync/genesis.json", "hive-sync/chain.rlp", nullptr, 3000, 546},
    {"hive_devp2p", "hive-devp2p/genesis.json", "hive-devp2p/fullchain.rlp", nullptr, 3000, 300},
    {"hive_graphql", "hive-graphql/testGenesis.json", "hive-graphql/testBlockchain.blocks", nullptr, 34, 0},
    {"reth_rpc_compat", "reth-rpc-compat/genesis.json", "reth-rpc-compat/chain.rlp", nullptr, 45, 160},
    {"besu_snap", "besu-snap/snapGenesis.json", "besu-snap/testBlockchain.blocks", nullptr, 500, 402},
    {"besu_mainnet1000", "genesis/mainnet.json", "besu-mainnet1000/1000.blocks", "mainnet", 999, 0},
    {"mainnet_era1", "genesis/mainnet.json", "era1/mainnet-00000-5ec1ffb8.era1", "mainnet", 8191, 0},
    {"sepolia_era1", "genesis/sepolia.json", "era1/sepolia-00000-643a00f7.era1", "sepolia", 8191, 0},
};

inline std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace hocket::testing
