// BLAKE2F (EIP-152): BLAKE2b's compression, `rounds` times.
#include "base/endian.hpp"
#include "crypto/blake2.hpp"
#include "evm/precompiles/families.hpp"

namespace hocket::precompiles {
namespace {

// rounds (4 bytes, big-endian), state (64), message (128), counter (16): little-endian words; last block or not (1).
constexpr std::size_t kInputSize = 213;

template <std::size_t N>
void load_words(std::uint64_t (&words)[N], const std::uint8_t* from) noexcept {
  for (std::size_t i = 0; i < N; ++i) words[i] = load_le64(from + 8 * i);
}

}  // namespace

std::uint64_t blake2f_gas(const Spec&, BytesView input) noexcept {
  return input.size() == kInputSize ? load_be32(input.data()) : 0;
}

bool blake2f(const Spec&, BytesView input, Bytes& output) {
  if (input.size() != kInputSize || input.back() > 1) return false;
  std::uint64_t state[8];
  std::uint64_t message[16];
  std::uint64_t counter[2];
  load_words(state, input.data() + 4);
  load_words(message, input.data() + 68);
  load_words(counter, input.data() + 196);
  blake2b_compress(load_be32(input.data()), state, message, counter, input.back() == 1);
  output.resize(sizeof state);
  for (std::size_t i = 0; i < 8; ++i) store_le64(output.data() + 8 * i, state[i]);
  return true;
}

}  // namespace hocket::precompiles
