#include "workloads/concentrated.hpp"

#include "workloads/abi.hpp"

#include <fmt/core.h>

namespace hocket::workloads {
namespace {

// ConcentratedPool.sol's storage.
constexpr std::uint64_t kToken0Slot = 0;
constexpr std::uint64_t kToken1Slot = 1;

}  // namespace

ConcentratedPool::ConcentratedPool(StateBuilder& builder, const std::vector<Range>& positions)
    : ranges(positions), owner(builder.deployer()) {
  token0 = deploy_token(builder, "AAA", owner);
  token1 = deploy_token(builder, "BBB", owner);
  router = builder.deploy("ConcentratedRouter");
  for (const Address& token : {token0, token1}) {
    builder.call(owner, token, mint_call(owner, ether(1'000'000'000)));
    builder.call(owner, token, approve_call(router, u256::max()));
  }
  address = builder.deploy("ConcentratedPool", encode_arguments({token0, token1, u256(1) << 96}));
  for (const Range& range : ranges)
    builder.call(owner, router,
                 encode_call("mint(address,int24,int24,uint128)",
                             {address, signed_word(range.lower), signed_word(range.upper), range.liquidity}));
}

void ConcentratedPool::copy_to(StateBuilder& builder, const Address& copy, const Address& other0,
                               const Address& other1) const {
  builder.clone(address, copy);
  builder.write_storage(copy, {{kToken0Slot, to_u256(other0)}, {kToken1Slot, to_u256(other1)}});
  give_tokens(builder, other0, {copy}, token_balance(builder.state(), token0, address));
  give_tokens(builder, other1, {copy}, token_balance(builder.state(), token1, address));
}

Bytes concentrated_swap_call(const Address& pool, bool sells_token0, const u256& amount) {
  return encode_call("swapExactIn(address,bool,uint256,uint256)", {pool, u256(sells_token0 ? 1 : 0), amount, 1});
}

Violation check_solvent(const InMemoryState& after, const Address& pool, const std::vector<Range>& ranges,
                        const Address& owner) {
  Probe probe(after);
  for (const Range& range : ranges) {
    const u256 lower = signed_word(range.lower);
    const u256 upper = signed_word(range.upper);
    if (!probe.call(owner, pool, encode_call("burn(int24,int24,uint128)", {lower, upper, range.liquidity})))
      return fmt::format("the position from {} to {} cannot be burnt", range.lower, range.upper);
    if (!probe.call(owner, pool, encode_call("collect(address,int24,int24)", {owner, lower, upper})))
      return fmt::format("the pool cannot pay out the position from {} to {}", range.lower, range.upper);
  }
  if (!probe.word(pool, encode_call("liquidity()", {})).is_zero()) return "liquidity is left without a position";
  return std::nullopt;
}

std::vector<Range> staggered_ranges() {
  std::vector<Range> ranges = {{-600 * kTickSpacing, 600 * kTickSpacing, ether(10'000)}};
  for (std::int64_t i = -40; i < 40; ++i)
    ranges.push_back({i * 3 * kTickSpacing, (i + 1 + (i & 3)) * 3 * kTickSpacing,
                      ether(static_cast<std::uint64_t>(2'000 + 500 * (i & 7)))});
  return ranges;
}

}  // namespace hocket::workloads
