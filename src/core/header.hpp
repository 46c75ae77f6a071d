// Header: YP section 4.3 and the fields that later forks appended. An optional field is present from its fork on,
// and the presence of a later one requires all earlier ones.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "base/uint256.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace hocket {

using Bloom = FixedBytes<256, struct BloomTag>;
using BlockNonce = FixedBytes<8, struct BlockNonceTag>;

struct Header {
  Hash32 parent_hash;
  Hash32 ommers_hash;
  Address beneficiary;
  Hash32 state_root;
  Hash32 transactions_root;
  Hash32 receipts_root;
  Bloom logs_bloom;
  u256 difficulty;
  std::uint64_t number = 0;
  std::uint64_t gas_limit = 0;
  std::uint64_t gas_used = 0;
  std::uint64_t timestamp = 0;  // seconds
  Bytes extra_data;
  Hash32 prev_randao;  // mixHash before the Merge
  BlockNonce nonce;
  std::optional<u256> base_fee_per_gas;            // EIP-1559
  std::optional<Hash32> withdrawals_root;          // EIP-4895
  std::optional<std::uint64_t> blob_gas_used;      // EIP-4844
  std::optional<std::uint64_t> excess_blob_gas;    // EIP-4844
  std::optional<Hash32> parent_beacon_block_root;  // EIP-4788
  std::optional<Hash32> requests_hash;             // EIP-7685

  friend bool operator==(const Header&, const Header&) = default;
};

}  // namespace hocket
