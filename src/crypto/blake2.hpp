// BLAKE2b's compression function F (RFC 7693, section 3.2; EIP-152).
#pragma once

#include <cstdint>

namespace hocket {

/// `h` is updated in place; `t` is the offset counter, low word first.
void blake2b_compress(std::uint32_t rounds, std::uint64_t (&h)[8], const std::uint64_t (&m)[16],
                      const std::uint64_t (&t)[2], bool is_final) noexcept;

}  // namespace hocket
