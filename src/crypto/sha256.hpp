// SHA-256 (FIPS 180-4), by OpenSSL.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"

namespace hocket {

/// Thread safety: any number of threads.
Hash32 sha256(BytesView data) noexcept;

}  // namespace hocket
