#include "workloads/network.hpp"

#include "block/execute_block.hpp"
#include "block/roots.hpp"
#include "core/codec.hpp"
#include "crypto/keccak.hpp"

namespace hocket::workloads {
namespace {

constexpr std::uint64_t kParentNumber = 1'000'000;
constexpr std::uint64_t kParentTime = 1'800'000'000;

Header common_header() {
  Header header;
  header.ommers_hash = kEmptyListHash;
  header.beneficiary = to_address(to_u256(keccak256(as_bytes("beneficiary"))));
  header.base_fee_per_gas = kBaseFee;
  header.withdrawals_root = kEmptyTrieRoot;
  header.blob_gas_used = 0;
  header.excess_blob_gas = 0;
  header.parent_beacon_block_root = Hash32();
  header.requests_hash = requests_hash({});
  return header;
}

}  // namespace

const ChainConfig& network() {
  static const ChainConfig config = [] {
    ChainConfig osaka = fixture_network("Osaka").value();
    osaka.name = "workload";
    return osaka;
  }();
  return config;
}

Header parent_header(const Hash32& state_root, std::uint64_t gas_limit) {
  Header header = common_header();
  header.state_root = state_root;
  header.transactions_root = kEmptyTrieRoot;
  header.receipts_root = kEmptyTrieRoot;
  header.number = kParentNumber;
  header.timestamp = kParentTime;
  header.gas_limit = gas_limit;
  // EIP-1559: half full, so that the base fee stays.
  header.gas_used = gas_limit / 2;
  return header;
}

Header next_header(const Header& parent) {
  Header header = common_header();
  header.parent_hash = hash_of(parent);
  header.number = parent.number + 1;
  header.timestamp = parent.timestamp + kSecondsPerBlock;
  header.gas_limit = parent.gas_limit;
  header.prev_randao = keccak256(header.parent_hash);
  return header;
}

BlockEnvironment free_environment() {
  Header header = next_header(parent_header({}, 1'000'000'000'000));
  header.base_fee_per_gas = 0;
  return environment_of(header, network());
}

}  // namespace hocket::workloads
