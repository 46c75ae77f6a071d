// Byte sequences: the owning and the viewing form that every decoder, hash and memory operation speaks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace hocket {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

/// True if both views hold the same bytes (std::span has no operator==).
inline bool equal(BytesView a, BytesView b) noexcept { return std::ranges::equal(a, b); }

inline Bytes to_bytes(BytesView view) { return Bytes(view.begin(), view.end()); }

/// The bytes of a text, without copying.
inline BytesView as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline void append(Bytes& to, BytesView from) { to.insert(to.end(), from.begin(), from.end()); }

}  // namespace hocket
