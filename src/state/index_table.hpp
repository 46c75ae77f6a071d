// IndexTable: open addressing from a hash to entries that live elsewhere. No deletion, no ownership; one probe in the
// common case. The caller compares full keys: a hash is never an identity.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hocket {

template <class Entry>
class IndexTable {
 public:
  IndexTable() : cells_(kInitialCells) {}

  void clear() {
    if (count_ <= kRemembered) {
      for (std::size_t i = 0; i < count_; ++i) cells_[used_[i]] = {};
      count_ = 0;
      return;
    }
    // A table that grew for one large transaction would make every later clearing slow: a large one is kept as long as
    // it is used, so that to clear it costs no more than to have filled it.
    if (cells_.size() > kKeptCells && count_ < cells_.size() / kLeastUse)
      cells_ = std::vector<Cell>(kInitialCells);
    else
      std::fill(cells_.begin(), cells_.end(), Cell{});
    count_ = 0;
  }

  /// The entry with this hash for which `matches(entry)` holds, or nullptr.
  template <class Matches>
  Entry* find(std::size_t hash, Matches&& matches) const noexcept {
    const std::size_t mask = cells_.size() - 1;
    for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
      const Cell& cell = cells_[i];
      if (cell.entry == nullptr) return nullptr;
      if (cell.hash == hash && matches(*cell.entry)) return cell.entry;
    }
  }

  /// Requires: no entry with an equal key is in the table.
  void insert(std::size_t hash, Entry* entry) {
    if (2 * (count_ + 1) > cells_.size()) grow();
    place(hash, entry);
  }

 private:
  struct Cell {
    std::size_t hash = 0;
    Entry* entry = nullptr;
  };
  static constexpr std::size_t kInitialCells = 64;
  static constexpr std::size_t kKeptCells = 512;
  static constexpr std::size_t kLeastUse = 8;
  /// So few entries are taken out one by one: parallel execution clears a journal for each transaction.
  static constexpr std::size_t kRemembered = 32;

  void place(std::size_t hash, Entry* entry) noexcept {
    const std::size_t mask = cells_.size() - 1;
    std::size_t i = hash & mask;
    while (cells_[i].entry != nullptr) i = (i + 1) & mask;
    cells_[i] = {hash, entry};
    if (count_ < kRemembered) used_[count_] = static_cast<std::uint32_t>(i);
    ++count_;
  }

  void grow() {
    std::vector<Cell> old(2 * cells_.size());
    old.swap(cells_);
    count_ = 0;
    for (const Cell& cell : old)
      if (cell.entry != nullptr) place(cell.hash, cell.entry);
  }

  std::vector<Cell> cells_;
  std::size_t count_ = 0;
  std::array<std::uint32_t, kRemembered> used_;  // where the first ones are
};

}  // namespace hocket
