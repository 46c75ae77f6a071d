#include "parallel/timeline.hpp"

namespace hocket {

void Timeline::begin(unsigned workers) {
  lanes_.resize(workers);
  for (Lane& lane : lanes_) lane.activities.clear();
  duration_ = {};
  begin_ = Clock::now();
}

void ActivityRecorder::record(ActivityEnd how, const std::optional<ActivityCause>& cause, ActivityKind next) {
  const auto now = timeline_->now();
  timeline_->add(worker_, {.kind = kind_,
                           .end = how,
                           .txn = txn_,
                           .last = last_.value_or(txn_),
                           .begin_time = begin_,
                           .end_time = now,
                           .cause = cause});
  kind_ = next;
  begin_ = now;
}

}  // namespace hocket
