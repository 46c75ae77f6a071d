#include "crypto/blake2.hpp"

#include "base/cpu.hpp"
#include "crypto/blake2_compress.hpp"

namespace hocket {

void blake2b_compress(std::uint32_t rounds, std::uint64_t (&h)[8], const std::uint64_t (&m)[16],
                      const std::uint64_t (&t)[2], bool is_final) noexcept {
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
  if (cpu_features.bmi2) return blake2::compress_with_bmi(rounds, h, m, t, is_final);
#endif
  blake2::compress_words(rounds, h, m, t, is_final);
}

}  // namespace hocket
