// A proof is valid where e(C - yG1, G2) = e(proof, [tau]G2 - zG2). Moving z to the left side,
//   e(C - yG1 + z proof, G2) = e(proof, [tau]G2),
// leaves no multiplication in G2 and two constant points there, whose lines of the Miller loop are computed once.
#include "crypto/kzg.hpp"

#include "base/assert.hpp"
#include "base/hex.hpp"
#include "kzg_setup.hpp"

#include <blst.h>
#include <string_view>

namespace hocket {
namespace {

constexpr std::size_t kScalarBits = 255;

// A G2 point ready to be paired: the coefficients of its Miller loop's 68 lines.
class PreparedG2 {
 public:
  explicit PreparedG2(const blst_p2_affine& point) noexcept { blst_precompute_lines(lines_, &point); }
  const blst_fp6* lines() const noexcept { return lines_; }

 private:
  blst_fp6 lines_[68];
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

// `product` times the Miller loop of (p, q).
void multiply_by_miller_loop(blst_fp12& product, const blst_p1& p, const PreparedG2& q) noexcept {
  if (blst_p1_is_inf(&p)) return;  // its pairing is one, which the lines do not give
  blst_p1_affine affine;
  blst_p1_to_affine(&affine, &p);
  blst_fp12 factor;
  blst_miller_loop_lines(&factor, q.lines(), &affine);
  blst_fp12_mul(&product, &product, &factor);
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
  blst_p1 left = multiply(*blst_p1_generator(), y_scalar);
  blst_p1_cneg(&left, true);
  blst_p1_add_or_double_affine(&left, &left, &commitment_point);
  const blst_p1 z_proof = multiply(proof_sum, z_scalar);
  blst_p1_add_or_double(&left, &left, &z_proof);

  // e(left, G2) e(-proof, [tau]G2) = 1
  blst_p1_cneg(&proof_sum, true);
  blst_fp12 product = *blst_fp12_one();
  multiply_by_miller_loop(product, left, generator);
  multiply_by_miller_loop(product, proof_sum, tau);
  blst_final_exp(&product, &product);
  return blst_fp12_is_one(&product);
}

}  // namespace hocket
