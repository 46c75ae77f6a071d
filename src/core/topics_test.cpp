#include "core/topics.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

Hash32 hash(std::uint8_t first) {
  Hash32 made;
  made.bytes[0] = first;
  return made;
}

TEST(Topics, AreAddedInOrder) {
  Topics topics;
  EXPECT_TRUE(topics.empty());
  EXPECT_EQ(topics.begin(), topics.end());
  for (std::uint8_t i = 1; i <= 4; ++i) topics.push_back(hash(i));
  EXPECT_EQ(topics.size(), 4u);
  std::uint8_t expected = 1;
  for (const Hash32& topic : topics) EXPECT_EQ(topic, hash(expected++));
}

TEST(Topics, AreEqualByWhatIsThere) {
  Topics a;
  a.push_back(hash(1));
  a.push_back(hash(2));
  Topics b = a;
  EXPECT_EQ(a, b);
  b.resize(1);
  EXPECT_NE(a, b);
  a.resize(1);
  EXPECT_EQ(a, b) << "what was there does not count";
  a[0] = hash(3);
  EXPECT_NE(a, b);
}

TEST(Topics, NewOnesAreZero) {
  Topics topics;
  topics.push_back(hash(7));
  topics.push_back(hash(8));
  topics.resize(0);
  topics.resize(3);
  for (const Hash32& topic : topics) EXPECT_TRUE(topic.is_zero());
}

}  // namespace
}  // namespace hocket
