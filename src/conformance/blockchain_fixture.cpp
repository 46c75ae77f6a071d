#include "conformance/blockchain_fixture.hpp"

#include "base/hex.hpp"
#include "core/codec.hpp"

namespace hocket {
namespace {

using BlockInput = BlockchainFixture::BlockInput;

Result<Header> decode_genesis(JsonObject json) {
  Header header;
  HOCKET_TRY(header.parent_hash, read_member<Hash32>(json, "parentHash"));
  HOCKET_TRY(header.ommers_hash, read_member<Hash32>(json, "uncleHash"));
  HOCKET_TRY(header.beneficiary, read_member<Address>(json, "coinbase"));
  HOCKET_TRY(header.state_root, read_member<Hash32>(json, "stateRoot"));
  HOCKET_TRY(header.transactions_root, read_member<Hash32>(json, "transactionsTrie"));
  HOCKET_TRY(header.receipts_root, read_member<Hash32>(json, "receiptTrie"));
  HOCKET_TRY(header.logs_bloom, read_member<Bloom>(json, "bloom"));
  HOCKET_TRY(header.difficulty, read_member<u256>(json, "difficulty"));
  HOCKET_TRY(header.number, read_member<std::uint64_t>(json, "number"));
  HOCKET_TRY(header.gas_limit, read_member<std::uint64_t>(json, "gasLimit"));
  HOCKET_TRY(header.gas_used, read_member<std::uint64_t>(json, "gasUsed"));
  HOCKET_TRY(header.timestamp, read_member<std::uint64_t>(json, "timestamp"));
  HOCKET_TRY(header.extra_data, read_member<Bytes>(json, "extraData"));
  HOCKET_TRY(header.prev_randao, read_member<Hash32>(json, "mixHash"));
  HOCKET_TRY(header.nonce, read_member<BlockNonce>(json, "nonce"));
  HOCKET_TRY(header.base_fee_per_gas, read_optional_member<u256>(json, "baseFeePerGas"));
  HOCKET_TRY(header.withdrawals_root, read_optional_member<Hash32>(json, "withdrawalsRoot"));
  HOCKET_TRY(header.blob_gas_used, read_optional_member<std::uint64_t>(json, "blobGasUsed"));
  HOCKET_TRY(header.excess_blob_gas, read_optional_member<std::uint64_t>(json, "excessBlobGas"));
  HOCKET_TRY(header.parent_beacon_block_root, read_optional_member<Hash32>(json, "parentBeaconBlockRoot"));
  HOCKET_TRY(header.requests_hash, read_optional_member<Hash32>(json, "requestsHash"));
  return header;
}

/// Old fixtures name the exception a network, or "ALL" for every one.
Result<std::optional<std::string_view>> decode_exception(JsonObject block, std::string_view network) {
  for (const std::string& key :
       {std::string("expectException"), std::string("expectExceptionALL"), "expectException" + std::string(network)}) {
    HOCKET_TRY(const auto exception, read_optional_member<std::string_view>(block, key));
    if (exception) return exception;
  }
  return std::nullopt;
}

Result<BlockInput> decode_block_input(JsonValue value, std::string_view network) {
  HOCKET_TRY(const JsonObject json, read_json<JsonObject>(value));
  BlockInput block;
  HOCKET_TRY(block.rlp, read_member<Bytes>(json, "rlp"));
  HOCKET_TRY(const auto exception, decode_exception(json, network));
  if (exception) block.exception = *exception;
  // A block that is fine comes with its decoded header; that is all old fixtures say about some that are not.
  block.must_be_refused = exception.has_value() || !member(json, "blockHeader");
  return block;
}

Result<std::vector<BlockInput>> decode_block_inputs(JsonArray values, std::string_view network) {
  std::vector<BlockInput> blocks;
  for (const JsonValue value : values) {
    auto block = decode_block_input(value, network);
    if (!block) return std::unexpected(std::move(block).error().in("block " + std::to_string(blocks.size())));
    blocks.push_back(*std::move(block));
  }
  return blocks;
}

Result<void> decode_genesis_of(BlockchainFixture& fixture, JsonObject test) {
  HOCKET_TRY(const JsonObject json, read_member<JsonObject>(test, "genesisBlockHeader"));
  auto genesis = decode_genesis(json);
  if (!genesis) return std::unexpected(std::move(genesis).error().in("genesisBlockHeader"));
  fixture.genesis = *std::move(genesis);
  HOCKET_TRY(fixture.genesis_hash, read_member<Hash32>(json, "hash"));
  if (hash_of(fixture.genesis) != fixture.genesis_hash)
    return fail("genesisBlockHeader: hash is " + to_hex(fixture.genesis_hash) + ", the fields give " +
                to_hex(hash_of(fixture.genesis)));
  HOCKET_TRY(const auto rlp, read_optional_member<Bytes>(test, "genesisRLP"));
  if (!rlp) return {};
  auto block = decode_block(*rlp);
  if (!block) return std::unexpected(std::move(block).error().in("genesisRLP"));
  if (block->header != fixture.genesis) return fail("genesisRLP: header is not genesisBlockHeader");
  return {};
}

Result<void> decode_states_of(BlockchainFixture& fixture, JsonObject test) {
  HOCKET_TRY(const JsonObject accounts, read_member<JsonObject>(test, "pre"));
  auto pre = decode_state(accounts);
  if (!pre) return std::unexpected(std::move(pre).error().in("pre"));
  fixture.pre = *std::move(pre);
  HOCKET_TRY(fixture.post_root, read_optional_member<Hash32>(test, "postStateHash"));
  HOCKET_TRY(const auto post_accounts, read_optional_member<JsonObject>(test, "postState"));
  if (!post_accounts) return fixture.post_root ? Result<void>() : fail("postState or postStateHash: missing");
  auto post = decode_state(*post_accounts);
  if (!post) return std::unexpected(std::move(post).error().in("postState"));
  fixture.post = *std::move(post);
  return {};
}

}  // namespace

Result<BlockchainFixture> decode_blockchain_fixture(std::string name, JsonValue value) {
  HOCKET_TRY(const JsonObject test, read_json<JsonObject>(value));
  BlockchainFixture fixture;
  fixture.name = std::move(name);
  HOCKET_TRY(const std::string_view network, read_member<std::string_view>(test, "network"));
  fixture.network = network;
  HOCKET_TRY(const auto config, read_optional_member<JsonObject>(test, "config"));
  HOCKET_TRY(fixture.config, decode_network(network, config));
  if (!fixture.config) return fixture;
  HOCKET_TRY(const auto seal, read_optional_member<std::string_view>(test, "sealEngine"));
  fixture.has_proof_of_work = seal == "Ethash";
  HOCKET_CHECK(decode_genesis_of(fixture, test));
  HOCKET_CHECK(decode_states_of(fixture, test));
  HOCKET_TRY(const JsonArray blocks, read_member<JsonArray>(test, "blocks"));
  HOCKET_TRY(fixture.blocks, decode_block_inputs(blocks, network));
  HOCKET_TRY(fixture.last_block_hash, read_member<Hash32>(test, "lastblockhash"));
  return fixture;
}

}  // namespace hocket
