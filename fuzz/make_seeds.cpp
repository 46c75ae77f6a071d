// Writes the seeds that no fuzzer would find soon: valid encodings of every kind. fuzz_make_seeds fuzz/corpus
#include "base/hex.hpp"
#include "core/account.hpp"
#include "core/codec.hpp"
#include "crypto/keccak.hpp"
#include "crypto/secp256k1.hpp"
#include "replay/block_json_writer.hpp"
#include "rlp/encode.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>

using namespace hocket;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, BytesView bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

const Hash32 kSecret = keccak256(as_bytes("a key for seeds"));
const Address kTo = Address::from(BytesView(keccak256(as_bytes("a recipient for seeds"))).first(20));

Signature signature_of(const Hash32& hash) {
  const auto signature = sign(hash, kSecret);
  return {signature->y_parity, signature->r, signature->s};
}

Transaction transaction_of(TransactionType type) {
  Transaction transaction;
  transaction.type = type;
  transaction.chain_id = 1;
  transaction.nonce = 7;
  transaction.max_fee_per_gas = 30;
  const bool one_price = type == TransactionType::legacy || type == TransactionType::access_list;
  transaction.max_priority_fee_per_gas = one_price ? 30 : 2;
  transaction.gas_limit = 50'000;
  transaction.to = kTo;
  transaction.value = 1;
  transaction.data = {1, 2, 3};
  if (type != TransactionType::legacy)
    transaction.access_list = {{.address = kTo, .storage_keys = {keccak256({}), Hash32{}}}};
  if (type == TransactionType::blob) {
    transaction.max_fee_per_blob_gas = 1;
    transaction.blob_versioned_hashes = {Hash32{{1}}};
  }
  if (type == TransactionType::set_code) {
    Authorization authorization{.chain_id = 1, .address = kTo, .nonce = 3, .signature = {}};
    authorization.signature = signature_of(signing_hash(authorization));
    transaction.authorization_list = {authorization};
  }
  transaction.signature = signature_of(signing_hash(transaction));
  return transaction;
}

std::vector<Transaction> all_transactions() {
  std::vector<Transaction> all;
  for (int type = 0; type <= 4; ++type) all.push_back(transaction_of(static_cast<TransactionType>(type)));
  Transaction unprotected = transaction_of(TransactionType::legacy);
  unprotected.chain_id.reset();
  unprotected.to.reset();
  unprotected.signature = signature_of(signing_hash(unprotected));
  all.push_back(unprotected);
  return all;
}

Block block_of(int optional_fields) {
  Block block;
  block.header.number = 5;
  block.header.gas_limit = 30'000'000;
  block.header.timestamp = 1'700'000'000;
  block.header.extra_data = {0x68, 0x6f};
  if (optional_fields >= 1) block.header.base_fee_per_gas = 7;
  if (optional_fields >= 2) {
    block.header.withdrawals_root = kEmptyTrieRoot;
    block.withdrawals = {{.index = 1, .validator_index = 2, .address = kTo, .amount_gwei = 3}};
  }
  if (optional_fields >= 3) {
    block.header.blob_gas_used = 131072;
    block.header.excess_blob_gas = 0;
    block.header.parent_beacon_block_root = kEmptyListHash;
  }
  if (optional_fields >= 4) block.header.requests_hash = kEmptyCodeHash;
  return block;
}

void write_rlp(const fs::path& folder) {
  write(folder / "empty_list", Bytes{0xc0});
  write(folder / "byte", Bytes{0x7f});
  write(folder / "long_string", rlp::encode_string(Bytes(60, 0x61)));
  rlp::Writer writer;
  writer.begin_list().integer(std::uint64_t{1024}).string(Bytes(56, 1)).begin_list().string(Bytes{0x80}).end_list();
  writer.begin_list().end_list().end_list();
  write(folder / "nested", writer.take());
  for (int i = 0; i < 40; ++i) writer.begin_list();
  for (int i = 0; i < 40; ++i) writer.end_list();
  write(folder / "deep", writer.take());
}

/// Bundles of every kind; their blocks claim nothing true, so that replaying them ends with the first comparison.
void write_bundles(const fs::path& folder, const std::vector<Transaction>& transactions) {
  const auto write_json = [&](const std::string& name, const nlohmann::ordered_json& json) {
    const std::string text = json.dump();
    write(folder / name, as_bytes(text));
  };
  nlohmann::ordered_json prestate;
  prestate[to_hex(*address_of(kSecret))] = {{"balance", "0xde0b6b3a7640000"}, {"nonce", 7}};
  prestate[to_hex(kTo)] = {
      {"balance", "0x0"}, {"code", "0x60016000555f5ff3"}, {"storage", {{to_hex(kEmptyTrieRoot), to_hex(Hash32{{1}})}}}};
  for (int fields = 0; fields <= 4; ++fields) {
    Block block = block_of(fields);
    block.header.gas_limit = 900'000;
    block.header.ommers_hash = kEmptyListHash;
    Header parent = block.header;
    parent.number = 4;
    parent.state_root = kEmptyTrieRoot;
    block.header.parent_hash = hash_of(parent);
    block.transactions.assign(1, transactions[static_cast<std::size_t>(fields)]);
    block.transactions[0].sender = *address_of(kSecret);
    nlohmann::ordered_json json = {{"chainId", 1}, {"block", to_json(block)}, {"prestate", prestate}};
    json["blockHashes"] = {{"0x4", to_hex(hash_of(parent))}};
    write_json("prestate_" + std::to_string(fields), json);
    json.erase("prestate");
    json.erase("blockHashes");
    json["block"] = to_hex(encode(block));
    json["preStateRoot"] = to_hex(kEmptyTrieRoot);
    json["witness"] = {{"state", {"0x80"}}, {"codes", {"0x00"}}, {"headers", {to_hex(encode(parent))}}};
    write_json("witness_" + std::to_string(fields), json);
  }
  write_json("genesis",
             {{"config", {{"chainId", 1}, {"londonBlock", 0}, {"terminalTotalDifficulty", 0}, {"shanghaiTime", 0}}},
              {"gasLimit", "0x47b760"},
              {"difficulty", "0x1"},
              {"alloc", {{to_hex_bare(kTo), {{"balance", "1000"}, {"code", "0x00"}}}}}});
}

void write_random(const fs::path& folder, std::size_t size, unsigned count) {
  std::mt19937_64 random(size);
  for (unsigned i = 0; i < count; ++i) {
    Bytes bytes(size);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    bytes[0] = static_cast<std::uint8_t>(i);
    write(folder / ("random_" + std::to_string(i)), bytes);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: fuzz_make_seeds FOLDER\n", stderr);
    return 2;
  }
  const fs::path corpus = argv[1];
  write_rlp(corpus / "rlp");
  const std::vector<Transaction> transactions = all_transactions();
  for (std::size_t i = 0; i < transactions.size(); ++i)
    write(corpus / "transaction" / ("type_" + std::to_string(i)), encode(transactions[i]));
  for (int fields = 0; fields <= 4; ++fields) {
    Block block = block_of(fields);
    write(corpus / "block" / ("header_" + std::to_string(fields)), encode(block.header));
    write(corpus / "block" / ("empty_" + std::to_string(fields)), encode(block));
    block.transactions = transactions;
    if (fields == 0) block.ommers = {block.header};
    write(corpus / "block" / ("full_" + std::to_string(fields)), encode(block));
  }
  write_bundles(corpus / "bundle", transactions);
  write_random(corpus / "witness", 200, 8);
  // The first byte chooses the fork.
  write_random(corpus / "bytecode", 600, 15);
  return 0;
}
