// What report.json is called, and how values get into it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace hocket::report {

inline constexpr std::string_view kFormatName = "hocket-bench-report";
/// Raised whenever a field changes its meaning or goes (docs/report.md).
inline constexpr unsigned kFormatVersion = 1;

inline double milliseconds(std::chrono::nanoseconds time) { return static_cast<double>(time.count()) / 1e6; }

inline double ratio(double a, double b) { return b > 0 ? a / b : 0; }

}  // namespace hocket::report
