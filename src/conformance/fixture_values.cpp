#include "conformance/fixture_values.hpp"

#include "base/hex.hpp"
#include "crypto/keccak.hpp"
#include "rlp/encode.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace hocket {
namespace {

Result<std::vector<std::pair<u256, u256>>> decode_storage(JsonObject slots) {
  std::vector<std::pair<u256, u256>> storage;
  storage.reserve(slots.size());
  for (const auto [key, value] : slots) {
    auto slot = u256_from_text(key);
    if (!slot) return std::unexpected(std::move(slot).error().in("slot " + std::string(key)));
    auto word = read_json<u256>(value);
    if (!word) return std::unexpected(std::move(word).error().in("slot " + std::string(key)));
    storage.emplace_back(*slot, *word);
  }
  std::ranges::sort(storage, {}, [](const auto& entry) { return entry.first; });
  const auto twice = std::ranges::adjacent_find(storage, {}, [](const auto& entry) { return entry.first; });
  if (twice != storage.end()) return fail("slot " + to_quantity(twice->first) + ": stands twice");
  return storage;
}

Result<void> decode_account(InMemoryState& state, const Address& address, JsonValue value) {
  HOCKET_TRY(const JsonObject account, read_json<JsonObject>(value));
  HOCKET_TRY(const u256 balance, read_member<u256>(account, "balance"));
  HOCKET_TRY(const auto nonce, read_optional_member<std::uint64_t>(account, "nonce"));
  HOCKET_TRY(const auto code, read_optional_member<Bytes>(account, "code"));
  HOCKET_TRY(const auto slots, read_optional_member<JsonObject>(account, "storage"));
  std::vector<std::pair<u256, u256>> storage;
  if (slots) {
    auto decoded = decode_storage(*slots);
    if (!decoded) return std::unexpected(std::move(decoded).error().in("storage"));
    storage = *std::move(decoded);
  }
  state.put(address, nonce.value_or(0), balance, code ? BytesView(*code) : BytesView(), storage);
  return {};
}

Result<AccessListEntry> decode_access_list_entry(JsonValue value) {
  HOCKET_TRY(const JsonObject object, read_json<JsonObject>(value));
  AccessListEntry entry;
  HOCKET_TRY(entry.address, read_member<Address>(object, "address"));
  HOCKET_TRY(const JsonArray keys, read_member<JsonArray>(object, "storageKeys"));
  for (const JsonValue key : keys) {
    HOCKET_TRY(const Hash32 slot, read_json<Hash32>(key));
    entry.storage_keys.push_back(slot);
  }
  return entry;
}

Result<Authorization> decode_authorization(JsonValue value) {
  HOCKET_TRY(const JsonObject object, read_json<JsonObject>(value));
  Authorization authorization;
  HOCKET_TRY(authorization.chain_id, read_member<u256>(object, "chainId"));
  HOCKET_TRY(authorization.address, read_member<Address>(object, "address"));
  HOCKET_TRY(authorization.nonce, read_member<std::uint64_t>(object, "nonce"));
  HOCKET_TRY(const u256 parity, read_member<u256>(object, member(object, "yParity") ? "yParity" : "v"));
  if (parity > u256(0xff)) return fail("v: expected one byte, found " + to_quantity(parity));
  authorization.signature.y_parity = static_cast<std::uint8_t>(parity.low64());
  HOCKET_TRY(authorization.signature.r, read_member<u256>(object, "r"));
  HOCKET_TRY(authorization.signature.s, read_member<u256>(object, "s"));
  return authorization;
}

/// Every entry of a list by `decode`; errors name the index.
template <class T, class Decode>
Result<std::vector<T>> decode_list(JsonArray values, Decode decode) {
  std::vector<T> list;
  list.reserve(values.size());
  for (const JsonValue value : values) {
    auto entry = decode(value);
    if (!entry) return std::unexpected(std::move(entry).error().in("entry " + std::to_string(list.size())));
    list.push_back(*std::move(entry));
  }
  return list;
}

Result<void> apply_blob_schedule(ChainConfig& config, JsonObject schedule) {
  for (const auto [fork, value] : schedule) {
    HOCKET_TRY(const JsonObject entry, read_json<JsonObject>(value));
    HOCKET_TRY(const std::uint64_t target, read_member<std::uint64_t>(entry, "target"));
    HOCKET_TRY(const std::uint64_t max, read_member<std::uint64_t>(entry, "max"));
    HOCKET_TRY(const std::uint64_t fraction, read_member<std::uint64_t>(entry, "baseFeeUpdateFraction"));
    if (target > max || max > UINT32_MAX) return fail(std::string(fork) + ": expected target <= max < 2^32");
    if (fraction == 0) return fail(std::string(fork) + ": baseFeeUpdateFraction: expected more than 0");
    // Schedules list every fork up to the network's own; those that the network does not have change nothing.
    (void)config.set_blob_parameters(fork,
                                     {static_cast<std::uint32_t>(target), static_cast<std::uint32_t>(max), fraction});
  }
  return {};
}

std::string known_networks() {
  std::string text;
  for (const std::string_view name : fixture_fork_names()) text += std::string(name) + ", ";
  return text + "or a transition as CancunToPragueAtTime15k";
}

std::string differs(std::string_view what, const std::string& found, const std::string& expected) {
  return std::string(what) + " is " + found + ", expected " + expected;
}

std::optional<std::string> first_storage_difference(const InMemoryState::Entry& found,
                                                    const InMemoryState::Entry& expected) {
  std::map<u256, std::pair<u256, u256>> slots;
  for (const auto& [slot, value] : found.storage) slots[slot].first = value;
  for (const auto& [slot, value] : expected.storage) slots[slot].second = value;
  for (const auto& [slot, values] : slots)
    if (values.first != values.second)
      return differs("slot " + to_quantity(slot), to_quantity(values.first), to_quantity(values.second));
  return std::nullopt;
}

std::optional<std::string> first_account_difference(const InMemoryState::Entry& found,
                                                    const InMemoryState::Entry& expected) {
  const Account& a = found.account;
  const Account& b = expected.account;
  if (a.nonce != b.nonce) return differs("nonce", to_quantity(a.nonce), to_quantity(b.nonce));
  if (a.balance != b.balance) return differs("balance", to_quantity(a.balance), to_quantity(b.balance));
  if (a.code_hash != b.code_hash) return differs("code hash", to_hex(a.code_hash), to_hex(b.code_hash));
  return first_storage_difference(found, expected);
}

}  // namespace

Result<InMemoryState> decode_state(JsonObject accounts) {
  InMemoryState state;
  for (const auto [key, value] : accounts) {
    const std::string name(key);
    auto address = fixed_from_hex<Address>(key);
    if (!address) return std::unexpected(std::move(address).error().in(name));
    if (state.accounts().contains(*address)) return fail(name + ": stands twice");
    auto decoded = decode_account(state, *address, value);
    if (!decoded) return std::unexpected(std::move(decoded).error().in(name));
  }
  return state;
}

Result<std::vector<AccessListEntry>> decode_access_list(JsonArray entries) {
  return decode_list<AccessListEntry>(entries, decode_access_list_entry);
}

Result<std::vector<Authorization>> decode_authorization_list(JsonArray entries) {
  return decode_list<Authorization>(entries, decode_authorization);
}

bool is_out_of_scope(std::string_view network) noexcept { return network.find("Amsterdam") != std::string_view::npos; }

Result<std::optional<ChainConfig>> decode_network(std::string_view name, std::optional<JsonObject> config) {
  if (is_out_of_scope(name)) return std::nullopt;
  auto network = fixture_network(name);
  if (!network) return fail("unknown network \"" + std::string(name) + "\", expected " + known_networks());
  if (!config) return network;
  HOCKET_TRY(const auto chain_id, read_optional_member<std::uint64_t>(*config, "chainid"));
  if (chain_id) network->chain_id = *chain_id;
  HOCKET_TRY(const auto schedule, read_optional_member<JsonObject>(*config, "blobSchedule"));
  if (schedule) {
    auto applied = apply_blob_schedule(*network, *schedule);
    if (!applied) return std::unexpected(std::move(applied).error().in("config: blobSchedule"));
  }
  return network;
}

std::optional<std::string> first_difference(const InMemoryState& found, const InMemoryState& expected) {
  for (const auto& [address, entry] : expected.accounts()) {
    const StoredAccount* other = found.accounts().find(address);
    if (other == nullptr) return to_hex(address) + ": does not exist, but should";
    if (const auto difference = first_account_difference(*other, entry)) return to_hex(address) + ": " + *difference;
  }
  for (const auto& [address, entry] : found.accounts())
    if (!expected.accounts().contains(address)) return to_hex(address) + ": exists, but should not";
  return std::nullopt;
}

Hash32 logs_hash(std::span<const Log> logs) {
  rlp::Writer out;
  out.begin_list();
  for (const Log& log : logs) {
    out.begin_list().string(log.address).begin_list();
    for (const Hash32& topic : log.topics) out.string(topic);
    out.end_list().string(log.data).end_list();
  }
  return keccak256(out.end_list().take());
}

}  // namespace hocket
