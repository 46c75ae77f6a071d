#include "protocol/spec.hpp"

#include "protocol/forks/osaka.hpp"

namespace hocket {
namespace {

constexpr Spec kSpecs[kRevisionCount] = {
    forks::frontier(),        forks::homestead(), forks::tangerine_whistle(),
    forks::spurious_dragon(), forks::byzantium(), forks::constantinople(),
    forks::petersburg(),      forks::istanbul(),  forks::berlin(),
    forks::london(),          forks::paris(),     forks::shanghai(),
    forks::cancun(),          forks::prague(),    forks::osaka(),
};

constexpr std::string_view kNames[kRevisionCount] = {
    "Frontier",        "Homestead", "Tangerine Whistle",
    "Spurious Dragon", "Byzantium", "Constantinople",
    "Petersburg",      "Istanbul",  "Berlin",
    "London",          "Paris",     "Shanghai",
    "Cancun",          "Prague",    "Osaka",
};

constexpr bool indexed_by_revision() {
  for (int i = 0; i < kRevisionCount; ++i)
    if (kSpecs[i].revision != static_cast<Revision>(i)) return false;
  return true;
}
static_assert(indexed_by_revision());

}  // namespace

const Spec& spec_of(Revision revision) noexcept { return kSpecs[static_cast<int>(revision)]; }

std::string_view to_string(Revision revision) noexcept { return kNames[static_cast<int>(revision)]; }

}  // namespace hocket
