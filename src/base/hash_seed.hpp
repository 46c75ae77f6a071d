// Hashing for tables whose keys a stranger may choose (addresses, storage slots): two wide multiplications under a seed
// drawn once a process, so that collisions cannot be prepared. No result depends on the seed, only the order in tables.
#pragma once

#include <cstdint>

namespace hocket {

struct HashSeed {
  std::uint64_t words[4];
};

/// Drawn at first use; constant afterwards. Thread safety: any number of threads.
const HashSeed& hash_seed() noexcept;

/// Folds the 128-bit product.
inline std::uint64_t fold_multiply(std::uint64_t a, std::uint64_t b) noexcept {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace hocket
