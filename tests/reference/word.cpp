#include "reference/word.hpp"

#include "base/assert.hpp"

namespace hocket::reference {

Word power_of_two(unsigned exponent) { return Word(1) << exponent; }

Word wrap(const Word& value) {
  Word result;
  mpz_fdiv_r_2exp(result.get_mpz_t(), value.get_mpz_t(), 256);
  return result;
}

Word to_signed(const Word& word) { return word < power_of_two(255) ? word : Word(word - power_of_two(256)); }

Word words_of(const Word& size) { return (size + 31) / 32; }

Word from_bytes(BytesView bytes) {
  Word result;
  mpz_import(result.get_mpz_t(), bytes.size(), 1, 1, 1, 0, bytes.data());
  return result;
}

Bytes to_bytes32(const Word& word) {
  HOCKET_ASSERT(word >= 0 && mpz_sizeinbase(word.get_mpz_t(), 2) <= 256);
  Bytes bytes(32);
  const std::size_t length = (mpz_sizeinbase(word.get_mpz_t(), 2) + 7) / 8;
  if (word != 0) mpz_export(bytes.data() + 32 - length, nullptr, 1, 1, 1, 0, word.get_mpz_t());
  return bytes;
}

Word from_u256(const u256& value) {
  Word result;
  mpz_import(result.get_mpz_t(), 4, -1, 8, 0, 0, value.limbs);
  return result;
}

u256 to_u256(const Word& word) {
  HOCKET_ASSERT(word >= 0 && mpz_sizeinbase(word.get_mpz_t(), 2) <= 256);
  u256 result;
  mpz_export(result.limbs, nullptr, -1, 8, 0, 0, word.get_mpz_t());
  return result;
}

Word from_address(const Address& address) { return from_bytes(address); }

Address to_address(const Word& word) { return Address::from(BytesView(to_bytes32(word)).last(20)); }

Word from_u64(std::uint64_t value) {
  static_assert(sizeof(unsigned long) == sizeof(std::uint64_t));
  return Word(static_cast<unsigned long>(value));
}

std::uint64_t to_u64(const Word& value) {
  HOCKET_ASSERT(value.fits_ulong_p());
  return value.get_ui();
}

}  // namespace hocket::reference
