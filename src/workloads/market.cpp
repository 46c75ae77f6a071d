#include "workloads/market.hpp"

#include "base/hex.hpp"
#include "workloads/abi.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace hocket::workloads {
namespace {

// Pair.sol's storage.
constexpr std::uint64_t kToken0Slot = 0;
constexpr std::uint64_t kToken1Slot = 1;
constexpr std::uint64_t kReservesSlot = 2;  // reserve0, reserve1 of 112 bits each, then a time
constexpr unsigned kReserveBits = 112;

std::pair<u256, u256> reserves(const InMemoryState& state, const Address& pair) {
  const u256 word = *state.storage(pair, kReservesSlot);
  const u256 mask = (u256(1) << kReserveBits) - u256(1);
  return {word & mask, (word >> kReserveBits) & mask};
}

}  // namespace

u256 Market::reserve() { return ether(1'000'000); }

Market::Market(StateBuilder& builder, std::vector<Tokens> pairs) : tokens_of_(std::move(pairs)) {
  std::size_t token_count = 0;
  for (const Tokens& tokens : tokens_of_) token_count = std::max({token_count, tokens.first + 1, tokens.second + 1});
  tokens_ = builder.accounts("token", token_count);
  pairs_ = builder.accounts("pair", tokens_of_.size());
  router_ = builder.deploy("Router");

  // One pair as its contract makes it; the others are its copies with other tokens.
  const Address& deployer = builder.deployer();
  const Address token_a = deploy_token(builder, "AAA", deployer);
  const Address token_b = deploy_token(builder, "BBB", deployer);
  for (const Address& token : {token_a, token_b}) builder.call(deployer, token, mint_call(deployer, reserve()));
  for (const Address& token : {token_a, token_b}) builder.call(deployer, token, approve_call(router_, u256::max()));
  const Address original = builder.deploy("Pair", encode_arguments({token_a, token_b}));
  builder.call(deployer, router_, encode_call("deposit(address,uint256,uint256)", {original, reserve(), reserve()}));

  const Address blank = deploy_token(builder, "TKN", deployer);
  for (const Address& token : tokens_) builder.clone(blank, token);
  std::vector<std::vector<Address>> holders(tokens_.size());
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    builder.clone(original, pairs_[i]);
    builder.write_storage(pairs_[i], {{kToken0Slot, to_u256(token0(i))}, {kToken1Slot, to_u256(token1(i))}});
    holders[tokens_of_[i].first].push_back(pairs_[i]);
    holders[tokens_of_[i].second].push_back(pairs_[i]);
  }
  for (std::size_t i = 0; i < tokens_.size(); ++i) give_tokens(builder, tokens_[i], holders[i], reserve());
}

void Market::give_out(StateBuilder& builder, const u256& amount) {
  std::ranges::sort(wanted_);
  const auto repeated = std::ranges::unique(wanted_);
  wanted_.erase(repeated.begin(), repeated.end());
  for (auto it = wanted_.begin(); it != wanted_.end();) {
    const Address token = it->first;
    std::vector<Address> owners;
    for (; it != wanted_.end() && it->first == token; ++it) owners.push_back(it->second);
    give_tokens(builder, token, owners, amount);
    approve_without_limit(builder, token, owners, router_);
  }
  wanted_.clear();
}

Bytes Market::swap_call(const Address& token, const u256& amount, const std::vector<Address>& pairs) const {
  return encode_call("swapExactIn(address,uint256,uint256,address[])", {token, amount, 1, pairs});
}

Violation Market::check(const Aftermath& aftermath) const {
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    const auto [before0, before1] = reserves(aftermath.before, pairs_[i]);
    const auto [after0, after1] = reserves(aftermath.after, pairs_[i]);
    if (after0 * after1 < before0 * before1) return fmt::format("the product of pair {}'s reserves fell", i);
    if (token_balance(aftermath.after, token0(i), pairs_[i]) != after0 ||
        token_balance(aftermath.after, token1(i), pairs_[i]) != after1)
      return fmt::format("pair {}'s reserves are not what it has", i);
  }
  for (const Address& token : tokens_)
    if (token_storage_sum(aftermath.after, token) != token_storage_sum(aftermath.before, token))
      return fmt::format("tokens of {} were made or lost", to_hex(token));
  return std::nullopt;
}

}  // namespace hocket::workloads
