// Random: choices by seed, equal on every machine and under every library: for blocks that are made and for tests.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hocket {

/// Not for secrets. Thread safety: none.
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
  /// 0 to 1, without 1.
  double share() noexcept { return static_cast<double>(next() >> 11) * 0x1p-53; }
  bool with_probability(double probability) noexcept { return share() < probability; }

  /// Requires: there are choices.
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

}  // namespace hocket
