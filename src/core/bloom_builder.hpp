// BloomBuilder: the blooms of many logs. Logs name the same addresses and topics again and again, so the bits of those
// met lately are remembered, and the hashes of the others are taken several at a time.
#pragma once

#include "core/receipt.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace hocket {

/// Which bits of a bloom an address or a topic sets.
/// Source: YP (29) to (34).
class BloomBits {
 public:
  explicit BloomBits(BytesView entry) noexcept;
  explicit BloomBits(const Hash32& hash_of_entry) noexcept;
  BloomBits() = default;

  void set_in(Bloom& bloom) const noexcept {
    for (const unsigned bit : bits_) bloom.bytes[Bloom::kSize - 1 - bit / 8] |= mask(bit);
  }
  /// False: whatever the bloom is of does not have the entry.
  bool may_be_in(const Bloom& bloom) const noexcept {
    for (const unsigned bit : bits_)
      if ((bloom.bytes[Bloom::kSize - 1 - bit / 8] & mask(bit)) == 0) return false;
    return true;
  }

 private:
  // Bit 0 is the last byte's lowest.
  static std::uint8_t mask(unsigned bit) noexcept { return static_cast<std::uint8_t>(1u << bit % 8); }

  std::array<std::uint16_t, 3> bits_{};
};

/// Thread safety: none. About 24 KB.
/// Source: YP (28) to (34).
class BloomBuilder {
 public:
  BloomBuilder() = default;
  BloomBuilder(const BloomBuilder&) = delete;
  BloomBuilder& operator=(const BloomBuilder&) = delete;

  /// Adds the bits of `logs` to `into`, some of them not before `flush`: both must stay where they are until then.
  void add(std::span<const Log> logs, Bloom& into) noexcept;
  void flush() noexcept;
  /// The blooms of receipts that have none yet. Returns that of all of them together.
  Bloom fill(std::span<Receipt> receipts) noexcept;

 private:
  static constexpr std::size_t kRemembered = 512;
  static constexpr std::size_t kQueued = 16;

  /// An address or a topic, filled up with zeros.
  struct Key {
    std::array<std::uint64_t, 4> words;
    std::uint8_t size;

    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Entry {
    Key key{};  // size 0: none
    BloomBits bits;
  };
  struct Queued {
    BytesView bytes;
    Entry* entry;
    Key key;
    Bloom* into;
  };

  void add(BytesView bytes, Bloom& into) noexcept;

  std::array<Entry, kRemembered> entries_;
  std::array<Queued, kQueued> queue_;
  std::size_t queued_ = 0;
};

}  // namespace hocket
