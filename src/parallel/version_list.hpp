// VersionList: the uncommitted versions of one location, sorted by transaction. Nearly always none, one or two; at a
// hot location as many as there are transactions between the committed prefix and the newest execution. New versions
// come at the end and committed ones leave at the front, so that both take constant time.
#pragma once

#include "base/arena.hpp"
#include "parallel/sync.hpp"

#include <algorithm>
#include <cstddef>
#include <type_traits>

namespace hocket {

/// Requires: Version has a member `txn`. Its memory comes from the arena of whoever inserts, and is never given back
/// before the arena is cleared. Thread safety: none; the location's lock guards it.
template <class Version>
class VersionList {
  static_assert(std::is_trivially_copyable_v<Version> && std::is_trivially_destructible_v<Version>);

 public:
  const Version* begin() const noexcept { return data_ + first_; }
  const Version* end() const noexcept { return data_ + end_; }
  Version* begin() noexcept { return data_ + first_; }
  Version* end() noexcept { return data_ + end_; }
  std::size_t size() const noexcept { return end_ - first_; }
  bool empty() const noexcept { return end_ == first_; }

  Version* find(TxnIndex txn) noexcept {
    // The newest and the oldest are the ones that are looked for.
    if (empty()) return nullptr;
    if (begin()->txn == txn) return begin();
    Version* at = position(txn);
    return at != begin() && (at - 1)->txn == txn ? at - 1 : nullptr;
  }

  /// The newest version below `reader`, or nullptr.
  const Version* newest_below(TxnIndex reader) const noexcept {
    const Version* at = first_from(begin(), end(), reader);
    return at == begin() ? nullptr : at - 1;
  }

  /// Returns where it is. Requires: no version of this transaction is there.
  Version* insert(const Version& version, Arena& arena) {
    if (end_ == capacity_) make_room(arena);
    Version* at = position(version.txn);
    std::move_backward(at, end(), end() + 1);
    *at = version;
    ++end_;
    return at;
  }

  /// Removes those before `kept`, which points into this list or behind it.
  void erase_before(const Version* kept) noexcept {
    first_ = static_cast<std::uint32_t>(kept - data_);
    if (first_ == end_) first_ = end_ = 0;
  }

  /// Returns where the one above it is. Requires: `version` points into this list.
  Version* erase(Version* version) noexcept {
    if (version == begin()) {
      ++first_;
      ++version;
    } else {
      std::move(version + 1, end(), version);
      --end_;
    }
    if (first_ != end_) return version;
    first_ = end_ = 0;
    return end();
  }

 private:
  /// The first version of `txn` or of one above it. Those near the end are looked for most.
  template <class V>
  static V* first_from(V* begin, V* end, TxnIndex txn) noexcept {
    for (int steps = 0; steps < 4; ++steps, --end)
      if (begin == end || (end - 1)->txn < txn) return end;
    return std::partition_point(begin, end, [txn](const Version& version) { return version.txn < txn; });
  }
  /// Behind all versions of transactions up to `txn`.
  Version* position(TxnIndex txn) noexcept { return first_from(begin(), end(), txn + 1); }

  void make_room(Arena& arena) {
    if (first_ > capacity_ / 2) {
      std::move(begin(), end(), data_);
    } else {
      const std::uint32_t capacity = capacity_ == 0 ? 1 : 4 * capacity_;
      Version* grown = arena.allocate_array<Version>(capacity);
      std::uninitialized_copy(begin(), end(), grown);
      data_ = grown;
      capacity_ = capacity;
    }
    end_ -= first_;
    first_ = 0;
  }

  Version* data_ = nullptr;
  std::uint32_t first_ = 0;
  std::uint32_t end_ = 0;
  std::uint32_t capacity_ = 0;
};

}  // namespace hocket
