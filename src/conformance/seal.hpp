// The seal of a header: proof of work before the Merge. The engine does not check it, since no chain grows by it any
// more; fixtures that were mined do.
#pragma once

#include "core/header.hpp"

namespace hocket {

/// keccak256 of the header's RLP without mix hash and nonce: what the proof of work is for.
Hash32 sealed_hash(const Header& header);

/// Whether mix hash and nonce prove the work that the difficulty asks for. The first call of an epoch takes about a
/// second and keeps 16 MiB. Thread safety: any number of threads.
bool has_valid_seal(const Header& header);

}  // namespace hocket
