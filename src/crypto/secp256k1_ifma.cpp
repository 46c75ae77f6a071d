// Eight recoveries side by side. All lanes go through the same steps: windows of fixed width with signed digits, tables
// from which every lane takes its own entry, masks for digits that are zero.
//
// The additions here are right where the points have different x coordinates. Where they have not, Z becomes zero, and
// stays zero through every later step: a lane whose Z is zero in the end is done again by the complete arithmetic of
// secp256k1_recover.hpp. Nobody meets that by chance.

#if defined(__GNUC__) && !defined(__clang__)
// As in keccak_avx512_lanes.cpp.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

#include "crypto/secp256k1_batch.hpp"

#if defined(__x86_64__) && !defined(HOCKET_PORTABLE)

#include <array>
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512ifma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512ifma")
#endif

#include "crypto/secp256k1_lanes.hpp"

namespace hocket::secp256k1 {
namespace {

// --- the group -----------------------------------------------------------------------------------------------------

struct LanePoints {
  Lanes x, y, z;
};

[[gnu::noinline]] void twice(LanePoints& p) noexcept {
  const Lanes xx = square(p.x);
  const Lanes yy = square(p.y);
  const Lanes slope = settle(sum(sum(xx, xx), xx));
  const Lanes t = p.x * yy;
  const Lanes x = settle(difference(square(slope), shifted<3>(t)));
  const Lanes yz = p.y * p.z;
  const Lanes fall = settle(difference(shifted<2>(t), x));
  p.y = settle(difference(slope * fall, shifted<3>(square(yy))));
  p.x = x;
  p.z = settle(shifted<1>(yz));
}

/// p + (u, s), which are coordinates in p's Z. Returns by what Z has grown. Requires: see above.
HOCKET_LANES Lanes add_scaled(LanePoints& p, const Lanes& u, const Lanes& s) noexcept {
  const Lanes h = settle(difference(u, p.x));
  const Lanes rise = settle(difference(s, p.y));
  const Lanes hh = square(h);
  const Lanes hhh = hh * h;
  const Lanes v = p.x * hh;
  const Lanes x = settle(difference(square(rise), sum(hhh, shifted<1>(v))));
  const Lanes fall = settle(difference(v, x));
  p.y = settle(difference(rise * fall, p.y * hhh));
  p.x = x;
  p.z = p.z * h;
  return h;
}

/// The sum of points in which each lane's turn comes with its first digit that is not zero.
struct Accumulator {
  LanePoints point;
  __mmask8 begun = 0;

  /// Adds (x, y) to the lanes in `wanted`; z = `f` p.z, as in add_from_below, where there is an f.
  [[gnu::noinline]] void add(__mmask8 wanted, const Lanes& x, const Lanes& y, const Lanes* f) noexcept {
    if (wanted == 0) return;
    const __mmask8 first = wanted & static_cast<__mmask8>(~begun);
    LanePoints next = point;
    if (begun != 0) {
      const Lanes z = f == nullptr ? point.z : point.z * *f;
      const Lanes zz = square(z);
      (void)add_scaled(next, x * zz, y * (zz * z));
    }
    const __mmask8 later = wanted & begun;
    point.x = choose(later, point.x, next.x);
    point.y = choose(later, point.y, next.y);
    point.z = choose(later, point.z, next.z);
    if (first == 0) return;
    Lanes first_x = x;
    Lanes first_y = y;
    if (f != nullptr) {
      const Lanes ff = square(*f);
      first_x = x * ff;
      first_y = y * (ff * *f);
    }
    point.x = choose(first, point.x, first_x);
    point.y = choose(first, point.y, first_y);
    point.z = choose(first, point.z, broadcast(u256{1}));
    begun |= wanted;
  }
};

// --- digits --------------------------------------------------------------------------------------------------------

constexpr int kWindow = 4;
constexpr int kMultiples = 1 << (kWindow - 1);
constexpr int kWindows = 33;  // 128 bits and a carry
constexpr int kGeneratorWindow = 8;
constexpr int kGeneratorMultiples = 1 << (kGeneratorWindow - 1);
constexpr int kGeneratorWindows = 17;

/// Digits of all lanes: sizes, and which are negative or not zero.
struct DigitRow {
  alignas(64) std::uint64_t sizes[kLanes];
  std::uint8_t negative;
  std::uint8_t nonzero;
};

/// The digits of a number below 2^128 in windows of `width` bits, from -2^(width - 1) + 1 to 2^(width - 1).
template <int width, int count>
void write_digits(DigitRow (&rows)[count], std::size_t lane, const HalfScalar& scalar) noexcept {
  unsigned carry = 0;
  for (int i = 0; i < count; ++i) {
    const unsigned position = static_cast<unsigned>(i * width);
    const std::uint64_t limb = position < 128 ? scalar.magnitude.limbs[position / 64] : 0;
    const unsigned window = static_cast<unsigned>(limb >> (position % 64) & ((1u << width) - 1)) + carry;
    carry = window > 1u << (width - 1) ? 1 : 0;
    const unsigned size = carry != 0 ? (1u << width) - window : window;
    rows[i].sizes[lane] = size;
    const bool is_negative = (carry != 0) != scalar.negative;
    if (is_negative) rows[i].negative |= static_cast<std::uint8_t>(1u << lane);
    if (size != 0) rows[i].nonzero |= static_cast<std::uint8_t>(1u << lane);
  }
}

struct Digits {
  DigitRow one[kWindows] = {};
  DigitRow lambda[kWindows] = {};
  DigitRow low[kGeneratorWindows] = {};
  DigitRow high[kGeneratorWindows] = {};
};

// --- tables --------------------------------------------------------------------------------------------------------

/// 1 to 128 times the generator, and 2^128 times the generator: limbs of 52 bits of x and of y, one after the other.
struct GeneratorMultiples {
  struct alignas(16) Entry {
    std::uint64_t limbs[10];
  };
  std::array<Entry, kGeneratorMultiples + 1> low, high;  // the first is not used

  GeneratorMultiples() {
    const Affine<Scalar> generator = {to_field<Scalar>(kGeneratorX), to_field<Scalar>(kGeneratorY)};
    Jacobian<Scalar> shifted_generator = {generator.x, generator.y, kOne<Scalar>};
    for (int i = 0; i < 128; ++i) shifted_generator = secp256k1::twice(shifted_generator);
    fill(generator, low);
    fill(to_affine(shifted_generator), high);
  }

 private:
  static void fill(const Affine<Scalar>& p, std::array<Entry, kGeneratorMultiples + 1>& out) {
    Jacobian<Scalar> multiple = {p.x, p.y, kOne<Scalar>};
    out[0] = {};
    for (std::size_t i = 1; i < out.size(); ++i, multiple = secp256k1::add(multiple, p)) {
      const Affine<Scalar> affine = to_affine(multiple);
      write(canonical(affine.x), out[i].limbs);
      write(canonical(affine.y), out[i].limbs + 5);
    }
  }
  static void write(const u256& v, std::uint64_t* limbs) noexcept {
    limbs[0] = v.limbs[0] & kLimbMask;
    limbs[1] = (v.limbs[0] >> 52 | v.limbs[1] << 12) & kLimbMask;
    limbs[2] = (v.limbs[1] >> 40 | v.limbs[2] << 24) & kLimbMask;
    limbs[3] = (v.limbs[2] >> 28 | v.limbs[3] << 36) & kLimbMask;
    limbs[4] = v.limbs[3] >> 16;
  }
};

/// Each lane's multiple of its own point, all with one Z: entries 1 to kMultiples.
struct PointTable {
  Lanes x[kMultiples];
  Lanes beta_x[kMultiples];
  Lanes y[kMultiples];
  Lanes z;

  PointTable(const Lanes& px, const Lanes& py) noexcept {
    Lanes ratios[kMultiples];
    LanePoints multiple = {px, py, broadcast(u256{1})};
    x[0] = px;
    y[0] = py;
    for (int i = 1; i < kMultiples; ++i) {
      if (i == 1) {
        ratios[1] = settle(shifted<1>(py));
        twice(multiple);
      } else {
        const Lanes zz = square(multiple.z);
        ratios[i] = add_scaled(multiple, px * zz, py * (zz * multiple.z));
      }
      x[i] = multiple.x;
      y[i] = multiple.y;
    }
    z = multiple.z;
    Lanes common = broadcast(u256{1});
    for (int i = kMultiples - 1; i-- > 0;) {
      common = common * ratios[i + 1];
      const Lanes common_square = square(common);
      x[i] = x[i] * common_square;
      y[i] = y[i] * (common_square * common);
    }
    const Lanes beta = broadcast(kBeta);
    for (int i = 0; i < kMultiples; ++i) beta_x[i] = x[i] * beta;
  }
};

/// table[size - 1] of each lane.
HOCKET_LANES Lanes entry_of(const Lanes (&table)[kMultiples], __m512i sizes) noexcept {
  Lanes r = table[0];
  for (int i = 1; i < kMultiples; ++i)
    r = choose(_mm512_cmpeq_epi64_mask(sizes, broadcast(static_cast<std::uint64_t>(i) + 1)), r, table[i]);
  return r;
}

void add_multiple(Accumulator& total, const DigitRow& row, const Lanes (&x)[kMultiples],
                  const Lanes (&y)[kMultiples]) noexcept {
  const __m512i sizes = _mm512_load_si512(row.sizes);
  total.add(row.nonzero, entry_of(x, sizes), negate_where(row.negative, entry_of(y, sizes)), nullptr);
}

void add_generator(Accumulator& total, const DigitRow& row,
                   const std::array<GeneratorMultiples::Entry, kGeneratorMultiples + 1>& table,
                   const Lanes& f) noexcept {
  alignas(64) std::uint64_t words[10][kLanes];
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const GeneratorMultiples::Entry& entry = table[row.sizes[lane]];
    for (int i = 0; i < 10; ++i) words[i][lane] = entry.limbs[i];
  }
  Lanes x, y;
  for (int i = 0; i < 5; ++i) {
    x.limbs[i] = _mm512_load_si512(words[i]);
    y.limbs[i] = _mm512_load_si512(words[i + 5]);
  }
  total.add(row.nonzero, x, negate_where(row.negative, y), &f);
}

/// 1 / r modulo the order for all of them, with one inversion (Montgomery's trick). Requires: 0 < r < order.
void invert_all(const u256 (&r)[kLanes], u256 (&out)[kLanes]) noexcept {
  static constexpr OddModulus kGroupOrder(kOrder);
  u256 products[kLanes] = {r[0]};
  for (std::size_t i = 1; i < kLanes; ++i) products[i] = multiply_modulo(products[i - 1], r[i], kOrder);
  u256 inverse_product = invert_modulo(products[kLanes - 1], kGroupOrder);
  for (std::size_t i = kLanes; i-- > 1;) {
    out[i] = multiply_modulo(inverse_product, products[i - 1], kOrder);
    inverse_product = multiply_modulo(inverse_product, r[i], kOrder);
  }
  out[0] = inverse_product;
}
void invert_all(const Scalar (&z)[kLanes], Scalar (&out)[kLanes]) noexcept {
  Scalar products[kLanes] = {z[0]};
  for (std::size_t i = 1; i < kLanes; ++i) products[i] = products[i - 1] * z[i];
  Scalar inverse_product = inverse(products[kLanes - 1]);
  for (std::size_t i = kLanes; i-- > 1;) {
    out[i] = inverse_product * products[i - 1];
    inverse_product = inverse_product * z[i];
  }
  out[0] = inverse_product;
}

}  // namespace

void recover_with_ifma(const Claim (&claims)[kLanes], std::optional<PublicKey> (&out)[kLanes]) noexcept {
  // A lane whose numbers are out of range goes on with others, and its result is dropped.
  bool is_valid[kLanes];
  u256 r[kLanes];
  for (std::size_t i = 0; i < kLanes; ++i) {
    const Claim& claim = claims[i];
    is_valid[i] = !claim.r.is_zero() && !claim.s.is_zero() && claim.r < kOrder && claim.s < kOrder;
    r[i] = is_valid[i] ? claim.r : kGeneratorX;
  }

  const Lanes x = gather(r);
  const Lanes yy = settle(sum(square(x) * x, broadcast(u256{7})));
  Lanes y = root(yy);
  Scalar roots[kLanes], squares[kLanes], values[kLanes];
  scatter(y, roots);
  scatter(square(y), squares);
  scatter(yy, values);
  __mmask8 negative = 0;
  for (std::size_t i = 0; i < kLanes; ++i) {
    if (!(squares[i] == values[i])) is_valid[i] = false;
    const bool is_odd = (canonical(roots[i]).low64() & 1) != 0;
    if (is_odd != claims[i].y_is_odd) negative |= static_cast<__mmask8>(1u << i);
  }
  y = negate_where(negative, y);

  u256 inverses[kLanes];
  invert_all(r, inverses);
  Digits digits;
  for (std::size_t i = 0; i < kLanes; ++i) {
    const u256 minus_u1 = multiply_modulo(claims[i].hash, inverses[i], kOrder);
    const u256 u1 = minus_u1.is_zero() ? minus_u1 : kOrder - minus_u1;
    const SplitScalar halves = split(multiply_modulo(claims[i].s, inverses[i], kOrder));
    write_digits<kWindow>(digits.one, i, halves.by_one);
    write_digits<kWindow>(digits.lambda, i, halves.by_lambda);
    write_digits<kGeneratorWindow>(digits.low, i, {{u1.limbs[0], u1.limbs[1], 0, 0}, false});
    write_digits<kGeneratorWindow>(digits.high, i, {{u1.limbs[2], u1.limbs[3], 0, 0}, false});
  }

  static const GeneratorMultiples generator;
  const PointTable table(x, y);
  // Lanes that have no digit yet hold anything.
  Accumulator total{{x, y, broadcast(u256{1})}};
  for (int window = kWindows; window-- > 0;) {
    if (total.begun != 0)
      for (int i = 0; i < kWindow; ++i) twice(total.point);
    add_multiple(total, digits.one[window], table.x, table.y);
    add_multiple(total, digits.lambda[window], table.beta_x, table.y);
    if (window % 2 != 0) continue;
    add_generator(total, digits.low[window / 2], generator.low, table.z);
    add_generator(total, digits.high[window / 2], generator.high, table.z);
  }

  Scalar key_x[kLanes], key_y[kLanes], key_z[kLanes], inverse_z[kLanes];
  scatter(total.point.x, key_x);
  scatter(total.point.y, key_y);
  scatter(total.point.z * table.z, key_z);
  bool is_exceptional[kLanes];
  for (std::size_t i = 0; i < kLanes; ++i) {
    is_exceptional[i] = key_z[i].is_zero() || (total.begun >> i & 1) == 0;
    if (is_exceptional[i]) key_z[i] = kOne<Scalar>;
  }
  invert_all(key_z, inverse_z);
  for (std::size_t i = 0; i < kLanes; ++i) {
    if (!is_valid[i]) {
      out[i].reset();
    } else if (is_exceptional[i]) {
      out[i] = recover<Scalar>(claims[i]);
    } else {
      const Scalar zz = square(inverse_z[i]);
      out[i] = PublicKey{canonical(key_x[i] * zz), canonical(key_y[i] * (zz * inverse_z[i]))};
    }
  }
}

#undef HOCKET_LANES

}  // namespace hocket::secp256k1

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
