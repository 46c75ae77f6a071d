#include "replay/block_bundle.hpp"

#include "base/hex.hpp"
#include "block/roots.hpp"
#include "core/account.hpp"
#include "core/codec.hpp"
#include "replay/block_json.hpp"
#include "replay/genesis.hpp"
#include "replay/prestate_view.hpp"
#include "replay/state_json.hpp"

namespace hocket {
namespace {

using json::Element;
using json::Object;

using BlockHashes = std::unordered_map<std::uint64_t, Hash32>;
constexpr std::uint64_t kAncestorsInReach = 256;  // YP: BLOCKHASH

// What was given must be what the block says.
template <class T, class Text>
Result<void> check_given(const Object& bundle, std::string_view key, Result<T> (*read)(Element), const T& expected,
                         Text&& text, const char* source) {
  HOCKET_TRY(const auto given, bundle.optional(key, read));
  if (given && *given != expected)
    return fail(std::string(key) + ": " + text(*given) + ", but " + source + " " + text(expected));
  return {};
}
Result<void> check_given_hash(const Object& bundle, std::string_view key, const Hash32& expected, const char* source) {
  return check_given(bundle, key, json::fixed_of<Hash32>, expected, [](const Hash32& h) { return to_hex(h); }, source);
}

Result<ChainConfig> config_of(const Object& bundle) {
  HOCKET_TRY(auto config, bundle.optional("config", chain_config_from_json));
  HOCKET_TRY(const auto chain_id, bundle.optional("chainId", json::u64_of));
  if (config) {
    if (chain_id && *chain_id != config->chain_id)
      return fail("chainId: " + std::to_string(*chain_id) + ", but config.chainId is " +
                  std::to_string(config->chain_id));
    return std::move(*config);
  }
  if (!chain_id) return fail("chainId: missing, expected it or a config in geth's genesis format");
  const ChainConfig* known = network_of_chain_id(*chain_id);
  if (known == nullptr)
    return fail("chainId: " + std::to_string(*chain_id) +
                " is no network known here (mainnet 1, sepolia 11155111, holesky 17000, hoodi 560048), expected a "
                "config in geth's genesis format beside it");
  return *known;
}

Result<Header> ommer_of(Element element) {
  if (!element.is_string()) return header_from_json(element);
  HOCKET_TRY(const Bytes rlp, json::bytes_of(element));
  auto header = decode_header(rlp);
  if (!header) return fail(": " + header.error().message);
  return header;
}

Result<void> read_json_block(const Object& bundle, BlockBundle& result) {
  HOCKET_TRY(auto block, bundle.required("block", block_from_json));
  result.block = std::move(block.block);
  result.senders = std::move(block.senders);
  // JSON-RPC gives ommers as hashes; a bundle may add the headers.
  HOCKET_TRY(auto ommers, bundle.optional("ommers", [](Element e) { return json::list_of(e, ommer_of); }));
  if (ommers) {
    result.block.ommers = std::move(*ommers);
    if (ommers_hash(result.block.ommers) != result.block.header.ommers_hash)
      return fail("ommers: hash to " + to_hex(ommers_hash(result.block.ommers)) + ", but block.sha3Uncles is " +
                  to_hex(result.block.header.ommers_hash));
  } else {
    result.has_ommers = result.block.header.ommers_hash == kEmptyListHash;
  }
  const Element* object = bundle.find("block");
  result.block_hash_given = object->at_key("hash").error() == simdjson::SUCCESS && !object->at_key("hash").is_null();
  result.rlp_size_bytes = encode(result.block).size();
  return {};
}

Result<void> read_rlp_block(const Object& bundle, std::string_view key, BlockBundle& result) {
  HOCKET_TRY(const Bytes rlp, bundle.required(key, json::bytes_of));
  auto block = decode_block(rlp);
  if (!block) return std::unexpected(json::in_key(key, Error{": " + block.error().message}));
  result.block = std::move(*block);
  result.rlp_size_bytes = rlp.size();
  result.senders.resize(result.block.transactions.size());
  return {};
}

Result<void> read_block(const Object& bundle, BlockBundle& result) {
  const Element* block = bundle.find("block");
  const Element* rlp = bundle.find("blockRlp");
  if (block != nullptr && rlp != nullptr) return fail("blockRlp: expected either block or blockRlp, found both");
  if (block == nullptr && rlp == nullptr) return fail("block: missing, expected a block, or its RLP as blockRlp");
  if (rlp != nullptr) {
    HOCKET_CHECK(read_rlp_block(bundle, "blockRlp", result));
  } else if (block->is_string()) {
    HOCKET_CHECK(read_rlp_block(bundle, "block", result));
  } else {
    HOCKET_CHECK(read_json_block(bundle, result));
  }
  const Header& header = result.block.header;
  result.block_hash = hash_of(header);
  if (header.number == 0) return fail("block.number: 0, expected a block that has a parent");
  const Element* hash = bundle.find("blockHash");
  if (hash != nullptr && !hash->is_null()) result.block_hash_given = true;
  HOCKET_CHECK(check_given_hash(bundle, "blockHash", result.block_hash, "the header hashes to"));
  HOCKET_CHECK(check_given_hash(bundle, "postStateRoot", header.state_root, "the header's state root is"));
  return check_given(
      bundle, "number", json::u64_of, header.number, [](std::uint64_t n) { return std::to_string(n); },
      "the header's number is");
}

// --- ancestors -------------------------------------------------------------------------------------------------------

Result<void> add_hash(std::uint64_t number, const Hash32& hash, BlockHashes& hashes) {
  const auto [it, added] = hashes.try_emplace(number, hash);
  if (!added && it->second != hash)
    return fail(": " + to_hex(hash) + " for block " + std::to_string(number) + ", but elsewhere it is " +
                to_hex(it->second));
  return {};
}

// {number: hash}, or an array with the parent first.
Result<void> read_block_hashes(Element element, const Header& header, BlockHashes& hashes) {
  if (element.is_array()) {
    HOCKET_TRY(const auto list, json::list_of(element, json::fixed_of<Hash32>));
    if (list.size() > std::min(header.number, kAncestorsInReach))
      return fail(": " + std::to_string(list.size()) + " hashes, expected at most " +
                  std::to_string(std::min(header.number, kAncestorsInReach)));
    for (std::size_t i = 0; i < list.size(); ++i)
      if (auto added = add_hash(header.number - 1 - i, list[i], hashes); !added)
        return std::unexpected(json::in_index(i, added.error()));
    return {};
  }
  HOCKET_TRY(const auto object, Object::from(element));
  for (const auto& [key, value] : object.members()) {
    const auto number = u256_from_text(key);
    if (!number || !number->fits_u64() || number->low64() >= header.number)
      return std::unexpected(
          json::in_key(key, Error{": expected the number of an ancestor, less than " + std::to_string(header.number)}));
    auto hash = json::fixed_of<Hash32>(value);
    if (!hash) return std::unexpected(json::in_key(key, hash.error()));
    if (auto added = add_hash(number->low64(), *hash, hashes); !added)
      return std::unexpected(json::in_key(key, added.error()));
  }
  return {};
}

// Newest first: each is what the one before names as its parent.
Result<void> read_headers(Element element, BlockBundle& result, BlockHashes& hashes) {
  HOCKET_TRY(const auto encoded, json::list_of(element, json::bytes_of));
  const Header* child = &result.block.header;
  std::vector<Header> headers;
  headers.reserve(encoded.size());
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    auto header = decode_header(encoded[i]);
    if (!header) return std::unexpected(json::in_index(i, Error{": " + header.error().message}));
    const Hash32 hash = hash_of(*header);
    if (hash != child->parent_hash)
      return std::unexpected(
          json::in_index(i, Error{": hashes to " + to_hex(hash) + ", expected the parent of block " +
                                  std::to_string(child->number) + ", " + to_hex(child->parent_hash)}));
    if (header->number + 1 != child->number)
      return std::unexpected(json::in_index(i, Error{": has number " + std::to_string(header->number) + ", expected " +
                                                     std::to_string(child->number - 1)}));
    HOCKET_CHECK(add_hash(header->number, hash, hashes));
    headers.push_back(std::move(*header));
    child = &headers.back();
  }
  if (!headers.empty()) result.parent = std::move(headers.front());
  return {};
}

// --- state -----------------------------------------------------------------------------------------------------------

Result<std::vector<Bytes>> list_of_bytes(Element element) { return json::list_of(element, json::bytes_of); }

Result<void> read_witness(const Object& bundle, BlockHashes hashes, BlockBundle& result) {
  HOCKET_TRY(const auto witness, bundle.required("witness", Object::from));
  const auto in_witness = [](const Error& error) { return std::unexpected(json::in_key("witness", error)); };
  auto nodes = witness.required("state", list_of_bytes);
  if (!nodes) return in_witness(nodes.error());
  auto codes = witness.required("codes", list_of_bytes);
  if (!codes) return in_witness(codes.error());
  if (const Element* headers = witness.find("headers"); headers != nullptr && !headers->is_null())
    if (auto read = read_headers(*headers, result, hashes); !read)
      return in_witness(json::in_key("headers", read.error()));
  HOCKET_TRY(auto extra, bundle.optional("extraState", list_of_bytes));
  if (extra) std::ranges::move(*extra, std::back_inserter(*nodes));

  HOCKET_TRY(const auto given_root, bundle.optional("preStateRoot", json::fixed_of<Hash32>));
  if (!given_root && !result.parent)
    return fail("preStateRoot: missing, expected it or the parent's header in witness.headers");
  if (given_root && result.parent && *given_root != result.parent->state_root)
    return fail("preStateRoot: " + to_hex(*given_root) + ", but the parent's header has " +
                to_hex(result.parent->state_root));
  auto state = std::make_unique<WitnessState>(std::move(*nodes), std::move(*codes),
                                              given_root ? *given_root : result.parent->state_root, std::move(hashes));
  result.witness = state.get();
  result.state = std::move(state);
  return {};
}

Result<void> read_prestate(const Object& bundle, BlockHashes hashes, BlockBundle& result) {
  InMemoryState accounts;
  if (auto added = add_prestate(*bundle.find("prestate"), accounts); !added)
    return std::unexpected(json::in_key("prestate", added.error()));
  result.state = std::make_unique<PrestateView>(std::move(accounts), std::move(hashes));
  return {};
}

Result<void> read_state(const Object& bundle, BlockBundle& result) {
  const Header& header = result.block.header;
  BlockHashes hashes{{header.number - 1, header.parent_hash}};
  if (const Element* given = bundle.find("blockHashes"); given != nullptr && !given->is_null())
    if (auto read = read_block_hashes(*given, header, hashes); !read)
      return std::unexpected(json::in_key("blockHashes", read.error()));
  const bool has_prestate = bundle.find("prestate") != nullptr;
  const bool has_witness = bundle.find("witness") != nullptr;
  if (has_prestate && has_witness) return fail("witness: expected either prestate or witness, found both");
  if (!has_prestate && !has_witness) return fail("prestate: missing, expected a prestate or a witness");
  return has_prestate ? read_prestate(bundle, std::move(hashes), result)
                      : read_witness(bundle, std::move(hashes), result);
}

Result<BlockBundle> decode(std::string& text) {
  HOCKET_TRY(const auto document, json::Document::parse(text));
  HOCKET_TRY(const auto bundle, Object::from(document.root()));
  BlockBundle result;
  HOCKET_TRY(result.config, config_of(bundle));
  HOCKET_CHECK(read_block(bundle, result));
  HOCKET_CHECK(read_state(bundle, result));
  return result;
}

}  // namespace

Result<BlockBundle> decode_bundle(InputDocument document) {
  auto bundle = decode(document.text);
  if (!bundle) {
    const std::string separator = bundle.error().message.starts_with(':') ? "" : ": ";
    return fail(document.name + separator + bundle.error().message);
  }
  bundle->name = std::move(document.name);
  return bundle;
}

}  // namespace hocket
