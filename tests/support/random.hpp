// Random: decisions by seed for generators of tests; equal on every machine and under every library.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace hocket::testing {

/// Thread safety: none.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u + 0x1234567) {}

  // splitmix64 (Steele, Lea, Flood 2014).
  std::uint64_t next() noexcept {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// Requires: bound > 0.
  std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }
  std::uint64_t between(std::uint64_t low, std::uint64_t high) noexcept { return low + below(high - low + 1); }
  bool one_in(std::uint64_t n) noexcept { return below(n) == 0; }
  bool flip() noexcept { return (next() & 1) != 0; }

  template <class T>
  const T& of(const std::vector<T>& choices) noexcept {
    return choices[below(choices.size())];
  }
  template <class T, std::size_t N>
  const T& of(const std::array<T, N>& choices) noexcept {
    return choices[below(N)];
  }

 private:
  std::uint64_t state_;
};

/// A number from the environment: HOCKET_SEEDS and its like.
inline std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace hocket::testing
