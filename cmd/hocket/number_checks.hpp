// What numbers on the command line may be. CLI11's own checks let "nan" be in every range and "-1" be a large number,
// and show ranges without an end with all their digits.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>

namespace hocket {

/// Decimal digits only.
CLI::Validator whole_number(std::uint64_t low, std::uint64_t high = std::numeric_limits<std::uint64_t>::max());
CLI::Validator number(double low, double high);

}  // namespace hocket
