// KeccakMemo: hashes of inputs of one small size that a worker has computed before. Contracts hash the same 64 bytes, a
// mapping's key and its place, again and again, and to compare is ten times as fast as to hash.
//
// Exact: an entry answers only for an input that equals its own in every byte. Bounded: a new hash takes the place of
// whatever has the same index. The index is drawn under the process's secret seed (base/hash_seed.hpp), so that nobody
// can prepare inputs that displace each other; even so a miss costs no more than a comparison besides the hash.
#pragma once

#include "base/hash_seed.hpp"
#include "base/uint256.hpp"
#include "crypto/keccak.hpp"

#include <cstdint>
#include <cstring>
#include <memory>

namespace hocket {

/// Thread safety: none; one worker's.
template <std::size_t kInputBytes, std::size_t kEntries>
class KeccakMemo {
 public:
  KeccakMemo() : seed_(hash_seed()), entries_(std::make_unique<Entry[]>(kEntries)) {}

  /// keccak256 of kInputBytes bytes.
  u256 hash(const std::uint8_t* input) noexcept {
    std::uint64_t words[kWords];
    std::memcpy(words, input, kInputBytes);
    Entry& entry = entries_[index_of(words)];
    std::uint64_t difference = 0;
    for (std::size_t i = 0; i < kWords; ++i) difference |= words[i] ^ entry.input[i];
    // An entry that nothing was put in yet has zero for a hash.
    if (difference == 0 && !entry.hash.is_zero()) [[likely]]
      return entry.hash;
    std::memcpy(entry.input, words, kInputBytes);
    entry.hash = to_u256(keccak256({input, kInputBytes}));
    return entry.hash;
  }

 private:
  static constexpr std::size_t kWords = kInputBytes / 8;
  static_assert(kInputBytes % 32 == 0 && (kEntries & (kEntries - 1)) == 0);

  struct Entry {
    std::uint64_t input[kWords] = {};
    u256 hash;
  };

  std::size_t index_of(const std::uint64_t (&words)[kWords]) const noexcept {
    std::uint64_t mixed = 0;
    for (std::size_t i = 0; i < kWords; i += 4)
      mixed = fold_multiply(words[i] ^ seed_.words[0] ^ mixed, words[i + 1] ^ seed_.words[1]) ^
              fold_multiply(words[i + 2] ^ seed_.words[2] ^ mixed, words[i + 3] ^ seed_.words[3]);
    return mixed % kEntries;
  }

  HashSeed seed_;
  std::unique_ptr<Entry[]> entries_;
};

/// The hashes that a worker remembers, over transactions and blocks: they depend on neither. About 400 KB.
/// Thread safety: none; one worker's.
struct HashMemory {
  KeccakMemo<64, 4096> of_64;  // of mappings' keys
  KeccakMemo<32, 256> of_32;   // of arrays' places
};

}  // namespace hocket
