// What occurs in random blocks, counted: so that a generator that no longer makes something is noticed.
#pragma once

#include "parallel/random_block.hpp"
#include "protocol/revision.hpp"

#include <array>
#include <cstdint>

namespace hocket::testing {

enum class Feature : std::uint8_t {
  // What transactions are.
  only_transfers,      // a whole block of them, each with just the gas for it
  transfer,            // of value, to an account without code
  contract_call,       // the recipient has code
  create_transaction,  // and a contract is made
  access_list_transaction,
  blob_transaction,
  sender_again,        // not this sender's first in the block
  spends_what_it_got,  // could not have been paid for with what the sender had before the block
  // What runs in them, and succeeds.
  value_call,  // an inner CALL with value
  callcode,
  delegatecall,
  staticcall,
  create,
  create2,
  balance_look,  // BALANCE, SELFBALANCE
  // What fails.
  out_of_gas,        // the whole transaction
  inner_out_of_gas,  // a call in it
  reverted,
  inner_reverted,
  value_not_covered,
  create_collision,
  // Self-destruction.
  destroyed,
  destroyed_when_made,  // in the transaction that made it
  made_again,           // what was destroyed earlier in the block
  credited_destroyed,   // is sent something later in the block
  // EIP-7702.
  delegated,
  delegated_again,     // to another
  delegation_removed,  // by the zero address
  authorization_skipped,
  delegated_called,
  delegated_sends,
  // The beneficiary.
  beneficiary_sends,
  beneficiary_receives,
  beneficiary_runs,  // is a contract, and called
  beneficiary_destroyed,
  beneficiary_looked_at,
  // EIP-161.
  empty_cleared,
  empty_made,  // before it
  // Invalid transactions.
  invalid_nonce,
  invalid_funds,
  invalid_gas_allowance,  // the block has less left
  invalid_sender,         // has code
  invalid_skipped,        // of any kind, in a block that is being built
};
inline constexpr int kFeatureCount = static_cast<int>(Feature::invalid_skipped) + 1;

/// "transfer"
const char* to_string(Feature feature) noexcept;

struct FeatureCounts {
  std::array<std::uint64_t, kFeatureCount> occurred{};
  std::array<std::uint64_t, kRevisionCount> blocks{};  // by fork

  std::uint64_t& operator[](Feature feature) noexcept { return occurred[static_cast<std::size_t>(feature)]; }
};

/// Executes the block, and adds what occurs in it. Thread safety: none for one `counts`.
void count_features(const RandomBlock& block, FeatureCounts& counts);

}  // namespace hocket::testing
