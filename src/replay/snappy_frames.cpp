#include "replay/snappy_frames.hpp"

#include "base/endian.hpp"

#include <array>
#include <snappy.h>

namespace hocket {
namespace {

constexpr auto kCrcTable = [] {
  std::array<std::uint32_t, 256> table{};
  constexpr std::uint32_t kCastagnoli = 0x82f63b78;  // reflected
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? kCastagnoli : 0);
    table[i] = value;
  }
  return table;
}();

std::uint32_t masked_crc32c(BytesView data) {
  std::uint32_t crc = ~0u;
  for (const std::uint8_t byte : data) crc = kCrcTable[(crc ^ byte) & 0xff] ^ (crc >> 8);
  crc = ~crc;
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
}

enum ChunkType : std::uint8_t {
  kCompressed = 0x00,
  kUncompressed = 0x01,
  kFirstSkippable = 0x80,  // padding, and 0xff: a stream identifier
};

Result<Bytes> unpack_chunk(std::uint8_t type, BytesView body) {
  if (body.size() < 4) return fail("a snappy chunk without its checksum");
  const std::uint32_t checksum = load_le32(body.data());
  const BytesView packed = body.subspan(4);
  Bytes data;
  if (type == kUncompressed) {
    data = to_bytes(packed);
  } else {
    constexpr std::size_t kMaxChunkBytes = 65536;
    const char* input = reinterpret_cast<const char*>(packed.data());
    std::size_t size = 0;
    if (!snappy::GetUncompressedLength(input, packed.size(), &size) || size > kMaxChunkBytes)
      return fail("a damaged snappy chunk, expected one of at most 65536 bytes");
    data.resize(size);
    if (!snappy::RawUncompress(input, packed.size(), reinterpret_cast<char*>(data.data())))
      return fail("a damaged snappy chunk");
  }
  if (masked_crc32c(data) != checksum) return fail("a snappy chunk with a wrong checksum");
  return data;
}

}  // namespace

Result<Bytes> unpack_snappy_frames(BytesView frames, std::size_t max_size) {
  static constexpr std::array<std::uint8_t, 10> kIdentifier{0xff, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y'};
  if (frames.size() < kIdentifier.size() || !equal(frames.first(kIdentifier.size()), kIdentifier))
    return fail("expected a snappy stream");
  Bytes result;
  while (!frames.empty()) {
    if (frames.size() < 4) return fail("a snappy stream that ends within a chunk");
    const std::uint8_t type = frames[0];
    const std::size_t size = load_le32(frames.data()) >> 8;
    if (frames.size() - 4 < size) return fail("a snappy stream that ends within a chunk");
    const BytesView body = frames.subspan(4, size);
    frames = frames.subspan(4 + size);
    if (type >= kFirstSkippable) continue;
    if (type > kUncompressed) return fail("a snappy chunk of unknown type " + std::to_string(type));
    HOCKET_TRY(const Bytes data, unpack_chunk(type, body));
    if (data.size() > max_size - result.size())
      return fail("more than " + std::to_string(max_size) + " bytes in a snappy stream");
    append(result, data);
  }
  return result;
}

}  // namespace hocket
