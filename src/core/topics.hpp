// Topics: what a LOG instruction names, four hashes at most, in place. A log is made for every transfer of a token, so
// that they are not allocated.
#pragma once

#include "base/assert.hpp"
#include "base/fixed_bytes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace hocket {

/// Thread safety: as a standard container.
class Topics {
 public:
  static constexpr std::size_t kMost = 4;  // LOG4

  Topics() = default;
  /// Requires: at most kMost.
  Topics(std::initializer_list<Hash32> topics) noexcept {
    for (const Hash32& topic : topics) push_back(topic);
  }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  const Hash32* begin() const noexcept { return topics_.data(); }
  const Hash32* end() const noexcept { return topics_.data() + size_; }
  Hash32* begin() noexcept { return topics_.data(); }
  Hash32* end() noexcept { return topics_.data() + size_; }
  const Hash32& operator[](std::size_t i) const noexcept { return topics_[i]; }
  Hash32& operator[](std::size_t i) noexcept { return topics_[i]; }

  /// Requires: there are fewer than kMost.
  void push_back(const Hash32& topic) noexcept {
    HOCKET_ASSERT(size_ < kMost);
    topics_[size_++] = topic;
  }
  /// New ones are zero. Requires: at most kMost.
  void resize(std::size_t size) noexcept {
    HOCKET_ASSERT(size <= kMost);
    for (std::size_t i = size_; i < size; ++i) topics_[i] = {};
    size_ = static_cast<std::uint8_t>(size);
  }

  friend bool operator==(const Topics& a, const Topics& b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  std::array<Hash32, kMost> topics_;
  std::uint8_t size_ = 0;
};

}  // namespace hocket
