// Reading back what the writer wrote, for every type of transaction and every header field; bad bundles are the matter
// of tests/cli.
#include "replay/block_json.hpp"

#include "core/account.hpp"
#include "core/codec.hpp"
#include "crypto/keccak.hpp"
#include "replay/block_json_writer.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

Hash32 hash(std::uint64_t i) { return keccak256(as_bytes(std::to_string(i))); }
Address address(std::uint64_t i) { return to_address(to_u256(hash(i))); }

Transaction transaction(TransactionType type) {
  const auto number = static_cast<std::uint64_t>(type);
  Transaction t;
  t.type = type;
  t.chain_id = 1;
  t.nonce = 7 + number;
  t.max_fee_per_gas = u256(30'000'000'000);
  t.max_priority_fee_per_gas = t.max_fee_per_gas;
  t.gas_limit = 100'000;
  t.to = address(number);
  t.value = u256(1) << 200;
  t.data = Bytes{0, 1, 2, 0xff};
  t.sender = address(100 + number);
  t.signature = {1, to_u256(hash(1)), to_u256(hash(2))};
  if (type != TransactionType::legacy) t.access_list = {{address(5), {hash(5), hash(6)}}, {address(6), {}}};
  if (type >= TransactionType::dynamic_fee) t.max_priority_fee_per_gas = u256(1);
  if (type == TransactionType::blob) {
    t.max_fee_per_blob_gas = u256(77);
    t.blob_versioned_hashes = {hash(8), hash(9)};
  }
  if (type == TransactionType::set_code)
    t.authorization_list = {{u256::max(), address(3), ~0ull, {255, u256::max(), u256(0)}},
                            {u256(0), address(4), 0, {1, u256(5), u256(6)}}};
  return t;
}

Block block_of_all_types() {
  Block block;
  for (int type = 0; type <= 4; ++type) block.transactions.push_back(transaction(static_cast<TransactionType>(type)));
  Transaction unprotected = transaction(TransactionType::legacy);
  unprotected.chain_id.reset();
  unprotected.signature.y_parity = 0;
  block.transactions.push_back(unprotected);
  Transaction creation = transaction(TransactionType::dynamic_fee);
  creation.to.reset();
  block.transactions.push_back(creation);
  block.withdrawals = {{1, 2, address(7), ~0ull}, {2, 3, address(8), 0}};
  Header& h = block.header;
  h.parent_hash = hash(20);
  h.ommers_hash = kEmptyListHash;
  h.beneficiary = address(21);
  h.state_root = hash(22);
  h.transactions_root = hash(23);
  h.receipts_root = hash(24);
  h.logs_bloom.bytes[3] = 9;
  h.difficulty = u256(0);
  h.number = 1'000'000;
  h.gas_limit = 30'000'000;
  h.gas_used = 21'000;
  h.timestamp = 1'700'000'000;
  h.extra_data = Bytes{1, 2, 3};
  h.prev_randao = hash(25);
  h.nonce.bytes[7] = 5;
  h.base_fee_per_gas = u256(7);
  h.withdrawals_root = hash(26);
  h.blob_gas_used = 131'072;
  h.excess_blob_gas = 0;
  h.parent_beacon_block_root = hash(27);
  h.requests_hash = hash(28);
  return block;
}

Result<JsonBlock> read(std::string text) {
  HOCKET_TRY(const auto document, json::Document::parse(text));
  return block_from_json(document.root());
}

TEST(BlockJson, ReadsBackEveryTypeAndField) {
  Block block = block_of_all_types();
  const auto decoded = read(to_json(block).dump());
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  ASSERT_EQ(decoded->senders.size(), block.transactions.size());
  for (std::size_t i = 0; i < block.transactions.size(); ++i) {
    EXPECT_EQ(decoded->senders[i], block.transactions[i].sender) << i;
    block.transactions[i].sender = Address();  // recovered, not read
    EXPECT_EQ(decoded->block.transactions[i], block.transactions[i]) << i;
  }
  EXPECT_EQ(decoded->block, block);
}

TEST(BlockJson, ReadsHeadersOfEveryAge) {
  Block block = block_of_all_types();
  block.transactions.clear();
  Header& h = block.header;
  const std::function<void()> drops[] = {
      [&] { h.requests_hash.reset(); },
      [&] {
        h.parent_beacon_block_root.reset();
        h.excess_blob_gas.reset();
        h.blob_gas_used.reset();
      },
      [&] {
        h.withdrawals_root.reset();
        block.withdrawals.reset();
      },
      [&] { h.base_fee_per_gas.reset(); },
  };
  for (const auto& drop : drops) {
    drop();
    const auto decoded = read(to_json(block).dump());
    ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
    EXPECT_EQ(decoded->block, block);
  }
}

TEST(BlockJson, RefusesALaterFieldWithoutTheEarlier) {
  auto json = to_json(block_of_all_types());
  json.erase("hash");
  json.erase("excessBlobGas");
  EXPECT_EQ(read(json.dump()).error().message,
            "excessBlobGas: missing, expected it because parentBeaconBlockRoot is there");
}

TEST(BlockJson, AcceptsWhatNodesLeaveOutOrAdd) {
  auto json = to_json(block_of_all_types());
  json["size"] = "0x1234";
  json["totalDifficulty"] = "0xc70d815d562d3cfa955";
  for (auto& t : json["transactions"]) {
    t.erase("hash");
    t.erase("from");
    t["blockHash"] = json["hash"];
    t["gasPrice"] = t.contains("gasPrice") ? t["gasPrice"] : "0x1";
    if (t["type"] == "0x0") t.erase("type");
    if (t.contains("yParity")) t.erase("v");
  }
  const auto decoded = read(json.dump());
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  EXPECT_FALSE(decoded->senders[0].has_value());
  Block expected = block_of_all_types();
  for (Transaction& t : expected.transactions) t.sender = Address();
  EXPECT_EQ(decoded->block, expected);
}

}  // namespace
}  // namespace hocket
