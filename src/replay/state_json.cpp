#include "replay/state_json.hpp"

#include "base/hex.hpp"
#include "crypto/keccak.hpp"

#include <optional>
#include <string_view>
#include <unordered_set>
#include <vector>

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

struct GivenAccount {
  Address address;
  std::string_view key;  // in the document
  u256 balance;
  std::uint64_t nonce;
  Bytes code;
  std::vector<std::pair<u256, u256>> storage;
  std::optional<Hash32> code_hash;
};

Result<void> read_account(Element element, const Dialect& dialect, GivenAccount& out) {
  HOCKET_TRY(const auto object, Object::from(element));
  HOCKET_CHECK(object.only({"balance", "nonce", "code", "codeHash", "storage"}));
  HOCKET_TRY(const auto balance, object.optional("balance", dialect.balance));
  HOCKET_TRY(const auto nonce, object.optional("nonce", dialect.nonce));
  HOCKET_TRY(auto code, object.optional("code", json::bytes_of));
  HOCKET_TRY(auto storage, object.optional("storage", storage_of));
  HOCKET_TRY(out.code_hash, object.optional("codeHash", json::fixed_of<Hash32>));
  out.balance = balance.value_or(u256());
  out.nonce = nonce.value_or(0);
  if (code) out.code = *std::move(code);
  if (storage) out.storage = *std::move(storage);
  return {};
}

/// Hashes the codes together, which is most of the work, and puts the accounts into the state.
Result<void> put_accounts(std::span<const GivenAccount> accounts, InMemoryState& state) {
  std::vector<BytesView> codes;
  codes.reserve(accounts.size());
  for (const GivenAccount& account : accounts) codes.push_back(account.code);
  std::vector<Hash32> hashes(codes.size());
  keccak256_many(codes, hashes);
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const GivenAccount& account = accounts[i];
    if (account.code_hash && *account.code_hash != hashes[i]) {
      const Error error{"codeHash: " + to_hex(*account.code_hash) + ", but the code hashes to " + to_hex(hashes[i])};
      return std::unexpected(json::in_key(account.key, error));
    }
    state.put(account.address, account.nonce, account.balance, account.code, hashes[i], account.storage);
  }
  return {};
}

Result<void> add_accounts(Element element, const Dialect& dialect, InMemoryState& state) {
  HOCKET_TRY(const auto object, Object::from(element));
  std::vector<GivenAccount> accounts;
  std::unordered_set<Address, FixedBytesHash> given;
  accounts.reserve(object.members().size());
  for (const auto& [key, value] : object.members()) {
    const auto address = json::fixed_from<Address>(key, dialect.bare_addresses);
    if (!address) return std::unexpected(json::in_key(key, address.error()));
    if (state.accounts().contains(*address) || !given.insert(*address).second)
      return std::unexpected(json::in_key(key, Error{": account given twice"}));
    GivenAccount& account = accounts.emplace_back();
    account.address = *address;
    account.key = key;
    if (auto read = read_account(value, dialect, account); !read)
      return std::unexpected(json::in_key(key, read.error()));
  }
  return put_accounts(accounts, state);
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
