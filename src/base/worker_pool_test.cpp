#include "base/worker_pool.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <set>
#include <stdexcept>

namespace hocket {
namespace {

TEST(WorkerPool, EveryWorkerHasItsOwnNumberAndTheFirstIsTheCaller) {
  for (const unsigned threads : {1u, 2u, 5u}) {
    WorkerPool pool(threads);
    EXPECT_EQ(pool.size(), threads);
    for (const unsigned wanted : {0u, 1u, 2u, 9u}) {
      std::mutex mutex;
      std::multiset<unsigned> seen;
      std::thread::id first;
      pool.run(wanted, [&](unsigned worker) {
        const std::lock_guard lock(mutex);
        seen.insert(worker);
        if (worker == 0) first = std::this_thread::get_id();
      });
      EXPECT_EQ(first, std::this_thread::get_id());
      EXPECT_EQ(seen.size(), std::set<unsigned>(seen.begin(), seen.end()).size());
      EXPECT_LE(seen.size(), std::max(1u, std::min(wanted, threads)));
      EXPECT_LT(*seen.rbegin(), std::max(1u, std::min(wanted, threads)));
    }
  }
}

TEST(WorkerPool, AllThreadsWorkWhereThereIsEnoughToDo) {
  WorkerPool pool(4);
  std::atomic<unsigned> here{0};
  pool.run(4, [&](unsigned) {
    ++here;
    // Only in this test: that each of the four comes is what it checks.
    while (here.load() < 4) std::this_thread::yield();
  });
  EXPECT_EQ(here.load(), 4u);
}

TEST(WorkerPool, RunReturnsWhenAllThatBeganHaveEnded) {
  WorkerPool pool(4);
  for (int round = 0; round < 2000; ++round) {
    std::atomic<int> begun{0};
    std::atomic<int> ended{0};
    pool.run(4, [&](unsigned) {
      ++begun;
      if (round % 3 == 0) std::this_thread::yield();
      ++ended;
    });
    ASSERT_EQ(begun.load(), ended.load());
    ASSERT_GE(begun.load(), 1);
  }
}

TEST(WorkerPool, WhatAWorkerThrowsIsThrownOnceAllHaveEnded) {
  WorkerPool pool(4);
  for (int round = 0; round < 100; ++round) {
    std::atomic<int> under_way{0};
    const auto work = [&](unsigned worker) {
      ++under_way;
      std::this_thread::yield();
      --under_way;
      if (worker == 0 || round % 2 == 0) throw std::runtime_error("worker");
    };
    EXPECT_THROW(pool.run(4, work), std::runtime_error);
    EXPECT_EQ(under_way.load(), 0);
  }
  pool.run(4, [](unsigned) {});
}

TEST(WorkerPool, SeveralThreadsShareIt) {
  WorkerPool pool(3);
  std::atomic<std::uint64_t> sum{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&] {
      for (int round = 0; round < 300; ++round) {
        std::atomic<int> next{0};
        pool.run(3, [&](unsigned) {
          while (next++ < 10) ++sum;
        });
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(sum.load(), 4u * 300u * 10u);
}

}  // namespace
}  // namespace hocket
