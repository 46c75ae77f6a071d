#include "parallel/segments/location_filter.hpp"

#include "parallel/segments/committed_segments.hpp"

#include <algorithm>
#include <bit>

namespace hocket {
namespace {

/// For each location that is expected.
constexpr std::size_t kBits = 8;

}  // namespace

void LocationFilter::Bits::reset(std::size_t expected) {
  const std::size_t bits = std::bit_ceil(std::max<std::size_t>(kBits * expected, 64));
  words.assign(bits / 64, 0);
  mask = bits - 1;
}

void LocationFilter::begin(const CommittedSegments& committed, std::size_t expected_accounts,
                           std::size_t expected_slots) {
  committed_ = &committed;
  known_ = 0;
  accounts_.reset(expected_accounts);
  slots_.reset(expected_slots);
}

void LocationFilter::catch_up() {
  for (const std::size_t count = committed_->count(); known_ < count; ++known_) {
    const CommittedSegments::Segment& segment = committed_->segment(known_);
    accounts_.add(segment.account_hashes);
    slots_.add(segment.slot_hashes);
  }
}

}  // namespace hocket
