// Accounts as JSON gives them: geth's prestate tracer ({address: {balance, nonce, code, storage}}) and the `alloc` of a
// genesis file, which writes numbers and addresses more freely.
#pragma once

#include "replay/json_reader.hpp"
#include "state/in_memory_state.hpp"

namespace hocket {

/// Adds every account to `state`. An account whose fields are all zero exists nevertheless.
/// Errors: an unknown or mistyped field, an address or a slot twice, a `codeHash` that is not the code's hash.
Result<void> add_prestate(json::Element element, InMemoryState& state);

/// The same for geth's `alloc`: addresses without 0x, balances and nonces also as decimal text.
Result<void> add_alloc(json::Element element, InMemoryState& state);

}  // namespace hocket
