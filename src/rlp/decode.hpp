// RLP decoding (YP appendix B), strict: every value has exactly one accepted encoding. Nothing is copied; views point
// into the input. Reading never recurses and allocates nothing that the input does not pay for.
// Errors name the byte offset in the whole input and what was expected.
// Thread safety: a Reader is one thread's; the functions are pure.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "base/result.hpp"
#include "base/uint256.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>

namespace hocket::rlp {

/// How an item can break the format.
enum class Fault : std::uint8_t {
  input_ended,          // the header, or the payload it announces, goes beyond the input
  leading_zero_length,  // a long form whose length starts with a zero byte
  long_form_too_short,  // a long form for a payload of less than 56 bytes
  wrapped_single_byte,  // 0x81 before a byte that stands for itself
};

/// What is wrong, for a person.
std::string_view to_string(Fault fault) noexcept;

struct Item {
  bool is_list = false;
  BytesView payload;
  BytesView encoded;  // header and payload
};

/// The first item of `input`; what is inside a list is not looked at.
std::expected<Item, Fault> read_item(BytesView input) noexcept;

/// Exactly one item, canonical all the way down.
Result<void> validate(BytesView input);

/// Reads the items of a list, or of the whole input, one after the other.
class Reader {
 public:
  /// `offset`: where `input` lies in what the user gave, for error messages.
  explicit Reader(BytesView input, std::size_t offset = 0) noexcept : rest_(input), offset_(offset) {}

  bool at_end() const noexcept { return rest_.empty(); }
  /// Position of the next item in the whole input.
  std::size_t offset() const noexcept { return offset_; }
  /// True if the next item is a list. False at the end.
  bool next_is_list() const noexcept { return !rest_.empty() && rest_[0] >= 0xc0; }
  /// Number of items left. Errors: one of them breaks the format.
  Result<std::size_t> count() const;

  Result<Item> item();
  Result<Reader> list();
  Result<BytesView> string();
  /// Errors: leading zeros, or a value of 2^64 or more (2^256 or more).
  Result<std::uint64_t> integer64();
  Result<u256> integer256();
  /// A string of exactly the type's size.
  template <class Fixed>
  Result<Fixed> fixed() {
    HOCKET_TRY(const BytesView bytes, string_of(Fixed::kSize));
    return Fixed::from(bytes);
  }
  /// Errors: items are left over.
  Result<void> end() const;

 private:
  Result<BytesView> string_of(std::size_t size);
  Result<BytesView> integer_bytes(std::size_t max_size);

  BytesView rest_;
  std::size_t offset_;
};

}  // namespace hocket::rlp
