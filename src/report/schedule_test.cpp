#include "report/schedule.hpp"

#include <gtest/gtest.h>

namespace hocket::report {
namespace {

using std::chrono::nanoseconds;

/// A timeline written down by hand, in units of 10,000 ns: what is done is no bookkeeping of less than half of one.
class ScheduleTest : public ::testing::Test {
 protected:
  explicit ScheduleTest(unsigned workers = 2) { timeline_.begin(workers); }

  void add(unsigned worker, ActivityKind kind, TxnIndex txn, int begin, int end, ActivityEnd how = ActivityEnd::done,
           std::optional<TxnIndex> writer = std::nullopt) {
    Activity activity{.kind = kind, .end = how, .txn = txn, .last = txn, .begin_time = {}, .end_time = {}, .cause = {}};
    activity.begin_time = nanoseconds(10'000 * begin);
    activity.end_time = nanoseconds(10'000 * end);
    if (writer) {
      activity.cause.emplace();
      activity.cause->writer = writer;
    }
    timeline_.add(worker, activity);
  }

  /// The kinds of the bars of a transaction, in order of the lanes.
  std::vector<BarKind> kinds(TxnIndex txn) const {
    std::vector<BarKind> found;
    for (const Bar& bar : make_schedule(timeline_).bars)
      if (bar.txn == txn && bar.kind != BarKind::bookkeeping) found.push_back(bar.kind);
    return found;
  }
  const Bar* bar_of(const Schedule& schedule, BarKind kind) const {
    for (const Bar& bar : schedule.bars)
      if (bar.kind == kind) return &bar;
    return nullptr;
  }

  Timeline timeline_;
};

using Kinds = std::vector<BarKind>;

TEST_F(ScheduleTest, WhatIsCommittedAtOnce) {
  add(0, ActivityKind::execute, 0, 0, 5);
  add(0, ActivityKind::validate, 0, 5, 6);
  add(0, ActivityKind::commit, 0, 6, 7);
  EXPECT_EQ(kinds(0), Kinds{BarKind::first_time});
  const Schedule schedule = make_schedule(timeline_);
  ASSERT_EQ(schedule.bars.size(), 2u);  // validation and commitment are one
  EXPECT_EQ(schedule.bars[1].kind, BarKind::bookkeeping);
  EXPECT_EQ(schedule.bars[1].count, 0u);
  EXPECT_EQ(schedule.bars[1].end - schedule.bars[1].begin, nanoseconds(20'000));
  EXPECT_EQ(schedule.busy[0][static_cast<std::size_t>(BarKind::first_time)], nanoseconds(50'000));
  EXPECT_EQ(schedule.busy[0][static_cast<std::size_t>(BarKind::bookkeeping)], nanoseconds(20'000));
  EXPECT_EQ(schedule.busy[1][static_cast<std::size_t>(BarKind::first_time)], nanoseconds(0));
}

TEST_F(ScheduleTest, WhatWasFoundInvalidWasForNothing) {
  add(0, ActivityKind::execute, 5, 0, 5);
  add(1, ActivityKind::validate, 5, 6, 7, ActivityEnd::invalid, 3);
  add(1, ActivityKind::execute, 5, 8, 9);
  EXPECT_EQ(kinds(5), (Kinds{BarKind::lost, BarKind::reexecution}));
  const Schedule schedule = make_schedule(timeline_);
  const Bar* lost = bar_of(schedule, BarKind::lost);
  ASSERT_TRUE(lost != nullptr && lost->cause);
  EXPECT_EQ(lost->cause->writer, 3u);
}

TEST_F(ScheduleTest, WhatEndedEarlyWasForNothing) {
  add(0, ActivityKind::execute, 5, 0, 5, ActivityEnd::changed, 2);
  add(0, ActivityKind::execute, 5, 5, 6);
  EXPECT_EQ(kinds(5), (Kinds{BarKind::lost, BarKind::reexecution}));
}

TEST_F(ScheduleTest, WorkBeforeAWaitIsKept) {
  add(0, ActivityKind::execute, 5, 0, 5, ActivityEnd::waiting, 4);
  add(1, ActivityKind::resume, 5, 7, 9);
  EXPECT_EQ(kinds(5), (Kinds{BarKind::waiting, BarKind::first_time}));
}

TEST_F(ScheduleTest, OrNot) {
  add(0, ActivityKind::execute, 5, 0, 5, ActivityEnd::given_up, 4);
  add(1, ActivityKind::execute, 5, 7, 9);
  EXPECT_EQ(kinds(5), (Kinds{BarKind::lost, BarKind::reexecution}));
}

TEST_F(ScheduleTest, WorkBeforeAWaitIsLostWithWhatCameAfterIt) {
  add(0, ActivityKind::execute, 5, 0, 5, ActivityEnd::waiting, 4);
  add(1, ActivityKind::resume, 5, 7, 9, ActivityEnd::changed, 1);
  add(1, ActivityKind::execute, 5, 9, 12);
  EXPECT_EQ(kinds(5), (Kinds{BarKind::lost, BarKind::lost, BarKind::reexecution}));
}

TEST_F(ScheduleTest, WhatWasExecutedAheadAndThenInTurn) {
  add(1, ActivityKind::execute, 5, 0, 5);
  add(0, ActivityKind::sequential, 5, 7, 9);
  EXPECT_EQ(kinds(5), (Kinds{BarKind::in_turn, BarKind::lost}));
}

TEST_F(ScheduleTest, FewBarsStayAsTheyAre) {
  for (int i = 0; i < 10; ++i) add(0, ActivityKind::execute, static_cast<TxnIndex>(i), i, i + 1);
  Schedule schedule = make_schedule(timeline_);
  merge_bars(schedule, 10);
  EXPECT_EQ(schedule.bars.size(), 10u);
}

TEST_F(ScheduleTest, ManyBarsAreMergedAndTheRareOnesStay) {
  constexpr int kCount = 5000;
  for (int i = 0; i < kCount; ++i) {
    const auto txn = static_cast<TxnIndex>(i);
    add(0, ActivityKind::execute, txn, 4 * i, 4 * i + 2, i % 100 == 7 ? ActivityEnd::changed : ActivityEnd::done,
        txn / 2);
    if (i % 100 == 7) add(0, ActivityKind::execute, txn, 4 * i + 2, 4 * i + 3);
    add(0, ActivityKind::commit, txn, 4 * i + 3, 4 * i + 4);
  }
  timeline_.end();
  Schedule schedule = make_schedule(timeline_);
  schedule.duration = nanoseconds(10'000) * 4 * kCount;
  const std::size_t before = schedule.bars.size();
  EXPECT_GT(before, 10'000u);
  merge_bars(schedule, 800);
  EXPECT_LE(schedule.bars.size(), 800u);
  EXPECT_GT(schedule.bars.size(), 200u);
  EXPECT_EQ(schedule.bars_before, before);
  std::size_t executions = 0;
  std::size_t lost = 0;
  nanoseconds last{};
  for (const Bar& bar : schedule.bars) {
    executions += bar.count;
    lost += bar.kind == BarKind::lost ? 1 : 0;
    EXPECT_GE(bar.begin, last);
    EXPECT_LE(bar.txn, bar.last);
    if (bar.kind == BarKind::lost) {
      EXPECT_EQ(bar.count, 1u);
      EXPECT_EQ(bar.cause->writer, bar.txn / 2);
    }
    last = bar.end;
  }
  EXPECT_EQ(executions, std::size_t{kCount} + kCount / 100);
  EXPECT_EQ(lost, std::size_t{kCount} / 100);
}

TEST_F(ScheduleTest, WhereAlmostEverythingIsRareThatIsMergedToo) {
  for (int i = 0; i < 3000; ++i)
    add(0, ActivityKind::execute, static_cast<TxnIndex>(i), 2 * i, 2 * i + 1, ActivityEnd::changed, 0);
  Schedule schedule = make_schedule(timeline_);
  schedule.duration = nanoseconds(10'000) * 6000;
  merge_bars(schedule, 100);
  EXPECT_LE(schedule.bars.size(), 100u);
  for (const Bar& bar : schedule.bars) EXPECT_EQ(bar.kind, BarKind::lost);
}

}  // namespace
}  // namespace hocket::report
