// Rank sums: whether two sets of times differ by more than chance, without assuming how times are distributed.
#pragma once

#include <span>

namespace hocket::report {

/// The probability that two sets of times from one source would be at least as far apart as these are, in either
/// direction (Mann and Whitney 1947); 1 where one set is empty. Exact for up to 60 times, beyond by the normal
/// distribution. Thread safety: pure.
double rank_test(std::span<const double> a, std::span<const double> b);

}  // namespace hocket::report
