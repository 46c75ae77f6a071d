#include "state/slot_map.hpp"

#include "base/assert.hpp"
#include "base/hash_seed.hpp"

#include <algorithm>

namespace hocket {
namespace {

constexpr std::uint32_t kFirstCells = 4;
constexpr std::uint32_t kMostCells = std::uint32_t{1} << 31;

std::size_t hash_of(const u256& slot) noexcept {
  const HashSeed& seed = hash_seed();
  return fold_multiply(slot.limbs[0] ^ seed.words[0], slot.limbs[1] ^ seed.words[1]) ^
         fold_multiply(slot.limbs[2] ^ seed.words[2], slot.limbs[3] ^ seed.words[3]);
}

}  // namespace

SlotMap::SlotMap(const SlotMap& other) : cell_count_(other.cell_count_), size_(other.size_) {
  if (cell_count_ == 0) return;
  cells_ = std::make_unique_for_overwrite<Entry[]>(cell_count_);
  std::copy_n(other.cells_.get(), cell_count_, cells_.get());
}

SlotMap& SlotMap::operator=(const SlotMap& other) {
  if (this != &other) *this = SlotMap(other);
  return *this;
}

std::size_t SlotMap::find(const u256& slot) const noexcept {
  const std::size_t mask = cell_count_ - 1;
  std::size_t at = hash_of(slot) & mask;
  while (cells_[at].slot != slot && !cells_[at].value.is_zero()) at = (at + 1) & mask;
  return at;
}

u256 SlotMap::value(const u256& slot) const noexcept { return cell_count_ == 0 ? u256{} : cells_[find(slot)].value; }

void SlotMap::set(const u256& slot, const u256& value) {
  if (value.is_zero()) {
    if (cell_count_ != 0) erase(find(slot));
    return;
  }
  if (3 * (std::uint64_t{size_} + 1) > 2 * std::uint64_t{cell_count_}) grow();
  Entry& cell = cells_[find(slot)];
  if (cell.value.is_zero()) ++size_;
  cell = {slot, value};
}

void SlotMap::clear() noexcept { *this = SlotMap(); }

void SlotMap::grow() {
  HOCKET_ASSERT(cell_count_ < kMostCells);
  const std::uint32_t count = cell_count_ == 0 ? kFirstCells : 2 * cell_count_;
  auto cells = std::make_unique<Entry[]>(count);
  cells_.swap(cells);
  const std::uint32_t old_count = std::exchange(cell_count_, count);
  for (std::uint32_t i = 0; i < old_count; ++i)
    if (!cells[i].value.is_zero()) cells_[find(cells[i].slot)] = cells[i];
}

/// Moves up what stands behind, until an empty cell, where it was kept from its own place by what goes.
void SlotMap::erase(std::size_t at) noexcept {
  if (cells_[at].value.is_zero()) return;
  --size_;
  const std::size_t mask = cell_count_ - 1;
  for (std::size_t next = (at + 1) & mask; !cells_[next].value.is_zero(); next = (next + 1) & mask) {
    const std::size_t home = hash_of(cells_[next].slot) & mask;
    if (((next - home) & mask) < ((next - at) & mask)) continue;
    cells_[at] = cells_[next];
    at = next;
  }
  cells_[at] = {};
}

}  // namespace hocket
