#include "report/rank_sums.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hocket::report {
namespace {

constexpr std::size_t kExactUpTo = 60;

/// Pairs where the one from `a` is the smaller; half a pair where they are equal.
double count_smaller(std::span<const double> a, std::span<const double> b) {
  double pairs = 0;
  for (const double x : a)
    for (const double y : b) pairs += x < y ? 1.0 : x == y ? 0.5 : 0.0;
  return pairs;
}

/// The probability of at most `most` such pairs, all orders of n and m times being equally likely.
double probability_of_at_most(std::size_t n, std::size_t m, std::size_t most) {
  // orders[j][u]: of i times of a and j of b with u pairs; the highest comes from a, with j pairs, or from b.
  const std::size_t pairs = n * m;
  std::vector<std::vector<double>> orders(m + 1, std::vector<double>(pairs + 1));
  for (auto& of : orders) of[0] = 1;  // i = 0
  for (std::size_t i = 1; i <= n; ++i) {
    std::vector<std::vector<double>> next(m + 1, std::vector<double>(pairs + 1));
    next[0][0] = 1;
    for (std::size_t j = 1; j <= m; ++j)
      for (std::size_t u = 0; u <= pairs; ++u) next[j][u] = (u >= j ? orders[j][u - j] : 0) + next[j - 1][u];
    orders = std::move(next);
  }
  double all = 0;
  double low = 0;
  for (std::size_t u = 0; u <= pairs; ++u) {
    all += orders[m][u];
    if (u <= most) low += orders[m][u];
  }
  return low / all;
}

}  // namespace

double rank_test(std::span<const double> a, std::span<const double> b) {
  if (a.empty() || b.empty()) return 1;
  const double pairs = static_cast<double>(a.size() * b.size());
  const double smaller = count_smaller(a, b);
  const double fewer = std::min(smaller, pairs - smaller);
  if (a.size() + b.size() <= kExactUpTo)
    return std::min(1.0, 2 * probability_of_at_most(a.size(), b.size(), static_cast<std::size_t>(std::ceil(fewer))));
  const double deviation = std::sqrt(pairs * static_cast<double>(a.size() + b.size() + 1) / 12);
  const double distance = std::max(0.0, pairs / 2 - fewer - 0.5) / deviation;
  return std::erfc(distance / std::sqrt(2.0));
}

}  // namespace hocket::report
