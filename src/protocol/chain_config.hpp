// ChainConfig: a network's parameters. When each fork starts, the blob schedule, and the addresses that differ between
// networks. What a fork means is in Spec; here is only when.
#pragma once

#include "base/fixed_bytes.hpp"
#include "base/uint256.hpp"
#include "core/header.hpp"
#include "protocol/spec.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hocket {

/// EIP-7840, 7892: what a blob-parameter-only fork changes.
struct BlobParameters {
  std::uint32_t target = 0;  // blobs a block
  std::uint32_t max = 0;     // blobs a block
  std::uint64_t base_fee_update_fraction = 0;

  friend bool operator==(const BlobParameters&, const BlobParameters&) = default;
};

/// EIP-4844: gas of one blob.
inline constexpr std::uint64_t kGasPerBlob = 1u << 17;

struct BlobScheduleEntry {
  std::string fork;  // "cancun", "prague", "osaka", "bpo1", ...
  std::uint64_t from_time = 0;
  BlobParameters parameters;
};

struct ChainConfig {
  /// Block number or timestamp from which a fork is active; absent: never.
  using Activation = std::optional<std::uint64_t>;

  std::string name = "custom";
  std::uint64_t chain_id = 1;

  // By block number.
  Activation homestead_block;
  /// The block with the irregular state change, whose extra data (and that of the nine after it) is prescribed.
  Activation dao_fork_block;
  Activation tangerine_whistle_block;  // geth: eip150Block
  Activation spurious_dragon_block;    // geth: eip155Block, eip158Block
  Activation byzantium_block;
  Activation constantinople_block;
  Activation petersburg_block;
  Activation istanbul_block;
  Activation muir_glacier_block;
  Activation berlin_block;
  Activation london_block;
  Activation arrow_glacier_block;
  Activation gray_glacier_block;
  /// First block of proof of stake, where it is known. Where only the terminal total difficulty is, a block's own
  /// difficulty tells (zero: proof of stake), and validate_header checks it against the parent's total difficulty.
  Activation merge_block;
  /// EIP-3675.
  std::optional<u256> terminal_total_difficulty;

  // By timestamp, seconds.
  Activation shanghai_time;
  Activation cancun_time;
  Activation prague_time;
  Activation osaka_time;

  /// Ascending by time. A fork without an entry keeps the parameters before it.
  std::vector<BlobScheduleEntry> blob_schedule;
  /// EIP-6110.
  Address deposit_contract;

  /// The fork of a block. Where the network has a terminal total difficulty but no `merge_block`, `merged` says whether
  /// the block is one of proof of stake. Timestamp forks need proof of stake.
  Revision revision_at(std::uint64_t number, std::uint64_t timestamp, bool merged = false) const noexcept;
  const Spec& spec_at(std::uint64_t number, std::uint64_t timestamp, bool merged = false) const noexcept {
    return spec_of(revision_at(number, timestamp, merged));
  }
  /// The rules of the block with this header.
  const Spec& spec_for(const Header& header) const noexcept {
    return spec_at(header.number, header.timestamp, header.number != 0 && header.difficulty.is_zero());
  }

  /// The parameters at `timestamp`: the schedule's, or mainnet's Cancun and Prague ones where it has none.
  /// All zero before Cancun.
  BlobParameters blob_parameters_at(std::uint64_t timestamp) const noexcept;
  /// Replaces the parameters that `fork` brings ("Cancun", "prague", "BPO1": case does not matter).
  /// False: this network has no such fork.
  bool set_blob_parameters(std::string_view fork, const BlobParameters& parameters);

  /// Blocks by which the difficulty bomb counts as younger (EIP-649, 1234, 2384, 3554, 4345, 5133).
  std::uint64_t bomb_delay_at(std::uint64_t number) const noexcept;
};

/// "mainnet", "sepolia", "hoodi", "holesky"; constants that live for the whole program. nullptr: another name.
const ChainConfig* named_network(std::string_view name) noexcept;
/// The same by chain id.
const ChainConfig* network_of_chain_id(std::uint64_t chain_id) noexcept;

/// The network that official test fixtures mean by a name: "Frontier", "ConstantinopleFix", "CancunToPragueAtTime15k".
/// Chain id 1, mainnet's blob parameters and deposit contract. Nothing: an unknown name (or Amsterdam).
std::optional<ChainConfig> fixture_network(std::string_view name);
/// The names of single forks that `fixture_network` knows; it also takes "<A>To<B>At<block>", "...AtTime<n>k" and
/// "...AtDiff<hex>" of them.
std::span<const std::string_view> fixture_fork_names() noexcept;

/// EIP-779: what blocks from the DAO fork block on carry as extra data, for ten blocks.
inline constexpr std::string_view kDaoExtraData = "dao-hard-fork";
inline constexpr std::uint64_t kDaoExtraDataRange = 10;
/// EIP-779: the accounts whose balances go to the refund contract at the DAO fork block.
std::span<const Address> dao_drained_accounts() noexcept;
extern const Address kDaoRefundContract;

}  // namespace hocket
