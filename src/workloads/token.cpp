#include "workloads/token.hpp"

#include "base/hex.hpp"
#include "workloads/abi.hpp"

#include <fmt/core.h>
#include <unordered_map>

namespace hocket::workloads {
namespace {

// Token.sol's storage.
constexpr std::uint64_t kSupplySlot = 0;
constexpr std::uint64_t kBalancesSlot = 1;
constexpr std::uint64_t kAllowancesSlot = 2;

// Word `index` behind the selector.
u256 argument(const Transaction& transaction, std::size_t index) {
  return load_be256(transaction.data.data() + 4 + 32 * index);
}

}  // namespace

Address deploy_token(StateBuilder& builder, std::string_view symbol, const Address& minter) {
  return builder.deploy("Token", encode_arguments({AbiValue::text(symbol), AbiValue::text(symbol), minter}));
}

void give_tokens(StateBuilder& builder, const Address& token, const std::vector<Address>& owners, const u256& amount) {
  std::vector<std::pair<u256, u256>> slots;
  slots.reserve(owners.size() + 1);
  for (const Address& owner : owners) slots.emplace_back(mapping_slot(owner, kBalancesSlot), amount);
  slots.emplace_back(kSupplySlot, token_supply(builder.state(), token) + amount * u256(owners.size()));
  builder.write_storage(token, slots);
}

void approve_without_limit(StateBuilder& builder, const Address& token, const std::vector<Address>& owners,
                           const Address& spender) {
  std::vector<std::pair<u256, u256>> slots;
  slots.reserve(owners.size());
  for (const Address& owner : owners)
    slots.emplace_back(mapping_slot(spender, mapping_slot(owner, kAllowancesSlot)), u256::max());
  builder.write_storage(token, slots);
}

u256 token_supply(const StateView& state, const Address& token) { return *state.storage(token, kSupplySlot); }

u256 token_storage_sum(const InMemoryState& state, const Address& token) {
  u256 sum;
  const StoredAccount* found = state.accounts().find(token);
  if (found == nullptr) return sum;
  for (const auto& [slot, value] : found->storage) sum += value;
  return sum;
}

u256 token_balance(const StateView& state, const Address& token, const Address& owner) {
  return *state.storage(token, mapping_slot(owner, kBalancesSlot));
}

Bytes transfer_call(const Address& to, const u256& amount) {
  return encode_call("transfer(address,uint256)", {to, amount});
}

Bytes mint_call(const Address& to, const u256& amount) { return encode_call("mint(address,uint256)", {to, amount}); }

Bytes approve_call(const Address& spender, const u256& amount) {
  return encode_call("approve(address,uint256)", {spender, amount});
}

Bytes transfer_from_call(const Address& from, const Address& to, const u256& amount) {
  return encode_call("transferFrom(address,address,uint256)", {from, to, amount});
}

Violation check_token(const Aftermath& aftermath, const Address& token) {
  static const Bytes transfer = encode_call("transfer(address,uint256)", {});
  static const Bytes transfer_from = encode_call("transferFrom(address,address,uint256)", {});
  std::unordered_map<Address, u256, FixedBytesHash> expected;
  const auto balance = [&](const Address& owner) -> u256& {
    const auto [it, is_new] = expected.try_emplace(owner);
    if (is_new) it->second = token_balance(aftermath.before, token, owner);
    return it->second;
  };
  for (const Transaction& transaction : aftermath.transactions) {
    if (transaction.to != token) continue;
    const auto selector = BytesView(transaction.data).first(4);
    if (equal(selector, transfer)) {
      balance(transaction.sender) -= argument(transaction, 1);
      balance(to_address(argument(transaction, 0))) += argument(transaction, 1);
    } else if (equal(selector, transfer_from)) {
      balance(to_address(argument(transaction, 0))) -= argument(transaction, 2);
      balance(to_address(argument(transaction, 1))) += argument(transaction, 2);
    }
  }
  for (const auto& [owner, amount] : expected)
    if (const u256 found = token_balance(aftermath.after, token, owner); found != amount)
      return fmt::format("tokens of {}: {}, expected {}", to_hex(owner), to_decimal(found), to_decimal(amount));
  if (token_supply(aftermath.before, token) != token_supply(aftermath.after, token))
    return "the token's supply changed";
  return std::nullopt;
}

}  // namespace hocket::workloads
