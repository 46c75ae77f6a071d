// Byte strings of fixed length: Address and Hash32 are distinct types that do not convert into each other.
#pragma once

#include "base/bytes.hpp"
#include "base/endian.hpp"

#include <array>
#include <compare>
#include <cstring>
#include <type_traits>

namespace hocket {

template <std::size_t N, class Tag>
struct FixedBytes {
  std::array<std::uint8_t, N> bytes{};

  static constexpr std::size_t kSize = N;

  constexpr FixedBytes() = default;
  constexpr explicit FixedBytes(const std::array<std::uint8_t, N>& b) : bytes(b) {}

  /// Requires: `view.size() == N`.
  static FixedBytes from(BytesView view) noexcept {
    FixedBytes r;
    std::memcpy(r.bytes.data(), view.data(), N);
    return r;
  }

  const std::uint8_t* data() const noexcept { return bytes.data(); }
  std::uint8_t* data() noexcept { return bytes.data(); }
  static constexpr std::size_t size() noexcept { return N; }
  operator BytesView() const noexcept { return {bytes.data(), N}; }

  bool is_zero() const noexcept {
    for (const auto b : bytes)
      if (b != 0) return false;
    return true;
  }

  friend bool operator==(const FixedBytes& a, const FixedBytes& b) noexcept {
    return std::memcmp(a.bytes.data(), b.bytes.data(), N) == 0;
  }
  friend std::strong_ordering operator<=>(const FixedBytes& a, const FixedBytes& b) noexcept {
    return std::memcmp(a.bytes.data(), b.bytes.data(), N) <=> 0;
  }
};

using Address = FixedBytes<20, struct AddressTag>;
using Hash32 = FixedBytes<32, struct Hash32Tag>;

static_assert(sizeof(Address) == 20 && std::is_trivially_copyable_v<Address>);
static_assert(sizeof(Hash32) == 32 && std::is_trivially_copyable_v<Hash32>);
static_assert(!std::is_convertible_v<Address, Hash32> && !std::is_convertible_v<Hash32, Address>);

/// For hash tables over trusted or bounded keys: mixes every byte, is not cryptographic.
struct FixedBytesHash {
  template <std::size_t N, class Tag>
  std::size_t operator()(const FixedBytes<N, Tag>& v) const noexcept {
    std::uint64_t h = 0x9e3779b97f4a7c15;
    std::size_t i = 0;
    for (; i + 8 <= N; i += 8) h = mix(h ^ load_le64(v.data() + i));
    if constexpr (N % 8 != 0) {
      std::uint64_t tail = 0;
      std::memcpy(&tail, v.data() + i, N % 8);
      h = mix(h ^ tail);
    }
    return h;
  }

 private:
  static std::uint64_t mix(std::uint64_t x) noexcept {
    const auto product = static_cast<unsigned __int128>(x) * 0xd6e8feb86659fd93u;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }
};

}  // namespace hocket
