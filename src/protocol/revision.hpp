// Revision: the forks whose execution rules differ, in order of activation.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hocket {

/// Muir Glacier, Arrow Glacier and Gray Glacier only move the difficulty bomb (see ChainConfig);
/// blob-parameter-only forks only change BlobSchedule.
enum class Revision : std::uint8_t {
  frontier,
  homestead,
  tangerine_whistle,
  spurious_dragon,
  byzantium,
  constantinople,
  petersburg,
  istanbul,
  berlin,
  london,
  paris,
  shanghai,
  cancun,
  prague,
  osaka,
};

inline constexpr int kRevisionCount = static_cast<int>(Revision::osaka) + 1;

/// "Frontier", "Tangerine Whistle", ...
std::string_view to_string(Revision revision) noexcept;

}  // namespace hocket
