#include "report/details.hpp"

#include "base/hex.hpp"
#include "core/codec.hpp"

#include <algorithm>

namespace hocket::report {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view kKinds[kLocationKindCount] = {"balance", "nonce", "code", "existence", "slot"};
constexpr std::string_view kCauseKinds[kConflictCauseCount] = {"slot", "balance", "nonce",
                                                               "code", "storage", "account"};
constexpr std::size_t kCallsOfLocation = 3;

// How a transaction uses a location, as the low bits of a number.
constexpr std::int64_t kReads = 1;
constexpr std::int64_t kWrites = 2;
constexpr std::int64_t kAdds = 4;  // it changes by addition only
constexpr std::int64_t kAccessBits = 8;

/// Without leading zeros: "0x0", "0x1f".
std::string short_hex(const u256& value) {
  const std::string digits = to_hex_bare(to_hash32(value));
  const std::size_t first = digits.find_first_not_of('0');
  return "0x" + (first == std::string::npos ? "0" : digits.substr(first));
}

}  // namespace

Details::Details(const RecoveredBlock& block, const BlockTrace& trace, Names& names, const DetailLimits& limits)
    : block_(block), trace_(trace), names_(names), limits_(limits) {}

void Details::choose(const std::vector<TxnIndex>& wanted) {
  const auto count = static_cast<TxnIndex>(trace_.transactions.size());
  std::vector<bool> is_chosen(count);
  const auto take = [&](TxnIndex txn) {
    if (txn >= count || is_chosen[txn] || chosen_.size() >= limits_.transactions) return;
    is_chosen[txn] = true;
    chosen_.push_back(txn);
  };
  chosen_.clear();
  for (const TxnIndex txn : wanted) take(txn);
  for (TxnIndex txn = 0; txn < count; ++txn) take(txn);
  std::ranges::sort(chosen_);
}

std::int64_t Details::number_of(const Address& address) {
  const auto [found, is_new] = address_numbers_.try_emplace(address, std::int64_t(addresses_.size()));
  if (is_new) {
    addresses_.push_back(to_hex(address));
    address_names_.push_back(names_.contract(address));
  }
  return found->second;
}

std::int64_t Details::number_of(std::string_view kind, const Address& address, const u256& slot) {
  const std::string slot_text = kind == "slot" ? short_hex(slot) : std::string();
  std::string key = std::string(kind) + ' ' + to_hex_bare(address) + ' ' + slot_text;
  const auto [found, is_new] = location_numbers_.try_emplace(std::move(key), std::int64_t(locations_.size()));
  if (is_new) {
    ordered_json location = {kind, number_of(address)};
    if (kind == "slot") location.push_back(slot_text);
    locations_.push_back(std::move(location));
  }
  return found->second;
}

std::int64_t Details::location(const ActivityCause& cause) {
  if (!cause.has_location) return -1;
  return number_of(kCauseKinds[static_cast<int>(cause.conflict)], cause.address, cause.slot);
}

std::int64_t Details::traced_location(std::uint32_t number) {
  const auto [found, is_new] = traced_numbers_.try_emplace(number);
  if (is_new) {
    const Location& location = trace_.locations[number];
    found->second = number_of(kKinds[static_cast<int>(location.kind)], location.address, location.slot);
  }
  return found->second;
}

std::int64_t Details::number_of_call(TxnIndex txn) {
  const std::string call = names_.call(block_.block().transactions[txn]);
  const auto [found, is_new] = call_numbers_.try_emplace(call, std::int64_t(calls_.size()));
  if (is_new) calls_.push_back(call);
  return found->second;
}

ordered_json Details::hottest(const BlockReport& report) {
  const auto conflicts = conflicting_reads(trace_, ConflictModel::predicted_nonces);
  std::unordered_map<Location, std::map<std::int64_t, std::size_t>, LocationHash> calls;  // readers by call
  for (const HotLocation& hot : report.hottest) calls[hot.location];
  for (TxnIndex txn = 0; txn < conflicts.size(); ++txn) {
    for (const std::uint32_t number : conflicts[txn])
      if (const auto found = calls.find(trace_.locations[number]); found != calls.end())
        ++found->second[number_of_call(txn)];
  }
  ordered_json json = ordered_json::array();
  for (const HotLocation& hot : report.hottest) {
    std::vector<std::pair<std::int64_t, std::size_t>> by(calls[hot.location].begin(), calls[hot.location].end());
    std::ranges::sort(by, [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    ordered_json top = ordered_json::array();
    for (std::size_t i = 0; i < std::min(by.size(), kCallsOfLocation); ++i)
      top.push_back({{"call", by[i].first}, {"readers", by[i].second}});
    json.push_back(
        {{"location", number_of(kKinds[static_cast<int>(hot.location.kind)], hot.location.address, hot.location.slot)},
         {"readers", hot.readers},
         {"writers", hot.writers},
         {"gas", hot.gas},
         {"calls", std::move(top)}});
  }
  return json;
}

ordered_json Details::transactions_table() {
  ordered_json table;
  for (const char* column : {"index", "hash", "from", "to", "call", "gas", "us", "accesses", "accessesInAll"})
    table[column] = ordered_json::array();
  for (const TxnIndex txn : chosen_) {
    const Transaction& transaction = block_.block().transactions[txn];
    const TransactionTrace& traced = trace_.transactions[txn];
    table["index"].push_back(txn);
    table["hash"].push_back(to_hex(hash_of(transaction)));
    table["from"].push_back(number_of(transaction.sender));
    table["to"].push_back(transaction.to ? number_of(*transaction.to) : -1);
    table["call"].push_back(number_of_call(txn));
    table["gas"].push_back(traced.gas);
    table["us"].push_back(static_cast<double>(trace_.durations[txn].count()) / 1e3);
    ordered_json accesses = ordered_json::array();
    for (const Access& access : traced.accesses) {
      if (accesses.size() >= limits_.accesses) break;
      accesses.push_back(traced_location(access.location) * kAccessBits + (access.reads ? kReads : 0) +
                         (access.writes ? kWrites : 0) + (access.adds ? kAdds : 0));
    }
    table["accesses"].push_back(std::move(accesses));
    table["accessesInAll"].push_back(traced.accesses.size());
  }
  return table;
}

void Details::write(ordered_json& section) {
  section["details"] = transactions_table();
  section["detailsShown"] = chosen_.size();
  section["calls"] = std::move(calls_);
  section["locations"] = std::move(locations_);
  section["addresses"] = std::move(addresses_);
  section["addressNames"] = std::move(address_names_);
}

}  // namespace hocket::report
