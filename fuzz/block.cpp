// Blocks and headers: what is decoded is encoded to the same bytes.
#include "base/assert.hpp"
#include "core/codec.hpp"

using namespace hocket;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView input(data, size);
  if (const auto block = decode_block(input))
    HOCKET_ASSERT(equal(encode(*block), input));
  else
    HOCKET_ASSERT(!block.error().message.empty());
  if (const auto header = decode_header(input)) HOCKET_ASSERT(equal(encode(*header), input));
  return 0;
}
