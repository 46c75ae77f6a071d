// What the environment says of how tests run.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace hocket::testing {

/// A number from the environment: HOCKET_SEEDS and its like.
inline std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace hocket::testing
