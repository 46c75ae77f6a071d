// The verification equation is written out over EC_POINT_mul, which is vectorised assembly for this curve: OpenSSL's
// own ECDSA calls would have the key and the signature encoded in DER first, and a key object built for each signature.
// Nothing here is secret, so that running times may depend on the numbers.
#include "crypto/p256.hpp"

#include "base/assert.hpp"
#include "base/uint256.hpp"

#include <gmp.h>
#include <memory>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>

namespace hocket {
namespace {

// SEC 2, section 2.4.2.
constexpr u256 kPrime{0xffffffffffffffff, 0x00000000ffffffff, 0x0000000000000000, 0xffffffff00000001};
constexpr u256 kOrder{0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff, 0xffffffff00000000};

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
using Group = std::unique_ptr<EC_GROUP, Deleter<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Deleter<EC_POINT_free>>;
using Number = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using Scratch = std::unique_ptr<BN_CTX, Deleter<BN_CTX_free>>;

const EC_GROUP* curve() noexcept {
  static const Group shared(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  HOCKET_ASSERT(shared != nullptr);
  return shared.get();
}

// What one verification needs of OpenSSL's objects, kept for the thread's next one.
struct Workspace {
  Scratch scratch{BN_CTX_new()};
  Point key{EC_POINT_new(curve())};
  Point sum{EC_POINT_new(curve())};
  Number x{BN_new()};
  Number y{BN_new()};
  Number u1{BN_new()};
  Number u2{BN_new()};

  Workspace() { HOCKET_ASSERT(scratch && key && sum && x && y && u1 && u2); }
};

void assign(const Number& number, const u256& value) noexcept {
  static_assert(sizeof value == 32);
  HOCKET_ASSERT(BN_lebin2bn(reinterpret_cast<const std::uint8_t*>(value.limbs), 32, number.get()) != nullptr);
}

// 1 / s modulo the order; GMP's is several times faster than OpenSSL's general one. Requires: 0 < s < order.
u256 inverse_modulo_order(const u256& s) noexcept {
  static_assert(GMP_NUMB_BITS == 64 && sizeof(mp_limb_t) == 8);
  mpz_t value, order;
  mpz_roinit_n(value, reinterpret_cast<const mp_limb_t*>(s.limbs), 4);
  mpz_roinit_n(order, reinterpret_cast<const mp_limb_t*>(kOrder.limbs), 4);
  mpz_t inverse;
  mpz_init(inverse);
  HOCKET_ASSERT(mpz_invert(inverse, value, order) != 0);
  u256 result;
  for (unsigned i = 0; i < 4; ++i) result.limbs[i] = mpz_getlimbn(inverse, i);
  mpz_clear(inverse);
  return result;
}

}  // namespace

bool p256_verify(std::span<const std::uint8_t, 160> input) noexcept {
  const u256 hash = load_be256(input.data());
  const u256 r = load_be256(input.data() + 32);
  const u256 s = load_be256(input.data() + 64);
  const u256 x = load_be256(input.data() + 96);
  const u256 y = load_be256(input.data() + 128);
  if (r.is_zero() || s.is_zero() || r >= kOrder || s >= kOrder) return false;
  if (x >= kPrime || y >= kPrime) return false;

  thread_local const Workspace w;
  assign(w.x, x);
  assign(w.y, y);
  // Refuses what is not on the curve, (0, 0) among it. The curve has no cofactor, so that is all.
  if (!EC_POINT_set_affine_coordinates(curve(), w.key.get(), w.x.get(), w.y.get(), w.scratch.get())) {
    ERR_clear_error();
    return false;
  }

  const u256 inverse = inverse_modulo_order(s);
  assign(w.u1, multiply_modulo(hash, inverse, kOrder));
  assign(w.u2, multiply_modulo(r, inverse, kOrder));
  HOCKET_ASSERT(EC_POINT_mul(curve(), w.sum.get(), w.u1.get(), w.key.get(), w.u2.get(), w.scratch.get()) == 1);
  if (EC_POINT_is_at_infinity(curve(), w.sum.get())) return false;
  HOCKET_ASSERT(EC_POINT_get_affine_coordinates(curve(), w.sum.get(), w.x.get(), nullptr, w.scratch.get()) == 1);

  u256 found;
  HOCKET_ASSERT(BN_bn2lebinpad(w.x.get(), reinterpret_cast<std::uint8_t*>(found.limbs), 32) == 32);
  return (found >= kOrder ? found - kOrder : found) == r;
}

}  // namespace hocket
