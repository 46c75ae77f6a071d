// A proof is valid where e(C - yG1, G2) = e(proof, [tau]G2 - zG2). Moving z to the left side,
//   e(C - yG1 + z proof, G2) = e(proof, [tau]G2),
// leaves no multiplication in G2 and two constant points there, whose lines of the Miller loop are computed once.
#include "crypto/kzg.hpp"

#include "base/assert.hpp"
#include "base/hex.hpp"
#include "kzg_setup.hpp"

#include <array>
#include <blst.h>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace hocket {
namespace {

constexpr std::size_t kScalarBits = 255;

// A G2 point ready to be paired: the coefficients of its Miller loop's lines.
class PreparedG2 {
 public:
  explicit PreparedG2(const blst_p2_affine& point) noexcept { blst_precompute_lines(lines_, &point); }
  const blst_fp6* lines() const noexcept { return lines_; }

  static constexpr std::size_t kLines = 68;

 private:
  blst_fp6 lines_[kLines];
};

// Multiples of G1's generator by table: a scalar has 52 digits of five bits from -15 to 16, and each has its own 16
// multiples, so that there is nothing to double. 80 KB.
class GeneratorTable {
 public:
  GeneratorTable() {
    std::vector<blst_p1> multiples;
    blst_p1 base = *blst_p1_generator();
    for (int window = 0; window < kWindows; ++window) {
      multiples.push_back(base);
      for (int i = 1; i < kMultiples; ++i) {
        blst_p1 next;
        blst_p1_add_or_double(&next, &multiples.back(), &base);
        multiples.push_back(next);
      }
      blst_p1_double(&base, &multiples.back());
    }
    const blst_p1* const all[] = {multiples.data(), nullptr};
    blst_p1s_to_affine(table_.data(), all, multiples.size());
  }

  // Requires: `scalar` is below the order.
  blst_p1 multiply(const blst_scalar& scalar) const noexcept {
    blst_p1 sum = {};
    int carry = 0;
    for (int window = 0; window < kWindows; ++window) {
      int digit = carry + bits(scalar, window * kBits);
      carry = digit > kMultiples ? 1 : 0;
      digit -= carry << kBits;
      if (digit == 0) continue;
      blst_p1_affine multiple = table_[static_cast<std::size_t>(window * kMultiples + std::abs(digit) - 1)];
      if (digit < 0) blst_fp_cneg(&multiple.y, &multiple.y, true);
      blst_p1_add_or_double_affine(&sum, &sum, &multiple);
    }
    return sum;
  }

 private:
  static constexpr int kBits = 5;
  static constexpr int kMultiples = 1 << (kBits - 1);
  static constexpr int kWindows = 52;  // 255 bits and a carry

  static int bits(const blst_scalar& scalar, int from) noexcept {
    const auto byte = [&scalar](int i) { return i < 32 ? unsigned{scalar.b[i]} : 0u; };
    return static_cast<int>((byte(from / 8) | byte(from / 8 + 1) << 8) >> from % 8 & ((1u << kBits) - 1));
  }

  // The multiples 1 to 16 of 2^(5 i) times the generator, one i after the other.
  std::array<blst_p1_affine, std::size_t{kWindows} * kMultiples> table_;
};

blst_p2_affine tau_g2() noexcept {
  const auto bytes = from_hex(kKzgTauG2);
  HOCKET_ASSERT(bytes && bytes->size() == 96);
  blst_p2_affine point;
  HOCKET_ASSERT(blst_p2_uncompress(&point, bytes->data()) == BLST_SUCCESS && blst_p2_affine_in_g2(&point));
  return point;
}

// A point of the subgroup in its compressed form, infinity included.
bool decode(std::span<const std::uint8_t, 48> in, blst_p1_affine& out) noexcept {
  return blst_p1_uncompress(&out, in.data()) == BLST_SUCCESS && blst_p1_affine_in_g1(&out);
}

bool decode(std::span<const std::uint8_t, 32> in, blst_scalar& out) noexcept {
  blst_scalar_from_bendian(&out, in.data());
  return blst_scalar_fr_check(&out);
}

blst_p1 multiply(const blst_p1& point, const blst_scalar& scalar) noexcept {
  blst_p1 product;
  blst_p1_mult(&product, &point, scalar.b, kScalarBits);
  return product;
}

// A pair of the product: a line of `q` at the point of G1 has its second coefficient times -2x, its third times 2y.
struct Pair {
  const PreparedG2& q;
  blst_fp minus_2x;
  blst_fp twice_y;

  // Requires: `p` is not infinity, of which the pairing is one and the lines say nothing.
  Pair(const blst_p1& p, const PreparedG2& q_lines) noexcept : q(q_lines) {
    blst_p1_affine affine;
    blst_p1_to_affine(&affine, &p);
    blst_fp_add(&minus_2x, &affine.x, &affine.x);
    blst_fp_cneg(&minus_2x, &minus_2x, true);
    blst_fp_add(&twice_y, &affine.y, &affine.y);
  }

  void multiply_line(blst_fp12& product, std::size_t i) const noexcept {
    blst_fp6 line = q.lines()[i];
    for (blst_fp& part : line.fp2[1].fp) blst_fp_mul(&part, &part, &minus_2x);
    for (blst_fp& part : line.fp2[2].fp) blst_fp_mul(&part, &part, &twice_y);
    blst_fp12_mul_by_xy00z0(&product, &product, &line);
  }
};

// The product of the Miller functions; all pairs share the squarings.
blst_fp12 miller_loop(std::span<const Pair> pairs) noexcept {
  // The curve's parameter without its sign.
  constexpr std::uint64_t kParameter = 0xd201000000010000;
  blst_fp12 product = *blst_fp12_one();
  std::size_t line = 0;
  const auto multiply_lines = [&] {
    for (const Pair& pair : pairs) pair.multiply_line(product, line);
    ++line;
  };
  for (int bit = 62; bit >= 0; --bit) {
    if (bit != 62) blst_fp12_sqr(&product, &product);
    multiply_lines();                                    // of the doubling
    if ((kParameter >> bit & 1) != 0) multiply_lines();  // of the addition
  }
  HOCKET_ASSERT(line == PreparedG2::kLines);
  blst_fp12_conjugate(&product);  // the parameter is negative
  return product;
}

}  // namespace

bool verify_kzg_proof(std::span<const std::uint8_t, 48> commitment, std::span<const std::uint8_t, 32> z,
                      std::span<const std::uint8_t, 32> y, std::span<const std::uint8_t, 48> proof) noexcept {
  static const PreparedG2 generator{*blst_p2_affine_generator()};
  static const PreparedG2 tau{tau_g2()};

  blst_p1_affine commitment_point, proof_point;
  blst_scalar z_scalar, y_scalar;
  if (!decode(z, z_scalar) || !decode(y, y_scalar)) return false;
  if (!decode(commitment, commitment_point) || !decode(proof, proof_point)) return false;

  blst_p1 proof_sum;
  blst_p1_from_affine(&proof_sum, &proof_point);
  static const GeneratorTable generator_table;
  blst_p1 left = generator_table.multiply(y_scalar);
  blst_p1_cneg(&left, true);
  blst_p1_add_or_double_affine(&left, &left, &commitment_point);
  const blst_p1 z_proof = multiply(proof_sum, z_scalar);
  blst_p1_add_or_double(&left, &left, &z_proof);

  // e(left, G2) e(-proof, [tau]G2) = 1
  blst_p1_cneg(&proof_sum, true);
  std::vector<Pair> pairs;  // of those that are not one
  if (!blst_p1_is_inf(&left)) pairs.emplace_back(left, generator);
  if (!blst_p1_is_inf(&proof_sum)) pairs.emplace_back(proof_sum, tau);
  blst_fp12 product = miller_loop(pairs);
  blst_final_exp(&product, &product);
  return blst_fp12_is_one(&product);
}

}  // namespace hocket
