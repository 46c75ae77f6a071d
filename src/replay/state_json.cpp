#include "replay/state_json.hpp"

#include "base/hex.hpp"
#include "crypto/keccak.hpp"

namespace hocket {
namespace {

using json::Element;
using json::Object;

Result<std::vector<std::pair<u256, u256>>> storage_of(Element element) {
  HOCKET_TRY(const auto object, Object::from(element));
  std::vector<std::pair<u256, u256>> storage;
  storage.reserve(object.members().size());
  for (const auto& [key, value] : object.members()) {
    auto slot = json::word_from(key);
    if (!slot) return std::unexpected(json::in_key(key, slot.error()));
    auto word = json::word_of(value);
    if (!word) return std::unexpected(json::in_key(key, word.error()));
    storage.emplace_back(*slot, *word);
  }
  // The keys differ as text, but "0x1" and "0x01" are one slot.
  std::ranges::sort(storage, {}, &std::pair<u256, u256>::first);
  const auto twice = std::ranges::adjacent_find(storage, {}, &std::pair<u256, u256>::first);
  if (twice != storage.end())
    return std::unexpected(json::in_key(to_quantity(twice->first), Error{": slot given twice"}));
  return storage;
}

// What prestate and alloc differ in.
struct Dialect {
  bool bare_addresses;
  Result<u256> (*balance)(Element);
  Result<std::uint64_t> (*nonce)(Element);
};

Result<void> add_account(const Address& address, Element element, const Dialect& dialect, InMemoryState& state) {
  HOCKET_TRY(const auto object, Object::from(element));
  HOCKET_CHECK(object.only({"balance", "nonce", "code", "codeHash", "storage"}));
  HOCKET_TRY(const auto balance, object.optional("balance", dialect.balance));
  HOCKET_TRY(const auto nonce, object.optional("nonce", dialect.nonce));
  HOCKET_TRY(const auto code, object.optional("code", json::bytes_of));
  HOCKET_TRY(const auto storage, object.optional("storage", storage_of));
  HOCKET_TRY(const auto code_hash, object.optional("codeHash", json::fixed_of<Hash32>));
  const BytesView code_view = code ? BytesView(*code) : BytesView();
  if (code_hash && *code_hash != keccak256(code_view))
    return fail("codeHash: " + to_hex(*code_hash) + ", but the code hashes to " + to_hex(keccak256(code_view)));
  state.put(address, nonce.value_or(0), balance.value_or(u256()), code_view,
            storage.value_or(std::vector<std::pair<u256, u256>>()));
  return {};
}

Result<void> add_accounts(Element element, const Dialect& dialect, InMemoryState& state) {
  HOCKET_TRY(const auto object, Object::from(element));
  for (const auto& [key, value] : object.members()) {
    const auto address = json::fixed_from<Address>(key, dialect.bare_addresses);
    if (!address) return std::unexpected(json::in_key(key, address.error()));
    if (state.accounts().contains(*address)) return std::unexpected(json::in_key(key, Error{": account given twice"}));
    if (auto added = add_account(*address, value, dialect, state); !added)
      return std::unexpected(json::in_key(key, added.error()));
  }
  return {};
}

}  // namespace

Result<void> add_prestate(Element element, InMemoryState& state) {
  return add_accounts(element, {.bare_addresses = false, .balance = json::u256_of, .nonce = json::u64_of}, state);
}

Result<void> add_alloc(Element element, InMemoryState& state) {
  return add_accounts(
      element, {.bare_addresses = true, .balance = json::u256_or_decimal_of, .nonce = json::u64_or_decimal_of}, state);
}

}  // namespace hocket
