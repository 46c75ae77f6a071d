// Random and Zipf: the choices of workloads by seed, equal on every machine and under every library.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace hocket::workloads {

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
  /// 0 to 1, without 1.
  double share() noexcept { return static_cast<double>(next() >> 11) * 0x1p-53; }
  bool with_probability(double probability) noexcept { return share() < probability; }

 private:
  std::uint64_t state_;
};

/// Ranks 0 to count-1, rank r with a weight of (r+1)^-exponent: 0 is uniform, 1 is Zipf's own law.
class Zipf {
 public:
  /// Requires: count > 0, exponent >= 0.
  Zipf(std::size_t count, double exponent) {
    cumulative_.reserve(count);
    double sum = 0;
    for (std::size_t rank = 1; rank <= count; ++rank) {
      sum += std::pow(static_cast<double>(rank), -exponent);
      cumulative_.push_back(sum);
    }
  }

  std::size_t pick(Random& random) const noexcept {
    const double point = random.share() * cumulative_.back();
    std::size_t low = 0;
    std::size_t high = cumulative_.size() - 1;
    while (low < high) {
      const std::size_t middle = std::midpoint(low, high);
      if (cumulative_[middle] > point)
        high = middle;
      else
        low = middle + 1;
    }
    return low;
  }

 private:
  std::vector<double> cumulative_;
};

}  // namespace hocket::workloads
