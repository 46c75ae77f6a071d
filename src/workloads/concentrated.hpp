// ConcentratedPool in a state: a pool with positions, made by its contract, and copies of it.
#pragma once

#include "workloads/state_builder.hpp"
#include "workloads/token.hpp"

#include <initializer_list>
#include <vector>

namespace hocket::workloads {

inline constexpr std::int64_t kTickSpacing = 60;

/// A position: ticks that are multiples of the spacing.
struct Range {
  std::int64_t lower;
  std::int64_t upper;
  u256 liquidity;
};

/// A pool at the price 1 whose positions are all the builder's deployer's.
struct ConcentratedPool {
  ConcentratedPool(StateBuilder& builder, const std::vector<Range>& positions);

  /// The same pool at `address`, for other tokens, which exist already; it gets its part of their supply.
  void copy_to(StateBuilder& builder, const Address& address, const Address& other0, const Address& other1) const;

  Address token0;
  Address token1;
  Address address;
  Address router;
  std::vector<Range> ranges;
  Address owner;  // of the positions
};

/// ConcentratedRouter.swapExactIn.
Bytes concentrated_swap_call(const Address& pool, bool sells_token0, const u256& amount);

/// Every position can be taken out with what it earned: the pool owes nothing that it does not have.
Violation check_solvent(const InMemoryState& after, const Address& pool, const std::vector<Range>& ranges,
                        const Address& owner);

/// One range as wide as a lake and many narrow ones, so that a swap of some size crosses ticks.
std::vector<Range> staggered_ranges();

}  // namespace hocket::workloads
