// VersionList: the uncommitted versions of one location, sorted by transaction. Nearly always none, one or two: these
// stand in the location itself.
#pragma once

#include "parallel/sync.hpp"

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace hocket {

/// Requires: Version has a member `txn`. Thread safety: none; the location's lock guards it.
template <class Version, std::size_t kInline = 2>
class VersionList {
 public:
  const Version* begin() const noexcept { return data(); }
  const Version* end() const noexcept { return data() + size_; }
  Version* begin() noexcept { return data(); }
  Version* end() noexcept { return data() + size_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  Version* find(TxnIndex txn) noexcept {
    for (Version& v : *this)
      if (v.txn == txn) return &v;
    return nullptr;
  }

  /// The newest version below `reader`, or nullptr.
  const Version* newest_below(TxnIndex reader) const noexcept {
    const Version* newest = nullptr;
    for (const Version& v : *this) {
      if (v.txn >= reader) break;
      newest = &v;
    }
    return newest;
  }

  /// Requires: no version of this transaction is there.
  void insert(Version version) {
    std::size_t at = size_;
    while (at > 0 && data()[at - 1].txn > version.txn) --at;
    if (overflow_.empty() && size_ < kInline) {
      for (std::size_t i = size_; i > at; --i) inline_[i] = std::move(inline_[i - 1]);
      inline_[at] = std::move(version);
    } else {
      if (overflow_.empty())
        overflow_.assign(std::make_move_iterator(inline_.begin()), std::make_move_iterator(inline_.end()));
      overflow_.insert(overflow_.begin() + static_cast<std::ptrdiff_t>(at), std::move(version));
    }
    ++size_;
  }

  void erase(Version* version) {
    const std::size_t at = static_cast<std::size_t>(version - data());
    if (!overflow_.empty()) {
      overflow_.erase(overflow_.begin() + static_cast<std::ptrdiff_t>(at));
    } else {
      for (std::size_t i = at; i + 1 < size_; ++i) inline_[i] = std::move(inline_[i + 1]);
      inline_[size_ - 1] = Version{};
    }
    --size_;
  }

 private:
  Version* data() noexcept { return overflow_.empty() ? inline_.data() : overflow_.data(); }
  const Version* data() const noexcept { return overflow_.empty() ? inline_.data() : overflow_.data(); }

  std::size_t size_ = 0;
  std::array<Version, kInline> inline_{};
  std::vector<Version> overflow_;  // holds all of them once there were more than kInline
};

}  // namespace hocket
