// KeccakMemo: hashes of inputs of one small size that a worker has computed before. Contracts hash the same 64 bytes, a
// mapping's key and its place, again and again, and to compare is ten times as fast as to hash.
//
// Exact: an entry answers only for an input that equals its own in every byte. Bounded: a new hash takes the place of
// whatever has the same index. The index is drawn under the process's secret seed (base/hash_seed.hpp), so that nobody
// can prepare inputs that displace each other; even so a miss costs no more than a comparison besides the hash. The
// tags are compared first: an entry that is not there is not fetched from memory before the hash, only on the way.
//
// Guesses: where two inputs of 64 bytes are hashed in hardly more time than one, a miss takes along the input that is
// likely to be hashed next, if the caller knows one (the other side of a transfer). A guess costs less than a quarter
// of what it saves where it comes true, and is made from credit, which the second half of the input has, a mapping's
// place: each guess costs one, each that comes true gives kReward. Places share kAccounts of credit, and the beginning
// of a block gives one to each that is empty: whoever makes guesses fail costs no more than kAccounts of them for a
// block, 2 microseconds.
#pragma once

#include "base/hash_seed.hpp"
#include "base/uint256.hpp"
#include "crypto/keccak.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

namespace hocket {

/// Thread safety: none; one worker's.
template <std::size_t kInputBytes, std::size_t kEntries>
class KeccakMemo {
 public:
  using Input = std::span<const std::uint8_t, kInputBytes>;

  KeccakMemo()
      : seed_(hash_seed()),
        tags_(std::make_unique<std::uint16_t[]>(kEntries)),
        entries_(std::make_unique<Entry[]>(kEntries)) {}

  /// keccak256 of the input. The reference holds until the next call.
  const u256& hash(Input input) noexcept {
    return hash(input, [](std::uint8_t*) { return false; });
  }

  /// The same; `guess(next)` writes kInputBytes that are likely to be asked for next, or returns false.
  template <class Guess>
  const u256& hash(Input input, Guess&& guess) noexcept {
    const Key key = key_of(input);
    const std::uint16_t tag = tags_[key.index];
    Entry& entry = entries_[key.index];
    if ((tag & kTagMask) == key.tag && entry.holds(key)) [[likely]] {
      if ((tag & kGuessed) != 0) [[unlikely]]
        came_true(key);
      return entry.hash;
    }
    __builtin_prefetch(&entry, 1);
    if constexpr (kInputBytes == 64) {
      std::uint8_t next[kInputBytes];
      std::uint8_t& credit = credit_of(key);
      if (credit != 0 && guess(next)) {
        const Key next_key = key_of(Input(next));
        if (next_key.index != key.index && (tags_[next_key.index] & kTagMask) != next_key.tag) {
          --credit;
          Entry& next_entry = entries_[next_key.index];
          __builtin_prefetch(&next_entry, 1);
          keccak256_numbers(input, Input(next), entry.hash, next_entry.hash);
          put(entry, key, 0);
          put(next_entry, next_key, kGuessed);
          return entry.hash;
        }
      }
    }
    entry.hash = keccak256_number(input);
    put(entry, key, 0);
    return entry.hash;
  }

  void begin_block() noexcept {
    if (!keccak256_pairs_are_cheap()) return;
    for (std::uint8_t& credit : credits_) credit = std::max<std::uint8_t>(credit, 1);
  }

 private:
  static constexpr std::size_t kWords = kInputBytes / 8;
  static_assert(kInputBytes % 32 == 0 && (kEntries & (kEntries - 1)) == 0);

  static constexpr std::uint16_t kTagMask = 0x7fff;
  static constexpr std::uint16_t kGuessed = 0x8000;  // in a tag: nobody has asked for it yet
  static constexpr std::uint8_t kReward = 4;
  static constexpr std::uint8_t kMostCredit = 64;
  static constexpr std::size_t kAccounts = 64;

  struct Key {
    std::uint64_t words[kWords];
    std::size_t index;
    std::uint16_t tag;
  };

  struct alignas(32) Entry {
    u256 hash;  // zero: nothing was put in yet
    std::uint64_t input[kWords] = {};

    bool holds(const Key& key) const noexcept {
      std::uint64_t difference = 0;
      for (std::size_t i = 0; i < kWords; ++i) difference |= key.words[i] ^ input[i];
      return difference == 0 && !hash.is_zero();
    }
  };

  Key key_of(Input input) const noexcept {
    Key key;
    for (std::size_t i = 0; i < kWords; ++i) {
      key.words[i] = load_le64(input.data() + 8 * i);
#if defined(__x86_64__)
      // The input was just stored in words of 64 bits: a wider load would wait until they have reached the cache.
      asm("" : "+r"(key.words[i]));
#endif
    }
    std::uint64_t mixed = 0;
    for (std::size_t i = 0; i < kWords; i += 4)
      mixed = fold_multiply(key.words[i] ^ seed_.words[0] ^ mixed, key.words[i + 1] ^ seed_.words[1]) ^
              fold_multiply(key.words[i + 2] ^ seed_.words[2] ^ mixed, key.words[i + 3] ^ seed_.words[3]);
    key.index = mixed % kEntries;
    key.tag = static_cast<std::uint16_t>(mixed >> 49);
    return key;
  }

  void put(Entry& entry, const Key& key, std::uint16_t guessed) noexcept {
    std::memcpy(entry.input, key.words, kInputBytes);
    tags_[key.index] = static_cast<std::uint16_t>(key.tag | guessed);
  }

  std::uint8_t& credit_of(const Key& key) noexcept {
    constexpr std::size_t kHalf = kWords / 2;
    std::uint64_t mixed = 0;
    for (std::size_t i = kHalf; i < kWords; ++i) mixed ^= key.words[i];
    // Twice: of small numbers, as places are, one multiplication makes too few accounts with one seed in fifty.
    const std::uint64_t folded = fold_multiply(mixed ^ seed_.words[0], seed_.words[1]);
    return credits_[fold_multiply(folded ^ seed_.words[1], seed_.words[0]) % kAccounts];
  }

  void came_true(const Key& key) noexcept {
    tags_[key.index] = key.tag;
    std::uint8_t& credit = credit_of(key);
    credit = static_cast<std::uint8_t>(std::min<unsigned>(credit + unsigned{kReward}, kMostCredit));
  }

  HashSeed seed_;
  std::unique_ptr<std::uint16_t[]> tags_;  // of the entries: 15 bits of their hash, and kGuessed
  std::unique_ptr<Entry[]> entries_;
  std::array<std::uint8_t, kAccounts> credits_{};  // guesses that may be made
};

/// The hashes that a worker remembers, over transactions and blocks: they depend on neither. About 430 KB.
/// Thread safety: none; one worker's.
struct HashMemory {
  KeccakMemo<64, 4096> of_64;  // of mappings' keys
  KeccakMemo<32, 256> of_32;   // of arrays' places

  void begin_block() noexcept { of_64.begin_block(); }
};

}  // namespace hocket
