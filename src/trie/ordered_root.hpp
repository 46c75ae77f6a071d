// Roots of tries keyed by the RLP of a position: transactions, receipts, withdrawals (YP section 4.3.2).
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"

#include <span>

namespace hocket {

/// Requires: no value is empty. Thread safety: pure.
Hash32 ordered_trie_root(std::span<const Bytes> values);

}  // namespace hocket
