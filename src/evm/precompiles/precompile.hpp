// Precompiles: gas and ABI over crypto/. One registry table row each.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "protocol/spec.hpp"

#include <cstdint>

namespace hocket {

struct PrecompileResult {
  bool success = false;
  std::int64_t gas_left = 0;
};

/// Index of the precompile at `address` under `spec` (1 for ecrecover, ...), or 0 if there is none.
std::uint16_t precompile_at(const Spec& spec, const Address& address) noexcept;

/// Runs precompile `index` (as `precompile_at` gave it). The output replaces `output`'s content (its capacity is kept).
/// Failure (bad input, or too little gas) consumes all gas and leaves `output` empty.
/// Thread safety: any number of threads.
PrecompileResult run_precompile(std::uint16_t index, const Spec& spec, BytesView input, std::int64_t gas,
                                Bytes& output);

}  // namespace hocket
