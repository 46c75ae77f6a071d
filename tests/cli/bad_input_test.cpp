// hocket replay on bad input: each case is a good bundle with one thing wrong. One line on standard error must name the
// file, the place and what was expected, and the exit status must be 1.
#include "block/roots.hpp"
#include "cli/program.hpp"
#include "protocol/chain_config.hpp"
#include "replay/block_json.hpp"
#include "replay/block_json_writer.hpp"
#include "replay/samples/sample_blocks.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace hocket::testing {
namespace {

using nlohmann::ordered_json;

// By the number that the sample's name begins with.
const std::string& sample(char number) {
  static const auto samples = [] {
    std::map<char, std::string> result;
    for (auto& bundle : samples::make_sample_bundles()) result[bundle.file_name[0]] = std::move(bundle.json);
    return result;
  }();
  return samples.at(number);
}

constexpr char kTransfers = '1';   // Paris, JSON block with witness
constexpr char kToken = '2';       // Shanghai, RLP block with witness
constexpr char kDelegation = '4';  // Prague
constexpr char kArithmetic = '5';  // Osaka, JSON block with prestate
constexpr char kEverything = '6';  // Osaka

void expect_refused(const std::string& text, const std::string& name, const std::string& expected) {
  const TemporaryFolder folder;
  const std::string file = folder.write(name + ".json", text);
  const Outcome outcome = run_hocket({"replay", file});
  EXPECT_EQ(outcome.status, 1) << name << "\n" << outcome.out;
  EXPECT_EQ(Outcome::lines(outcome.err).size(), 1u) << name << "\n" << outcome.err;
  EXPECT_TRUE(outcome.err.starts_with("hocket replay: " + file + ": ")) << name << "\n" << outcome.err;
  EXPECT_NE(outcome.err.find(expected), std::string::npos) << name << ": expected " << expected << "\n" << outcome.err;
  EXPECT_LT(outcome.err.size(), 1200u) << name;
}

// --- the JSON itself -------------------------------------------------------------------------------------------------

TEST(BadText, IsRefusedWithLineAndColumn) {
  const std::string& good = sample(kTransfers);
  expect_refused(good.substr(0, good.size() / 2), "truncated", "expected more JSON");
  expect_refused("{\n \"chainId\": 1,,\n}", "comma", "line 2, column ");
  expect_refused("{\"chainId\": 1} trailing", "trailing", "line 1, column ");
  expect_refused("not json", "words", "line 1, column ");
  expect_refused("[]", "array", "expected an object, found an array");
  expect_refused("\"text\"", "text", "expected an object, found text");
  expect_refused("{}", "nothing", "chainId: missing");
  expect_refused(std::string(100'000, '['), "deep", "JSON");
  expect_refused("{\"chainId\": \"\xff\xfe\"}", "not_utf8", "JSON");
  expect_refused(std::string("{\"chainId\": 1\0}", 15), "zero_byte", "line 1");
}

TEST(BadText, DuplicateKeysAreRefusedWithTheirPlace) {
  std::string twice = sample(kTransfers);
  twice.insert(1, "\"note\": 1,");
  expect_refused(twice, "top", "note: given twice");
  std::string inside = sample(kTransfers);
  inside.insert(inside.find("\"gasLimit\""), "\"gasLimit\": \"0x1\",");
  expect_refused(inside, "header", "block.gasLimit: given twice");
}

// --- one field -------------------------------------------------------------------------------------------------------

struct Case {
  const char* name;
  char sample;
  std::function<void(ordered_json&)> spoil;
  const char* expected;
};

void set(ordered_json& bundle, const char* pointer, ordered_json value) {
  bundle[ordered_json::json_pointer(pointer)] = std::move(value);
}
std::function<void(ordered_json&)> put(const char* pointer, const ordered_json& value) {
  return [=](ordered_json& bundle) { set(bundle, pointer, value); };
}
std::function<void(ordered_json&)> drop(const char* parent, const char* key) {
  return [=](ordered_json& bundle) { bundle[ordered_json::json_pointer(parent)].erase(key); };
}

const Case kFieldCases[] = {
    // Missing.
    {"no_gas_limit", kTransfers, drop("/block", "gasLimit"), "block.gasLimit: missing"},
    {"no_transactions", kTransfers, drop("/block", "transactions"), "block.transactions: missing"},
    {"no_nonce", kTransfers, drop("/block/transactions/3", "nonce"), "block.transactions[3].nonce: missing"},
    {"no_signature", kTransfers, drop("/block/transactions/0", "r"), "block.transactions[0].r: missing"},
    {"no_block", kTransfers, drop("", "block"), "block: missing"},
    {"no_state", kTransfers, drop("", "witness"), "prestate: missing, expected a prestate or a witness"},
    {"no_nodes", kTransfers, drop("/witness", "state"), "witness.state: missing"},
    {"no_root", kTransfers, drop("/witness", "headers"), "preStateRoot: missing"},
    {"no_network", kTransfers, drop("", "config"), "chainId: missing"},
    // Mistyped.
    {"bundle_config_text", kTransfers, put("/config", "mainnet"), "config: expected an object, found text"},
    {"gas_is_array", kTransfers, put("/block/gasUsed", ordered_json::array()),
     "block.gasUsed: expected a number of up to 64 bits (0x and hex digits), found an array"},
    {"gas_is_negative", kTransfers, put("/block/gasUsed", -5), "block.gasUsed: expected a number"},
    {"gas_is_fraction", kTransfers, put("/block/gasUsed", 1.5), "block.gasUsed: expected a number"},
    {"gas_is_decimal_text", kTransfers, put("/block/gasUsed", "21000"), "block.gasUsed: expected a number"},
    {"gas_is_prefix", kTransfers, put("/block/gasUsed", "0x"), "block.gasUsed: expected a number"},
    {"transactions_is_object", kTransfers, put("/block/transactions", ordered_json::object()),
     "block.transactions: expected an array"},
    {"transaction_is_hash", kTransfers, put("/block/transactions/2", "0x12"),
     "block.transactions[2]: expected a whole transaction, found a hash"},
    {"code_is_number", kTransfers, put("/witness/codes/0", 7), "witness.codes[0]: expected text, found a number"},
    // Too large, too long, too short.
    {"gas_over_64_bits", kTransfers, put("/block/transactions/3/gas", "0x10000000000000000"),
     "block.transactions[3].gas: expected a number of up to 64 bits, found '0x10000000000000000'"},
    {"value_over_256_bits", kTransfers, put("/block/transactions/3/value", "0x1" + std::string(64, '0')),
     "block.transactions[3].value: expected a number of up to 256 bits, found 65 hex digits"},
    {"long_address", kTransfers, put("/block/miner", "0x" + std::string(42, '1')),
     "block.miner: expected 20 bytes of hex, found 21"},
    {"short_hash", kTransfers, put("/block/parentHash", "0x12"), "block.parentHash: expected 32 bytes of hex, found 1"},
    {"long_bloom", kTransfers, put("/block/logsBloom", "0x" + std::string(1000, '0')),
     "block.logsBloom: expected 256 bytes of hex, found 500"},
    // Hex.
    {"odd_hex", kTransfers, put("/block/extraData", "0x123"), "block.extraData: "},
    {"odd_node", kTransfers, put("/witness/state/2", "0xf86"), "witness.state[2]: "},
    {"no_prefix", kTransfers, put("/block/extraData", "1234"), "block.extraData: expected 0x and hex digits"},
    {"no_hex", kTransfers, put("/block/extraData", "0x12zz"), "block.extraData: "},
    // Contradictions.
    {"wrong_hash", kTransfers, put("/block/gasUsed", "0x1"), "block.hash: 0x"},
    {"wrong_transaction_hash", kTransfers, put("/block/transactions/7/value", "0x1"), "block.transactions[7].hash: 0x"},
    {"wrong_position", kTransfers, put("/block/transactions/7/transactionIndex", "0x9"),
     "block.transactions[7].transactionIndex: 9, expected 7"},
    {"wrong_block_number", kTransfers, put("/block/transactions/7/blockNumber", "0x9"),
     "block.transactions[7].blockNumber: 9, expected 1"},
    {"wrong_sender", kTransfers, put("/block/transactions/5/from", "0x" + std::string(40, '1')),
     "block 1: transaction 5: the signature is by 0x"},
    {"wrong_parity", kEverything, put("/block/transactions/1/yParity", "0x2"), "block.transactions[1].yParity: 2, but v"},
    {"uncles_not_empty", kTransfers, put("/block/uncles", {"0x" + std::string(64, '1')}),
     "block.uncles: not empty, but sha3Uncles is the hash of an empty list"},
    {"both_blocks", kTransfers, put("/blockRlp", "0xc0"), "blockRlp: expected either block or blockRlp"},
    {"both_states", kTransfers, put("/prestate", ordered_json::object()), "witness: expected either prestate or witness"},
    {"wrong_number", kTransfers, put("/number", 99), "number: 99, but the header's number is 1"},
    {"wrong_block_hash", kTransfers, put("/blockHash", "0x" + std::string(64, '1')), "blockHash: 0x1111"},
    {"wrong_post_root", kTransfers, put("/postStateRoot", "0x" + std::string(64, '1')), "postStateRoot: 0x1111"},
    {"wrong_pre_root", kTransfers, put("/preStateRoot", "0x" + std::string(64, '1')), "preStateRoot: 0x1111"},
    {"own_number_as_ancestor", kTransfers, put("/blockHashes", {{"1", "0x" + std::string(64, '1')}}),
     "blockHashes.1: expected the number of an ancestor"},
    {"other_parent_hash", kTransfers, put("/blockHashes", {{"0", "0x" + std::string(64, '1')}}), "blockHashes.0: 0x1111"},
    {"too_many_ancestors", kTransfers,
     put("/blockHashes", {"0x" + std::string(64, '1'), "0x" + std::string(64, '1')}), "blockHashes: 2 hashes, expected"},
    // Network.
    {"wrong_chain_id", kTransfers, put("/chainId", 1), "chainId: 1, but config.chainId is 7272"},
    {"other_chain_id", kTransfers, put("/config/chainId", 1),
     "block 1: transaction 0: signed for another chain: 7272, this is 1 ("},
    {"unknown_network",
     kTransfers,
     [](ordered_json& b) {
       b.erase("config");
       b["chainId"] = 424242;
     },
     "chainId: 424242 is no network known here"},
    {"unknown_fork", kTransfers, put("/config/futureTime", 5), "config.futureTime: a fork that is not known"},
    {"forks_backwards", kTransfers, put("/config/shanghaiTime", 1'900'000'000), "config.cancunTime: "},
    {"unknown_type", kTransfers, put("/block/transactions/1/type", "0x7e"),
     "block.transactions[1].type: unknown transaction type 126, expected 0 to 4"},
    // Prestate.
    {"unknown_account_field", kArithmetic,
     [](ordered_json& b) { b["prestate"].begin().value()["storge"] = ordered_json::object(); },
     "storge: unknown field, expected balance, nonce, code, codeHash, storage"},
    {"same_account_twice", kArithmetic,
     [](ordered_json& b) {
       b["prestate"]["0x" + std::string(40, 'a')] = ordered_json::object();
       b["prestate"]["0x" + std::string(40, 'A')] = ordered_json::object();
     },
     ": account given twice"},
    {"same_slot_twice", kArithmetic,
     [](ordered_json& b) { b["prestate"].begin().value()["storage"] = {{"0x01", "0x02"}, {"0x0001", "0x02"}}; },
     ".storage.0x1: slot given twice"},
    {"long_slot", kArithmetic,
     [](ordered_json& b) { b["prestate"].begin().value()["storage"] = {{"0x" + std::string(66, '1'), "0x02"}}; },
     ": expected at most 32 bytes of hex, found 33"},
    {"wrong_code_hash", kArithmetic,
     [](ordered_json& b) { b["prestate"].begin().value()["codeHash"] = "0x" + std::string(64, '1'); },
     ".codeHash: 0x1111"},
    {"sender_missing", kArithmetic,
     [](ordered_json& b) { b["prestate"].erase(b["block"]["transactions"][0]["from"].get<std::string>()); },
     " does not exist (TransactionException."},
    {"bad_account_name", kArithmetic, [](ordered_json& b) { b["prestate"]["0x12"] = ordered_json::object(); },
     "prestate.0x12: expected 20 bytes of hex, found 1"},
    // A header that breaks a rule of its own, without its parent.
    {"difficulty_over_paris", kArithmetic,
     [](ordered_json& b) {
       b["block"].erase("hash");
       b["block"]["difficulty"] = "0x7";
     },
     "block 5: difficulty 7, expected 0"},
    {"much_extra_data", kArithmetic,
     [](ordered_json& b) {
       b["block"].erase("hash");
       b["block"]["extraData"] = "0x" + std::string(66, '1');
     },
     "block 5: bytes of extraData: 33, expected at most 32"},
    // RLP.
    {"rlp_truncated", kToken,
     [](ordered_json& b) { b["blockRlp"] = b["blockRlp"].get<std::string>().substr(0, 4000); }, "blockRlp: byte "},
    {"rlp_left_over", kToken, [](ordered_json& b) { b["blockRlp"] = b["blockRlp"].get<std::string>() + "00"; },
     "blockRlp: "},
    {"rlp_huge_length", kToken, put("/blockRlp", "0xffffffffffffffffff00"), "blockRlp: "},
    {"rlp_of_something_else", kToken, put("/blockRlp", "0x83646f67"), "blockRlp: "},
    {"rlp_empty", kToken, put("/blockRlp", "0x"), "blockRlp: "},
    {"rlp_not_canonical", kToken, put("/blockRlp", "0xb80100"), "blockRlp: "},
    {"header_rlp", kTransfers, put("/witness/headers/0", "0xc0"), "witness.headers[0]: "},
    // Witness.
    {"no_nodes_at_all", kTransfers, put("/witness/state", ordered_json::array()), "at the trie's root is missing"},
    {"no_codes_at_all", kEverything, put("/witness/codes", ordered_json::array()), "is missing from the witness"},
    {"other_root", kTransfers,
     [](ordered_json& b) {
       b["preStateRoot"] = "0x" + std::string(64, '1');
       b["witness"]["headers"] = ordered_json::array();
     },
     "node 0x1111"},
    {"other_header", kToken,
     [](ordered_json& b) {
       const std::string other = ordered_json::parse(sample(kDelegation))["witness"]["headers"][0];
       b["witness"]["headers"][0] = other;
     },
     "witness.headers[0]: hashes to 0x"},
    {"header_twice", kToken,
     [](ordered_json& b) { b["witness"]["headers"].push_back(b["witness"]["headers"][0]); },
     "witness.headers[1]: hashes to 0x"},
};

TEST(BadField, IsRefusedWithItsPlace) {
  for (const Case& c : kFieldCases) {
    ordered_json bundle = ordered_json::parse(sample(c.sample));
    c.spoil(bundle);
    expect_refused(bundle.dump(), c.name, c.expected);
  }
}

// Every node of the witness matters or is passed over; none that is wrong may be believed.
TEST(BadWitness, ASpoiledNodeIsMissingOrUnused) {
  const ordered_json good = ordered_json::parse(sample(kDelegation));
  const TemporaryFolder folder;
  int refused = 0;
  for (std::size_t i = 0; i < good["witness"]["state"].size(); i += 17) {
    ordered_json bundle = good;
    std::string node = bundle["witness"]["state"][i];
    node[node.size() - 3] = node[node.size() - 3] == '0' ? '1' : '0';
    bundle["witness"]["state"][i] = node;
    const Outcome outcome = run_hocket({"replay", folder.write("spoiled.json", bundle.dump())});
    if (outcome.status == 0) {
      EXPECT_NE(outcome.out.find("1 of 1 block verified"), std::string::npos) << i;
      continue;
    }
    ++refused;
    EXPECT_EQ(outcome.status, 1) << i;
    EXPECT_NE(outcome.err.find("at trie path "), std::string::npos) << outcome.err;
    EXPECT_EQ(Outcome::lines(outcome.err).size(), 1u) << outcome.err;
  }
  EXPECT_GT(refused, 0);
}

// --- blocks that are consistent in themselves, and wrong -------------------------------------------------------------

struct BlockCase {
  const char* name;
  char sample;
  std::function<void(Block&)> spoil;
  const char* expected;
};

const Hash32 kOnes = Hash32::from(Bytes(32, 0x11));

const BlockCase kBlockCases[] = {
    {"unrecoverable_signature", kTransfers, [](Block& b) { b.transactions[4].signature.r = 0; },
     "TransactionException.INVALID_SIGNATURE_VRS"},
    {"high_s", kTransfers,
     [](Block& b) {
       const u256 order = *u256_from_text("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
       b.transactions[4].signature.s = order - b.transactions[4].signature.s;
       b.transactions[4].signature.y_parity ^= 1;
     },
     "TransactionException.INVALID_SIGNATURE_VRS"},
    {"other_chain", kTransfers, [](Block& b) { b.transactions[4].chain_id = 1; },
     "TransactionException.INVALID_CHAINID"},
    {"wrong_nonce", kTransfers, [](Block& b) { std::swap(b.transactions[0], b.transactions[150]); },
     "TransactionException.NONCE_MISMATCH_TOO_HIGH"},
    {"too_little_gas", kTransfers, [](Block& b) { b.header.gas_used -= 1; }, "BlockException.INVALID_GAS_USED"},
    {"wrong_receipts", kTransfers, [](Block& b) { b.header.receipts_root = kOnes; },
     "BlockException.INVALID_RECEIPTS_ROOT"},
    {"wrong_bloom", kEverything, [](Block& b) { b.header.logs_bloom = Bloom(); }, "BlockException.INVALID_LOG_BLOOM"},
    {"wrong_state", kTransfers, [](Block& b) { b.header.state_root = kOnes; }, "BlockException.INVALID_STATE_ROOT"},
    {"wrong_requests", kDelegation, [](Block& b) { b.header.requests_hash = kOnes; },
     "BlockException.INVALID_REQUESTS"},
    {"wrong_blob_gas", kEverything, [](Block& b) { b.header.blob_gas_used = kGasPerBlob; }, "BLOB_GAS"},
    {"wrong_base_fee", kTransfers, [](Block& b) { b.header.base_fee_per_gas = u256(7); },
     "BlockException.INVALID_BASEFEE_PER_GAS"},
    {"wrong_gas_limit", kTransfers, [](Block& b) { b.header.gas_limit *= 2; }, "BlockException.INVALID_GASLIMIT"},
    {"wrong_time", kTransfers, [](Block& b) { b.header.timestamp = 5; },
     "BlockException.INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT"},
    {"withdrawal_missing", kEverything, [](Block& b) { b.withdrawals->pop_back(); }, "withdrawals root is 0x"},
    {"withdrawals_missing", kEverything, [](Block& b) { b.withdrawals.reset(); }, "the block lacks the withdrawals"},
    {"withdrawals_too_early", kTransfers, [](Block& b) { b.withdrawals.emplace(); }, "the block has withdrawals"},
    {"no_blob_fields", kEverything,
     [](Block& b) {
       b.header.requests_hash.reset();
       b.header.parent_beacon_block_root.reset();
       b.header.excess_blob_gas.reset();
       b.header.blob_gas_used.reset();
     },
     "the header lacks the blobGasUsed, which Osaka asks for"},
    {"no_base_fee", kTransfers, [](Block& b) { b.header.base_fee_per_gas.reset(); },
     "the header lacks the baseFeePerGas, which Paris asks for"},
};

TEST(BadBlock, IsRefusedByName) {
  for (const BlockCase& c : kBlockCases) {
    ordered_json bundle = ordered_json::parse(sample(c.sample));
    std::string text = bundle["block"].dump();
    const auto document = json::Document::parse(text);
    ASSERT_TRUE(document.has_value());
    auto decoded = block_from_json(document->root());
    ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
    Block& block = decoded->block;
    c.spoil(block);
    block.header.transactions_root = transactions_root(block.transactions);
    bundle["block"] = to_json(block);
    for (auto& transaction : bundle["block"]["transactions"]) transaction.erase("from");
    expect_refused(bundle.dump(), c.name, c.expected);
  }
}

TEST(BadBlock, TransactionsThatAreNotTheHeaders) {
  ordered_json bundle = ordered_json::parse(sample(kTransfers));
  bundle["block"]["transactions"].erase(599);
  expect_refused(bundle.dump(), "one_less", "block 1: transactions root is 0x");
}

// --- files -----------------------------------------------------------------------------------------------------------

TEST(BadFile, ANameWithALineFeedKeepsTheMessageOnOneLine) {
  const TemporaryFolder folder;
  const Outcome outcome = run_hocket({"replay", folder.write("two\nlines.json", "{}")});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(Outcome::lines(outcome.err).size(), 1u) << outcome.err;
}

TEST(BadFile, IsNamedWithTheCause) {
  const TemporaryFolder folder;
  folder.write("only/notes.txt", "no bundle");
  std::filesystem::create_directory(folder.path() / "links");
  std::filesystem::create_symlink("nowhere", folder.path() / "links" / "dangling.json");
  const std::string base = folder.path().string() + "/";
  struct FileCase {
    std::string path;
    std::string expected;
  };
  std::vector<FileCase> cases{
      {base + "absent.json", ": No such file or directory"},
      {folder.write("empty.json", ""), ": the file is empty"},
      {base + "only", ": nothing to read in this folder, expected names ending in .json"},
      {base + "absent-*.json", ": no file matches this pattern"},
      {folder.write("damaged.json.gz", "\x1f\x8b\x08"), ": "},
      {folder.write("other.json", "{\"accounts\": {}}"), ": chainId: missing"},
  };
  if (::geteuid() != 0) {
    cases.push_back({folder.write("secret.json", "{}"), ": cannot open: Permission denied"});
    std::filesystem::permissions(cases.back().path, std::filesystem::perms::none);
  }
  cases.push_back({base + "links", "/dangling.json: No such file or directory"});
  for (const FileCase& c : cases) {
    const Outcome outcome = run_hocket({"replay", c.path});
    EXPECT_EQ(outcome.status, 1) << c.path;
    EXPECT_EQ(Outcome::lines(outcome.err).size(), 1u) << outcome.err;
    EXPECT_TRUE(outcome.err.starts_with("hocket replay: " + c.path + c.expected)) << outcome.err;
    EXPECT_EQ(outcome.out, "") << c.path;
  }
}

TEST(BadFile, AFolderThatCannotBeListedDoesNotHideItsNeighbours) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may list every folder";
  const TemporaryFolder folder;
  folder.write("good/1.json", sample(kTransfers));
  folder.write("locked/2.json", sample(kTransfers));
  const auto locked = folder.path() / "locked";
  std::filesystem::permissions(locked, std::filesystem::perms::none);
  const Outcome outcome = run_hocket({"replay", "--keep-going", folder.path().string()});
  std::filesystem::permissions(locked, std::filesystem::perms::owner_all);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, "hocket replay: " + locked.string() + ": cannot list the folder: Permission denied\n");
  EXPECT_NE(outcome.out.find("1 of 1 block verified"), std::string::npos) << outcome.out;
}

}  // namespace
}  // namespace hocket::testing
