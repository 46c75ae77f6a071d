#include "core/bloom_builder.hpp"

#include "base/hex.hpp"
#include "core/codec.hpp"
#include "crypto/keccak.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <random>

namespace hocket {
namespace {

using namespace hocket::literals;

/// As the Yellow Paper says it, an entry at a time.
Bloom plain_bloom(std::span<const Log> logs) {
  Bloom bloom;
  const auto add = [&](BytesView entry) {
    const Hash32 hash = keccak256(entry);
    for (int i = 0; i < 3; ++i) {
      const unsigned bit = (hash.bytes[2 * i] * 256u + hash.bytes[2 * i + 1]) % 2048;
      bloom.bytes[255 - bit / 8] |= static_cast<std::uint8_t>(1 << (bit % 8));
    }
  };
  for (const Log& log : logs) {
    add(log.address);
    for (const Hash32& topic : log.topics) add(topic);
  }
  return bloom;
}

TEST(BloomBuilder, SetsThreeBitsForEachAddressAndTopic) {
  const Log log{"095e7baea6a6c7c4c2dfeb977efac326af552d87"_address, {to_hash32(0), to_hash32(1)}, {0xff}};
  Receipt receipt;
  receipt.logs = {log};
  BloomBuilder().fill({&receipt, 1});
  EXPECT_EQ(receipt.logs_bloom, plain_bloom({&log, 1}));
  EXPECT_NE(receipt.logs_bloom, Bloom{});

  Receipt without_logs;
  BloomBuilder().fill({&without_logs, 1});
  EXPECT_EQ(without_logs.logs_bloom, Bloom{});
}

// An address is an entry of its own, not that of the topic which begins with it and ends in zeros.
TEST(BloomBuilder, TellsAnAddressFromATopicWithTheSameBytes) {
  Address address = "095e7baea6a6c7c4c2dfeb977efac326af552d87"_address;
  Hash32 topic;
  std::ranges::copy(address.bytes, topic.bytes.begin());
  auto builder = std::make_unique<BloomBuilder>();
  for (int round = 0; round < 3; ++round) {
    std::vector<Receipt> receipts(2);
    receipts[0].logs = {{address, {}, {}}};
    receipts[1].logs = {{Address{}, {topic}, {}}};
    Bloom all = plain_bloom(receipts[0].logs);
    merge(all, plain_bloom(receipts[1].logs));
    EXPECT_EQ(builder->fill(receipts), all);
    EXPECT_TRUE(BloomBits(address).may_be_in(receipts[0].logs_bloom));
    EXPECT_FALSE(BloomBits(address).may_be_in(receipts[1].logs_bloom));
    for (const Receipt& receipt : receipts) EXPECT_EQ(receipt.logs_bloom, plain_bloom(receipt.logs));
  }
}

TEST(BloomBuilder, RemembersWhatItHasMet) {
  std::mt19937_64 random(1);
  // More than it remembers, some of them often.
  std::vector<Hash32> topics;
  for (int i = 0; i < 3000; ++i) topics.push_back(to_hash32(u256{random()} << (random() % 192)));
  auto builder = std::make_unique<BloomBuilder>();
  for (int round = 0; round < 200; ++round) {
    std::vector<Receipt> receipts(random() % 8);
    for (Receipt& receipt : receipts) {
      receipt.logs.resize(random() % 12);
      for (Log& log : receipt.logs) {
        log.address = to_address(u256{random() % 40});
        log.topics.resize(random() % 5);
        for (Hash32& topic : log.topics) topic = topics[random() % (random() % 2 == 0 ? 5 : topics.size())];
      }
    }
    Bloom all;
    for (const Receipt& receipt : receipts) merge(all, plain_bloom(receipt.logs));
    ASSERT_EQ(builder->fill(receipts), all) << round;
    for (const Receipt& receipt : receipts) ASSERT_EQ(receipt.logs_bloom, plain_bloom(receipt.logs)) << round;
  }
}

TEST(Bloom, MergesByOr) {
  Bloom a, b;
  a.bytes[0] = 1;
  b.bytes[0] = 2;
  b.bytes[255] = 4;
  merge(a, b);
  EXPECT_EQ(a.bytes[0], 3);
  EXPECT_EQ(a.bytes[255], 4);
}

}  // namespace
}  // namespace hocket
