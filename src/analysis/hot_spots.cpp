#include "analysis/hot_spots.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <limits>
#include <unordered_set>

namespace hocket {
namespace {

/// The values of `map` whose `gas` is not zero, most of it first; equal ones by address, so that the order is fixed.
template <class Map, class Gas>
auto ranked(const Map& map, const Gas& gas, std::size_t count) {
  std::vector<typename Map::mapped_type> all;
  for (const auto& [key, value] : map)
    if (gas(value) != 0) all.push_back(value);
  std::ranges::sort(
      all, [&](const auto& a, const auto& b) { return gas(a) != gas(b) ? gas(a) > gas(b) : a.address < b.address; });
  if (all.size() > count) all.resize(count);
  return all;
}

}  // namespace

KeyOverlap& KeyOverlap::operator+=(const KeyOverlap& other) {
  sharing += other.sharing;
  overlapping += other.overlapping;
  dependent += other.dependent;
  return *this;
}

KeyOverlap key_overlap(const BlockTrace& trace) {
  struct Use {
    std::size_t users = 0;
    std::size_t writers = 0;
  };
  std::vector<Use> uses(trace.locations.size());
  for (const TransactionTrace& transaction : trace.transactions) {
    for (const Access& access : transaction.accesses) {
      ++uses[access.location].users;
      if (access.writes) ++uses[access.location].writers;
    }
  }
  const auto conflicts = conflicting_reads(trace, ConflictModel::predicted_nonces);
  KeyOverlap overlap;
  for (std::size_t txn = 0; txn < trace.transactions.size(); ++txn) {
    const TransactionTrace& transaction = trace.transactions[txn];
    const auto is_shared = [&](const Access& access) { return uses[access.location].users > 1; };
    const auto is_contended = [&](const Access& access) {
      return is_shared(access) && uses[access.location].writers > 0;
    };
    if (std::ranges::any_of(transaction.accesses, is_shared)) overlap.sharing.add(transaction.gas);
    if (std::ranges::any_of(transaction.accesses, is_contended)) overlap.overlapping.add(transaction.gas);
    if (!conflicts[txn].empty()) overlap.dependent.add(transaction.gas);
  }
  return overlap;
}

void HotSpots::add(const BlockTrace& trace, std::span<const Transaction> transactions) {
  HOCKET_ASSERT(trace.transactions.size() == transactions.size());
  std::unordered_set<Address, FixedBytesHash> hot_here;
  for (const HotLocation& hot : hottest_locations(trace, std::numeric_limits<std::size_t>::max())) {
    const auto [it, is_new] = locations_.try_emplace(hot.location, hot);
    if (!is_new) {
      it->second.readers += hot.readers;
      it->second.writers += hot.writers;
      it->second.gas += hot.gas;
    }
    HotContract& contract = contracts_[hot.location.address];
    contract.address = hot.location.address;
    if (is_new) ++contract.locations;
    hot_here.insert(hot.location.address);
  }

  const auto conflicts = conflicting_reads(trace, ConflictModel::predicted_nonces);
  std::unordered_map<Address, HotSender, FixedBytesHash> senders_here;
  std::unordered_set<Address, FixedBytesHash> seen;
  for (std::size_t txn = 0; txn < transactions.size(); ++txn) {
    const TransactionTrace& traced = trace.transactions[txn];
    // A transaction counts once for an address, however many of its locations it meets.
    seen.clear();
    for (const std::uint32_t location : conflicts[txn]) {
      const Address& address = trace.locations[location].address;
      if (!seen.insert(address).second) continue;
      HotContract& contract = contracts_[address];
      ++contract.readers;
      contract.gas += traced.gas;
    }
    seen.clear();
    for (const Access& access : traced.accesses) {
      if (!access.writes) continue;
      const Address& address = trace.locations[access.location].address;
      if (hot_here.contains(address) && seen.insert(address).second) ++contracts_[address].writers;
    }
    HotSender& sender = senders_here[transactions[txn].sender];
    sender.address = transactions[txn].sender;
    sender.sent.add(traced.gas);
    if (!conflicts[txn].empty()) sender.dependent.add(traced.gas);
  }
  for (const auto& [address, here] : senders_here) {
    if (here.sent.count < 2) continue;
    HotSender& sender = senders_[address];
    sender.address = address;
    sender.sent += here.sent;
    sender.dependent += here.dependent;
  }
}

std::vector<HotLocation> HotSpots::locations(std::size_t count) const {
  std::vector<HotLocation> all;
  all.reserve(locations_.size());
  for (const auto& [location, hot] : locations_) all.push_back(hot);
  sort_by_gas(all);
  if (all.size() > count) all.resize(count);
  return all;
}

std::vector<HotContract> HotSpots::contracts(std::size_t count) const {
  return ranked(contracts_, [](const HotContract& contract) { return contract.gas; }, count);
}

std::vector<HotSender> HotSpots::senders(std::size_t count) const {
  return ranked(senders_, [](const HotSender& sender) { return sender.sent.gas; }, count);
}

}  // namespace hocket
