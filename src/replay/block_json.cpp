#include "replay/block_json.hpp"

#include "base/hex.hpp"
#include "core/account.hpp"
#include "core/codec.hpp"

namespace hocket {
namespace {

using json::bytes_of;
using json::Element;
using json::fixed_of;
using json::list_of;
using json::Object;
using json::u256_of;
using json::u64_of;
using json::u8_of;

// A later fork's header field without an earlier one has no encoding.
Result<void> check_no_gap(const Header& header) {
  const std::pair<const char*, bool> fields[] = {
      {"baseFeePerGas", header.base_fee_per_gas.has_value()},
      {"withdrawalsRoot", header.withdrawals_root.has_value()},
      {"blobGasUsed", header.blob_gas_used.has_value()},
      {"excessBlobGas", header.excess_blob_gas.has_value()},
      {"parentBeaconBlockRoot", header.parent_beacon_block_root.has_value()},
      {"requestsHash", header.requests_hash.has_value()},
  };
  for (std::size_t i = 1; i < std::size(fields); ++i)
    if (fields[i].second && !fields[i - 1].second)
      return fail(std::string(fields[i - 1].first) + ": missing, expected it because " + fields[i].first + " is there");
  return {};
}

Result<Header> header_of(const Object& object) {
  Header h;
  HOCKET_TRY(h.parent_hash, object.required("parentHash", fixed_of<Hash32>));
  HOCKET_TRY(h.ommers_hash, object.required("sha3Uncles", fixed_of<Hash32>));
  HOCKET_TRY(h.beneficiary, object.required("miner", fixed_of<Address>));
  HOCKET_TRY(h.state_root, object.required("stateRoot", fixed_of<Hash32>));
  HOCKET_TRY(h.transactions_root, object.required("transactionsRoot", fixed_of<Hash32>));
  HOCKET_TRY(h.receipts_root, object.required("receiptsRoot", fixed_of<Hash32>));
  HOCKET_TRY(h.logs_bloom, object.required("logsBloom", fixed_of<Bloom>));
  HOCKET_TRY(h.difficulty, object.required("difficulty", u256_of));
  HOCKET_TRY(h.number, object.required("number", u64_of));
  HOCKET_TRY(h.gas_limit, object.required("gasLimit", u64_of));
  HOCKET_TRY(h.gas_used, object.required("gasUsed", u64_of));
  HOCKET_TRY(h.timestamp, object.required("timestamp", u64_of));
  HOCKET_TRY(h.extra_data, object.required("extraData", bytes_of));
  HOCKET_TRY(h.prev_randao, object.required("mixHash", fixed_of<Hash32>));
  HOCKET_TRY(h.nonce, object.required("nonce", fixed_of<BlockNonce>));
  HOCKET_TRY(h.base_fee_per_gas, object.optional("baseFeePerGas", u256_of));
  HOCKET_TRY(h.withdrawals_root, object.optional("withdrawalsRoot", fixed_of<Hash32>));
  HOCKET_TRY(h.blob_gas_used, object.optional("blobGasUsed", u64_of));
  HOCKET_TRY(h.excess_blob_gas, object.optional("excessBlobGas", u64_of));
  HOCKET_TRY(h.parent_beacon_block_root, object.optional("parentBeaconBlockRoot", fixed_of<Hash32>));
  HOCKET_TRY(h.requests_hash, object.optional("requestsHash", fixed_of<Hash32>));
  HOCKET_CHECK(check_no_gap(h));
  HOCKET_TRY(const auto claimed, object.optional("hash", fixed_of<Hash32>));
  if (claimed && *claimed != hash_of(h))
    return fail("hash: " + to_hex(*claimed) + ", but the header's fields hash to " + to_hex(hash_of(h)));
  return h;
}

Result<AccessListEntry> access_list_entry_of(Element element) {
  HOCKET_TRY(const auto object, Object::from(element));
  AccessListEntry entry;
  HOCKET_TRY(entry.address, object.required("address", fixed_of<Address>));
  HOCKET_TRY(entry.storage_keys,
             object.required("storageKeys", [](Element keys) { return list_of(keys, fixed_of<Hash32>); }));
  return entry;
}

Result<Authorization> authorization_of(Element element) {
  HOCKET_TRY(const auto object, Object::from(element));
  Authorization a;
  HOCKET_TRY(a.chain_id, object.required("chainId", u256_of));
  HOCKET_TRY(a.address, object.required("address", fixed_of<Address>));
  HOCKET_TRY(a.nonce, object.required("nonce", u64_of));
  HOCKET_TRY(a.signature.y_parity, object.required(object.find("yParity") != nullptr ? "yParity" : "v", u8_of));
  HOCKET_TRY(a.signature.r, object.required("r", u256_of));
  HOCKET_TRY(a.signature.s, object.required("s", u256_of));
  return a;
}

Result<Withdrawal> withdrawal_of(Element element) {
  HOCKET_TRY(const auto object, Object::from(element));
  Withdrawal w;
  HOCKET_TRY(w.index, object.required("index", u64_of));
  HOCKET_TRY(w.validator_index, object.required("validatorIndex", u64_of));
  HOCKET_TRY(w.address, object.required("address", fixed_of<Address>));
  HOCKET_TRY(w.amount_gwei, object.required("amount", u64_of));
  return w;
}

Result<TransactionType> type_of(const Object& object) {
  HOCKET_TRY(const auto number, object.optional("type", u8_of));
  constexpr auto kLast = static_cast<std::uint8_t>(TransactionType::set_code);
  if (number.value_or(0) > kLast)
    return fail("type: unknown transaction type " + std::to_string(*number) + ", expected 0 to " +
                std::to_string(kLast));
  return static_cast<TransactionType>(number.value_or(0));
}

// EIP-155: a legacy transaction's v holds the parity and, from 35 on, the chain id.
Result<void> read_legacy_v(const Object& object, Transaction& t) {
  HOCKET_TRY(const std::uint64_t v, object.required("v", u64_of));
  if (v == 27 || v == 28) {
    t.signature.y_parity = static_cast<std::uint8_t>(v - 27);
    return {};
  }
  if (v < 35) return fail("v: " + std::to_string(v) + ", expected 27, 28, or 35 and more");
  t.signature.y_parity = static_cast<std::uint8_t>((v - 35) % 2);
  t.chain_id = (v - 35) / 2;
  HOCKET_TRY(const auto chain_id, object.optional("chainId", u64_of));
  if (chain_id && chain_id != t.chain_id)
    return fail("chainId: " + std::to_string(*chain_id) + ", but v says " + std::to_string(*t.chain_id));
  return {};
}

Result<void> read_typed_parity(const Object& object, Transaction& t) {
  HOCKET_TRY(t.chain_id, object.required("chainId", u64_of));
  HOCKET_TRY(const auto parity, object.optional("yParity", u8_of));
  HOCKET_TRY(const auto v, object.optional("v", u8_of));
  if (!parity && !v) return fail("yParity: missing");
  if (parity && v && parity != v)
    return fail("yParity: " + std::to_string(*parity) + ", but v is " + std::to_string(*v));
  t.signature.y_parity = parity ? *parity : *v;
  if (t.signature.y_parity > 1)
    return fail((parity ? "yParity: " : "v: ") + std::to_string(t.signature.y_parity) + ", expected 0 or 1");
  return {};
}

Result<void> read_fees(const Object& object, Transaction& t) {
  if (t.type == TransactionType::legacy || t.type == TransactionType::access_list) {
    HOCKET_TRY(t.max_fee_per_gas, object.required("gasPrice", u256_of));
    t.max_priority_fee_per_gas = t.max_fee_per_gas;
    return {};
  }
  HOCKET_TRY(t.max_fee_per_gas, object.required("maxFeePerGas", u256_of));
  HOCKET_TRY(t.max_priority_fee_per_gas, object.required("maxPriorityFeePerGas", u256_of));
  return {};
}

Result<Bytes> data_of(const Object& object) {
  HOCKET_TRY(auto input, object.optional("input", bytes_of));
  HOCKET_TRY(auto data, object.optional("data", bytes_of));
  if (!input && !data) return fail("input: missing");
  if (input && data && *input != *data) return fail("data: differs from input, expected the same bytes");
  return input ? std::move(*input) : std::move(*data);
}

Result<JsonTransaction> transaction_of(const Object& object) {
  JsonTransaction result;
  Transaction& t = result.transaction;
  HOCKET_TRY(t.type, type_of(object));
  HOCKET_TRY(t.nonce, object.required("nonce", u64_of));
  HOCKET_TRY(t.gas_limit, object.required("gas", u64_of));
  HOCKET_TRY(t.to, object.optional("to", fixed_of<Address>));
  HOCKET_TRY(t.value, object.required("value", u256_of));
  HOCKET_TRY(t.data, data_of(object));
  HOCKET_CHECK(read_fees(object, t));
  HOCKET_TRY(t.signature.r, object.required("r", u256_of));
  HOCKET_TRY(t.signature.s, object.required("s", u256_of));
  if (t.type == TransactionType::legacy) {
    HOCKET_CHECK(read_legacy_v(object, t));
  } else {
    HOCKET_CHECK(read_typed_parity(object, t));
    HOCKET_TRY(t.access_list,
               object.required("accessList", [](Element e) { return list_of(e, access_list_entry_of); }));
  }
  if (t.type == TransactionType::blob) {
    HOCKET_TRY(t.max_fee_per_blob_gas, object.required("maxFeePerBlobGas", u256_of));
    HOCKET_TRY(t.blob_versioned_hashes,
               object.required("blobVersionedHashes", [](Element e) { return list_of(e, fixed_of<Hash32>); }));
  }
  if (t.type == TransactionType::set_code) {
    HOCKET_TRY(t.authorization_list,
               object.required("authorizationList", [](Element e) { return list_of(e, authorization_of); }));
  }
  HOCKET_TRY(result.sender, object.optional("from", fixed_of<Address>));
  HOCKET_TRY(const auto claimed, object.optional("hash", fixed_of<Hash32>));
  if (claimed && *claimed != hash_of(t))
    return fail("hash: " + to_hex(*claimed) + ", but the transaction's fields hash to " + to_hex(hash_of(t)));
  return result;
}

// Where a transaction says it stands must be where it stands.
Result<void> check_position(const Object& object, const char* key, std::uint64_t expected) {
  HOCKET_TRY(const auto given, object.optional(key, u64_of));
  if (given && *given != expected)
    return fail(std::string(key) + ": " + std::to_string(*given) + ", expected " + std::to_string(expected));
  return {};
}

}  // namespace

Result<Header> header_from_json(Element element) {
  HOCKET_TRY(const auto object, Object::from(element));
  return header_of(object);
}

Result<JsonTransaction> transaction_from_json(Element element) {
  HOCKET_TRY(const auto object, Object::from(element));
  return transaction_of(object);
}

Result<JsonBlock> block_from_json(Element element) {
  HOCKET_TRY(const auto object, Object::from(element));
  JsonBlock result;
  HOCKET_TRY(result.block.header, header_of(object));
  std::uint64_t index = 0;
  const auto read_transaction = [&](Element item) -> Result<JsonTransaction> {
    if (item.is_string())
      return fail(": expected a whole transaction, found a hash (ask the node for full transactions)");
    HOCKET_TRY(const auto transaction, Object::from(item));
    HOCKET_CHECK(check_position(transaction, "transactionIndex", index++));
    HOCKET_CHECK(check_position(transaction, "blockNumber", result.block.header.number));
    return transaction_of(transaction);
  };
  HOCKET_TRY(auto transactions,
             object.required("transactions", [&](Element e) { return list_of(e, read_transaction); }));
  for (JsonTransaction& t : transactions) {
    result.block.transactions.push_back(std::move(t.transaction));
    result.senders.push_back(t.sender);
  }
  HOCKET_TRY(result.block.withdrawals,
             object.optional("withdrawals", [](Element e) { return list_of(e, withdrawal_of); }));
  HOCKET_TRY(const auto ommer_hashes,
             object.optional("uncles", [](Element e) { return list_of(e, fixed_of<Hash32>); }));
  const bool says_ommers = ommer_hashes && !ommer_hashes->empty();
  if (ommer_hashes && says_ommers == (result.block.header.ommers_hash == kEmptyListHash))
    return fail(says_ommers ? "uncles: not empty, but sha3Uncles is the hash of an empty list"
                            : "uncles: empty, but sha3Uncles is not the hash of an empty list");
  return result;
}

}  // namespace hocket
