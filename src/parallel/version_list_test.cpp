#include "parallel/version_list.hpp"

#include <gtest/gtest.h>
#include <map>
#include <random>

namespace hocket {
namespace {

struct Version {
  TxnIndex txn = 0;
  int value = 0;
};

TEST(VersionList, AgreesWithAMapUnderRandomChanges) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    Arena arena;
    VersionList<Version> list;
    std::map<TxnIndex, int> expected;
    const TxnIndex range = round % 2 == 0 ? 8 : 60;
    for (int step = 0; step < 100; ++step) {
      const TxnIndex txn = random() % range;
      if (Version* version = list.find(txn); version != nullptr) {
        ASSERT_EQ(version->value, expected.at(txn));
        list.erase(version);
        expected.erase(txn);
      } else {
        ASSERT_FALSE(expected.contains(txn));
        list.insert({txn, step}, arena);
        expected[txn] = step;
      }
      ASSERT_EQ(list.size(), expected.size());
      ASSERT_EQ(list.empty(), expected.empty());
      auto it = expected.begin();
      for (const Version& version : list) {
        ASSERT_EQ(version.txn, it->first);
        ASSERT_EQ(version.value, (it++)->second);
      }
      for (TxnIndex reader = 0; reader < range + 1; ++reader) {
        const auto above = expected.lower_bound(reader);
        const Version* newest = list.newest_below(reader);
        if (above == expected.begin()) {
          ASSERT_EQ(newest, nullptr);
        } else {
          ASSERT_NE(newest, nullptr);
          ASSERT_EQ(newest->txn, std::prev(above)->first);
        }
      }
    }
  }
}

}  // namespace
}  // namespace hocket
