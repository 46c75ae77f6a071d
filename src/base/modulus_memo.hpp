// ModulusMemo: MULMOD by moduli that come again. A contract that computes on a curve multiplies by one modulus
// throughout; the reciprocal of one that has come a few times is kept, and from then on two multiplications and at most
// two subtractions take the place of a long division of which every digit waits for the one before.
//
// Exact: an entry serves the very modulus that it was made for, and the result is the remainder itself. Bounded: a
// modulus that is new at its place costs a comparison and a store besides its division, and whoever lets one come just
// often enough makes it cost one division in kSightings more.
#pragma once

#include "base/uint256.hpp"

namespace hocket {

/// What division by a modulus of four limbs needs that does not depend on the dividend.
struct PreparedModulus {
  u256 divisor;        // shifted up until its top bit is set
  u256 reciprocal;     // floor((2^512 - 1) / divisor) - 2^256
  unsigned shift = 0;  // bits, fewer than 64
};

/// Requires: the top limb is not zero.
PreparedModulus prepare_modulus(const u256& modulus) noexcept;
/// a * b modulo the modulus that was prepared.
u256 multiply_modulo(const u256& a, const u256& b, const PreparedModulus& modulus) noexcept;

/// Thread safety: none; one worker's.
class ModulusMemo {
 public:
  /// What `multiply_modulo` gives.
  u256 multiply(const u256& a, const u256& b, const u256& modulus) noexcept;

 private:
  static constexpr std::size_t kEntries = 4;
  static constexpr unsigned kSightings = 4;

  struct Entry {
    u256 modulus;
    PreparedModulus prepared;  // once it has been seen kSightings times without another between
    unsigned sightings = 0;
  };

  static void sight(Entry& entry, const u256& modulus) noexcept;

  Entry entries_[kEntries];
};

}  // namespace hocket
