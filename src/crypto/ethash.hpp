// Ethash, the proof of work of Ethereum before the Merge, as a light client checks it: from the epoch's cache (16 MiB
// in the first one), not from the full data set. Source: YP appendix J.
#pragma once

#include "base/fixed_bytes.hpp"
#include "base/uint256.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace hocket {

/// 30000 blocks have one cache. Making it takes about a second. Thread safety: any number of readers.
class EthashCache {
 public:
  static constexpr std::uint64_t kEpochLength = 30000;

  /// Requires: `epoch` is below 2048, further than mainnet came.
  explicit EthashCache(std::uint64_t epoch);

  /// Whether `nonce` (as the header has it) and `mix_hash` prove the work. `sealed_hash`: keccak256 of the header's RLP
  /// without those two fields.
  bool proves_work(const Hash32& sealed_hash, const std::array<std::uint8_t, 8>& nonce, const Hash32& mix_hash,
                   const u256& difficulty) const;

 private:
  using Words = std::array<std::uint32_t, 16>;

  Words data_set_item(std::uint32_t index) const noexcept;

  std::vector<Words> items_;
  std::uint32_t data_set_pages_ = 0;  // of 128 bytes
};

}  // namespace hocket
