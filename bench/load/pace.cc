#include "bench/load/pace.h"

#include <algorithm>

namespace tidemark::bench {

Pace::Pace(const PacePlan& plan, Time start)
    : plan_(plan), start_(start), counted_from_(start + plan.warmup) {}

std::optional<Time> Pace::NextDue(Time now) const {
  const Time due = DueAt(now);
  const bool over = plan_.requests > 0 ? counted_ == plan_.requests : due >= counted_from_ + plan_.duration;
  if (over) return std::nullopt;
  return std::max(due, now);
}

Turn Pace::Take(Time now) {
  const Turn turn{.due = DueAt(now), .counts = DueAt(now) >= counted_from_};
  ++taken_;
  if (turn.counts) ++counted_;
  return turn;
}

Time Pace::DueAt(Time now) const {
  if (plan_.rate == 0) return now;
  const std::chrono::duration<double> since_start(static_cast<double>(taken_) / plan_.rate);
  return start_ + std::chrono::duration_cast<std::chrono::nanoseconds>(since_start);
}

}  // namespace tidemark::bench
