#include "block/fees.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

namespace hocket {
namespace {

constexpr u256 kInitialBaseFee = 1'000'000'000;            // EIP-1559, wei
constexpr std::uint64_t kElasticityMultiplier = 2;         // EIP-1559
constexpr std::uint64_t kBaseFeeMaxChangeDenominator = 8;  // EIP-1559
constexpr std::uint64_t kBlobBaseCost = 1u << 13;          // EIP-7918

/// value * multiplier / divisor1 / divisor2 rounded down, unless it is 2^256 or more.
std::optional<u256> scale(const u256& value, std::uint64_t multiplier, std::uint64_t divisor1,
                          std::uint64_t divisor2) noexcept {
  std::array<std::uint64_t, 5> limbs{};
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const u128 limb = static_cast<u128>(value.limbs[i]) * multiplier + carry;
    limbs[i] = static_cast<std::uint64_t>(limb);
    carry = static_cast<std::uint64_t>(limb >> 64);
  }
  limbs[4] = carry;
  for (const std::uint64_t divisor : {divisor1, divisor2}) {
    std::uint64_t remainder = 0;
    for (std::size_t i = 5; i-- > 0;) {
      const u128 part = static_cast<u128>(remainder) << 64 | limbs[i];
      limbs[i] = static_cast<std::uint64_t>(part / divisor);
      remainder = static_cast<std::uint64_t>(part % divisor);
    }
  }
  if (limbs[4] != 0) return std::nullopt;
  return u256{limbs[0], limbs[1], limbs[2], limbs[3]};
}

std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) noexcept {
  std::uint64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::uint64_t>::max() : sum;
}

}  // namespace

u256 next_base_fee(const Header& parent, const ChainConfig& config) {
  if (!config.spec_for(parent).fee_market || !parent.base_fee_per_gas) return kInitialBaseFee;
  const u256& base_fee = *parent.base_fee_per_gas;
  const std::uint64_t target = parent.gas_limit / kElasticityMultiplier;
  if (parent.gas_used == target || target == 0) return base_fee;
  const bool rises = parent.gas_used > target;
  const std::uint64_t distance = rises ? parent.gas_used - target : target - parent.gas_used;
  const u256 delta = scale(base_fee, distance, target, kBaseFeeMaxChangeDenominator).value_or(u256::max());
  return rises ? base_fee + std::max(delta, u256{1}) : base_fee - delta;
}

std::uint64_t next_excess_blob_gas(const Header& parent, const Spec& spec, const BlobParameters& blobs) {
  HOCKET_ASSERT(blobs.max != 0);
  const std::uint64_t excess = parent.excess_blob_gas.value_or(0);
  const std::uint64_t used = parent.blob_gas_used.value_or(0);
  const std::uint64_t target = blobs.target * kGasPerBlob;
  if (saturating_add(excess, used) < target) return 0;
  if (spec.blob_base_cost_floor) {
    const u256 base_cost = u256{kBlobBaseCost} * parent.base_fee_per_gas.value_or(u256{});
    const std::optional<u256> blob_price = scale(blob_base_fee(excess, blobs), kGasPerBlob, 1, 1);
    if (blob_price && base_cost > *blob_price) {
      const u128 part = static_cast<u128>(used) * (blobs.max - std::min(blobs.target, blobs.max)) / blobs.max;
      return saturating_add(excess, static_cast<std::uint64_t>(part));
    }
  }
  return saturating_add(excess, used) - target;
}

u256 blob_base_fee(std::uint64_t excess_blob_gas, const BlobParameters& blobs) {
  constexpr std::uint64_t kMinBaseFeePerBlobGas = 1;
  return fake_exponential(kMinBaseFeePerBlobGas, excess_blob_gas, blobs.base_fee_update_fraction);
}

u256 fake_exponential(std::uint64_t factor, std::uint64_t numerator, std::uint64_t denominator) {
  HOCKET_ASSERT(denominator != 0);
  u256 sum;
  u256 term = u256{factor} * u256{denominator};
  for (std::uint64_t i = 1; !term.is_zero(); ++i) {
    bool overflow = false;
    sum = add_carry(sum, term, overflow);
    const std::optional<u256> next = scale(term, numerator, denominator, i);
    if (overflow || !next) return u256::max();
    term = *next;
  }
  return sum / u256{denominator};
}

}  // namespace hocket
