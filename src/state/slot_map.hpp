// SlotMap: the storage of one account, slot to value. A slot that is not there has the value zero, and zero is never
// kept. Open addressing with slot and value in one cache line: a lookup in a large storage waits for memory once, where
// a map of nodes waits three times.
//
// The index is drawn under the process's secret seed: whoever chooses the slots cannot prepare collisions.
#pragma once

#include "base/uint256.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>

namespace hocket {

/// Thread safety: as a standard container.
class SlotMap {
 public:
  struct alignas(64) Entry {
    u256 slot;
    u256 value;  // zero: an empty cell
  };

  /// All slots that are not zero, in no order.
  class Iterator {
   public:
    using value_type = Entry;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    Iterator(const Entry* at, const Entry* end) noexcept : at_(at), end_(end) { skip_empty(); }
    const Entry& operator*() const noexcept { return *at_; }
    const Entry* operator->() const noexcept { return at_; }
    Iterator& operator++() noexcept {
      ++at_;
      skip_empty();
      return *this;
    }
    Iterator operator++(int) noexcept {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) noexcept { return a.at_ == b.at_; }

   private:
    void skip_empty() noexcept {
      while (at_ != end_ && at_->value.is_zero()) ++at_;
    }

    const Entry* at_ = nullptr;
    const Entry* end_ = nullptr;
  };

  SlotMap() = default;
  SlotMap(const SlotMap& other);
  SlotMap& operator=(const SlotMap& other);
  SlotMap(SlotMap&& other) noexcept { swap(other); }
  SlotMap& operator=(SlotMap&& other) noexcept {
    SlotMap taken(std::move(other));
    swap(taken);
    return *this;
  }
  ~SlotMap() = default;
  void swap(SlotMap& other) noexcept {
    std::swap(cells_, other.cells_);
    std::swap(cell_count_, other.cell_count_);
    std::swap(size_, other.size_);
  }

  u256 value(const u256& slot) const noexcept;
  /// Zero takes the slot out.
  void set(const u256& slot, const u256& value);

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  void clear() noexcept;
  Iterator begin() const noexcept { return {cells_.get(), cells_.get() + cell_count_}; }
  Iterator end() const noexcept { return {cells_.get() + cell_count_, cells_.get() + cell_count_}; }

 private:
  /// Where the slot is, or the empty cell where it would be. Requires: there is an empty cell.
  std::size_t find(const u256& slot) const noexcept;
  void grow();
  void erase(std::size_t at) noexcept;

  // Small: there is one of these for every account.
  std::unique_ptr<Entry[]> cells_;
  std::uint32_t cell_count_ = 0;  // none, or a power of two, of which a third is empty
  std::uint32_t size_ = 0;
};
static_assert(sizeof(SlotMap) == 16);
static_assert(std::forward_iterator<SlotMap::Iterator>);

}  // namespace hocket
