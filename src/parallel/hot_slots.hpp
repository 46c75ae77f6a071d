// HotSlots: slots that have made transactions stale, or wait. Whoever reads one had better follow it (OperationLog),
// unless that has turned out to be in vain. A hint: it changes no result.
#pragma once

#include "parallel/sync.hpp"
#include "state/slot_key.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <unordered_map>

namespace hocket {

/// Kept from block to block. Thread safety: all functions may be called by any worker.
class HotSlots {
 public:
  bool contains(const SlotKey& key) const;
  /// A transaction was stale because of the slot, or waited for it. Returns whether it is hot now.
  bool note(const SlotKey& key);
  /// Whether what had followed the slot could be done again when the slot had changed. Returns whether it is still hot.
  bool judge(const SlotKey& key, bool redone);

 private:
  // Bounds: an attacker can only make us forget.
  static constexpr std::size_t kMaxSlots = 1024;
  static constexpr int kMaxTrust = 4;
  /// What one that was followed in vain falls to: so often it has to be noted until it is hot again.
  static constexpr int kLowestTrust = -64;
  static constexpr std::size_t kFilterBits = 65536;

  struct KeyHash {
    std::size_t operator()(const SlotKey& key) const noexcept;
  };

  /// Says most of the time that a slot is none. relaxed: a missed hint is a missed hint.
  std::array<std::atomic<std::uint64_t>, kFilterBits / 64> filter_{};
  /// Guards what is below, for far less time than it takes to fall asleep and wake up.
  alignas(64) mutable SpinLock<RealSync> lock_;
  std::unordered_map<SlotKey, int, KeyHash> trust_;
};

}  // namespace hocket
