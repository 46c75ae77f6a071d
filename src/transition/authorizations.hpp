// EIP-7702: a transaction's authorizations become delegations of their authorities.
#pragma once

#include "core/transaction.hpp"
#include "state/journal.hpp"
#include "transition/block_environment.hpp"

#include <optional>

namespace hocket {

/// False: the signature can be nobody's (y parity, high s).
bool may_have_authority(const Authorization& authorization) noexcept;

/// Who signed `authorization`, or nothing if its signature is not valid or high. Does not look at what is known
/// already. Thread safety: pure.
std::optional<Address> recover_authority(const Authorization& authorization);

/// Applies each authorization in order; one that does not hold is skipped. Adds the refund for existing authorities.
/// False: the state could not be read.
bool apply_authorizations(std::span<const Authorization> authorizations, const BlockEnvironment& block,
                          Journal& journal);

}  // namespace hocket
