#include "crypto/modexp.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <gmp.h>

namespace hocket {
namespace {

class BigNumber {
 public:
  BigNumber() noexcept { mpz_init(value_); }
  explicit BigNumber(BytesView big_endian) noexcept : BigNumber() {
    mpz_import(value_, big_endian.size(), 1, 1, 1, 0, big_endian.data());
  }
  BigNumber(const BigNumber&) = delete;
  BigNumber& operator=(const BigNumber&) = delete;
  ~BigNumber() { mpz_clear(value_); }

  mpz_ptr get() noexcept { return value_; }
  mpz_srcptr get() const noexcept { return value_; }
  bool is_zero() const noexcept { return mpz_sgn(value_) == 0; }

 private:
  mpz_t value_;
};

}  // namespace

void modular_exponentiation(BytesView base, BytesView exponent, BytesView modulus, std::span<std::uint8_t> out) {
  HOCKET_ASSERT(out.size() == modulus.size());
  std::ranges::fill(out, std::uint8_t{0});
  const BigNumber m(modulus);
  if (m.is_zero()) return;  // GMP divides by the modulus
  const BigNumber b(base);
  const BigNumber e(exponent);
  BigNumber power;
  mpz_powm(power.get(), b.get(), e.get(), m.get());
  if (power.is_zero()) return;
  const std::size_t size = (mpz_sizeinbase(power.get(), 2) + 7) / 8;
  mpz_export(out.data() + (out.size() - size), nullptr, 1, 1, 1, 0, power.get());
}

}  // namespace hocket
