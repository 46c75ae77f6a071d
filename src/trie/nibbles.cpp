#include "trie/nibbles.hpp"

namespace hocket {

std::string nibbles_to_text(const PackedPath& path, std::size_t size) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text(size, '0');
  for (std::size_t i = 0; i < size; ++i) text[i] = kDigits[nibble_at(path, i)];
  return text;
}

std::size_t write_hex_prefix(std::uint8_t* out, const PackedPath& path, std::size_t from, std::size_t to,
                             bool is_leaf) noexcept {
  const std::uint8_t flags = is_leaf ? 0x20 : 0x00;
  std::uint8_t* const start = out;
  if ((to - from) % 2 != 0) {
    *out++ = static_cast<std::uint8_t>(flags | 0x10 | nibble_at(path, from));
    ++from;
  } else {
    *out++ = flags;
  }
  if (from % 2 == 0) {
    out = std::copy(path.begin() + static_cast<std::ptrdiff_t>(from / 2),
                    path.begin() + static_cast<std::ptrdiff_t>(to / 2), out);
  } else {
    for (; from < to; from += 2) *out++ = static_cast<std::uint8_t>(path[from / 2] << 4 | path[from / 2 + 1] >> 4);
  }
  return static_cast<std::size_t>(out - start);
}

}  // namespace hocket
