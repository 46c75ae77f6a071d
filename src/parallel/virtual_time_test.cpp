#include "parallel/virtual_time.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

namespace hocket {
namespace {

using Profiles = std::vector<TransactionProfile>;

TransactionProfile independent(std::uint64_t cost) {
  return {.cost = cost, .reads = {}, .writes = {}, .kind = 0, .predecessor = 0};
}

/// Reads `location` at its begin and writes it at its end.
TransactionProfile update(std::uint64_t cost, std::uint32_t location = 0) {
  return {.cost = cost, .reads = {{location, 0}}, .writes = {{location, false}}};
}

std::uint64_t total(const Profiles& profiles) {
  std::uint64_t sum = 0;
  for (const TransactionProfile& profile : profiles) sum += profile.cost;
  return sum;
}

VirtualTime simulate(const Profiles& profiles, unsigned workers) {
  return simulate_execution(profiles, {.workers = workers, .predict_writes = false, .early_abort = false});
}

TEST(VirtualTime, IndependentWorkIsDivided) {
  const Profiles profiles(64, independent(10));
  for (const unsigned workers : {1u, 2u, 4u, 8u, 16u, 32u, 64u}) {
    const VirtualTime time = simulate(profiles, workers);
    EXPECT_EQ(time.makespan, 640u / workers);
    EXPECT_EQ(time.executions, 64u);
    EXPECT_EQ(time.executed_cost, 640u);
  }
  EXPECT_EQ(critical_path(profiles).after_writers, 10u);
}

TEST(VirtualTime, OneWorkerWastesNothing) {
  Profiles profiles;
  for (std::uint64_t i = 1; i <= 20; ++i) profiles.push_back(update(i, i % 3));
  const VirtualTime time = simulate(profiles, 1);
  EXPECT_EQ(time.makespan, total(profiles));
  EXPECT_EQ(time.executions, profiles.size());
  EXPECT_EQ(time.waits, 0u);
}

TEST(VirtualTime, AChainTakesAsLongAsInOrder) {
  const Profiles profiles(30, update(7));
  EXPECT_EQ(critical_path(profiles).after_writers, 210u);
  EXPECT_EQ(critical_path(profiles).waiting_at_reads, 210u);
  for (const unsigned workers : {2u, 16u}) EXPECT_EQ(simulate(profiles, workers).makespan, 210u) << workers;
}

TEST(VirtualTime, AReadAtTheEndHidesTheWait) {
  // The second needs the first's result only in its last unit.
  const Profiles profiles = {{.cost = 10, .reads = {}, .writes = {{0, false}}},
                             {.cost = 10, .reads = {{0, 9}}, .writes = {}}};
  EXPECT_EQ(critical_path(profiles).after_writers, 20u);
  EXPECT_EQ(critical_path(profiles).waiting_at_reads, 11u);
  // Optimistically it has read too early, and runs again.
  const VirtualTime time = simulate(profiles, 2);
  EXPECT_EQ(time.makespan, 20u);
  EXPECT_EQ(time.executions, 3u);
}

TEST(VirtualTime, AddingCommutesAndLookingDoesNot) {
  Profiles profiles(10, {.cost = 5, .reads = {}, .writes = {{0, true}}});
  EXPECT_EQ(critical_path(profiles).after_writers, 5u);
  EXPECT_EQ(simulate(profiles, 10).makespan, 5u);
  profiles[3].cost = 50;
  profiles.push_back({.cost = 5, .reads = {{0, 0}}, .writes = {}});
  EXPECT_EQ(critical_path(profiles).after_writers, 55u);
  EXPECT_EQ(simulate(profiles, 11).makespan, 55u);
}

TEST(VirtualTime, ValidationIsPaidFor) {
  const Profiles profiles(8, independent(10));
  const VirtualTime time = simulate_execution(profiles, {.workers = 1, .validation_cost = 1});
  EXPECT_EQ(time.makespan, 88u);
}

TEST(VirtualTime, NoScheduleBeatsItsBounds) {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    Profiles profiles(1 + random() % 40);
    for (TransactionProfile& profile : profiles) {
      profile.cost = 1 + random() % 50;
      for (unsigned reads = random() % 3; reads > 0; --reads)
        profile.reads.push_back({static_cast<std::uint32_t>(random() % 8), random() % profile.cost});
      std::ranges::sort(profile.reads, {}, &TransactionProfile::Read::at);
      for (unsigned writes = random() % 3; writes > 0; --writes)
        profile.writes.push_back({static_cast<std::uint32_t>(random() % 8), random() % 2 == 0});
    }
    const CriticalPath path = critical_path(profiles);
    EXPECT_LE(path.waiting_at_reads, path.after_writers);
    EXPECT_LE(path.after_writers, total(profiles));
    for (const unsigned workers : {1u, 2u, 5u, 64u}) {
      for (const bool wait : {false, true}) {
        const VirtualTimeOptions options{.workers = workers, .wait_for_estimates = wait};
        const VirtualTime time = simulate_execution(profiles, options);
        EXPECT_GE(time.makespan, path.waiting_at_reads);
        EXPECT_GE(time.makespan * workers, total(profiles));
        EXPECT_GE(time.executed_cost, total(profiles));
        EXPECT_EQ(time.makespan, simulate_execution(profiles, options).makespan) << "deterministic";
        if (workers == 1) {
          EXPECT_EQ(time.makespan, total(profiles));
        }
      }
    }
  }
}

TEST(VirtualTime, NothingTakesNoTime) {
  EXPECT_EQ(simulate({}, 4).makespan, 0u);
  EXPECT_EQ(critical_path({}).after_writers, 0u);
}

}  // namespace
}  // namespace hocket
