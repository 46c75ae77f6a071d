// Real witnesses: blocks and headers hash as stated, states resolve from the root, what is not there is named.
#include "replay/witness_state.hpp"

#include "base/hex.hpp"
#include "block/roots.hpp"
#include "core/codec.hpp"
#include "crypto/keccak.hpp"
#include "crypto/secp256k1.hpp"
#include "support/fixtures.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

namespace hocket {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

std::vector<Bytes> bytes_of(const json& array) {
  std::vector<Bytes> all;
  for (const json& element : array) all.push_back(from_hex(element.get_ref<const std::string&>()).value());
  return all;
}

Hash32 hash_in(const json& object, const char* name) {
  return fixed_from_hex<Hash32>(object.at(name).get_ref<const std::string&>()).value();
}

struct Bundle {
  Block block;
  Hash32 block_hash;
  Hash32 pre_state_root;
  std::vector<Bytes> nodes;
  std::vector<Bytes> codes;
  std::vector<Bytes> headers;

  std::unique_ptr<WitnessState> state() const {
    return std::make_unique<WitnessState>(nodes, codes, pre_state_root, std::unordered_map<std::uint64_t, Hash32>());
  }
};

Bundle read_bundle(const std::filesystem::path& path) {
  std::ifstream stream(path);
  const json text = json::parse(stream);
  Bundle bundle{.block = decode_block(from_hex(text.at("blockRlp").get_ref<const std::string&>()).value()).value(),
                .block_hash = hash_in(text, "blockHash"),
                .pre_state_root = hash_in(text, "preStateRoot"),
                .nodes = bytes_of(text.at("witness").at("state")),
                .codes = bytes_of(text.at("witness").at("codes")),
                .headers = bytes_of(text.at("witness").at("headers"))};
  if (text.contains("extraState"))
    for (Bytes& node : bytes_of(text.at("extraState"))) bundle.nodes.push_back(std::move(node));
  return bundle;
}

/// Senders and recipients: what every execution of the block reads.
std::set<Address> parties(const Block& block) {
  std::set<Address> addresses;
  for (const Transaction& tx : block.transactions) {
    addresses.insert(recover_signer(signing_hash(tx), tx.signature.y_parity, tx.signature.r, tx.signature.s).value());
    if (tx.to) addresses.insert(*tx.to);
  }
  return addresses;
}

void check_encoding(const Bundle& bundle) {
  const Header& header = bundle.block.header;
  EXPECT_EQ(hash_of(header), bundle.block_hash);
  EXPECT_EQ(transactions_root(bundle.block.transactions), header.transactions_root);
  EXPECT_EQ(ommers_hash(bundle.block.ommers), header.ommers_hash);
  if (header.withdrawals_root) {
    EXPECT_EQ(withdrawals_root(bundle.block.withdrawals.value()), *header.withdrawals_root);
  }
  Hash32 child_parent = header.parent_hash;
  for (std::size_t i = 0; i < bundle.headers.size(); ++i) {
    const auto ancestor = decode_header(bundle.headers[i]);
    ASSERT_TRUE(ancestor) << ancestor.error().message;
    EXPECT_EQ(hash_of(*ancestor), child_parent);
    if (i == 0) {
      EXPECT_EQ(ancestor->state_root, bundle.pre_state_root);
    }
    child_parent = ancestor->parent_hash;
  }
}

/// The accounts read, each written back as it was: a change that changes nothing.
StateDiff read_all(const WitnessState& state, const std::set<Address>& addresses) {
  StateDiff diff;
  for (const Address& address : addresses) {
    const auto account = state.account(address);
    EXPECT_TRUE(account) << state.fault_message();
    if (account && *account) diff.add(address).account = **account;
  }
  return diff;
}

TEST(Witnesses, CompleteOnes) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "witness");
  std::size_t bundles = 0;
  for (const auto& file : std::filesystem::directory_iterator(pack / "witness")) {
    if (file.path().extension() != ".json") continue;
    SCOPED_TRACE(file.path().filename().string());
    ++bundles;
    const Bundle bundle = read_bundle(file.path());
    check_encoding(bundle);
    const auto state = bundle.state();
    StateDiff diff = read_all(*state, parties(bundle.block));
    EXPECT_EQ(state->post_state_root(StateDiff{}).value(), bundle.pre_state_root);
    const auto same = state->post_state_root(diff);
    ASSERT_TRUE(same) << same.error().message;
    EXPECT_EQ(*same, bundle.pre_state_root);
    if (diff.empty()) continue;
    ++diff.accounts().begin()->account->nonce;
    EXPECT_NE(state->post_state_root(diff).value(), bundle.pre_state_root);
  }
  EXPECT_EQ(bundles, 28u);
}

TEST(Witnesses, ParallelReadersSeeTheSame) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "witness");
  const Bundle bundle = read_bundle(pack / "witness/mainnet-4370000.json");
  const std::set<Address> addresses = parties(bundle.block);
  const StateDiff expected = read_all(*bundle.state(), addresses);
  const auto state = bundle.state();
  std::vector<StateDiff> seen(4);
  {
    std::vector<std::jthread> threads;
    for (StateDiff& diff : seen) threads.emplace_back([&] { diff = read_all(*state, addresses); });
  }
  for (const StateDiff& diff : seen) EXPECT_EQ(diff, expected);
}

TEST(Witnesses, ARecipientWithoutAPathIsAFaultThatNamesIt) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "witness");
  for (const char* name : {"hoodi-1151683", "mainnet-22188088"}) {
    SCOPED_TRACE(name);
    const Bundle bundle = read_bundle(pack / "witness/incomplete" / (std::string(name) + ".json"));
    check_encoding(bundle);
    const auto state = bundle.state();
    std::size_t faults = 0;
    for (const Address& address : parties(bundle.block)) {
      const auto account = state->account(address);
      if (account) continue;
      ++faults;
      EXPECT_EQ(account.error(), StateFault::missing_node);
      EXPECT_THAT(state->fault_message(),
                  MatchesRegex("account " + to_hex(address) + ": node 0x[0-9a-f]+ at trie path [0-9a-f]+ is missing"));
      EXPECT_FALSE(state->storage(address, 0));
      StateDiff diff;
      diff.add(address).account = Account{};
      EXPECT_THAT(state->post_state_root(diff).error().message, HasSubstr("account " + to_hex(address) + ": node 0x"));
    }
    EXPECT_EQ(faults, 1u);
  }
}

TEST(Witnesses, EveryNodeOnTheWayIsNeeded) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "witness");
  const Bundle bundle = read_bundle(pack / "witness/mainnet-1150001.json");
  const std::set<Address> addresses = parties(bundle.block);
  const auto complete = bundle.state();
  std::size_t faults = 0;
  for (std::size_t gone = 0; gone < bundle.nodes.size(); ++gone) {
    Bundle damaged = bundle;
    damaged.nodes[gone][damaged.nodes[gone].size() / 2] ^= 1;
    const auto state = damaged.state();
    for (const Address& address : addresses) {
      const auto account = state->account(address);
      if (account) {
        EXPECT_EQ(*account, *complete->account(address));
        continue;
      }
      ++faults;
      EXPECT_THAT(state->fault_message(), HasSubstr(to_hex(keccak256(bundle.nodes[gone]))));
    }
  }
  EXPECT_GT(faults, addresses.size());
}

}  // namespace
}  // namespace hocket
