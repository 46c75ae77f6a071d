#include "analysis/conflict_models.hpp"

#include <algorithm>
#include <tuple>

namespace hocket {
namespace {

/// Whether a location's changes need no look at what was there before.
bool commutes(LocationKind kind, ConflictModel model) {
  switch (kind) {
    case LocationKind::balance:
      return model != ConflictModel::every_location;
    case LocationKind::slot:
      return model == ConflictModel::commuting_slots;
    default:
      return false;
  }
}

bool adds(const BlockTrace& trace, const Access& access, ConflictModel model) {
  return access.adds && commutes(trace.locations[access.location].kind, model);
}

/// Where changes commute, only a look at the value needs them.
std::uint64_t needed_at(const BlockTrace& trace, const Access& access, ConflictModel model) {
  return adds(trace, access, model) ? access.read_at : access.at;
}

/// Calls `visit(transaction, access, writers)` for each access that needs what earlier transactions have made of its
/// location, if there are any: the last that replaced the value, and those that have added to it since.
template <class Visit>
void for_each_conflict(const BlockTrace& trace, ConflictModel model, const Visit& visit) {
  std::vector<std::vector<std::uint32_t>> writers(trace.locations.size());
  for (std::uint32_t txn = 0; txn < trace.transactions.size(); ++txn) {
    const auto& accesses = trace.transactions[txn].accesses;
    for (const Access& access : accesses) {
      const bool predicted = access.own_nonce && model >= ConflictModel::predicted_nonces;
      if (predicted || (adds(trace, access, model) && !access.reads)) continue;
      if (!writers[access.location].empty()) visit(txn, access, writers[access.location]);
    }
    for (const Access& access : accesses) {
      if (!access.writes) continue;
      if (!adds(trace, access, model)) writers[access.location].clear();
      writers[access.location].push_back(txn);
    }
  }
}

}  // namespace

std::string_view to_string(ConflictModel model) noexcept {
  constexpr std::string_view kNames[] = {"M1", "M2n", "M2", "M3"};
  return kNames[static_cast<int>(model)];
}

std::vector<std::vector<std::uint32_t>> conflicting_reads(const BlockTrace& trace, ConflictModel model) {
  std::vector<std::vector<std::uint32_t>> result(trace.transactions.size());
  for_each_conflict(trace, model, [&](std::uint32_t txn, const Access& access, const std::vector<std::uint32_t>&) {
    result[txn].push_back(access.location);
  });
  return result;
}

std::vector<std::vector<Dependency>> dependencies(const BlockTrace& trace, ConflictModel model) {
  std::vector<std::vector<Dependency>> result(trace.transactions.size());
  for_each_conflict(trace, model,
                    [&](std::uint32_t txn, const Access& access, const std::vector<std::uint32_t>& writers) {
                      const std::uint64_t at = needed_at(trace, access, model);
                      for (const std::uint32_t writer : writers)
                        result[txn].push_back({.writer = writer, .location = access.location, .at = at});
                    });
  for (std::vector<Dependency>& needs : result) {
    std::ranges::sort(needs, [](const Dependency& a, const Dependency& b) {
      return std::tie(a.writer, a.at, a.location) < std::tie(b.writer, b.at, b.location);
    });
    const auto same = std::ranges::unique(needs, {}, &Dependency::writer);
    needs.erase(same.begin(), same.end());
  }
  return result;
}

}  // namespace hocket
