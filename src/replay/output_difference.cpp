#include "replay/output_difference.hpp"

#include "base/hex.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <map>

namespace hocket {
namespace {

std::string to_text(std::uint64_t number) { return std::to_string(number); }
std::string to_text(std::size_t number, const char* unit) { return fmt::format("{} {}", number, unit); }
std::string to_text(bool flag) { return flag ? "true" : "false"; }
std::string to_text(const u256& number) { return to_hex(to_hash32(number)); }
std::string to_text(const SkippedTransaction& skipped) {
  return fmt::format("transaction {} ({})", skipped.index, describe(skipped.error));
}
/// Long bytes are cut: they are for a line.
std::string to_text(BytesView bytes) {
  constexpr std::size_t kMost = 64;
  if (bytes.size() <= kMost) return to_hex(bytes);
  return fmt::format("{}... ({} bytes)", to_hex(bytes.first(kMost)), bytes.size());
}
template <class T>
std::string to_text(const std::optional<T>& value) {
  return value ? to_text(*value) : "none";
}

/// Remembers the first difference that it is told of.
class Comparison {
 public:
  explicit Comparison(const OutputNames& names) : names_(names) {}

  bool found() const noexcept { return difference_.has_value(); }
  std::optional<std::string> take() { return std::move(difference_); }

  /// Both values in one line.
  void report(const std::string& place, const std::string& expected, const std::string& found) {
    if (!difference_)
      difference_ = fmt::format("{}: {} {}, {} {}", place, names_.expected, expected, names_.found, found);
  }
  template <class T>
  void check(const std::string& place, const T& expected, const T& found) {
    if (!difference_ && expected != found) report(place, to_text(expected), to_text(found));
  }
  void check_count(const std::string& place, std::size_t expected, std::size_t found, const char* unit) {
    if (expected != found) report(place, to_text(expected, unit), to_text(found, unit));
  }

 private:
  OutputNames names_;
  std::optional<std::string> difference_;
};

void compare(const Log& expected, const Log& found, const std::string& place, Comparison& comparison) {
  comparison.check(place + ": address", expected.address, found.address);
  comparison.check_count(place + ": topics", expected.topics.size(), found.topics.size(), "topics");
  for (std::size_t i = 0; i < expected.topics.size() && !comparison.found(); ++i)
    comparison.check(fmt::format("{}: topic {}", place, i), expected.topics[i], found.topics[i]);
  comparison.check(place + ": data", expected.data, found.data);
}

void compare(const Receipt& expected, const Receipt& found, const std::string& place, Comparison& comparison) {
  comparison.check(place + ": type", static_cast<std::uint64_t>(expected.type), static_cast<std::uint64_t>(found.type));
  comparison.check(place + ": success", expected.success, found.success);
  comparison.check(place + ": gas used", expected.gas_used, found.gas_used);
  comparison.check(place + ": cumulative gas used", expected.cumulative_gas_used, found.cumulative_gas_used);
  comparison.check_count(place + ": logs", expected.logs.size(), found.logs.size(), "logs");
  for (std::size_t i = 0; i < expected.logs.size() && !comparison.found(); ++i)
    compare(expected.logs[i], found.logs[i], fmt::format("{}: log {}", place, i), comparison);
  comparison.check(place + ": bloom", expected.logs_bloom, found.logs_bloom);
  comparison.check(place + ": state root after it", expected.intermediate_state_root, found.intermediate_state_root);
}

void compare(const AccountDiff& expected, const AccountDiff& found, const std::string& place, Comparison& comparison) {
  comparison.check(place + ": exists", expected.account.has_value(), found.account.has_value());
  if (expected.account && found.account) {
    comparison.check(place + ": nonce", expected.account->nonce, found.account->nonce);
    comparison.check(place + ": balance", expected.account->balance, found.account->balance);
    comparison.check(place + ": code hash", expected.account->code_hash, found.account->code_hash);
    comparison.check(place + ": has storage", expected.account->has_storage, found.account->has_storage);
  }
  comparison.check(place + ": storage cleared", expected.storage_cleared, found.storage_cleared);
  std::map<u256, std::pair<std::optional<u256>, std::optional<u256>>> slots;
  for (const SlotChange& slot : expected.storage) slots[slot.slot].first = slot.value;
  for (const SlotChange& slot : found.storage) slots[slot.slot].second = slot.value;
  for (const auto& [slot, values] : slots) {
    const auto text = [](const std::optional<u256>& value) { return value ? to_text(*value) : "unchanged"; };
    if (values.first != values.second)
      comparison.report(place + ": slot " + to_text(slot), text(values.first), text(values.second));
  }
  const auto text = [](BytesView code) { return code.empty() ? "none" : to_text(code); };
  if (!std::ranges::equal(expected.code, found.code))
    comparison.report(place + ": new code", text(expected.code), text(found.code));
}

void compare(const StateDiff& expected, const StateDiff& found, Comparison& comparison) {
  if (expected == found) return;
  std::map<Address, std::pair<const AccountDiff*, const AccountDiff*>> accounts;
  for (const AccountDiff& change : expected.accounts()) accounts[change.address].first = &change;
  for (const AccountDiff& change : found.accounts()) accounts[change.address].second = &change;
  for (const auto& [address, changes] : accounts) {
    const std::string place = "account " + to_hex(address);
    const auto& [e, f] = changes;
    if (e == nullptr || f == nullptr)
      comparison.report(place, e == nullptr ? "unchanged" : "changed", f == nullptr ? "unchanged" : "changed");
    else
      compare(*e, *f, place, comparison);
    if (comparison.found()) return;
  }
  comparison.report("state diff", "one", "another");  // unequal is never taken for equal
}

void compare(const std::vector<Receipt>& expected, const std::vector<Receipt>& found, Comparison& comparison) {
  comparison.check_count("receipts", expected.size(), found.size(), "receipts");
  for (std::size_t i = 0; i < expected.size() && !comparison.found(); ++i) {
    if (expected[i] == found[i]) continue;
    const std::string place = fmt::format("transaction {}", i);
    compare(expected[i], found[i], place, comparison);
    comparison.report(place, "one receipt", "another");  // as below
  }
}

void compare(const std::vector<SkippedTransaction>& expected, const std::vector<SkippedTransaction>& found,
             Comparison& comparison) {
  comparison.check_count("skipped", expected.size(), found.size(), "transactions");
  for (std::size_t i = 0; i < expected.size() && !comparison.found(); ++i)
    comparison.check("skipped", expected[i], found[i]);
}

}  // namespace

std::optional<std::string> difference(const BlockOutput& expected, const BlockOutput& found, const OutputNames& names) {
  Comparison comparison(names);
  compare(expected.receipts, found.receipts, comparison);
  comparison.check("gas used", expected.gas_used, found.gas_used);
  comparison.check("blob gas used", expected.blob_gas_used, found.blob_gas_used);
  comparison.check("bloom", expected.logs_bloom, found.logs_bloom);
  comparison.check("lacks intermediate roots", expected.lacks_intermediate_roots, found.lacks_intermediate_roots);
  comparison.check_count("requests", expected.requests.size(), found.requests.size(), "requests");
  for (std::size_t i = 0; i < expected.requests.size() && !comparison.found(); ++i)
    comparison.check(fmt::format("request {}", i), expected.requests[i], found.requests[i]);
  compare(expected.diff, found.diff, comparison);
  return comparison.take();
}

std::optional<std::string> difference(const ExecutedTransactions& expected, const ExecutedTransactions& found,
                                      const OutputNames& names) {
  Comparison comparison(names);
  compare(expected.receipts, found.receipts, comparison);
  compare(expected.skipped, found.skipped, comparison);
  comparison.check("bloom", expected.logs_bloom, found.logs_bloom);
  comparison.check("gas used", expected.gas_used, found.gas_used);
  comparison.check("blob gas used", expected.blob_gas_used, found.blob_gas_used);
  return comparison.take();
}

std::optional<std::string> difference(const StateDiff& expected, const StateDiff& found, const OutputNames& names) {
  Comparison comparison(names);
  compare(expected, found, comparison);
  return comparison.take();
}

std::optional<std::string> difference_of_failures(const std::string& expected, const std::string& found,
                                                  const OutputNames& names) {
  if (expected == found) return std::nullopt;
  return fmt::format("{} {}, {} {}", names.expected, expected, names.found, found);
}

}  // namespace hocket
