// The curve BN254, called alt_bn128 in EIP-196 (addition, multiplication) and EIP-197 (pairing); prices of EIP-1108.
#include "crypto/bn254.hpp"

#include "evm/precompiles/families.hpp"

namespace hocket::precompiles {
namespace {

constexpr std::size_t kPointSize = 64;
constexpr std::size_t kPairSize = 192;

}  // namespace

std::uint64_t bn254_add_gas(const Spec& spec, BytesView) noexcept { return spec.bn254_istanbul_prices ? 150 : 500; }

bool bn254_add(const Spec&, BytesView input, Bytes& output) {
  std::uint8_t points[2 * kPointSize];
  copy_padded(input, 0, points);
  const std::span all(points);
  output.resize(kPointSize);
  return hocket::bn254_add(all.first<kPointSize>(), all.last<kPointSize>(), std::span(output).first<kPointSize>());
}

std::uint64_t bn254_multiply_gas(const Spec& spec, BytesView) noexcept {
  return spec.bn254_istanbul_prices ? 6000 : 40000;
}

bool bn254_multiply(const Spec&, BytesView input, Bytes& output) {
  std::uint8_t operands[kPointSize + 32];
  copy_padded(input, 0, operands);
  const std::span all(operands);
  output.resize(kPointSize);
  return hocket::bn254_multiply(all.first<kPointSize>(), all.last<32>(), std::span(output).first<kPointSize>());
}

std::uint64_t bn254_pairing_gas(const Spec& spec, BytesView input) noexcept {
  const std::uint64_t pairs = input.size() / kPairSize;
  return spec.bn254_istanbul_prices ? 45000 + 34000 * pairs : 100000 + 80000 * pairs;
}

bool bn254_pairing(const Spec&, BytesView input, Bytes& output) {
  if (input.size() % kPairSize != 0) return false;
  const auto is_one = bn254_pairing_check(input);
  if (!is_one) return false;
  output.resize(32, 0);
  output.back() = *is_one ? 1 : 0;
  return true;
}

}  // namespace hocket::precompiles
