// SegmentLength: how much goes into the next segment of a block. Where segments turn out stale they become shorter at
// once, so that less is lost and fewer meet; where they hold they become longer again, little by little.
#pragma once

#include <algorithm>
#include <cstdint>

namespace hocket {

/// In ticks of expected execution. Thread safety: none.
class SegmentLength {
 public:
  SegmentLength() = default;
  /// Begins with `most`. Requires: `most` is not 0.
  SegmentLength(std::uint64_t least, std::uint64_t most) noexcept
      : least_(std::min(least, most)), most_(most), ticks_(most) {}

  std::uint64_t ticks() const noexcept { return ticks_; }
  void note_stale() noexcept { ticks_ = std::max(ticks_ / 2, least_); }
  void note_held() noexcept { ticks_ += std::min(ticks_ / kGrowth + 1, most_ - ticks_); }

 private:
  /// So many in a row that hold, and the next is nearly three times as long: where one in twenty is stale it stays.
  static constexpr std::uint64_t kGrowth = 32;

  std::uint64_t least_ = 1;
  std::uint64_t most_ = 1;
  std::uint64_t ticks_ = 1;
};

}  // namespace hocket
