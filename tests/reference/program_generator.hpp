// Scenarios out of bytes: every byte string is a world with contracts that mostly run for a while, so that neither a
// fuzzer nor a random number generator has to discover what a stack is. A part of the contracts is taken verbatim.
#pragma once

#include "base/bytes.hpp"
#include "reference/scenario.hpp"

namespace hocket::reference {

/// Never fails: where bytes are missing they count as zeros. Thread safety: pure.
Scenario make_scenario(BytesView bytes);

}  // namespace hocket::reference
