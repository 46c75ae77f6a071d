#include "replay/samples/sample_chain.hpp"

#include "base/assert.hpp"
#include "base/hex.hpp"
#include "block/execute_block.hpp"
#include "block/roots.hpp"
#include "block/verify.hpp"
#include "core/codec.hpp"
#include "crypto/keccak.hpp"
#include "crypto/secp256k1.hpp"
#include "replay/block_json_writer.hpp"
#include "replay/genesis.hpp"
#include "rlp/encode.hpp"
#include "trie/account_leaf.hpp"
#include "trie/trie.hpp"

#include <map>
#include <set>

namespace hocket::samples {
namespace {

using nlohmann::ordered_json;

constexpr std::uint64_t kGenesisTime = 1'700'000'000;

ordered_json config_json() {
  ordered_json config{{"chainId", SampleChain::kChainId}};
  for (const char* fork : {"homestead", "eip150", "eip155", "eip158", "byzantium", "constantinople", "petersburg",
                           "istanbul", "muirGlacier", "berlin", "london", "arrowGlacier", "grayGlacier"})
    config[std::string(fork) + "Block"] = 0;
  config["terminalTotalDifficulty"] = 0;
  std::uint64_t block = 2;
  for (const char* fork : {"shanghai", "cancun", "prague", "osaka"})
    config[std::string(fork) + "Time"] = kGenesisTime + SampleChain::kSecondsPerBlock * block++;
  config["depositContractAddress"] = to_hex(Address());
  return config;
}

Result<ChainConfig> parse_config(const ordered_json& config) {
  std::string text = config.dump();
  HOCKET_TRY(const auto document, json::Document::parse(text));
  return chain_config_from_json(document.root());
}

// The nodes on the way to every key: all that the trie has.
Hash32 add_all_nodes(Trie& trie, const std::map<Hash32, Bytes>& leaves, std::set<Bytes>& nodes) {
  for (const auto& [key, value] : leaves) HOCKET_ASSERT(trie.put(key, value).has_value());
  const Hash32 root = trie.root();
  for (const auto& [key, value] : leaves) {
    auto proof = trie.prove(key);
    HOCKET_ASSERT(proof.has_value());
    for (Bytes& node : *proof) nodes.insert(std::move(node));
  }
  return root;
}

// A witness may hold more than a block needs: here it holds the whole state, which is small.
ordered_json witness_of(const InMemoryState& state, const Header& parent) {
  std::set<Bytes> nodes;
  std::set<Bytes> codes;
  std::map<Hash32, Bytes> accounts;
  for (const auto& [address, entry] : state.accounts()) {
    std::map<Hash32, Bytes> slots;
    for (const auto& [slot, value] : entry.storage) slots[keccak256(to_hash32(slot))] = rlp::encode_integer(value);
    Trie storage;
    const Hash32 storage_root = slots.empty() ? kEmptyTrieRoot : add_all_nodes(storage, slots, nodes);
    const Account& account = entry.account;
    accounts[keccak256(address)] = encode(AccountLeaf{account.nonce, account.balance, storage_root, account.code_hash});
    if (account.has_code()) codes.insert(to_bytes(*state.code(address, account.code_hash)));
  }
  Trie trie;
  HOCKET_ASSERT(add_all_nodes(trie, accounts, nodes) == parent.state_root);
  const auto as_json = [](const std::set<Bytes>& items) {
    ordered_json list = ordered_json::array();
    for (const Bytes& item : items) list.push_back(to_hex(item));
    return list;
  };
  return {{"state", as_json(nodes)}, {"codes", as_json(codes)}, {"headers", {to_hex(encode(parent))}}};
}

ordered_json prestate_of(const InMemoryState& state) {
  std::map<Address, ordered_json> sorted;
  for (const auto& [address, entry] : state.accounts()) {
    ordered_json account{{"balance", to_quantity(entry.account.balance)}, {"nonce", entry.account.nonce}};
    if (entry.account.has_code()) account["code"] = to_hex(*state.code(address, entry.account.code_hash));
    if (!entry.storage.empty()) {
      std::map<std::string, std::string> storage;
      for (const auto& [slot, value] : entry.storage) storage[to_hex(to_hash32(slot))] = to_hex(to_hash32(value));
      account["storage"] = storage;
    }
    sorted.emplace(address, std::move(account));
  }
  ordered_json prestate = ordered_json::object();
  for (auto& [address, account] : sorted) prestate[to_hex(address)] = std::move(account);
  return prestate;
}

Header genesis_header(const InMemoryState& state) {
  Header header;
  header.ommers_hash = kEmptyListHash;
  header.state_root = state_root(state);
  header.transactions_root = header.receipts_root = kEmptyTrieRoot;
  header.gas_limit = 60'000'000;
  header.timestamp = kGenesisTime;
  header.base_fee_per_gas = u256(1'000'000'000);
  return header;
}

}  // namespace

Signer::Signer(std::uint64_t index)
    : secret_(keccak256(as_bytes("hocket sample account " + std::to_string(index)))), address_(*address_of(secret_)) {}

Transaction Signer::sign(Transaction t) {
  constexpr std::uint64_t kGwei = 1'000'000'000;
  t.chain_id = SampleChain::kChainId;
  t.nonce = nonce_++;
  t.max_fee_per_gas = u256(20 * kGwei);
  const bool one_price = t.type == TransactionType::legacy || t.type == TransactionType::access_list;
  t.max_priority_fee_per_gas = one_price ? t.max_fee_per_gas : u256(kGwei);
  if (t.type == TransactionType::blob) t.max_fee_per_blob_gas = u256(kGwei);
  const auto signature = hocket::sign(signing_hash(t), secret_);
  HOCKET_ASSERT(signature.has_value());
  t.signature = {signature->y_parity, signature->r, signature->s};
  t.sender = address_;
  return t;
}

Authorization Signer::authorize(const Address& delegate) {
  Authorization a{u256(SampleChain::kChainId), delegate, nonce_++, {}};
  const auto signature = hocket::sign(signing_hash(a), secret_);
  HOCKET_ASSERT(signature.has_value());
  a.signature = {signature->y_parity, signature->r, signature->s};
  return a;
}

SampleChain::SampleChain(InMemoryState genesis)
    : config_json_(config_json()), state_(std::move(genesis)), head_(genesis_header(state_)) {
  auto config = parse_config(config_json_);
  HOCKET_ASSERT(config.has_value());
  config_ = std::move(*config);
  state_.put_block_hash(0, hash_of(head_));
}

Block SampleChain::next_block(std::vector<Transaction> transactions) const {
  Block block;
  block.transactions = std::move(transactions);
  Header& h = block.header;
  h.parent_hash = hash_of(head_);
  h.ommers_hash = kEmptyListHash;
  h.number = head_.number + 1;
  h.timestamp = head_.timestamp + kSecondsPerBlock;
  h.gas_limit = head_.gas_limit;
  h.beneficiary = Signer(1'000'000).address();
  h.extra_data = to_bytes(as_bytes("hocket sample"));
  h.prev_randao = keccak256(as_bytes("randao " + std::to_string(h.number)));
  h.transactions_root = transactions_root(block.transactions);
  h.base_fee_per_gas = next_base_fee(head_, config_);
  const Spec& spec = config_.spec_for(h);
  if (spec.withdrawals) {
    block.withdrawals.emplace();
    for (std::uint64_t i = 0; i < 4; ++i)
      block.withdrawals->push_back({4 * h.number + i, 100 + i, Signer(i).address(), 1'000'000 + i});
    h.withdrawals_root = withdrawals_root(*block.withdrawals);
  }
  if (spec.blob_transactions) {
    h.blob_gas_used = 0;
    h.excess_blob_gas = next_excess_blob_gas(head_, spec, config_.blob_parameters_at(h.timestamp));
    h.parent_beacon_block_root = keccak256(as_bytes("beacon " + std::to_string(h.number)));
  }
  return block;
}

ordered_json SampleChain::bundle(const Block& block, BundleForm form) const {
  ordered_json json{{"config", config_json_}};
  json["note"] = "made by hocket samples";
  if (form == BundleForm::rlp_with_witness) {
    json["blockHash"] = to_hex(hash_of(block.header));
    json["blockRlp"] = to_hex(encode(block));
  } else {
    json["block"] = to_json(block);
  }
  if (form == BundleForm::json_with_prestate)
    json["prestate"] = prestate_of(state_);
  else
    json["witness"] = witness_of(state_, head_);
  return json;
}

ordered_json SampleChain::add_block(std::vector<Transaction> transactions, BundleForm form) {
  Block block = next_block(std::move(transactions));
  auto output = execute_block(RecoveredBlock::trust(block), config_, state_, executor_);
  HOCKET_ASSERT(output.has_value());
  Header& h = block.header;
  h.gas_used = output->gas_used;
  h.logs_bloom = output->logs_bloom;
  h.receipts_root = receipts_root(output->receipts);
  if (h.blob_gas_used) h.blob_gas_used = output->blob_gas_used;
  if (config_.spec_for(h).requests) h.requests_hash = requests_hash(output->requests);
  InMemoryState after = state_;
  after.apply(output->diff);
  h.state_root = hocket::state_root(after);

  ordered_json result = bundle(block, form);
  state_ = std::move(after);
  head_ = h;
  state_.put_block_hash(h.number, hash_of(h));
  return result;
}

}  // namespace hocket::samples
