// RLP encoding (YP appendix B). The Writer appends strings and lists in order; a list's header is only known at its
// end, so payloads and headers are kept apart and joined once in `take`: linear at any depth of nesting.
#pragma once

#include "base/bytes.hpp"
#include "base/uint256.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hocket::rlp {

/// The encodings of the empty string (also: the integer zero) and of the empty list.
inline constexpr std::uint8_t kEmptyString = 0x80;
inline constexpr std::uint8_t kEmptyList = 0xc0;

/// The longest header: one byte and the eight of a 64-bit length.
inline constexpr std::size_t kMaxHeaderSize = 9;

/// Size of the header of a list with this payload, or of a string that needs one (see `string_size`).
constexpr std::size_t header_size(std::size_t payload_size) noexcept {
  if (payload_size < 56) return 1;
  return 1 + (64u - static_cast<unsigned>(__builtin_clzll(payload_size)) + 7) / 8;
}

/// Size of the encoding of a string: a single byte below 0x80 stands for itself.
constexpr std::size_t string_size(BytesView bytes) noexcept {
  if (bytes.size() == 1 && bytes[0] < 0x80) return 1;
  return header_size(bytes.size()) + bytes.size();
}

/// Write at `to` and return the end of what was written. Requires: room for it.
std::uint8_t* write_list_header(std::uint8_t* to, std::size_t payload_size) noexcept;
std::uint8_t* write_string(std::uint8_t* to, BytesView bytes) noexcept;

class Writer {
 public:
  Writer& string(BytesView bytes);
  /// Big-endian without leading zeros; zero is the empty string.
  Writer& integer(std::uint64_t value);
  Writer& integer(const u256& value);
  /// An item that is encoded already.
  Writer& encoded(BytesView item);

  /// Everything up to the matching `end_list` belongs to the list.
  Writer& begin_list();
  /// Requires: a list that was begun and not ended.
  Writer& end_list();

  /// The encoding; the writer is empty again. Requires: every list was ended.
  Bytes take();

 private:
  struct List {
    std::size_t position;          // in `payload_`, where the list's header goes
    std::size_t headers_before;    // size of the headers of all lists that ended before this one began
    std::size_t payload_size = 0;  // known at its end; the headers inside count
  };

  Bytes payload_;
  std::vector<List> lists_;
  std::vector<std::size_t> open_;  // indices into `lists_`
  std::size_t header_bytes_ = 0;   // of all lists that were ended
};

/// The encoding of one string or integer.
Bytes encode_string(BytesView bytes);
Bytes encode_integer(std::uint64_t value);
Bytes encode_integer(const u256& value);

}  // namespace hocket::rlp
