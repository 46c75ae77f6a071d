// Zipf: choices of which few are frequent.
#pragma once

#include "base/random.hpp"

#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace hocket::workloads {

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
