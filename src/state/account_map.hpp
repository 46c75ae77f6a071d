// AccountMap: accounts with their storage, by address. Open addressing with the account itself in the table: a lookup
// in a large state waits for memory once, for two neighbouring cache lines.
//
// The index is drawn under the process's secret seed: whoever chooses the addresses cannot prepare collisions.
#pragma once

#include "core/account.hpp"
#include "state/slot_map.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>

namespace hocket {

struct StoredAccount {
  Account account;
  SlotMap storage;
};

/// Thread safety: as a standard container. What a lookup gives holds until the next change.
class AccountMap {
 public:
  struct alignas(64) Entry {
    Address address;
    bool is_used = false;  // false: an empty cell
    StoredAccount stored;
  };

  /// What iteration gives.
  struct Item {
    const Address& address;
    const StoredAccount& stored;
  };

  /// All accounts, in no order.
  class Iterator {
   public:
    using value_type = Item;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    Iterator(const Entry* at, const Entry* end) noexcept : at_(at), end_(end) { skip_empty(); }
    Item operator*() const noexcept { return {at_->address, at_->stored}; }
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
      while (at_ != end_ && !at_->is_used) ++at_;
    }

    const Entry* at_ = nullptr;
    const Entry* end_ = nullptr;
  };

  AccountMap() = default;
  AccountMap(const AccountMap& other);
  AccountMap& operator=(const AccountMap& other);
  AccountMap(AccountMap&& other) noexcept { swap(other); }
  AccountMap& operator=(AccountMap&& other) noexcept;
  ~AccountMap() = default;
  void swap(AccountMap& other) noexcept;

  /// nullptr: there is none.
  const StoredAccount* find(const Address& address) const noexcept;
  StoredAccount* find(const Address& address) noexcept {
    return const_cast<StoredAccount*>(std::as_const(*this).find(address));
  }
  bool contains(const Address& address) const noexcept { return find(address) != nullptr; }
  /// Requires: it is there.
  const StoredAccount& at(const Address& address) const noexcept;
  /// Adds an account where there is none.
  StoredAccount& operator[](const Address& address);
  void erase(const Address& address) noexcept;

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  Iterator begin() const noexcept { return {cells_.get(), cells_.get() + cell_count_}; }
  Iterator end() const noexcept { return {cells_.get() + cell_count_, cells_.get() + cell_count_}; }

 private:
  /// Where the account is, or the empty cell where it would be. Requires: there is an empty cell.
  std::size_t cell_of(const Address& address) const noexcept;
  void grow();

  std::unique_ptr<Entry[]> cells_;
  std::size_t cell_count_ = 0;  // none, or a power of two, of which a third is empty
  std::size_t size_ = 0;
};
static_assert(std::forward_iterator<AccountMap::Iterator>);
static_assert(sizeof(AccountMap::Entry) == 128);

}  // namespace hocket
