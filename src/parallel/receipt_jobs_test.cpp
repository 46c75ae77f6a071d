#include "parallel/receipt_jobs.hpp"

#include "core/codec.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <set>
#include <thread>

namespace hocket {
namespace {

class ReceiptJobsTest : public testing::Test {
 protected:
  /// Receipts of which some have no logs and one has `many`.
  void make(TxnIndex count, std::size_t many) {
    std::mt19937_64 random(count);
    receipts_.assign(count, {});
    for (Receipt& receipt : receipts_) receipt.logs.resize(random() % 4);
    if (count > 3) receipts_[3].logs.resize(many);
    for (Receipt& receipt : receipts_)
      for (Log& log : receipt.logs) {
        log.address = to_address(u256{random() % 50});
        log.topics.resize(random() % 5);
        for (Hash32& topic : log.topics) topic = to_hash32(u256{random() % 500});
      }
    expected_ = receipts_;
    BloomBuilder().fill(expected_);
  }
  /// Of the first so many.
  Bloom expected_bloom(std::size_t count) const {
    Bloom bloom;
    for (std::size_t i = 0; i < count; ++i) merge(bloom, expected_[i].logs_bloom);
    return bloom;
  }

  std::vector<Receipt> receipts_;
  std::vector<Receipt> expected_;
  ReceiptJobs jobs_;
};

TEST_F(ReceiptJobsTest, GivesWhatTheReceiptsGetAtOnce) {
  for (const TxnIndex count : {1u, 15u, 16u, 17u, 40u}) {
    for (const std::size_t many : {0u, 256u, 257u, 3000u}) {
      make(count, many);
      jobs_.reset(receipts_, 1, true, {});
      for (TxnIndex i = 0; i < count; ++i) jobs_.add();
      while (jobs_.do_one(0)) {
      }
      EXPECT_EQ(receipts_, expected_) << count << ' ' << many;
      jobs_.finish();
      EXPECT_EQ(jobs_.bloom(), expected_bloom(count)) << count << ' ' << many;
    }
  }
}

TEST_F(ReceiptJobsTest, FinishesAnUnfinishedGroup) {
  make(40, 300);
  std::multiset<TxnIndex> groups;
  jobs_.reset(receipts_, 1, true, [&](TxnIndex first, TxnIndex) { groups.insert(first); });
  for (TxnIndex i = 0; i < 21; ++i) jobs_.add();
  jobs_.finish();
  EXPECT_TRUE(std::equal(receipts_.begin(), receipts_.begin() + 21, expected_.begin()));
  EXPECT_EQ(jobs_.bloom(), expected_bloom(21));
  EXPECT_EQ(receipts_[22].logs_bloom, Bloom{});
  EXPECT_EQ(groups, std::multiset<TxnIndex>{0});  // the second group is not complete
}

TEST_F(ReceiptJobsTest, SeveralWorkersTellOfEachGroupOnceItIsComplete) {
  for (int round = 0; round < 20; ++round) {
    make(100, 2000);
    std::mutex mutex;
    std::multiset<std::pair<TxnIndex, TxnIndex>> groups;
    jobs_.reset(receipts_, 4, true, [&](TxnIndex first, TxnIndex end) {
      EXPECT_TRUE(std::equal(receipts_.begin() + first, receipts_.begin() + end, expected_.begin() + first));
      const std::lock_guard guard(mutex);
      groups.emplace(first, end);
    });
    std::atomic<bool> added{false};
    std::vector<std::thread> workers;
    for (unsigned worker = 1; worker < 4; ++worker)
      workers.emplace_back([&, worker] {
        while (!added.load() || jobs_.do_one(worker)) jobs_.do_one(worker);
      });
    for (TxnIndex i = 0; i < 100; ++i) jobs_.add();
    added.store(true);
    for (std::thread& worker : workers) worker.join();
    jobs_.finish();
    EXPECT_EQ(receipts_, expected_);
    std::multiset<std::pair<TxnIndex, TxnIndex>> all;
    for (TxnIndex first = 0; first < 100; first += 16) all.emplace(first, std::min(first + 16, TxnIndex{100}));
    EXPECT_EQ(groups, all);
  }
}

TEST_F(ReceiptJobsTest, LeavesBloomsAloneThatAreThere) {
  make(20, 0);
  receipts_[0].logs_bloom.bytes[7] = 1;
  jobs_.reset(receipts_, 1, false, {});
  for (TxnIndex i = 0; i < 20; ++i) EXPECT_FALSE(jobs_.add());
  jobs_.finish();
  EXPECT_EQ(receipts_[0].logs_bloom.bytes[7], 1);
  EXPECT_EQ(receipts_[1].logs_bloom, Bloom{});
}

}  // namespace
}  // namespace hocket
