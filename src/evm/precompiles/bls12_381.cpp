// The curve BLS12-381 (EIP-2537): additions, multi-scalar multiplications, pairing check and maps to the curve.
#include "crypto/bls12_381.hpp"

#include "evm/precompiles/families.hpp"

#include <algorithm>

namespace hocket::precompiles {
namespace {

namespace bls = hocket::bls12_381;

constexpr std::size_t kG1PairSize = bls::kG1Size + bls::kScalarSize;
constexpr std::size_t kG2PairSize = bls::kG2Size + bls::kScalarSize;
constexpr std::size_t kPairingSize = bls::kG1Size + bls::kG2Size;

// EIP-2537, "Gas schedule": the price a pair, in thousandths of a multiplication, of 1 to 128 pairs; the last one goes
// for more.
constexpr std::size_t kDiscountCount = 128;
// clang-format off
constexpr std::uint16_t kG1Discounts[kDiscountCount] = {
    1000, 949, 848, 797, 764, 750, 738, 728, 719, 712, 705, 698, 692, 687, 682, 677,
    673, 669, 665, 661, 658, 654, 651, 648, 645, 642, 640, 637, 635, 632, 630, 627,
    625, 623, 621, 619, 617, 615, 613, 611, 609, 608, 606, 604, 603, 601, 599, 598,
    596, 595, 593, 592, 591, 589, 588, 586, 585, 584, 582, 581, 580, 579, 577, 576,
    575, 574, 573, 572, 570, 569, 568, 567, 566, 565, 564, 563, 562, 561, 560, 559,
    558, 557, 556, 555, 554, 553, 552, 551, 550, 549, 548, 547, 547, 546, 545, 544,
    543, 542, 541, 540, 540, 539, 538, 537, 536, 536, 535, 534, 533, 532, 532, 531,
    530, 529, 528, 528, 527, 526, 525, 525, 524, 523, 522, 522, 521, 520, 520, 519,
};
constexpr std::uint16_t kG2Discounts[kDiscountCount] = {
    1000, 1000, 923, 884, 855, 832, 812, 796, 782, 770, 759, 749, 740, 732, 724, 717,
    711, 704, 699, 693, 688, 683, 679, 674, 670, 666, 663, 659, 655, 652, 649, 646,
    643, 640, 637, 634, 632, 629, 627, 624, 622, 620, 618, 615, 613, 611, 609, 607,
    606, 604, 602, 600, 598, 597, 595, 593, 592, 590, 589, 587, 586, 584, 583, 582,
    580, 579, 578, 576, 575, 574, 573, 571, 570, 569, 568, 567, 566, 565, 563, 562,
    561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 552, 551, 550, 549, 548, 547,
    546, 545, 545, 544, 543, 542, 541, 541, 540, 539, 538, 537, 537, 536, 535, 535,
    534, 533, 532, 532, 531, 530, 530, 529, 528, 528, 527, 526, 526, 525, 524, 524,
};
// clang-format on

std::uint64_t msm_gas(std::size_t pairs, std::uint64_t multiplication_gas,
                      const std::uint16_t (&discounts)[kDiscountCount]) noexcept {
  if (pairs == 0) return 0;
  return pairs * multiplication_gas * discounts[std::min(pairs, kDiscountCount) - 1] / 1000;
}

}  // namespace

std::uint64_t bls12_g1_add_gas(const Spec&, BytesView) noexcept { return 375; }

bool bls12_g1_add(const Spec&, BytesView input, Bytes& output) {
  if (input.size() != 2 * bls::kG1Size) return false;
  output.resize(bls::kG1Size);
  return bls::g1_add(input.first<bls::kG1Size>(), input.last<bls::kG1Size>(), std::span(output).first<bls::kG1Size>());
}

std::uint64_t bls12_g1_msm_gas(const Spec&, BytesView input) noexcept {
  return msm_gas(input.size() / kG1PairSize, 12000, kG1Discounts);
}

bool bls12_g1_msm(const Spec&, BytesView input, Bytes& output) {
  if (input.empty() || input.size() % kG1PairSize != 0) return false;
  output.resize(bls::kG1Size);
  return bls::g1_multi_scalar_multiply(input, std::span(output).first<bls::kG1Size>());
}

std::uint64_t bls12_g2_add_gas(const Spec&, BytesView) noexcept { return 600; }

bool bls12_g2_add(const Spec&, BytesView input, Bytes& output) {
  if (input.size() != 2 * bls::kG2Size) return false;
  output.resize(bls::kG2Size);
  return bls::g2_add(input.first<bls::kG2Size>(), input.last<bls::kG2Size>(), std::span(output).first<bls::kG2Size>());
}

std::uint64_t bls12_g2_msm_gas(const Spec&, BytesView input) noexcept {
  return msm_gas(input.size() / kG2PairSize, 22500, kG2Discounts);
}

bool bls12_g2_msm(const Spec&, BytesView input, Bytes& output) {
  if (input.empty() || input.size() % kG2PairSize != 0) return false;
  output.resize(bls::kG2Size);
  return bls::g2_multi_scalar_multiply(input, std::span(output).first<bls::kG2Size>());
}

std::uint64_t bls12_pairing_check_gas(const Spec&, BytesView input) noexcept {
  return 37700 + 32600 * (input.size() / kPairingSize);
}

bool bls12_pairing_check(const Spec&, BytesView input, Bytes& output) {
  if (input.empty() || input.size() % kPairingSize != 0) return false;
  const auto is_one = bls::pairing_check(input);
  if (!is_one) return false;
  output.resize(32, 0);
  output.back() = *is_one ? 1 : 0;
  return true;
}

std::uint64_t bls12_map_fp_to_g1_gas(const Spec&, BytesView) noexcept { return 5500; }

bool bls12_map_fp_to_g1(const Spec&, BytesView input, Bytes& output) {
  if (input.size() != bls::kFpSize) return false;
  output.resize(bls::kG1Size);
  return bls::map_fp_to_g1(input.first<bls::kFpSize>(), std::span(output).first<bls::kG1Size>());
}

std::uint64_t bls12_map_fp2_to_g2_gas(const Spec&, BytesView) noexcept { return 23800; }

bool bls12_map_fp2_to_g2(const Spec&, BytesView input, Bytes& output) {
  if (input.size() != 2 * bls::kFpSize) return false;
  output.resize(bls::kG2Size);
  return bls::map_fp2_to_g2(input.first<2 * bls::kFpSize>(), std::span(output).first<bls::kG2Size>());
}

}  // namespace hocket::precompiles
