// FieldReader: reads the fields of an RLP list into a struct, one named line each. Internal to core/.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/uint256.hpp"
#include "rlp/decode.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hocket {

class FieldReader {
 public:
  explicit FieldReader(rlp::Reader reader) noexcept : reader_(reader) {}

  /// Errors name the field, the byte, and what was expected.
  Result<void> read(std::string_view name, std::uint64_t& out) { return store(name, reader_.integer64(), out); }
  Result<void> read(std::string_view name, u256& out) { return store(name, reader_.integer256(), out); }
  Result<void> read(std::string_view name, Bytes& out) {
    HOCKET_TRY(const BytesView bytes, named(name, reader_.string()));
    out.assign(bytes.begin(), bytes.end());
    return {};
  }
  template <std::size_t N, class Tag>
  Result<void> read(std::string_view name, FixedBytes<N, Tag>& out) {
    return store(name, reader_.fixed<FixedBytes<N, Tag>>(), out);
  }
  /// A field that must be there, of a struct in which it is optional.
  template <class T>
  Result<void> read(std::string_view name, std::optional<T>& out) {
    return read(name, out.emplace());
  }

  Result<rlp::Reader> list(std::string_view name) { return named(name, reader_.list()); }

  /// Calls `read_element(reader) -> Result<T>` for each element of a list, and appends to `out`.
  /// Errors: `read_element`'s, with the element's index.
  template <class T, class ReadElement>
  Result<void> read_list(std::string_view name, std::vector<T>& out, ReadElement&& read_element) {
    HOCKET_TRY(rlp::Reader elements, list(name));
    while (!elements.at_end()) {
      auto element = read_element(elements);
      if (!element)
        return std::unexpected(std::move(element).error().in(std::string(name) + " " + std::to_string(out.size())));
      out.push_back(std::move(*element));
    }
    return {};
  }

  rlp::Reader& reader() noexcept { return reader_; }

 private:
  template <class T>
  static Result<T> named(std::string_view name, Result<T> result) {
    if (!result) return std::unexpected(std::move(result).error().in(name));
    return result;
  }
  template <class T>
  static Result<void> store(std::string_view name, Result<T> result, T& out) {
    if (!result) return std::unexpected(std::move(result).error().in(name));
    out = *result;
    return {};
  }

  rlp::Reader reader_;
};

/// The number of items in `list`. Errors: it is none of `allowed`, which `expected` says in words.
inline Result<std::size_t> count_fields(const rlp::Reader& list, std::initializer_list<std::size_t> allowed,
                                        std::string_view expected) {
  HOCKET_TRY(const std::size_t count, list.count());
  if (std::ranges::find(allowed, count) == allowed.end())
    return fail("byte " + std::to_string(list.offset()) + ": expected " + std::string(expected) + " fields, found " +
                std::to_string(count));
  return count;
}

/// Reads `bytes` as one item with nothing behind it.
template <class ReadItem>
auto read_whole(BytesView bytes, ReadItem&& read_item) -> decltype(read_item(std::declval<rlp::Reader&>())) {
  rlp::Reader reader(bytes);
  auto value = read_item(reader);
  if (value) HOCKET_CHECK(reader.end());
  return value;
}

}  // namespace hocket
