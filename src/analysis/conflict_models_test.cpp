// Blocks made by hand: who waits for whom under each model, and how long they take.
#include "analysis/block_report.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

using enum ConflictModel;

Location location(LocationKind kind) { return {.kind = kind, .address = {}, .slot = {}}; }

Access reads(std::uint32_t at_location, std::uint64_t at = 0) {
  Access access;
  access.location = at_location;
  access.reads = true;
  access.at = at;
  return access;
}
Access changes(std::uint32_t at_location, std::uint64_t at = 0) {
  Access access = reads(at_location, at);
  access.writes = true;
  return access;
}
Access adds(std::uint32_t at_location, std::uint64_t at = 0) {
  Access access = changes(at_location, at);
  access.reads = false;
  access.adds = true;
  return access;
}
Access own_nonce(std::uint32_t at_location) {
  Access access = changes(at_location);
  access.own_nonce = true;
  return access;
}

BlockTrace block(std::vector<Location> locations, std::vector<std::vector<Access>> accesses, std::uint64_t gas = 100) {
  BlockTrace trace;
  trace.locations = std::move(locations);
  for (std::vector<Access>& of_one : accesses) {
    trace.transactions.push_back({.gas = gas, .steps = 0, .accesses = std::move(of_one)});
    trace.durations.emplace_back(1000);
  }
  return trace;
}

std::vector<std::vector<std::uint32_t>> writers(const BlockTrace& trace, ConflictModel model) {
  std::vector<std::vector<std::uint32_t>> result;
  for (const auto& needs : dependencies(trace, model)) {
    result.emplace_back();
    for (const Dependency& needed : needs) result.back().push_back(needed.writer);
  }
  return result;
}

using Writers = std::vector<std::vector<std::uint32_t>>;

TEST(ConflictModels, MovesOfValueCommuteFromM2nOn) {
  const BlockTrace trace = block({location(LocationKind::balance)}, {{adds(0)}, {adds(0)}, {reads(0)}, {adds(0)}});
  EXPECT_EQ(writers(trace, every_location), (Writers{{}, {0}, {1}, {1}}));
  EXPECT_EQ(writers(trace, commuting_balances), (Writers{{}, {}, {0, 1}, {}}));
  EXPECT_EQ(writers(trace, commuting_slots), (Writers{{}, {}, {0, 1}, {}}));
}

TEST(ConflictModels, SlotsCommuteInM3Only) {
  const BlockTrace trace =
      block({location(LocationKind::slot)}, {{changes(0)}, {adds(0)}, {adds(0)}, {reads(0)}, {changes(0)}, {reads(0)}});
  EXPECT_EQ(writers(trace, predicted_nonces), (Writers{{}, {0}, {1}, {2}, {2}, {4}}));
  EXPECT_EQ(writers(trace, commuting_slots), (Writers{{}, {}, {}, {0, 1, 2}, {0, 1, 2}, {4}}));
}

TEST(ConflictModels, ASendersOwnNonceIsPredictedFromM2On) {
  const BlockTrace trace = block({location(LocationKind::nonce)}, {{own_nonce(0)}, {own_nonce(0)}, {reads(0)}});
  EXPECT_EQ(writers(trace, commuting_balances), (Writers{{}, {0}, {1}}));
  EXPECT_EQ(writers(trace, predicted_nonces), (Writers{{}, {}, {1}}));
}

TEST(Schedules, CriticalPathsAndMakespans) {
  // 0 -> 2 -> 3; 1 and 4 are free.
  const Location slot = location(LocationKind::slot);
  Location other = slot;
  other.slot = 1;
  const BlockTrace trace =
      block({slot, other}, {{changes(0)}, {}, {changes(0, 40), changes(1, 60)}, {reads(1, 90)}, {}});
  const auto transactions = by_gas(trace, dependencies(trace, predicted_nonces));
  const CriticalPaths paths = critical_paths(transactions);
  EXPECT_EQ(paths.after_writers, 300u);
  EXPECT_EQ(paths.path, (std::vector<std::uint32_t>{0, 2, 3}));
  EXPECT_EQ(paths.waiting_at_first_read, 170u);  // 0 ends at 100, 2 at 100 + 60, 3 at 160 + 10
  EXPECT_EQ(makespan(transactions, 1), 500u);
  EXPECT_EQ(makespan(transactions, 2), 300u);
  const auto parts = split_at_first_reads(transactions);
  EXPECT_EQ(makespan(parts, 1), 500u);
  EXPECT_EQ(makespan(parts, 5), 170u);
  EXPECT_EQ(critical_paths(parts).after_writers, paths.waiting_at_first_read);
}

TEST(BlockReport, NamesTheHottestLocations) {
  const Location slot = location(LocationKind::slot);
  Location other = slot;
  other.slot = 1;
  const BlockTrace trace = block({slot, other}, {{changes(0)}, {changes(0), changes(1)}, {changes(0), reads(1)}});
  const BlockReport report = report_of(trace, 5);
  EXPECT_EQ(report.gas, 300u);
  ASSERT_EQ(report.hottest.size(), 2u);
  EXPECT_EQ(report.hottest[0].location, slot);
  EXPECT_EQ(report.hottest[0].readers, 2u);
  EXPECT_EQ(report.hottest[0].writers, 3u);
  EXPECT_EQ(report.hottest[0].gas, 200u);
  EXPECT_EQ(report.hottest[1].readers, 1u);
  EXPECT_EQ(report_of(trace, 1).hottest.size(), 1u);
  EXPECT_EQ(report.critical_time.count(), 3000);
  EXPECT_DOUBLE_EQ(speed_up_bound(300, 300, 8), 1);
  EXPECT_DOUBLE_EQ(speed_up_bound(300, 100, 2), 2);
  EXPECT_DOUBLE_EQ(speed_up_bound(300, 100, 8), 3);
}

}  // namespace
}  // namespace hocket
