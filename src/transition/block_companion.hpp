// BlockCompanion: work that belongs to a block beside its execution (the roots of transactions and receipts). Executors
// give it to workers that have nothing more urgent while later transactions still run.
#pragma once

#include "core/receipt.hpp"

#include <cstddef>
#include <span>

namespace hocket {

/// Thread safety: all functions are called from any number of threads at the same time.
class BlockCompanion {
 public:
  /// Receipts in a group.
  static constexpr std::size_t kGroup = 16;

  virtual ~BlockCompanion() = default;
  BlockCompanion(const BlockCompanion&) = delete;
  BlockCompanion& operator=(const BlockCompanion&) = delete;

  /// The block's receipts from number `first` on, a multiple of kGroup: kGroup of them, or fewer where the block ends.
  /// They are complete and do not change any more. Each group once, in any order.
  virtual void take_receipts(std::size_t first, std::span<const Receipt> receipts) = 0;

  /// Does another piece of what does not depend on the execution. False: nothing is left to begin.
  virtual bool work() = 0;

 protected:
  BlockCompanion() = default;
};

}  // namespace hocket
