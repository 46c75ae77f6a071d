// CostHistory: how long transactions of a kind have taken lately, and what going parallel has won with blocks of them.
// Both decide about order and number of workers only.
#pragma once

#include "core/transaction.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

namespace hocket {

/// Kept from block to block; 32 KB. Thread safety: all functions may be called by any worker.
class CostHistory {
 public:
  /// Where a transaction's kind is kept: its target and selector, one for all plain transfers, one for all creations.
  struct Cell {
    std::uint16_t index = 0;
    std::uint16_t tag = 0;
  };
  static Cell cell_of(const Transaction& transaction) noexcept;

  struct Known {
    std::uint64_t cost = 0;  // ticks of an execution
    double gain = 0;         // sequential over parallel time of blocks with it
  };
  /// Nothing: a kind not met lately.
  std::optional<Known> find(Cell cell) const noexcept;

  void note_cost(Cell cell, std::uint64_t ticks) noexcept;
  /// Of a kind that is known.
  void note_gain(Cell cell, double gain) noexcept;

 private:
  static constexpr std::size_t kCells = 4096;

  // One word each: tag (16 bits), gain in 1/32 (8 bits), cost (40 bits). relaxed: a lost note is a lost note. A kind
  // that another one has displaced begins anew: whoever makes collisions only makes us guess.
  std::array<std::atomic<std::uint64_t>, kCells> words_{};
};

}  // namespace hocket
