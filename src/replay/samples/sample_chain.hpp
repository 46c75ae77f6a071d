// SampleChain: builds valid blocks one on the other, with senders that sign, and the bundle of each.
#pragma once

#include "core/block.hpp"
#include "protocol/chain_config.hpp"
#include "state/in_memory_state.hpp"
#include "transition/executor.hpp"

#include <nlohmann/json.hpp>
#include <vector>

namespace hocket::samples {

/// An account whose key the project made: keccak256 of a name and `index`.
class Signer {
 public:
  explicit Signer(std::uint64_t index);

  const Address& address() const noexcept { return address_; }
  /// Sets nonce (the next of this account), chain id, fees that suit any sample block, sender and signature.
  Transaction sign(Transaction transaction);
  /// EIP-7702: lets `delegate`'s code run at this account; uses its next nonce.
  Authorization authorize(const Address& delegate);

 private:
  Hash32 secret_;
  Address address_;
  std::uint64_t nonce_ = 0;
};

enum class BundleForm { json_with_witness, rlp_with_witness, json_with_prestate };

class SampleChain {
 public:
  static constexpr std::uint64_t kChainId = 7272;
  static constexpr std::uint64_t kSecondsPerBlock = 12;

  /// Forks of proof of stake, each starting with a block: Paris 1, Shanghai 2, Cancun 3, Prague 4, Osaka 5.
  explicit SampleChain(InMemoryState genesis);

  /// Executes the next block with these transactions and fills in its header. Returns the bundle.
  nlohmann::ordered_json add_block(std::vector<Transaction> transactions, BundleForm form);

  const InMemoryState& state() const noexcept { return state_; }

 private:
  Block next_block(std::vector<Transaction> transactions) const;
  nlohmann::ordered_json bundle(const Block& block, BundleForm form) const;

  ChainConfig config_;
  nlohmann::ordered_json config_json_;
  InMemoryState state_;
  Header head_;
  ProgramCache programs_;
  SequentialExecutor executor_{programs_};
};

}  // namespace hocket::samples
