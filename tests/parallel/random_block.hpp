// Random blocks that are hard to execute in parallel: few accounts and few slots, so that nearly every transaction
// meets another; contracts that look at balances, create, destroy and re-create; senders that live on what they were
// sent in the same block; a beneficiary that takes part.
#pragma once

#include "core/transaction.hpp"
#include "state/in_memory_state.hpp"
#include "state/journal.hpp"
#include "transition/block_environment.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hocket::testing {

struct RandomBlock {
  InMemoryState state;
  BlockEnvironment environment;
  /// Their senders are set and not signed for; authorizations are signed.
  std::vector<Transaction> transactions;
  /// What changes before the transactions, as by system calls.
  std::vector<std::pair<Address, u256>> credits_before;
  /// A slot of a contract that is written before them.
  std::optional<std::pair<Address, u256>> slot_before;
  /// What is credited after them.
  std::vector<std::pair<Address, u256>> credits_after;
  /// All accounts that it names.
  std::vector<Address> accounts;
};

/// What comes before the transactions, done to a journal as execute_block does it; and what comes after.
void apply_changes_before(const RandomBlock& block, Journal& journal);
void apply_changes_after(const RandomBlock& block, Journal& journal);

enum class BlockKind : std::uint8_t {
  any,
  calculating,  // mostly calls of contracts that do all kinds of arithmetic with what is in their slots
};

/// Thread safety: pure.
RandomBlock random_block(std::uint64_t seed, BlockKind kind = BlockKind::any);

/// For a person who has to find out why this block fails.
std::string to_string(const RandomBlock& block);

}  // namespace hocket::testing
