#include "replay/block_json_writer.hpp"

#include "base/hex.hpp"
#include "core/codec.hpp"

namespace hocket {
namespace {

using nlohmann::ordered_json;

ordered_json access_list_json(const Transaction& t) {
  ordered_json list = ordered_json::array();
  for (const AccessListEntry& entry : t.access_list) {
    ordered_json keys = ordered_json::array();
    for (const Hash32& key : entry.storage_keys) keys.push_back(to_hex(key));
    list.push_back({{"address", to_hex(entry.address)}, {"storageKeys", std::move(keys)}});
  }
  return list;
}

ordered_json authorization_list_json(const Transaction& t) {
  ordered_json list = ordered_json::array();
  for (const Authorization& a : t.authorization_list)
    list.push_back({{"chainId", to_quantity(a.chain_id)},
                    {"address", to_hex(a.address)},
                    {"nonce", to_quantity(a.nonce)},
                    {"yParity", to_quantity(std::uint64_t{a.signature.y_parity})},
                    {"r", to_quantity(a.signature.r)},
                    {"s", to_quantity(a.signature.s)}});
  return list;
}

std::uint64_t v_of(const Transaction& t) {
  if (t.type != TransactionType::legacy) return t.signature.y_parity;
  return t.chain_id ? 35 + 2 * *t.chain_id + t.signature.y_parity : 27u + t.signature.y_parity;  // EIP-155
}

void add_optional_fields(const Header& h, ordered_json& json) {
  if (h.base_fee_per_gas) json["baseFeePerGas"] = to_quantity(*h.base_fee_per_gas);
  if (h.withdrawals_root) json["withdrawalsRoot"] = to_hex(*h.withdrawals_root);
  if (h.blob_gas_used) json["blobGasUsed"] = to_quantity(*h.blob_gas_used);
  if (h.excess_blob_gas) json["excessBlobGas"] = to_quantity(*h.excess_blob_gas);
  if (h.parent_beacon_block_root) json["parentBeaconBlockRoot"] = to_hex(*h.parent_beacon_block_root);
  if (h.requests_hash) json["requestsHash"] = to_hex(*h.requests_hash);
}

}  // namespace

ordered_json to_json(const Transaction& t) {
  ordered_json json{
      {"type", to_quantity(static_cast<std::uint64_t>(t.type))},
      {"hash", to_hex(hash_of(t))},
      {"from", to_hex(t.sender)},
      {"to", t.to ? ordered_json(to_hex(*t.to)) : ordered_json(nullptr)},
      {"nonce", to_quantity(t.nonce)},
      {"gas", to_quantity(t.gas_limit)},
      {"value", to_quantity(t.value)},
      {"input", to_hex(t.data)},
  };
  if (t.chain_id) json["chainId"] = to_quantity(*t.chain_id);
  if (t.type == TransactionType::legacy || t.type == TransactionType::access_list) {
    json["gasPrice"] = to_quantity(t.max_fee_per_gas);
  } else {
    json["maxFeePerGas"] = to_quantity(t.max_fee_per_gas);
    json["maxPriorityFeePerGas"] = to_quantity(t.max_priority_fee_per_gas);
  }
  if (t.type != TransactionType::legacy) json["accessList"] = access_list_json(t);
  if (t.type == TransactionType::blob) {
    json["maxFeePerBlobGas"] = to_quantity(t.max_fee_per_blob_gas);
    ordered_json hashes = ordered_json::array();
    for (const Hash32& hash : t.blob_versioned_hashes) hashes.push_back(to_hex(hash));
    json["blobVersionedHashes"] = std::move(hashes);
  }
  if (t.type == TransactionType::set_code) json["authorizationList"] = authorization_list_json(t);
  json["v"] = to_quantity(v_of(t));
  if (t.type != TransactionType::legacy) json["yParity"] = to_quantity(std::uint64_t{t.signature.y_parity});
  json["r"] = to_quantity(t.signature.r);
  json["s"] = to_quantity(t.signature.s);
  return json;
}

ordered_json to_json(const Block& block) {
  const Header& h = block.header;
  ordered_json json{
      {"hash", to_hex(hash_of(h))},
      {"parentHash", to_hex(h.parent_hash)},
      {"sha3Uncles", to_hex(h.ommers_hash)},
      {"miner", to_hex(h.beneficiary)},
      {"stateRoot", to_hex(h.state_root)},
      {"transactionsRoot", to_hex(h.transactions_root)},
      {"receiptsRoot", to_hex(h.receipts_root)},
      {"logsBloom", to_hex(h.logs_bloom)},
      {"difficulty", to_quantity(h.difficulty)},
      {"number", to_quantity(h.number)},
      {"gasLimit", to_quantity(h.gas_limit)},
      {"gasUsed", to_quantity(h.gas_used)},
      {"timestamp", to_quantity(h.timestamp)},
      {"extraData", to_hex(h.extra_data)},
      {"mixHash", to_hex(h.prev_randao)},
      {"nonce", to_hex(h.nonce)},
  };
  add_optional_fields(h, json);
  ordered_json uncles = ordered_json::array();
  for (const Header& ommer : block.ommers) uncles.push_back(to_hex(hash_of(ommer)));
  json["uncles"] = std::move(uncles);
  ordered_json transactions = ordered_json::array();
  for (const Transaction& t : block.transactions) {
    ordered_json item = to_json(t);
    item["blockNumber"] = to_quantity(h.number);
    item["transactionIndex"] = to_quantity(std::uint64_t{transactions.size()});
    transactions.push_back(std::move(item));
  }
  json["transactions"] = std::move(transactions);
  if (block.withdrawals) {
    ordered_json withdrawals = ordered_json::array();
    for (const Withdrawal& w : *block.withdrawals)
      withdrawals.push_back({{"index", to_quantity(w.index)},
                             {"validatorIndex", to_quantity(w.validator_index)},
                             {"address", to_hex(w.address)},
                             {"amount", to_quantity(w.amount_gwei)}});
    json["withdrawals"] = std::move(withdrawals);
  }
  return json;
}

}  // namespace hocket
