#include "crypto/bls12_381.hpp"

#include "base/assert.hpp"
#include "base/endian.hpp"

#include <algorithm>
#include <blst.h>
#include <cstring>
#include <memory>
#include <vector>

namespace hocket::bls12_381 {
namespace {

constexpr std::size_t kFpPadding = 16;
constexpr std::size_t kFpBytes = kFpSize - kFpPadding;
constexpr std::size_t kScalarBits = 8 * kScalarSize;

// The field's modulus, big-endian.
constexpr std::uint8_t kModulus[kFpBytes] = {0x1a, 0x01, 0x11, 0xea, 0x39, 0x7f, 0xe6, 0x9a, 0x4b, 0x1b, 0xa7, 0xb6,
                                             0x43, 0x4b, 0xac, 0xd7, 0x64, 0x77, 0x4b, 0x84, 0xf3, 0x85, 0x12, 0xbf,
                                             0x67, 0x30, 0xd2, 0xa0, 0xf6, 0xb0, 0xf6, 0x24, 0x1e, 0xab, 0xff, 0xfe,
                                             0xb1, 0x53, 0xff, 0xff, 0xb9, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xaa, 0xab};

bool decode(const std::uint8_t* in, blst_fp& out) noexcept {
  if ((load_be64(in) | load_be64(in + 8)) != 0) return false;
  if (std::memcmp(in + kFpPadding, kModulus, kFpBytes) >= 0) return false;
  blst_fp_from_bendian(&out, in + kFpPadding);
  return true;
}
bool decode(const std::uint8_t* in, blst_fp2& out) noexcept {
  return decode(in, out.fp[0]) && decode(in + kFpSize, out.fp[1]);
}

void encode(const blst_fp& value, std::uint8_t* out) noexcept {
  std::memset(out, 0, kFpPadding);
  blst_bendian_from_fp(out + kFpPadding, &value);
}
void encode(const blst_fp2& value, std::uint8_t* out) noexcept {
  encode(value.fp[0], out);
  encode(value.fp[1], out + kFpSize);
}

// The two groups under one set of names, so that each operation is written once.
struct G1 {
  using Affine = blst_p1_affine;
  using Point = blst_p1;
  static constexpr std::size_t kSize = kG1Size;

  static bool is_on_curve(const Affine& p) noexcept { return blst_p1_affine_on_curve(&p); }
  static bool is_in_group(const Affine& p) noexcept { return blst_p1_affine_in_g1(&p); }
  static bool is_infinity(const Affine& p) noexcept { return blst_p1_affine_is_inf(&p); }
  static void convert(const Affine& from, Point& to) noexcept { blst_p1_from_affine(&to, &from); }
  static void convert(const Point& from, Affine& to) noexcept { blst_p1_to_affine(&to, &from); }
  static void add(Point& sum, const Affine& p) noexcept { blst_p1_add_or_double_affine(&sum, &sum, &p); }
  static void multiply(Point& p, const blst_scalar& scalar) noexcept { blst_p1_mult(&p, &p, scalar.b, kScalarBits); }
  static void multiply_many(Point& sum, const std::vector<Affine>& points, const std::vector<blst_scalar>& scalars) {
    // blst takes a list of pointers, or one pointer and null: the elements follow each other.
    const Affine* const point_list[] = {points.data(), nullptr};
    const std::uint8_t* const scalar_list[] = {scalars[0].b, nullptr};
    const std::size_t scratch_bytes = blst_p1s_mult_pippenger_scratch_sizeof(points.size());
    const auto scratch = std::make_unique_for_overwrite<limb_t[]>(scratch_bytes / sizeof(limb_t));
    blst_p1s_mult_pippenger(&sum, point_list, points.size(), scalar_list, kScalarBits, scratch.get());
  }
};
struct G2 {
  using Affine = blst_p2_affine;
  using Point = blst_p2;
  static constexpr std::size_t kSize = kG2Size;

  static bool is_on_curve(const Affine& p) noexcept { return blst_p2_affine_on_curve(&p); }
  static bool is_in_group(const Affine& p) noexcept { return blst_p2_affine_in_g2(&p); }
  static bool is_infinity(const Affine& p) noexcept { return blst_p2_affine_is_inf(&p); }
  static void convert(const Affine& from, Point& to) noexcept { blst_p2_from_affine(&to, &from); }
  static void convert(const Point& from, Affine& to) noexcept { blst_p2_to_affine(&to, &from); }
  static void add(Point& sum, const Affine& p) noexcept { blst_p2_add_or_double_affine(&sum, &sum, &p); }
  static void multiply(Point& p, const blst_scalar& scalar) noexcept { blst_p2_mult(&p, &p, scalar.b, kScalarBits); }
  static void multiply_many(Point& sum, const std::vector<Affine>& points, const std::vector<blst_scalar>& scalars) {
    // blst takes a list of pointers, or one pointer and null: the elements follow each other.
    const Affine* const point_list[] = {points.data(), nullptr};
    const std::uint8_t* const scalar_list[] = {scalars[0].b, nullptr};
    const std::size_t scratch_bytes = blst_p2s_mult_pippenger_scratch_sizeof(points.size());
    const auto scratch = std::make_unique_for_overwrite<limb_t[]>(scratch_bytes / sizeof(limb_t));
    blst_p2s_mult_pippenger(&sum, point_list, points.size(), scalar_list, kScalarBits, scratch.get());
  }
};

// A point of the curve, in the subgroup or not. blst's affine infinity is all zero too, and passes its curve check.
template <class Group>
bool decode_point(const std::uint8_t* in, typename Group::Affine& out) noexcept {
  return decode(in, out.x) && decode(in + Group::kSize / 2, out.y) && Group::is_on_curve(out);
}

template <class Group>
bool decode_member(const std::uint8_t* in, typename Group::Affine& out) noexcept {
  return decode_point<Group>(in, out) && Group::is_in_group(out);
}

template <class Group>
void encode_point(const typename Group::Point& point, std::uint8_t* out) noexcept {
  typename Group::Affine affine;
  Group::convert(point, affine);
  encode(affine.x, out);
  encode(affine.y, out + Group::kSize / 2);
}

template <class Group>
bool add(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out) noexcept {
  typename Group::Affine p, q;
  if (!decode_point<Group>(a, p) || !decode_point<Group>(b, q)) return false;
  typename Group::Point sum;
  Group::convert(p, sum);
  Group::add(sum, q);
  encode_point<Group>(sum, out);
  return true;
}

template <class Group>
bool multi_scalar_multiply(BytesView pairs, std::uint8_t* out) {
  constexpr std::size_t kPairSize = Group::kSize + kScalarSize;
  HOCKET_ASSERT(!pairs.empty() && pairs.size() % kPairSize == 0);
  const std::size_t count = pairs.size() / kPairSize;

  std::vector<typename Group::Affine> points;
  std::vector<blst_scalar> scalars;
  points.reserve(count);
  scalars.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* pair = pairs.data() + i * kPairSize;
    typename Group::Affine point;
    if (!decode_member<Group>(pair, point)) return false;
    blst_scalar scalar;
    blst_scalar_from_bendian(&scalar, pair + Group::kSize);
    // Terms that add nothing are left out; blst's bucket method does not expect infinity.
    if (Group::is_infinity(point) || std::ranges::all_of(scalar.b, [](std::uint8_t b) { return b == 0; })) continue;
    points.push_back(point);
    scalars.push_back(scalar);
  }
  if (points.empty()) {
    std::memset(out, 0, Group::kSize);
    return true;
  }

  typename Group::Point sum;
  if (points.size() == 1) {
    Group::convert(points[0], sum);
    Group::multiply(sum, scalars[0]);
  } else {
    Group::multiply_many(sum, points, scalars);
  }
  encode_point<Group>(sum, out);
  return true;
}

}  // namespace

bool g1_add(G1View a, G1View b, G1Out out) noexcept { return add<G1>(a.data(), b.data(), out.data()); }
bool g2_add(G2View a, G2View b, G2Out out) noexcept { return add<G2>(a.data(), b.data(), out.data()); }

bool g1_multi_scalar_multiply(BytesView pairs, G1Out out) { return multi_scalar_multiply<G1>(pairs, out.data()); }
bool g2_multi_scalar_multiply(BytesView pairs, G2Out out) { return multi_scalar_multiply<G2>(pairs, out.data()); }

std::optional<bool> pairing_check(BytesView pairs) {
  constexpr std::size_t kPairSize = kG1Size + kG2Size;
  HOCKET_ASSERT(!pairs.empty() && pairs.size() % kPairSize == 0);
  const std::size_t count = pairs.size() / kPairSize;

  std::vector<blst_p1_affine> p;
  std::vector<blst_p2_affine> q;
  p.reserve(count);
  q.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* pair = pairs.data() + i * kPairSize;
    blst_p1_affine point1;
    blst_p2_affine point2;
    if (!decode_member<G1>(pair, point1) || !decode_member<G2>(pair + kG1Size, point2)) return {};
    // A pairing with infinity is one.
    if (G1::is_infinity(point1) || G2::is_infinity(point2)) continue;
    p.push_back(point1);
    q.push_back(point2);
  }
  if (p.empty()) return true;

  const blst_p1_affine* const p_list[] = {p.data(), nullptr};
  const blst_p2_affine* const q_list[] = {q.data(), nullptr};
  blst_fp12 product;
  blst_miller_loop_n(&product, q_list, p_list, p.size());
  blst_final_exp(&product, &product);
  return blst_fp12_is_one(&product);
}

bool map_fp_to_g1(std::span<const std::uint8_t, kFpSize> element, G1Out out) noexcept {
  blst_fp u;
  if (!decode(element.data(), u)) return false;
  blst_p1 point;
  blst_map_to_g1(&point, &u, nullptr);
  encode_point<G1>(point, out.data());
  return true;
}

bool map_fp2_to_g2(std::span<const std::uint8_t, 2 * kFpSize> element, G2Out out) noexcept {
  blst_fp2 u;
  if (!decode(element.data(), u)) return false;
  blst_p2 point;
  blst_map_to_g2(&point, &u, nullptr);
  encode_point<G2>(point, out.data());
  return true;
}

}  // namespace hocket::bls12_381
