#include "report/schedule.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace hocket::report {
namespace {

using std::chrono::nanoseconds;

/// Bookkeeping with no more than this between is one piece.
constexpr nanoseconds kShortGap{500};

struct Placed {
  const Activity* activity = nullptr;
  unsigned worker = 0;
  BarKind kind = BarKind::bookkeeping;
  std::optional<ActivityCause> cause;
};

bool is_part_of_execution(const Activity& activity) {
  return activity.kind == ActivityKind::execute || activity.kind == ActivityKind::resume;
}

/// Of one transaction's activities, in the order of time: what became of each part.
void judge(std::vector<Placed*>& of_transaction) {
  std::vector<Placed*> parts;  // of the present execution
  bool is_again = false;
  const auto lose = [&](const std::optional<ActivityCause>& cause) {
    for (Placed* part : parts) part->kind = BarKind::lost;
    if (!parts.empty()) parts.back()->cause = cause;
    is_again |= !parts.empty();
    parts.clear();
  };
  for (Placed* placed : of_transaction) {
    const Activity& activity = *placed->activity;
    if (is_part_of_execution(activity)) {
      placed->kind = activity.end == ActivityEnd::waiting ? BarKind::waiting
                     : is_again                           ? BarKind::reexecution
                                                          : BarKind::first_time;
      placed->cause = activity.cause;
      parts.push_back(placed);
      if (activity.end == ActivityEnd::changed || activity.end == ActivityEnd::given_up) lose(activity.cause);
    } else if (activity.kind == ActivityKind::validate && activity.end == ActivityEnd::invalid) {
      lose(activity.cause);
    } else if (activity.kind == ActivityKind::sequential && !parts.empty()) {
      lose(std::nullopt);  // it was executed ahead, and then in turn
    }
  }
}

BarKind kind_of(ActivityKind kind) {
  switch (kind) {
    case ActivityKind::sequential:
      return BarKind::in_turn;
    case ActivityKind::check_transfers:
    case ActivityKind::apply_transfers:
      return BarKind::accounts;
    default:
      return BarKind::bookkeeping;
  }
}

bool is_rare(BarKind kind) { return kind == BarKind::reexecution || kind == BarKind::lost || kind == BarKind::waiting; }

/// Puts `next` to `run`, whose kind will be what most of its time was.
struct Run {
  Bar bar;
  std::array<nanoseconds, kBarKindCount> time{};

  explicit Run(const Bar& first) : bar(first) { note(first); }

  void add(const Bar& next) {
    if (next.count != 0) {
      bar.txn = bar.count == 0 ? next.txn : std::min(bar.txn, next.txn);
      bar.last = bar.count == 0 ? next.last : std::max(bar.last, next.last);
    }
    bar.count += next.count;
    bar.end = next.end;
    if (bar.count > 1) bar.cause.reset();
    note(next);
  }
  Bar finish() {
    // What was executed is what one looks for.
    std::array<nanoseconds, kBarKindCount> weights = time;
    if (bar.count != 0) weights[static_cast<std::size_t>(BarKind::bookkeeping)] = nanoseconds(-1);
    bar.kind = static_cast<BarKind>(std::ranges::max_element(weights) - weights.begin());
    return bar;
  }

 private:
  void note(const Bar& of) { time[static_cast<std::size_t>(of.kind)] += of.end - of.begin; }
};

std::vector<Bar> merged(const std::vector<Bar>& bars, nanoseconds longest, bool merges_rare) {
  std::vector<Bar> result;
  std::optional<Run> run;
  const auto flush = [&] {
    if (run) result.push_back(run->finish());
    run.reset();
  };
  for (const Bar& bar : bars) {
    const bool may_merge = merges_rare || !is_rare(bar.kind);
    if (!may_merge || (run && (run->bar.worker != bar.worker || bar.end - run->bar.begin > longest))) flush();
    if (!may_merge)
      result.push_back(bar);
    else if (run)
      run->add(bar);
    else
      run.emplace(bar);
  }
  flush();
  return result;
}

}  // namespace

std::string_view to_string(BarKind kind) noexcept {
  constexpr std::string_view kNames[kBarKindCount] = {"firstTime", "reexecution", "lost",       "waiting",
                                                      "inTurn",    "accounts",    "bookkeeping"};
  return kNames[static_cast<std::size_t>(kind)];
}

Schedule make_schedule(const Timeline& timeline) {
  std::vector<Placed> all;
  std::map<TxnIndex, std::vector<std::size_t>> by_transaction;
  for (unsigned worker = 0; worker < timeline.workers(); ++worker) {
    for (const Activity& activity : timeline.lane(worker)) {
      Placed placed{.activity = &activity, .worker = worker, .kind = kind_of(activity.kind), .cause = std::nullopt};
      if (is_part_of_execution(activity) || activity.kind == ActivityKind::sequential ||
          (activity.kind == ActivityKind::validate && activity.end == ActivityEnd::invalid))
        by_transaction[activity.txn].push_back(all.size());
      all.push_back(std::move(placed));
    }
  }
  for (auto& [txn, numbers] : by_transaction) {
    std::ranges::sort(numbers, [&](std::size_t a, std::size_t b) {
      const Activity& one = *all[a].activity;
      const Activity& other = *all[b].activity;
      return std::tie(one.begin_time, one.end_time, a) < std::tie(other.begin_time, other.end_time, b);
    });
    std::vector<Placed*> activities;
    for (const std::size_t number : numbers) activities.push_back(&all[number]);
    judge(activities);
  }

  Schedule schedule;
  schedule.workers = timeline.workers();
  schedule.duration = timeline.duration();
  schedule.busy.resize(schedule.workers);
  for (const Placed& placed : all) {
    const Activity& activity = *placed.activity;
    const bool counts = placed.kind != BarKind::bookkeeping;
    const Bar bar{.worker = placed.worker,
                  .kind = placed.kind,
                  .txn = activity.txn,
                  .last = activity.last,
                  .count = counts ? 1u : 0u,
                  .begin = activity.begin_time,
                  .end = activity.end_time,
                  .cause = placed.cause};
    schedule.busy[bar.worker][static_cast<std::size_t>(bar.kind)] += bar.end - bar.begin;
    if (!schedule.bars.empty()) {
      Bar& before = schedule.bars.back();
      if (!counts && before.count == 0 && before.worker == bar.worker && bar.begin - before.end <= kShortGap) {
        before.end = bar.end;
        continue;
      }
    }
    schedule.bars.push_back(bar);
  }
  schedule.bars_before = schedule.bars.size();
  return schedule;
}

void merge_bars(Schedule& schedule, std::size_t limit) {
  if (schedule.bars.size() <= limit) return;
  const auto rare =
      static_cast<std::size_t>(std::ranges::count_if(schedule.bars, [](const Bar& bar) { return is_rare(bar.kind); }));
  const bool merges_rare = rare > limit / 2;
  nanoseconds longest = schedule.duration * schedule.workers / static_cast<std::int64_t>(limit) + nanoseconds(1);
  std::vector<Bar> bars = schedule.bars;
  // The gaps that no run spans are no more than there are workers and rare bars: this ends.
  while (bars.size() > limit && longest <= schedule.duration) {
    bars = merged(schedule.bars, longest, merges_rare);
    longest *= 2;
  }
  schedule.bars = std::move(bars);
}

}  // namespace hocket::report
