#include "block/difficulty.hpp"

#include "core/account.hpp"

#include <algorithm>

namespace hocket {
namespace {

constexpr u256 kMinimumDifficulty = 131'072;
constexpr unsigned kBoundDivisorBits = 11;  // 2048
constexpr std::uint64_t kBombPeriod = 100'000;

/// How the parent's difficulty moves with the time since: steps of 1/2048 of it, at least -99.
struct Adjustment {
  bool rises;
  std::uint64_t steps;
};

Adjustment stepwise(std::uint64_t highest, std::uint64_t seconds, std::uint64_t seconds_per_step) {
  const std::uint64_t fallen = seconds / seconds_per_step;
  if (fallen <= highest) return {true, highest - fallen};
  return {false, std::min<std::uint64_t>(fallen - highest, 99)};
}

Adjustment adjustment(const DifficultyInput& input, const ChainConfig& config) {
  const std::uint64_t seconds = input.timestamp - input.parent_timestamp;
  const auto active = [&](const ChainConfig::Activation& fork) { return fork && input.number >= *fork; };
  if (active(config.byzantium_block)) return stepwise(input.parent_has_ommers ? 2 : 1, seconds, 9);  // EIP-100
  if (active(config.homestead_block)) return stepwise(1, seconds, 10);                               // EIP-2
  return {seconds < 13, 1};
}

/// 2 to the number of periods since the bomb was set, as far as they fit.
u256 bomb(std::uint64_t number, const ChainConfig& config) {
  const std::uint64_t delay = config.bomb_delay_at(number);
  const std::uint64_t periods = number > delay ? (number - delay) / kBombPeriod : 0;
  if (periods < 2) return {};
  return periods - 2 > 255 ? u256::max() : u256{1} << static_cast<unsigned>(periods - 2);
}

}  // namespace

u256 difficulty(const DifficultyInput& input, const ChainConfig& config) {
  const u256& parent = input.parent_difficulty;
  const Adjustment change = adjustment(input, config);
  const u256 delta = (parent >> kBoundDivisorBits) * u256{change.steps};
  const u256 adjusted = std::max(change.rises ? parent + delta : parent - delta, kMinimumDifficulty);
  return adjusted + bomb(input.number, config);
}

u256 next_difficulty(std::uint64_t number, std::uint64_t timestamp, const Header& parent, const ChainConfig& config) {
  return difficulty({.number = number,
                     .timestamp = timestamp,
                     .parent_timestamp = parent.timestamp,
                     .parent_difficulty = parent.difficulty,
                     .parent_has_ommers = parent.ommers_hash != kEmptyListHash},
                    config);
}

}  // namespace hocket
