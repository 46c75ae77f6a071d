// Choices: decisions from a byte string, a fuzzer's or a random one. When it is used up every byte is zero.
#pragma once

#include "base/bytes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace hocket::testing {

/// Thread safety: none. Requires: the bytes outlive it.
class Choices {
 public:
  explicit Choices(BytesView bytes) : bytes_(bytes) {}

  bool empty() const noexcept { return bytes_.empty(); }
  std::uint8_t byte() noexcept {
    if (bytes_.empty()) return 0;
    const std::uint8_t value = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return value;
  }
  /// Requires: 0 < bound <= 256.
  unsigned below(unsigned bound) noexcept { return byte() % bound; }
  bool one_in(unsigned n) noexcept { return below(n) == n - 1; }
  /// As many bytes, or those that are left.
  BytesView take(std::size_t size) noexcept {
    const BytesView taken = bytes_.first(std::min(size, bytes_.size()));
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }
  template <class T, std::size_t N>
  const T& of(const std::array<T, N>& table) noexcept {
    return table[below(N)];
  }

 private:
  BytesView bytes_;
};

}  // namespace hocket::testing
