// What differs between two executions of one block, for a person.
#pragma once

#include "block/execute_block.hpp"

#include <expected>
#include <optional>
#include <string>

namespace hocket {

/// Whose outputs they are, as a difference says it: "in parallel 21000".
struct OutputNames {
  const char* expected = "expected";
  const char* found = "found";
};

// Each answers nothing where all is equal, otherwise the first difference with its place and both values.
// Thread safety: pure.

/// In this order: receipts with their logs and gas, requests, and every account, slot and code of the state diff.
std::optional<std::string> difference(const BlockOutput& expected, const BlockOutput& found,
                                      const OutputNames& names = {});
/// Receipts, which transactions were skipped and why, gas.
std::optional<std::string> difference(const ExecutedTransactions& expected, const ExecutedTransactions& found,
                                      const OutputNames& names = {});
std::optional<std::string> difference(const StateDiff& expected, const StateDiff& found, const OutputNames& names = {});

/// The messages of failures; "success" stands for none.
std::optional<std::string> difference_of_failures(const std::string& expected, const std::string& found,
                                                  const OutputNames& names = {});
/// Of outcomes: what they are, or why there is none.
template <class Output>
std::optional<std::string> difference(const std::expected<Output, BlockFailure>& expected,
                                      const std::expected<Output, BlockFailure>& found, const OutputNames& names = {}) {
  if (expected && found) return difference(*expected, *found, names);
  return difference_of_failures(expected ? "success" : expected.error().message(),
                                found ? "success" : found.error().message(), names);
}

}  // namespace hocket
