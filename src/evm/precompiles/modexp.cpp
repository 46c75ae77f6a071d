// MODEXP: base ^ exponent mod modulus for numbers of any length (EIP-198), priced by EIP-198, then EIP-2565, then
// EIP-7883, with lengths bounded by EIP-7823. The input is three lengths of 32 bytes each, then the three numbers;
// what lies beyond its end reads as zero.
#include "crypto/modexp.hpp"

#include "base/uint256.hpp"
#include "evm/precompiles/families.hpp"

#include <algorithm>

namespace hocket::precompiles {
namespace {

constexpr std::size_t kHeaderSize = 96;
constexpr std::uint64_t kMaxLengthEip7823 = 1024;
// A number of 2^31 bytes costs some 10^9 gas at the least, and no machine has time for it: longer ones are unpayable.
// This keeps everything below within 128 bits.
constexpr std::uint64_t kMaxLength = std::uint64_t{1} << 31;

struct Lengths {
  std::uint64_t base;
  std::uint64_t exponent;
  std::uint64_t modulus;

  std::uint64_t widest() const noexcept { return std::max(base, modulus); }
};

Lengths read_lengths(BytesView input) noexcept {
  std::uint8_t header[kHeaderSize];
  copy_padded(input, 0, header);
  const auto length = [&](std::size_t offset) { return load_be256(header + offset).clamp(kUnpayable); };
  return {.base = length(0), .exponent = length(32), .modulus = length(64)};
}

// Bits below the exponent's highest one, as its first 32 bytes show them.
std::uint64_t head_bits(BytesView input, const Lengths& lengths) noexcept {
  std::uint8_t head[32] = {};
  const std::size_t size = std::min<std::uint64_t>(lengths.exponent, sizeof head);
  copy_padded(input, kHeaderSize + lengths.base, std::span(head).last(size));
  const unsigned bits = load_be256(head).bit_length();
  return bits == 0 ? 0 : bits - 1;
}

// How many squarings the exponent takes, where each byte after the first 32 counts as `byte_weight`; at least one.
std::uint64_t iteration_count(BytesView input, const Lengths& lengths, std::uint64_t byte_weight) noexcept {
  const std::uint64_t tail = lengths.exponent > 32 ? lengths.exponent - 32 : 0;
  return std::max<std::uint64_t>(1, byte_weight * tail + head_bits(input, lengths));
}

std::uint64_t complexity_eip198(std::uint64_t x) noexcept {
  if (x <= 64) return x * x;
  if (x <= 1024) return x * x / 4 + 96 * x - 3072;
  return x * x / 16 + 480 * x - 199680;
}

std::uint64_t squared_words(std::uint64_t size_bytes) noexcept {
  const std::uint64_t words = (size_bytes + 7) / 8;
  return words * words;
}

std::uint64_t saturate(u128 gas) noexcept { return gas > kUnpayable ? kUnpayable : static_cast<std::uint64_t>(gas); }

// A number inside the input, or `storage` with zeros for what the input lacks.
BytesView number_at(BytesView input, std::uint64_t offset, std::uint64_t size, Bytes& storage) {
  if (offset <= input.size() && size <= input.size() - offset) return input.subspan(offset, size);
  storage.resize(size);
  copy_padded(input, offset, storage);
  return storage;
}

}  // namespace

std::uint64_t modexp_gas(const Spec& spec, BytesView input) noexcept {
  const Lengths lengths = read_lengths(input);
  const std::uint64_t widest = lengths.widest();
  const bool too_long = widest > kMaxLength || lengths.exponent > kMaxLength;
  switch (spec.modexp) {
    case ModexpRule::eip198: {
      if (widest == 0) return 0;  // whatever the exponent's length
      if (too_long) return kUnpayable;
      return saturate(u128{complexity_eip198(widest)} * iteration_count(input, lengths, 8) / 20);
    }
    case ModexpRule::eip2565: {
      constexpr std::uint64_t kMinimum = 200;
      if (widest == 0) return kMinimum;
      if (too_long) return kUnpayable;
      return std::max(kMinimum, saturate(u128{squared_words(widest)} * iteration_count(input, lengths, 8) / 3));
    }
    case ModexpRule::eip7883: {
      constexpr std::uint64_t kMinimum = 500;
      // EIP-7823; failing for want of gas is the same as failing.
      if (std::max(widest, lengths.exponent) > kMaxLengthEip7823) return kUnpayable;
      const std::uint64_t complexity = widest <= 32 ? 16 : 2 * squared_words(widest);
      return std::max(kMinimum, complexity * iteration_count(input, lengths, 16));
    }
  }
  __builtin_unreachable();
}

bool modexp(const Spec&, BytesView input, Bytes& output) {
  const Lengths lengths = read_lengths(input);
  // Also what keeps a long exponent that cost nothing, both other lengths being zero, from being looked at.
  if (lengths.modulus == 0) return true;
  const std::uint64_t exponent_offset = kHeaderSize + lengths.base;
  const std::uint64_t modulus_offset = exponent_offset + lengths.exponent;
  Bytes storage[3];
  const BytesView base = number_at(input, kHeaderSize, lengths.base, storage[0]);
  const BytesView exponent = number_at(input, exponent_offset, lengths.exponent, storage[1]);
  const BytesView modulus = number_at(input, modulus_offset, lengths.modulus, storage[2]);
  output.resize(lengths.modulus);
  modular_exponentiation(base, exponent, modulus, output);
  return true;
}

}  // namespace hocket::precompiles
