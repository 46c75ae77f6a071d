// TrieTests: contents and roots, plain and "secure" (keys hashed first). trietestnextprev.json asks for the neighbours
// of a key, which our Trie has no operation for; its keys are still put in and found.
#include "base/hex.hpp"
#include "crypto/keccak.hpp"
#include "support/fixtures.hpp"
#include "trie/trie.hpp"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

namespace hocket {
namespace {

using nlohmann::json;

/// "0x" and hex digits, or the text itself.
Bytes bytes_of(const std::string& text) {
  return text.starts_with("0x") ? from_hex(text).value() : to_bytes(as_bytes(text));
}

struct Change {
  Bytes key;
  std::optional<Bytes> value;  // empty: erase
};

std::vector<Change> changes_of(const json& input, bool secure) {
  std::vector<Change> changes;
  const auto add = [&](const std::string& key, const json& value) {
    Bytes bytes = bytes_of(key);
    if (secure) bytes = to_bytes(keccak256(bytes));
    changes.push_back({bytes, value.is_null() ? std::optional<Bytes>() : bytes_of(value.get<std::string>())});
  };
  if (input.is_object())
    for (const auto& [key, value] : input.items()) add(key, value);
  else
    for (const json& pair : input) add(pair.at(0), pair.at(1));
  return changes;
}

Hash32 root_after(const std::vector<Change>& changes) {
  Trie trie;
  for (const Change& change : changes)
    EXPECT_TRUE(change.value ? trie.put(change.key, *change.value) : trie.erase(change.key));
  return trie.root();
}

struct TrieFile {
  const char* name;
  bool secure;
  bool any_order;
  std::size_t cases;
};

void PrintTo(const TrieFile& file, std::ostream* out) { *out << file.name; }

class TrieFixtures : public ::testing::TestWithParam<TrieFile> {};

TEST_P(TrieFixtures, Roots) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "ethereum-tests");
  const TrieFile& file = GetParam();
  std::ifstream stream(pack / "TrieTests" / file.name);
  const json tests = json::parse(stream);
  EXPECT_EQ(tests.size(), file.cases);
  for (const auto& [name, test] : tests.items()) {
    SCOPED_TRACE(name);
    std::vector<Change> changes = changes_of(test.at("in"), file.secure);
    const auto expected = test.at("root").get<std::string>();
    EXPECT_EQ(to_hex(root_after(changes)), expected);
    if (!file.any_order) continue;
    std::ranges::sort(changes, {}, &Change::key);
    for (int i = 0; i < 120; ++i) {
      EXPECT_EQ(to_hex(root_after(changes)), expected);
      if (!std::ranges::next_permutation(changes, {}, &Change::key).found) break;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Files, TrieFixtures,
                         ::testing::Values(TrieFile{"trietest.json", false, false, 5},
                                           TrieFile{"trietest_secureTrie.json", true, false, 3},
                                           TrieFile{"trieanyorder.json", false, true, 7},
                                           TrieFile{"trieanyorder_secureTrie.json", true, true, 7},
                                           TrieFile{"hex_encoded_securetrie_test.json", true, true, 3}));

TEST(TrieNeighbourFixtures, KeysOfTheNextPreviousCases) {
  HOCKET_FIXTURE_PACK_OR_SKIP(pack, "ethereum-tests");
  std::ifstream stream(pack / "TrieTests/trietestnextprev.json");
  for (const auto& [name, test] : json::parse(stream).items()) {
    Trie trie;
    for (const json& key : test.at("in")) EXPECT_TRUE(trie.put(bytes_of(key.get<std::string>()), Bytes{1}));
    for (const json& key : test.at("in")) EXPECT_TRUE(trie.get(bytes_of(key.get<std::string>())).value().has_value());
    for (const json& row : test.at("tests")) {
      const auto key = row.at(0).get<std::string>();
      const bool is_there = std::ranges::find(test.at("in"), json(key)) != test.at("in").end();
      EXPECT_EQ(trie.get(bytes_of(key)).value().has_value(), is_there) << key;
    }
  }
}

}  // namespace
}  // namespace hocket
