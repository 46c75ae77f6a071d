#include "crypto/keccak.hpp"

#include "base/assert.hpp"
#include "base/cpu.hpp"
#include "crypto/keccak_kernels.hpp"
#include "crypto/keccak_lane_hasher.hpp"
#include "crypto/keccak_word.hpp"

namespace hocket {
Hash32 keccak256(BytesView data) noexcept {
  Hash32 out;
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
  if (cpu_features.avx512) {
    keccak::hash_with_avx512(data.data(), data.size(), out.data());
    return out;
  }
  if (cpu_features.bmi2) {
    keccak::hash_with_bmi(data.data(), data.size(), out.data());
    return out;
  }
#endif
  keccak::hash_words(data.data(), data.size(), out.data());
  return out;
}

u256 keccak256_number(std::span<const std::uint8_t, 32> data) noexcept {
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
  if (cpu_features.avx512) {
    u256 out;
    keccak::hash_32_with_avx512(data.data(), out);
    return out;
  }
#endif
  return to_u256(keccak256(data));
}

u256 keccak256_number(std::span<const std::uint8_t, 64> data) noexcept {
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
  if (cpu_features.avx512) {
    u256 out;
    keccak::hash_64_with_avx512(data.data(), out);
    return out;
  }
#endif
  return to_u256(keccak256(data));
}

void keccak256_numbers(std::span<const std::uint8_t, 64> first, std::span<const std::uint8_t, 64> second,
                       u256& first_out, u256& second_out) noexcept {
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
  if (cpu_features.avx512) return keccak::hash_two_64_with_avx512(first.data(), second.data(), first_out, second_out);
#endif
  first_out = to_u256(keccak256(first));
  second_out = to_u256(keccak256(second));
}

bool keccak256_pairs_are_cheap() noexcept { return cpu_features.avx512; }

void keccak256_many(std::span<const BytesView> inputs, std::span<Hash32> out) noexcept {
  HOCKET_ASSERT(inputs.size() == out.size());
#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)
  // Below these numbers of inputs, one after the other is faster.
  if (cpu_features.avx512 && inputs.size() >= 3)
    return keccak::LaneHasher<8>(inputs, out).run(keccak::absorb_with_avx512);
  if (cpu_features.avx2 && inputs.size() >= 3) return keccak::LaneHasher<4>(inputs, out).run(keccak::absorb_with_avx2);
#endif
  for (std::size_t i = 0; i < inputs.size(); ++i) out[i] = keccak256(inputs[i]);
}

}  // namespace hocket
