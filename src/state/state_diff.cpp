#include "state/state_diff.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <iterator>

namespace hocket {
namespace {

constexpr std::size_t kFirstSlots = 16;

}  // namespace

bool operator==(const AccountDiff& a, const AccountDiff& b) noexcept {
  return a.address == b.address && a.storage_cleared == b.storage_cleared && a.account == b.account &&
         std::ranges::equal(a.storage, b.storage) && std::ranges::equal(a.code, b.code);
}

StateDiff::StateDiff(const StateDiff& other) {
  std::size_t slots = 0;
  for (const std::vector<SlotChange>& chunk : other.slots_) slots += chunk.size();
  reserve(other.size(), slots);
  for (const AccountDiff& change : other.accounts()) add_copy(change, change.storage);
}

StateDiff& StateDiff::operator=(const StateDiff& other) {
  if (this != &other) *this = StateDiff(other);
  return *this;
}

void StateDiff::reserve(std::size_t accounts, std::size_t slots) {
  if (accounts != 0) {
    if (parts_.empty()) parts_.emplace_back();
    parts_.back().reserve(parts_.back().size() + accounts);
  }
  if (slots != 0 && (slots_.empty() || slots_.back().capacity() - slots_.back().size() < slots))
    slots_.emplace_back().reserve(slots);
}

AccountDiff& StateDiff::add(const Address& address) {
  if (parts_.empty()) parts_.emplace_back();
  AccountDiff& change = parts_.back().emplace_back();
  change.address = address;
  return change;
}

void StateDiff::add_slot(const u256& slot, const u256& value) {
  HOCKET_DEBUG_ASSERT(!parts_.empty());
  AccountDiff& change = parts_.back().back();
  if (slots_.empty() || slots_.back().size() == slots_.back().capacity()) {
    // What the account has already moves along: its slots stay together.
    std::vector<SlotChange> chunk;
    chunk.reserve(
        std::max({kFirstSlots, 2 * change.storage.size(), slots_.empty() ? 0 : 2 * slots_.back().capacity()}));
    chunk.assign(change.storage.begin(), change.storage.end());
    slots_.push_back(std::move(chunk));
  }
  std::vector<SlotChange>& chunk = slots_.back();
  chunk.push_back({slot, value});
  change.storage = std::span<const SlotChange>(chunk).last(change.storage.size() + 1);
}

void StateDiff::set_code(BytesView code) {
  HOCKET_DEBUG_ASSERT(!parts_.empty());
  parts_.back().back().code = codes_.emplace_back(code.begin(), code.end());
}

void StateDiff::append(StateDiff&& other) {
  std::ranges::move(other.parts_, std::back_inserter(parts_));
  std::ranges::move(other.slots_, std::back_inserter(slots_));
  std::ranges::move(other.codes_, std::back_inserter(codes_));
  other = StateDiff();
}

std::size_t StateDiff::size() const noexcept {
  std::size_t size = 0;
  for (const std::vector<AccountDiff>& part : parts_) size += part.size();
  return size;
}

const AccountDiff* StateDiff::find(const Address& address) const& noexcept {
  for (const std::vector<AccountDiff>& part : parts_) {
    const auto it = std::ranges::find(part, address, &AccountDiff::address);
    if (it != part.end()) return &*it;
  }
  return nullptr;
}

void StateDiff::add_copy(const AccountDiff& change, std::span<const SlotChange> storage) {
  AccountDiff& copy = add(change.address);
  copy.storage_cleared = change.storage_cleared;
  copy.account = change.account;
  for (const SlotChange& slot : storage) add_slot(slot.slot, slot.value);
  if (!change.code.empty()) set_code(change.code);
}

StateDiff StateDiff::sorted() const {
  std::vector<const AccountDiff*> changes;
  changes.reserve(size());
  for (const AccountDiff& change : accounts()) changes.push_back(&change);
  std::ranges::sort(changes, {}, [](const AccountDiff* change) { return change->address; });

  StateDiff result;
  result.reserve(changes.size(), 0);
  std::vector<SlotChange> storage;
  for (const AccountDiff* change : changes) {
    storage.assign(change->storage.begin(), change->storage.end());
    std::ranges::sort(storage, {}, &SlotChange::slot);
    result.add_copy(*change, storage);
  }
  return result;
}

bool operator==(const StateDiff& a, const StateDiff& b) {
  if (a.size() != b.size()) return false;
  if (std::ranges::equal(a.accounts(), b.accounts())) return true;
  const StateDiff sorted_a = a.sorted();
  const StateDiff sorted_b = b.sorted();
  return std::ranges::equal(sorted_a.accounts(), sorted_b.accounts());
}

}  // namespace hocket
