// CostHistory: how long transactions of a kind have taken lately, and whether blocks of them turned out to be chains.
// Both decide about order and number of workers only.
#pragma once

#include "core/transaction.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <optional>

namespace hocket {

/// Kept from block to block; 32 KB. Thread safety: all functions may be called by any worker.
class CostHistory {
 public:
  static constexpr std::size_t kCells = 4096;

  /// Where a transaction's kind is kept first of all: its target and selector, one for all plain transfers, one for all
  /// creations.
  struct Cell {
    std::uint16_t index = 0;
    std::uint16_t tag = 0;

    friend bool operator==(const Cell&, const Cell&) = default;
  };
  static Cell cell_of(const Transaction& transaction) noexcept {
    constexpr std::uint64_t kPlainTransferGas = 21'000;
    if (transaction.data.empty() && transaction.gas_limit <= kPlainTransferGas && transaction.to)
      return {.index = 0, .tag = 1};
    return cell_of_call(transaction);
  }
  /// The same, where `before` is the cell of a transaction that is often of the same kind.
  static Cell cell_of(const Transaction& transaction, const Transaction& neighbour, Cell before) noexcept {
    const auto& a = transaction.data;
    const auto& b = neighbour.data;
    const bool alike = a.size() >= 4 && b.size() >= 4 && std::memcmp(a.data(), b.data(), 4) == 0 && transaction.to &&
                       transaction.to == neighbour.to;
    return alike ? before : cell_of(transaction);
  }

  struct Known {
    std::uint64_t cost = 0;      // ticks of an execution and of its logs' bloom
    std::uint64_t of_logs = 0;   // of those, the bloom's, which several workers can share
    bool was_in_chains = false;  // the blocks with it, lately
    bool was_contended = false;  // or much of them was executed more than once
  };
  /// Nothing: a kind not met lately.
  std::optional<Known> find(Cell cell) const noexcept;

  /// Ticks of an execution, and of its logs' bloom.
  void note_cost(Cell cell, std::uint64_t execution, std::uint64_t logs = 0) noexcept;
  enum class Outcome : std::uint8_t { parallel, contended, chain };
  /// Of the block that a kind was in, if the kind is known.
  void note_outcome(Cell cell, Outcome outcome) noexcept;

 private:
  static constexpr std::size_t kWays = 8;  // words of a cache line, among which a kind may be

  /// Where a kind is; kCells: nowhere.
  std::size_t find_word(Cell cell) const noexcept;
  /// Where a kind that is nowhere is put: if it need not displace another one, it does not.
  std::size_t place_for(Cell cell) const noexcept;
  static Cell cell_of_call(const Transaction& transaction) noexcept;

  // One word each: tag (16 bits), chains (4 bits, see the source), the logs' part (4 bits), cost (40 bits). relaxed: a
  // lost note is a lost note. 0: nobody's. A kind that another one has displaced begins anew: whoever makes collisions
  // only makes us guess. Two workers may put the same kind into two places: the first one is found.
  alignas(64) std::array<std::atomic<std::uint64_t>, kCells> words_{};
};

}  // namespace hocket
