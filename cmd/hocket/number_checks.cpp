#include "number_checks.hpp"

#include <charconv>
#include <fmt/core.h>
#include <optional>
#include <string>

namespace hocket {
namespace {

template <class Number>
std::optional<Number> parse(const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// `expected`: in words. Nothing is added to an option's line in the help.
template <class Number>
CLI::Validator in_range(Number low, Number high, const std::string& expected) {
  const auto judge = [=](const std::string& text) {
    const auto number = parse<Number>(text);
    if (number && *number >= low && *number <= high) return std::string();
    return fmt::format("{}: expected {}", text, expected);
  };
  return CLI::Validator(judge, "");
}

}  // namespace

CLI::Validator whole_number(std::uint64_t low, std::uint64_t high) {
  const bool is_open = high == std::numeric_limits<std::uint64_t>::max();
  return in_range(low, high,
                  fmt::format("a whole number from {}{}", low, is_open ? ", below 2^64" : fmt::format(" to {}", high)));
}

CLI::Validator number(double low, double high) {
  return in_range(low, high, fmt::format("a number from {} to {}", low, high));
}

}  // namespace hocket
