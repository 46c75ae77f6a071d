// What differs between two executions of one block, for a person.
#pragma once

#include "block/execute_block.hpp"

#include <optional>
#include <string>

namespace hocket {

/// Whose outputs they are, as a difference says it: "in parallel 21000".
struct OutputNames {
  const char* expected = "expected";
  const char* found = "found";
};

/// Nothing: receipts with their logs and gas, requests, and every account, slot and code of the state diff are equal.
/// Otherwise the first difference, in that order, with its place and both values.
/// Thread safety: pure.
std::optional<std::string> difference(const BlockOutput& expected, const BlockOutput& found, const OutputNames& names);

}  // namespace hocket
