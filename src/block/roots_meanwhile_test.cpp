#include "block/roots_meanwhile.hpp"

#include "block/roots.hpp"
#include "core/codec.hpp"
#include "rlp/encode.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <thread>

namespace hocket {
namespace {

std::vector<Bytes> random_values(std::size_t count, std::mt19937_64& random) {
  std::vector<Bytes> values(count);
  for (Bytes& value : values) {
    value.resize(1 + random() % (random() % 4 == 0 ? 300 : 40));
    for (auto& byte : value) byte = static_cast<std::uint8_t>(random());
    value[0] |= 1;
  }
  return values;
}

// All numbers of values at which the keys change their shape (16, 128, 256) and those around them.
TEST(OrderedTrie, HasTheRootOfTheTrieMadeAtOnce) {
  std::mt19937_64 random(3);
  std::vector<std::size_t> counts = {255, 256, 257, 271, 272, 273, 300, 511, 512, 513, 700, 1414};
  for (std::size_t count = 0; count < 150; ++count) counts.push_back(count);
  for (const std::size_t count : counts) {
    const std::vector<Bytes> values = random_values(count, random);
    OrderedTrie trie(count);
    std::vector<std::size_t> groups;
    for (std::size_t first = 0; first < count; first += OrderedTrie::kGroup) groups.push_back(first);
    std::ranges::shuffle(groups, random);
    for (const std::size_t first : groups) {
      const auto begin = values.begin() + static_cast<std::ptrdiff_t>(first);
      const auto size = static_cast<std::ptrdiff_t>(std::min(OrderedTrie::kGroup, count - first));
      trie.add(first, {begin, begin + size});
    }
    ASSERT_EQ(trie.root(), ordered_trie_root(values)) << count;
  }
}

TEST(OrderedTrie, TakesGroupsThatStandForThemselves) {
  // Values of one byte: their leaves are shorter than a hash.
  const std::vector<Bytes> values(40, Bytes{5});
  OrderedTrie trie(40);
  for (std::size_t first = 0; first < 40; first += 16)
    trie.add(first, std::vector<Bytes>(std::min<std::size_t>(16, 40 - first), Bytes{5}));
  EXPECT_EQ(trie.root(), ordered_trie_root(values));
}

TEST(RootsMeanwhile, GivesTheRootsOfTheBlock) {
  std::mt19937_64 random(4);
  for (const std::size_t count : {0u, 1u, 15u, 16u, 33u, 200u}) {
    std::vector<Transaction> transactions(count);
    std::vector<Receipt> receipts(count);
    for (std::size_t i = 0; i < count; ++i) {
      transactions[i].nonce = i;
      transactions[i].gas_limit = random() % 1'000'000;
      receipts[i].cumulative_gas_used = 21'000 * (i + 1);
      receipts[i].success = random() % 2 == 0;
    }
    RootsMeanwhile roots(transactions);
    std::atomic<std::size_t> next{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
      threads.emplace_back([&] {
        for (std::size_t first; (first = next.fetch_add(16)) < count;)
          roots.take_receipts(first, std::span(receipts).subspan(first, std::min<std::size_t>(16, count - first)));
        while (roots.work()) {
        }
      });
    for (std::thread& thread : threads) thread.join();
    EXPECT_FALSE(roots.work());
    EXPECT_EQ(roots.transactions_root(), transactions_root(transactions)) << count;
    EXPECT_EQ(roots.receipts_root(), receipts_root(receipts)) << count;
  }
}

}  // namespace
}  // namespace hocket
