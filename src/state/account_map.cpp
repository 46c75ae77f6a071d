#include "state/account_map.hpp"

#include "base/address_hash.hpp"
#include "base/assert.hpp"

#include <algorithm>
#include <utility>

namespace hocket {
namespace {

constexpr std::size_t kFirstCells = 8;

}  // namespace

AccountMap::AccountMap(const AccountMap& other) : cell_count_(other.cell_count_), size_(other.size_) {
  if (cell_count_ == 0) return;
  cells_ = std::make_unique<Entry[]>(cell_count_);
  std::copy_n(other.cells_.get(), cell_count_, cells_.get());
}

AccountMap& AccountMap::operator=(const AccountMap& other) {
  if (this != &other) *this = AccountMap(other);
  return *this;
}

AccountMap& AccountMap::operator=(AccountMap&& other) noexcept {
  AccountMap taken(std::move(other));
  swap(taken);
  return *this;
}

void AccountMap::swap(AccountMap& other) noexcept {
  std::swap(cells_, other.cells_);
  std::swap(cell_count_, other.cell_count_);
  std::swap(size_, other.size_);
}

std::size_t AccountMap::cell_of(const Address& address) const noexcept {
  const std::size_t mask = cell_count_ - 1;
  std::size_t at = seeded_hash(address) & mask;
  while (cells_[at].is_used && cells_[at].address != address) at = (at + 1) & mask;
  return at;
}

const StoredAccount* AccountMap::find(const Address& address) const noexcept {
  if (cell_count_ == 0) return nullptr;
  const Entry& cell = cells_[cell_of(address)];
  return cell.is_used ? &cell.stored : nullptr;
}

const StoredAccount& AccountMap::at(const Address& address) const noexcept {
  const StoredAccount* found = find(address);
  HOCKET_ASSERT(found != nullptr);
  return *found;
}

StoredAccount& AccountMap::operator[](const Address& address) {
  if (cell_count_ != 0) {
    Entry& cell = cells_[cell_of(address)];
    if (cell.is_used) return cell.stored;
  }
  if (3 * (size_ + 1) > 2 * cell_count_) grow();
  Entry& cell = cells_[cell_of(address)];
  cell.address = address;
  cell.is_used = true;
  ++size_;
  return cell.stored;
}

void AccountMap::grow() {
  const std::size_t count = cell_count_ == 0 ? kFirstCells : 2 * cell_count_;
  auto cells = std::make_unique<Entry[]>(count);
  cells_.swap(cells);
  const std::size_t old_count = std::exchange(cell_count_, count);
  for (std::size_t i = 0; i < old_count; ++i)
    if (cells[i].is_used) cells_[cell_of(cells[i].address)] = std::move(cells[i]);
}

/// Moves up what stands behind, until an empty cell, where it was kept from its own place by what goes.
void AccountMap::erase(const Address& address) noexcept {
  if (cell_count_ == 0) return;
  std::size_t at = cell_of(address);
  if (!cells_[at].is_used) return;
  --size_;
  const std::size_t mask = cell_count_ - 1;
  for (std::size_t next = (at + 1) & mask; cells_[next].is_used; next = (next + 1) & mask) {
    const std::size_t home = seeded_hash(cells_[next].address) & mask;
    if (((next - home) & mask) < ((next - at) & mask)) continue;
    cells_[at] = std::move(cells_[next]);
    at = next;
  }
  cells_[at] = Entry{};
}

}  // namespace hocket
