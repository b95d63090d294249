#include "client/domain/schedule/sparing.h"

#include <algorithm>
#include <cmath>

namespace tidemark::client {
namespace {

Budget* BudgetOf(SavedState& state, const std::string& policy) {
  if (policy == "sync") return &state.sync;
  if (policy == "push_reserve") return &state.push_reserve;
  return policy == "live" ? &state.live : nullptr;
}

// Between `base` and `longest`, by what the bucket holds.
absl::Duration Spare(absl::Duration base, absl::Duration longest, const Budget& budget, double low,
                     UnixMillis at) {
  const std::optional<int64_t> tokens = TokensAt(budget, at);
  const double low_mark = low * static_cast<double>(budget.limit);
  if (!tokens || longest <= base || static_cast<double>(*tokens) >= low_mark) return base;
  const double missing = (low_mark - static_cast<double>(*tokens)) / low_mark;
  const double millis =
      absl::ToDoubleMilliseconds(base) * std::pow(absl::FDivDuration(longest, base), missing);
  return absl::Milliseconds(std::llround(millis));
}

}  // namespace

void NoteLimit(SavedState& state, const LimitTold& limit, UnixMillis now) {
  Budget* const budget = BudgetOf(state, limit.policy);
  if (budget == nullptr || limit.limit < 1 || limit.window <= absl::ZeroDuration()) return;
  const absl::Duration reset = std::clamp(limit.reset, absl::ZeroDuration(), limit.window);
  budget->limit = limit.limit;
  budget->interval_ms = std::max<int64_t>(1, absl::ToInt64Milliseconds(limit.window) / limit.limit);
  budget->full = UnixMillis{now.value + absl::ToInt64Milliseconds(reset)};
}

std::optional<int64_t> TokensAt(const Budget& budget, UnixMillis at) {
  if (!budget.full) return std::nullopt;
  const int64_t until_full = std::max<int64_t>(0, budget.full->value - at.value);
  const int64_t missing = (until_full + budget.interval_ms - 1) / budget.interval_ms;
  return std::max<int64_t>(0, budget.limit - missing);
}

MaybeTime HasTokenFrom(const Budget& budget) {
  if (!budget.full) return std::nullopt;
  return UnixMillis{budget.full->value - (budget.limit - 1) * budget.interval_ms};
}

Spared SparedDebounce(const SavedState& state, const ScheduleSettings& settings, UnixMillis at) {
  const ScheduleSettings::Sparing& sparing = settings.sparing;
  const absl::Duration by_sync =
      Spare(settings.final.debounce, sparing.debounce_longest, state.sync, sparing.low, at);
  const absl::Duration by_reserve =
      Spare(settings.final.debounce, sparing.reserve_longest, state.push_reserve, sparing.low, at);
  const absl::Duration debounce = std::max(by_sync, by_reserve);
  const absl::Duration bound =
      Spare(settings.final.debounce_bound, sparing.debounce_bound_longest, state.sync, sparing.low, at);
  return {.debounce = debounce, .bound = std::max(bound, debounce)};
}

absl::Duration SparedGather(const SavedState& state, const ScheduleSettings& settings, UnixMillis at) {
  return Spare(settings.final.head_gather, settings.sparing.head_gather_longest, state.live,
               settings.sparing.low, at);
}

}  // namespace tidemark::client
