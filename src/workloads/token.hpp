// Tokens in a state: many owners at once, and what is read from a token's storage (contracts/Token.sol).
#pragma once

#include "workloads/scenario.hpp"
#include "workloads/state_builder.hpp"

namespace hocket::workloads {

/// Deploys a token; `minter` may mint.
Address deploy_token(StateBuilder& builder, std::string_view symbol, const Address& minter);

/// Gives each owner `amount`, written directly, and raises the supply. Requires: no owner had any.
void give_tokens(StateBuilder& builder, const Address& token, const std::vector<Address>& owners, const u256& amount);
/// As if `owner` had approved `spender` without limit.
void approve_without_limit(StateBuilder& builder, const Address& token, const std::vector<Address>& owners,
                           const Address& spender);

u256 token_supply(const StateView& state, const Address& token);
/// All words of a token's storage added up: stays the same where tokens only move and no allowance changes.
u256 token_storage_sum(const InMemoryState& state, const Address& token);
u256 token_balance(const StateView& state, const Address& token, const Address& owner);

/// The calls.
Bytes transfer_call(const Address& to, const u256& amount);
Bytes mint_call(const Address& to, const u256& amount);
Bytes approve_call(const Address& spender, const u256& amount);
Bytes transfer_from_call(const Address& from, const Address& to, const u256& amount);

/// What direct calls of `token` in the block leave every owner, done on paper, is what the state says; and the supply
/// is as before.
Violation check_token(const Aftermath& aftermath, const Address& token);

}  // namespace hocket::workloads
