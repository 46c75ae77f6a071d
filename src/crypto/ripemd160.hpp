// RIPEMD-160, by OpenSSL.
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstdint>

namespace hocket {

/// Thread safety: any number of threads.
std::array<std::uint8_t, 20> ripemd160(BytesView data) noexcept;

}  // namespace hocket
