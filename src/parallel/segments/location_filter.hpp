// LocationFilter: by which one worker knows nearly always that a location is not among what is committed. Small enough
// for a core's own cache, and written by its worker alone, which brings it up to date segment by segment; what all
// share is looked at only where the filter cannot tell.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hocket {

class CommittedSegments;

/// Kept from block to block. Thread safety: none.
class LocationFilter {
 public:
  /// Knows nothing yet of these segments, in which there will be about so many locations.
  void begin(const CommittedSegments& committed, std::size_t expected_accounts, std::size_t expected_slots);
  /// Knows all that is committed by now.
  void catch_up();
  const CommittedSegments& committed() const noexcept { return *committed_; }

  /// false: it is not among what it knows.
  bool may_hold_account(std::uint64_t hash) const noexcept { return accounts_.may_hold(hash); }
  bool may_hold_slot(std::uint64_t hash) const noexcept { return slots_.may_hold(hash); }

 private:
  struct Bits {
    void reset(std::size_t expected);
    void add(std::span<const std::uint64_t> hashes) noexcept {
      for (const std::uint64_t hash : hashes) words[(hash & mask) / 64] |= std::uint64_t{1} << (hash % 64);
    }
    bool may_hold(std::uint64_t hash) const noexcept { return (words[(hash & mask) / 64] >> (hash % 64) & 1) != 0; }

    std::vector<std::uint64_t> words;
    std::uint64_t mask = 0;  // of a bit's number
  };

  const CommittedSegments* committed_ = nullptr;
  std::size_t known_ = 0;  // segments
  Bits accounts_;
  Bits slots_;
};

}  // namespace hocket
