// The hash of an address for tables whose keys a stranger may choose: under the process's secret seed.
#pragma once

#include "base/endian.hpp"
#include "base/fixed_bytes.hpp"
#include "base/hash_seed.hpp"

namespace hocket {

/// Thread safety: any number of threads.
inline std::uint64_t seeded_hash(const Address& address) noexcept {
  const HashSeed& seed = hash_seed();
  const std::uint8_t* p = address.data();
  return fold_multiply(load_le64(p) ^ seed.words[0], load_le64(p + 8) ^ seed.words[1]) ^
         fold_multiply(load_le32(p + 16) ^ seed.words[2], seed.words[3]);
}

}  // namespace hocket
