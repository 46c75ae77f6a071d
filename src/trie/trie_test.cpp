// The trie against a second, naive construction of the root straight from the definition (YP appendix D).
#include "trie/trie.hpp"

#include "base/hex.hpp"
#include "core/account.hpp"
#include "crypto/keccak.hpp"
#include "rlp/encode.hpp"
#include "trie/ordered_root.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <random>

namespace hocket {
namespace {

using namespace hocket::literals;
using ::testing::HasSubstr;

// --- the definition ------------------------------------------------------------------------------------------------

using Entries = std::map<std::vector<std::uint8_t>, Bytes>;  // nibbles of the key to value

std::vector<std::uint8_t> to_nibbles(BytesView key) {
  std::vector<std::uint8_t> nibbles;
  for (const std::uint8_t byte : key) {
    nibbles.push_back(byte >> 4);
    nibbles.push_back(byte & 15);
  }
  return nibbles;
}

Bytes hex_prefix(std::vector<std::uint8_t> nibbles, bool is_leaf) {
  const std::uint8_t flag = static_cast<std::uint8_t>((is_leaf ? 2 : 0) + nibbles.size() % 2);
  std::vector<std::uint8_t> all{flag};
  if (nibbles.size() % 2 == 0) all.push_back(0);
  all.insert(all.end(), nibbles.begin(), nibbles.end());
  Bytes bytes;
  for (std::size_t i = 0; i < all.size(); i += 2) bytes.push_back(static_cast<std::uint8_t>(all[i] * 16 + all[i + 1]));
  return bytes;
}

Bytes naive_node(const Entries& entries, std::size_t depth, std::vector<Bytes>& nodes);

Bytes naive_reference(const Entries& entries, std::size_t depth, std::vector<Bytes>& nodes) {
  if (entries.empty()) return {rlp::kEmptyString};
  Bytes node = naive_node(entries, depth, nodes);
  if (node.size() < 32) return node;
  nodes.push_back(node);
  return rlp::encode_string(keccak256(node));
}

Bytes naive_node(const Entries& entries, std::size_t depth, std::vector<Bytes>& nodes) {
  rlp::Writer out;
  const auto& first = entries.begin()->first;
  if (entries.size() == 1) {
    const std::vector<std::uint8_t> rest(first.begin() + static_cast<std::ptrdiff_t>(depth), first.end());
    out.begin_list().string(hex_prefix(rest, true)).string(entries.begin()->second).end_list();
    return out.take();
  }
  std::size_t common = depth;
  const auto& last = entries.rbegin()->first;
  while (common < first.size() && common < last.size() && first[common] == last[common]) ++common;
  if (common > depth) {
    const std::vector<std::uint8_t> part(first.begin() + static_cast<std::ptrdiff_t>(depth),
                                         first.begin() + static_cast<std::ptrdiff_t>(common));
    out.begin_list().string(hex_prefix(part, false)).encoded(naive_reference(entries, common, nodes)).end_list();
    return out.take();
  }
  out.begin_list();
  for (std::uint8_t nibble = 0; nibble < 16; ++nibble) {
    Entries below;
    for (const auto& entry : entries)
      if (entry.first.size() > depth && entry.first[depth] == nibble) below.insert(entry);
    out.encoded(naive_reference(below, depth + 1, nodes));
  }
  const auto here = entries.find(std::vector(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(depth)));
  out.string(here == entries.end() ? Bytes{} : here->second).end_list();
  return out.take();
}

/// Root of the trie, and all its nodes.
Hash32 naive_root(const std::map<Bytes, Bytes>& content, std::vector<Bytes>* all_nodes = nullptr) {
  Entries entries;
  for (const auto& [key, value] : content) entries.emplace(to_nibbles(key), value);
  if (entries.empty()) return kEmptyTrieRoot;
  std::vector<Bytes> nodes;
  const Bytes root = naive_node(entries, 0, nodes);
  nodes.push_back(root);
  if (all_nodes != nullptr) *all_nodes = nodes;
  return keccak256(root);
}

// --- keys and values that make every shape -------------------------------------------------------------------------

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return random_() % n; }
  /// Few distinct nibbles, so that paths share long stretches. `size` 0: any length.
  Bytes key(std::size_t size) {
    Bytes key(size == 0 ? below(5) : size);
    for (auto& byte : key) byte = static_cast<std::uint8_t>(below(3) * 16 + below(3));
    if (size == 32 && below(2) == 0)
      std::fill(key.begin(), key.begin() + 1 + static_cast<std::ptrdiff_t>(below(31)), 0x11);
    return key;
  }
  /// Mostly short, so that nodes stand in their parents.
  Bytes value() {
    Bytes value(1 + below(below(3) == 0 ? 120 : 6));
    for (auto& byte : value) byte = static_cast<std::uint8_t>(random_());
    return value;
  }

 private:
  std::mt19937 random_;
};

class TrieAgainstDefinition : public ::testing::TestWithParam<std::size_t> {};  // size of the keys; 0: mixed

TEST_P(TrieAgainstDefinition, RandomChangesInAnyOrder) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    Generator random(seed);
    Trie trie;
    std::map<Bytes, Bytes> content;
    const std::size_t changes = 1 + random.below(60);
    for (std::size_t i = 0; i < changes; ++i) {
      const Bytes key = random.key(GetParam());
      if (random.below(3) == 0) {
        ASSERT_TRUE(trie.erase(key));
        content.erase(key);
      } else {
        const Bytes value = random.value();
        ASSERT_TRUE(trie.put(key, value));
        content[key] = value;
      }
      if (random.below(4) == 0) {
        ASSERT_EQ(trie.root(), naive_root(content)) << "seed " << seed << " change " << i;
      }
    }
    ASSERT_EQ(trie.root(), naive_root(content)) << "seed " << seed;
    for (const auto& [key, value] : content) {
      const auto found = trie.get(key).value();
      ASSERT_TRUE(found && equal(*found, value));
    }
    for (int i = 0; i < 20; ++i) {
      const Bytes key = random.key(GetParam());
      ASSERT_EQ(trie.get(key).value().has_value(), content.contains(key));
    }
    while (!content.empty()) {
      ASSERT_TRUE(trie.erase(content.begin()->first));
      content.erase(content.begin());
      ASSERT_EQ(trie.root(), naive_root(content)) << "seed " << seed;
    }
    ASSERT_TRUE(trie.is_empty());
  }
}

TEST_P(TrieAgainstDefinition, PartialTriesDoTheSameOrNameWhatIsMissing) {
  int refused = 0;
  int done = 0;
  for (unsigned seed = 1000; seed < 1150; ++seed) {
    Generator random(seed);
    std::map<Bytes, Bytes> content;
    for (std::size_t i = 0; i < 40; ++i) content[random.key(GetParam())] = random.value();
    std::vector<Bytes> all_nodes;
    const Hash32 root = naive_root(content, &all_nodes);
    std::vector<Bytes> some_nodes;
    for (const Bytes& node : all_nodes)
      if (random.below(16) != 0) some_nodes.push_back(node);
    some_nodes.push_back({rlp::kEmptyString});
    some_nodes.push_back(some_nodes.front());

    const NodeSet whole(all_nodes);
    const NodeSet part(some_nodes);
    Trie complete(whole, root);
    Trie partial(part, root);
    ASSERT_EQ(partial.root(), root);
    for (int i = 0; i < 15; ++i) {
      const Bytes key = random.key(GetParam());
      const auto value = partial.get(key);
      const auto directly = part.get(root, key);
      if (value && i == 0) {
        ASSERT_EQ(value->has_value(), content.contains(key));
        if (*value) {
          ASSERT_TRUE(equal(**value, content[key]));
        }
        ASSERT_TRUE(directly);
        ASSERT_EQ(directly->has_value(), content.contains(key));
      }
      const Bytes new_value = random.value();
      const bool removes = random.below(2) == 0;
      ASSERT_TRUE(removes ? complete.erase(key) : complete.put(key, new_value));
      const auto changed = removes ? partial.erase(key) : partial.put(key, new_value);
      if (!changed) {
        ++refused;
        ASSERT_THAT(changed.error().message, HasSubstr("is missing"));
        // Nothing changed: the old content is still what the root says.
        ASSERT_EQ(partial.root(), naive_root(content));
        ASSERT_TRUE(content.contains(key) ? complete.put(key, content[key]) : complete.erase(key));
        continue;
      }
      ++done;
      removes ? void(content.erase(key)) : void(content[key] = new_value);
      ASSERT_EQ(partial.root(), naive_root(content)) << "seed " << seed;
      ASSERT_EQ(complete.root(), naive_root(content)) << "seed " << seed;
    }
  }
  EXPECT_GT(refused, 50);
  EXPECT_GT(done, 500);
}

TEST_P(TrieAgainstDefinition, ProofsProveValuesAndAbsence) {
  for (unsigned seed = 2000; seed < 2030; ++seed) {
    Generator random(seed);
    Trie trie;
    std::map<Bytes, Bytes> content;
    for (std::size_t i = 0; i < 30; ++i) {
      const Bytes key = random.key(GetParam());
      ASSERT_TRUE(trie.put(key, content[key] = random.value()));
    }
    const Hash32 root = trie.root();
    for (int i = 0; i < 30; ++i) {
      const Bytes key = random.key(GetParam());
      auto proof = trie.prove(key).value();
      const auto proven = verify_proof(root, key, proof);
      ASSERT_TRUE(proven) << proven.error().message;
      ASSERT_EQ(proven->has_value(), content.contains(key));
      if (*proven) {
        ASSERT_EQ(**proven, content[key]);
      }
      // Every node of it is needed, and none can be changed.
      const std::size_t one = random.below(proof.size());
      Bytes& node = proof[one];
      node[random.below(node.size())] ^= 1;
      ASSERT_FALSE(verify_proof(root, key, proof));
      proof.erase(proof.begin() + static_cast<std::ptrdiff_t>(one));
      ASSERT_FALSE(verify_proof(root, key, proof));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(KeySizes, TrieAgainstDefinition, ::testing::Values(0, 1, 2, 32));

template <class T>
std::string message_of(const Result<T>& result) {
  return result ? "accepted" : result.error().message;
}

TEST(Trie, Empty) {
  Trie trie;
  EXPECT_TRUE(trie.is_empty());
  EXPECT_EQ(trie.root(), kEmptyTrieRoot);
  EXPECT_FALSE(trie.get("00"_hex).value());
  EXPECT_TRUE(trie.erase("00"_hex));
  EXPECT_TRUE(trie.prove("00"_hex).value().empty());
  EXPECT_TRUE(verify_proof(kEmptyTrieRoot, "00"_hex, {}));

  const NodeSet nothing;
  Trie over_nothing(nothing, kEmptyTrieRoot);
  EXPECT_TRUE(over_nothing.is_empty());
  EXPECT_FALSE(nothing.get(kEmptyTrieRoot, "00"_hex).value());
}

TEST(Trie, MissingNodesAreNamedByPathAndHash) {
  Trie trie;
  for (unsigned i = 0; i < 256; ++i) {
    const Bytes key{static_cast<std::uint8_t>(i), 0xab};
    ASSERT_TRUE(trie.put(key, Bytes(40, static_cast<std::uint8_t>(i + 1))));
  }
  const Hash32 root = trie.root();
  std::vector<Bytes> proof = trie.prove("3aab"_hex).value();
  ASSERT_EQ(proof.size(), 3u);
  const std::string leaf_hash = to_hex(keccak256(proof[2]));
  proof.pop_back();

  const NodeSet nodes(proof);
  Trie partial(nodes, root);
  const std::string expected = "node " + leaf_hash + " at trie path 3a is missing";
  EXPECT_EQ(partial.get("3aab"_hex).error().message, expected);
  EXPECT_EQ(partial.put("3aab"_hex, Bytes{1}).error().message, expected);
  EXPECT_EQ(partial.erase("3aab"_hex).error().message, expected);
  EXPECT_EQ(nodes.get(root, "3aab"_hex).error().message, expected);
  EXPECT_EQ(NodeSet().get(root, "3aab"_hex).error().message, "node " + to_hex(root) + " at the trie's root is missing");
}

TEST(Trie, ADeletionThatLeavesOneChildNeedsThatChild) {
  Trie trie;
  ASSERT_TRUE(trie.put("10"_hex, Bytes(40, 1)));
  ASSERT_TRUE(trie.put("20"_hex, Bytes(40, 2)));
  const Hash32 root = trie.root();
  const NodeSet nodes(trie.prove("10"_hex).value());
  Trie partial(nodes, root);
  const auto erased = partial.erase("10"_hex);
  ASSERT_FALSE(erased);
  EXPECT_THAT(erased.error().message, HasSubstr("at trie path 2 is missing"));
  EXPECT_EQ(partial.root(), root);
  // A third child keeps the branch, and the sibling is not asked for.
  ASSERT_TRUE(partial.put("30"_hex, Bytes(40, 3)));
  EXPECT_TRUE(partial.erase("10"_hex));
}

TEST(Trie, MalformedNodesAreErrors) {
  const struct {
    const char* name;
    Bytes node;
    const char* message;
  } cases[] = {
      {"no list", "83aabbcc"_hex, "expected a list of 2 or 17 items"},
      {"empty list", "c0"_hex, "expected a list of 2 or 17 items"},
      {"three items", "c3010203"_hex, "expected a list of 2 or 17 items"},
      {"18 items", "d2808080808080808080808080808080808080"_hex, "expected a list of 2 or 17 items"},
      {"cut", "c3208101"_hex, "not canonical RLP"},
      {"trailing byte", "c2200100"_hex, "not canonical RLP"},
      {"empty prefix", "c28001"_hex, "malformed hex prefix"},
      {"unknown flag", "c24001"_hex, "malformed hex prefix"},
      {"padding not zero", "c20101"_hex, "malformed hex prefix"},
      {"leaf without value", "c22080"_hex, "malformed value"},
      {"leaf with a list", "c220c0"_hex, "malformed value"},
      {"extension over nothing", "c200c22001"_hex, "not canonical RLP"},
      {"extension without path", "c400c22001"_hex, "malformed hex prefix"},
      {"extension without child", "c21180"_hex, "malformed reference to a child"},
      {"extension to a leaf", "c411c22001"_hex, "expected a branch below an extension"},
      {"child of two bytes", "d4820102808080808080808080808080808080808001"_hex, "not canonical RLP"},
      {"branch with one entry", "d18080808080808080808080808080808001"_hex, "a branch with less than two entries"},
      {"branch without entries", "d18080808080808080808080808080808080"_hex, "a branch with less than two entries"},
  };
  for (const auto& c : cases) {
    const NodeSet nodes({c.node});
    const Hash32 root = keccak256(c.node);
    const Bytes key = "1111"_hex;
    Trie trie(nodes, root);
    for (const auto& message : {message_of(nodes.get(root, key)), message_of(trie.get(key)),
                                message_of(trie.put(key, Bytes{1})), message_of(trie.erase(key))})
      EXPECT_THAT(message, HasSubstr(c.message)) << c.name;
  }
}

TEST(Trie, PathsLongerThanKeysAreErrors) {
  Bytes leaf_path(34, 0x11);
  leaf_path[0] = 0x20;
  rlp::Writer out;
  const Bytes node = out.begin_list().string(leaf_path).string(Bytes(40, 1)).end_list().take();
  EXPECT_THAT(NodeSet({node}).get(keccak256(node), Bytes(32, 0x11)).error().message, HasSubstr("path longer than"));
}

TEST(OrderedRoot, AgreesWithTheDefinitionAcrossTheOrderOfIndices) {
  // rlp(0) = 0x80 sorts between rlp(127) and rlp(128).
  std::vector<Bytes> values;
  std::map<Bytes, Bytes> content;
  Generator random(7);
  for (std::size_t i = 0; i < 300; ++i) {
    if (i < 20 || i % 50 == 0 || (i > 125 && i < 132) || (i > 254 && i < 258)) {
      ASSERT_EQ(ordered_trie_root(values), naive_root(content)) << i;
    }
    values.push_back(random.value());
    content[rlp::encode_integer(i)] = values.back();
  }
}

}  // namespace
}  // namespace hocket
