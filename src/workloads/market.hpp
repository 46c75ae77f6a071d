// Market: tokens and constant-product pairs between them (contracts/Pair.sol), with a router.
#pragma once

#include "workloads/state_builder.hpp"
#include "workloads/token.hpp"

#include <span>
#include <utility>
#include <vector>

namespace hocket::workloads {

class Market {
 public:
  /// Indices of a pair's two tokens.
  using Tokens = std::pair<std::size_t, std::size_t>;

  /// Builds a pair for each element of `pairs`, with `reserve()` of both tokens.
  Market(StateBuilder& builder, std::vector<Tokens> pairs);

  static u256 reserve();

  const Address& router() const noexcept { return router_; }
  const Address& pair(std::size_t i) const noexcept { return pairs_[i]; }
  std::size_t size() const noexcept { return pairs_.size(); }
  const Address& token0(std::size_t pair) const noexcept { return tokens_[tokens_of_[pair].first]; }
  const Address& token1(std::size_t pair) const noexcept { return tokens_[tokens_of_[pair].second]; }
  const Address& sold(std::size_t pair, bool sells_token0) const noexcept {
    return sells_token0 ? token0(pair) : token1(pair);
  }

  /// Writes down that `owner` is to have some of `token`; done by `give_out`.
  void want(const Address& token, const Address& owner) { wanted_.emplace_back(token, owner); }
  /// Gives everyone the tokens that were wanted, once, and approves the router.
  void give_out(StateBuilder& builder, const u256& amount);

  /// Router.swapExactIn over `pairs`, in this order.
  Bytes swap_call(const Address& token, const u256& amount, const std::vector<Address>& pairs) const;

  /// The product of each pair's reserves did not fall, the reserves are what the pair has, and no token was made or
  /// lost.
  Violation check(const Aftermath& aftermath) const;

 private:
  std::vector<Tokens> tokens_of_;
  std::vector<Address> tokens_;
  std::vector<Address> pairs_;
  Address router_;
  std::vector<std::pair<Address, Address>> wanted_;
};

}  // namespace hocket::workloads
