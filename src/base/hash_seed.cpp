#include "base/hash_seed.hpp"

#include <random>

namespace hocket {

const HashSeed& hash_seed() noexcept {
  static const HashSeed seed = [] {
    std::random_device device;
    HashSeed drawn;
    for (auto& word : drawn.words) word = static_cast<std::uint64_t>(device()) << 32 | device();
    return drawn;
  }();
  return seed;
}

}  // namespace hocket
