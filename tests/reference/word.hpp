// The reference's numbers: GMP integers, so that its arithmetic shares nothing with u256. A word on the stack is kept
// in [0, 2^256); gas and sizes are numbers without a bound.
#pragma once

#include "base/bytes.hpp"
#include "base/fixed_bytes.hpp"
#include "base/uint256.hpp"

#include <gmpxx.h>

namespace hocket::reference {

using Word = mpz_class;

/// 2^exponent.
Word power_of_two(unsigned exponent);

/// The value modulo 2^256, never negative.
Word wrap(const Word& value);
/// A word read as two's complement, in [-2^255, 2^255).
Word to_signed(const Word& word);
/// The smallest multiple of 32 that is not below, over 32.
Word words_of(const Word& size);

/// Big-endian bytes of any length.
Word from_bytes(BytesView bytes);
/// 32 big-endian bytes. Requires: a word.
Bytes to_bytes32(const Word& word);

Word from_u256(const u256& value);
u256 to_u256(const Word& word);
Word from_address(const Address& address);
/// The low 20 bytes.
Address to_address(const Word& word);

Word from_u64(std::uint64_t value);
/// Requires: it fits.
std::uint64_t to_u64(const Word& value);

}  // namespace hocket::reference
