// Snappy's framing format, as era1 archives use it: chunks of up to 64 KiB, each with a checksum (CRC-32C).
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace hocket {

/// Errors: a damaged frame or checksum; a result larger than `max_size` bytes. Thread safety: pure.
/// Source: google/snappy framing_format.txt.
Result<Bytes> unpack_snappy_frames(BytesView frames, std::size_t max_size);

}  // namespace hocket
