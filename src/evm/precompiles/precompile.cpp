#include "evm/precompiles/precompile.hpp"

#include "base/assert.hpp"
#include "evm/precompiles/families.hpp"

#include <algorithm>
#include <cstring>

namespace hocket {
namespace {

struct Precompile {
  std::uint16_t index;  // the address as a number
  precompiles::GasFunction gas;
  precompiles::ExecuteFunction execute;
};

constexpr std::uint16_t kP256Verify = 0x100;

// To add a precompile: a row here, its functions in their family's file, and the fork's file in protocol/.
constexpr Precompile kRegistry[] = {
    {0x01, precompiles::ecrecover_gas, precompiles::ecrecover},
    {0x02, precompiles::sha256_gas, precompiles::sha256},
    {0x03, precompiles::ripemd160_gas, precompiles::ripemd160},
    {0x04, precompiles::identity_gas, precompiles::identity},
    {0x05, precompiles::modexp_gas, precompiles::modexp},
    {0x06, precompiles::bn254_add_gas, precompiles::bn254_add},
    {0x07, precompiles::bn254_multiply_gas, precompiles::bn254_multiply},
    {0x08, precompiles::bn254_pairing_gas, precompiles::bn254_pairing},
    {0x09, precompiles::blake2f_gas, precompiles::blake2f},
    {0x0a, precompiles::point_evaluation_gas, precompiles::point_evaluation},
    {0x0b, precompiles::bls12_g1_add_gas, precompiles::bls12_g1_add},
    {0x0c, precompiles::bls12_g1_msm_gas, precompiles::bls12_g1_msm},
    {0x0d, precompiles::bls12_g2_add_gas, precompiles::bls12_g2_add},
    {0x0e, precompiles::bls12_g2_msm_gas, precompiles::bls12_g2_msm},
    {0x0f, precompiles::bls12_pairing_check_gas, precompiles::bls12_pairing_check},
    {0x10, precompiles::bls12_map_fp_to_g1_gas, precompiles::bls12_map_fp_to_g1},
    {0x11, precompiles::bls12_map_fp2_to_g2_gas, precompiles::bls12_map_fp2_to_g2},
    {kP256Verify, precompiles::p256verify_gas, precompiles::p256verify},
};
constexpr std::size_t kRowCount = std::size(kRegistry);

// Rows 1 to n - 1 lie at their index less one, so that finding one is no search.
constexpr bool rows_follow_each_other() {
  for (std::size_t i = 0; i + 1 < kRowCount; ++i)
    if (kRegistry[i].index != i + 1) return false;
  return kRegistry[kRowCount - 1].index == kP256Verify;
}
static_assert(rows_follow_each_other());

const Precompile& row_of(std::uint16_t index) noexcept {
  const std::size_t row = index == kP256Verify ? kRowCount - 1 : std::size_t{index} - 1;
  HOCKET_ASSERT(row < kRowCount);
  return kRegistry[row];
}

}  // namespace

std::uint16_t precompile_at(const Spec& spec, const Address& address) noexcept {
  if ((load_be64(address.data()) | load_be64(address.data() + 8) | load_be16(address.data() + 16)) != 0) return 0;
  const std::uint16_t number = load_be16(address.data() + 18);
  if (number <= spec.last_precompile) return number;
  return number == kP256Verify && spec.p256verify ? number : 0;
}

PrecompileResult run_precompile(std::uint16_t index, const Spec& spec, BytesView input, std::int64_t gas,
                                Bytes& output) {
  HOCKET_DEBUG_ASSERT(gas >= 0);
  output.clear();
  const Precompile& precompile = row_of(index);
  const std::uint64_t cost = precompile.gas(spec, input);
  if (cost > static_cast<std::uint64_t>(gas)) return {};
  if (!precompile.execute(spec, input, output)) {
    output.clear();
    return {};
  }
  return {.success = true, .gas_left = gas - static_cast<std::int64_t>(cost)};
}

void precompiles::copy_padded(BytesView input, std::size_t offset, std::span<std::uint8_t> out) noexcept {
  const std::size_t available = offset < input.size() ? std::min(out.size(), input.size() - offset) : 0;
  std::ranges::copy(input.subspan(input.size() < offset ? input.size() : offset, available), out.begin());
  std::ranges::fill(out.subspan(available), std::uint8_t{0});
}

}  // namespace hocket
