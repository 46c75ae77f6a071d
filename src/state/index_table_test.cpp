#include "state/index_table.hpp"

#include <gtest/gtest.h>
#include <map>
#include <random>
#include <vector>

namespace hocket {
namespace {

int* find(const IndexTable<int>& table, std::size_t hash, int value) {
  return table.find(hash, [value](const int& entry) { return entry == value; });
}

// Few and many entries, in turns: what was cleared is gone, whatever the table has held before.
TEST(IndexTable, HoldsWhatWasInsertedSinceItWasCleared) {
  std::mt19937 random(3);
  std::vector<int> values(3000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<int>(i);
  IndexTable<int> table;
  std::map<int, std::size_t> held;  // value: hash
  for (int round = 0; round < 300; ++round) {
    const std::size_t count = round % 10 == 0 ? 200 + random() % 2000 : random() % 40;
    const std::size_t hashes = round % 3 == 0 ? 4 : ~std::size_t{0};  // collisions
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t hash = (random() * 0x9e3779b97f4a7c15u >> 5) % hashes;
      int& value = values[random() % values.size()];
      if (!held.emplace(value, hash).second) continue;
      table.insert(hash, &value);
      ASSERT_EQ(find(table, hash, value), &value);
    }
    for (const auto& [value, hash] : held)
      ASSERT_EQ(find(table, hash, value), &values[static_cast<std::size_t>(value)]);
    table.clear();
    for (const auto& [value, hash] : held) ASSERT_EQ(find(table, hash, value), nullptr);
    held.clear();
  }
}

}  // namespace
}  // namespace hocket
