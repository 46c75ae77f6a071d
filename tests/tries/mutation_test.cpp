// Damaged input: whatever happens to the bytes, decoding ends with a value or an error, and a value that was accepted
// encodes to the very bytes it came from. Meant to run under the sanitizers, too. Seeds are real blocks and witnesses
// where the fixtures are there, and samples of our own otherwise.
#include "base/hex.hpp"
#include "block/state_trie.hpp"
#include "core/codec.hpp"
#include "crypto/keccak.hpp"
#include "replay/witness_state.hpp"
#include "rlp/decode.hpp"
#include "rlp/encode.hpp"
#include "support/fixtures.hpp"
#include "trie/trie.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <random>

namespace hocket {
namespace {

/// More rounds with HOCKET_FULL.
std::size_t rounds(std::size_t usual) { return std::getenv("HOCKET_FULL") == nullptr ? usual : 50 * usual; }

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return random_() % n; }

  /// One to four changes of the kinds that break length headers, counts and sizes.
  Bytes damage(Bytes bytes) {
    for (std::size_t i = 1 + below(4); i > 0 && !bytes.empty(); --i) {
      const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(below(bytes.size()));
      switch (below(7)) {
        case 0:
          *at ^= static_cast<std::uint8_t>(1u << below(8));
          break;
        case 1:
          *at = kInteresting[below(std::size(kInteresting))];
          break;
        case 2:
          bytes.erase(at);
          break;
        case 3:
          bytes.insert(at, static_cast<std::uint8_t>(random_()));
          break;
        case 4:
          bytes.resize(below(bytes.size() + 1));
          break;
        case 5: {  // a stretch again
          const auto end = at + static_cast<std::ptrdiff_t>(below(static_cast<std::size_t>(bytes.end() - at)) % 40);
          const Bytes stretch(at, end);
          bytes.insert(at, stretch.begin(), stretch.end());
          break;
        }
        default:
          *at = static_cast<std::uint8_t>(*at + (below(2) == 0 ? 1 : 255));
          break;
      }
    }
    return bytes;
  }

 private:
  static constexpr std::uint8_t kInteresting[] = {0x00, 0x01, 0x7f, 0x80, 0x81, 0x82, 0xa0, 0xa1, 0xb7,
                                                  0xb8, 0xbf, 0xc0, 0xc1, 0xf7, 0xf8, 0xf9, 0xfb, 0xff};
  std::mt19937 random_;
};

std::vector<Bytes> sample_blocks() {
  Block block;
  Transaction tx;
  tx.to = Address{};
  tx.data = Bytes(70, 0x11);
  tx.signature = {0, 1, 2};
  block.transactions.push_back(tx);
  tx.chain_id = 1;
  tx.access_list = {{Address{}, {Hash32{}, Hash32{}}}};
  for (const auto type :
       {TransactionType::access_list, TransactionType::dynamic_fee, TransactionType::blob, TransactionType::set_code}) {
    tx.type = type;
    if (type == TransactionType::blob) tx.blob_versioned_hashes = {Hash32{}};
    if (type == TransactionType::set_code) tx.authorization_list = {{1, Address{}, 2, {1, 2, 3}}};
    block.transactions.push_back(tx);
  }
  block.withdrawals = {{1, 2, Address{}, 3}};
  block.ommers = {block.header};
  std::vector<Bytes> blocks{encode(block)};
  if (const auto pack = testing::fixture_pack("chains")) {
    std::ifstream stream(*pack / "chains/execution-apis/chain.rlp", std::ios::binary);
    const Bytes content{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    for (rlp::Reader reader(content); !reader.at_end();) blocks.push_back(to_bytes(reader.item().value().encoded));
  }
  return blocks;
}

TEST(Mutations, Rlp) {
  Mutator mutator(1);
  const std::vector<Bytes> blocks = sample_blocks();
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < rounds(30000); ++i) {
    const Bytes bytes = mutator.damage(blocks[mutator.below(blocks.size())]);
    const bool valid = rlp::validate(bytes).has_value();
    accepted += valid ? 1 : 0;
    rlp::Reader reader(bytes);
    while (!reader.at_end() && reader.item()) continue;
    ASSERT_TRUE(!valid || reader.at_end());
  }
  EXPECT_GT(accepted, 100u);
}

TEST(Mutations, Blocks) {
  Mutator mutator(2);
  const std::vector<Bytes> blocks = sample_blocks();
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < rounds(30000); ++i) {
    const Bytes bytes = mutator.damage(blocks[mutator.below(blocks.size())]);
    const auto block = decode_block(bytes);
    if (!block) {
      ASSERT_FALSE(block.error().message.empty());
      continue;
    }
    ++accepted;
    ASSERT_EQ(encode(*block), bytes);
  }
  EXPECT_GT(accepted, 100u);
}

TEST(Mutations, TransactionsAndHeaders) {
  Mutator mutator(3);
  std::vector<Bytes> transactions;
  std::vector<Bytes> headers;
  for (const Bytes& bytes : sample_blocks()) {
    const Block block = decode_block(bytes).value();
    headers.push_back(encode(block.header));
    for (const Transaction& tx : block.transactions) transactions.push_back(encode(tx));
  }
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < rounds(60000); ++i) {
    const Bytes tx_bytes = mutator.damage(transactions[mutator.below(transactions.size())]);
    if (const auto tx = decode_transaction(tx_bytes)) {
      ++accepted;
      ASSERT_EQ(encode(*tx), tx_bytes) << to_hex(tx_bytes);
    }
    const Bytes header_bytes = mutator.damage(headers[mutator.below(headers.size())]);
    if (const auto header = decode_header(header_bytes)) {
      ++accepted;
      ASSERT_EQ(encode(*header), header_bytes) << to_hex(header_bytes);
    }
  }
  EXPECT_GT(accepted, 1000u);
}

/// A trie of short and long values, and keys that make extensions, branches with values and nodes inside nodes.
Trie sample_trie(Mutator& random) {
  Trie trie;
  for (std::size_t i = 0; i < 1 + random.below(24); ++i) {
    Bytes key(random.below(4) == 0 ? 1 + random.below(3) : 3);
    for (auto& byte : key) byte = static_cast<std::uint8_t>(random.below(2) * 16 + random.below(3));
    EXPECT_TRUE(trie.put(key, Bytes(1 + random.below(random.below(2) == 0 ? 4 : 50), 0x55)));
  }
  return trie;
}

// A damaged node is not found under the old hash. So that its content is looked at, it is made the root itself.
TEST(Mutations, TrieNodes) {
  Mutator mutator(4);
  for (std::size_t i = 0; i < rounds(20000); ++i) {
    Trie trie = sample_trie(mutator);
    Bytes key(3);
    for (auto& byte : key) byte = static_cast<std::uint8_t>(mutator.below(2) * 16 + mutator.below(3));
    std::vector<Bytes> nodes = trie.prove(key).value();
    const Bytes damaged = mutator.damage(nodes[mutator.below(nodes.size())]);
    nodes.push_back(damaged);
    const NodeSet set(nodes);
    const Hash32 root = keccak256(damaged);
    Trie over(set, root);
    const auto before = over.get(key);
    const auto direct = set.get(root, key);
    ASSERT_EQ(before.has_value(), direct.has_value());
    if (before) {
      ASSERT_EQ(before->has_value(), direct->has_value());
    }
    const auto put = over.put(key, Bytes{7});
    if (put) {
      ASSERT_TRUE(equal(over.get(key).value().value(), Bytes{7}));
    }
    (void)over.root();
    const auto erased = over.erase(key);
    if (erased) {
      ASSERT_FALSE(over.get(key).value().has_value());
    }
    (void)over.root();
    (void)over.prove(key);
  }
}

TEST(Mutations, WitnessStates) {
  Mutator mutator(5);
  InMemoryState state;
  for (std::uint64_t i = 1; i < 40; ++i) state.put(to_address(u256{i}), i, i, {}, {{i, i}, {i + 1, i << 40}, {0, 1}});
  Trie accounts;
  std::vector<Bytes> nodes;
  for (const auto& [address, entry] : state.accounts()) {
    Trie storage;
    for (const auto& [slot, value] : entry.storage)
      ASSERT_TRUE(storage.put(keccak256(to_hash32(slot)), rlp::encode_integer(value)));
    for (const auto& [slot, value] : entry.storage) {
      auto proof = storage.prove(keccak256(to_hash32(slot))).value();
      for (Bytes& node : proof) nodes.push_back(std::move(node));
    }
    ASSERT_TRUE(accounts.put(keccak256(address), encode(AccountLeaf{entry.account.nonce, entry.account.balance,
                                                                    storage.root(), entry.account.code_hash})));
  }
  for (const auto& [address, entry] : state.accounts()) {
    auto proof = accounts.prove(keccak256(address)).value();
    for (Bytes& node : proof) nodes.push_back(std::move(node));
  }
  std::ranges::sort(nodes);  // the states have no order

  std::size_t answered = 0;
  for (std::size_t i = 0; i < rounds(2000); ++i) {
    std::vector<Bytes> damaged = nodes;
    for (std::size_t n = mutator.below(20); n > 0; --n) {
      Bytes& node = damaged[mutator.below(damaged.size())];
      node = mutator.damage(node);
    }
    const WitnessState witness(damaged, {}, accounts.root(), {});
    StateDiff diff;
    for (int n = 0; n < 4; ++n) {
      const Address address = to_address(u256{1 + mutator.below(45)});
      const auto account = witness.account(address);
      if (!account) continue;
      ++answered;
      // Whatever the witness answers is the truth.
      ASSERT_EQ(*account, *state.account(address));
      const u256 slot{mutator.below(50)};
      if (const auto value = witness.storage(address, slot)) {
        ASSERT_EQ(*value, *state.storage(address, slot));
      }
      if (diff.find(address) != nullptr) continue;
      AccountDiff& change = diff.add(address);
      if (mutator.below(2) == 0) {
        change.account = Account{};
        diff.add_slot(slot, mutator.below(2));
      }
    }
    const auto root = witness.post_state_root(diff);
    if (!root) continue;
    InMemoryState after = state;
    after.apply(diff);
    ASSERT_EQ(*root, state_root(after));
  }
  EXPECT_GT(answered, 1000u);
}

}  // namespace
}  // namespace hocket
