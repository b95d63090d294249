#include "gateway/http/traffic.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "absl/strings/match.h"

namespace tidemark::gateway {
namespace {

constexpr double kShortestMicros = 50;
constexpr double kStepsPerDoubling = 4;

bool IsTraffic(std::string_view route) {
  return route != "/livez" && route != "/readyz" && !route.starts_with("/status");
}

int64_t& OutcomeOf(int status, Traffic::Outcomes& outcomes) {
  if (status == 304) return outcomes.not_modified;
  if (status == 429) return outcomes.limited;
  if (status >= 500) return outcomes.failed;
  return status >= 400 ? outcomes.refused : outcomes.ok;
}

}  // namespace

void Times::Add(Micros took) {
  const double steps = std::ceil(kStepsPerDoubling * std::log2(took.count() / kShortestMicros));
  // What took no time at all is minus infinity.
  ++counts_[static_cast<size_t>(std::clamp(steps, 0.0, kSteps - 1.0))];
}

std::optional<int64_t> Times::Quantile(double share) const {
  int64_t all = 0;
  for (const uint32_t count : counts_) all += count;
  if (all == 0) return std::nullopt;
  int64_t left = std::max<int64_t>(1, std::llround(std::ceil(share * static_cast<double>(all))));
  int step = 0;
  while ((left -= counts_[static_cast<size_t>(step)]) > 0) ++step;
  // The middle of the step.
  return std::llround(kShortestMicros * std::exp2((step - 0.5) / kStepsPerDoubling));
}

Traffic::Traffic(const Clock& clock) : clock_(clock), began_(clock.Now()) {}

void Traffic::Note(std::string_view route, int status, std::chrono::duration<double> took) {
  if (!IsTraffic(route)) return;
  const UnixMillis now = clock_.Now();
  const bool is_check = route == "/sync/check" && (status == 200 || status == 304);
  MutexLock lock(&mutex_);
  Counted& minute = hour_.At(now);
  ++OutcomeOf(status, minute.outcomes);
  minute.times.Add(took);
  if (is_check) {
    ++minute.checks.answered;
    minute.checks.not_modified += status == 304 ? 1 : 0;
  }
}

std::vector<Traffic::Minute> Traffic::LastHour() const {
  const UnixMillis now = clock_.Now();
  std::map<int64_t, Minute> minutes;
  const int64_t last = now.value / vitals::kMinuteMillis;
  const int64_t first = std::max(began_.value / vitals::kMinuteMillis, last - vitals::kMinutesKept + 1);
  for (int64_t minute = first; minute <= last; ++minute) {
    const UnixMillis begins{minute * vitals::kMinuteMillis};
    minutes[begins.value].begins = begins;
  }
  MutexLock lock(&mutex_);
  for (const auto& [begins, counted] : hour_.Until(now)) {
    minutes[begins.value] = {.begins = begins,
                             .outcomes = counted.outcomes,
                             .p50_micros = counted.times.Quantile(0.5),
                             .p95_micros = counted.times.Quantile(0.95),
                             .p99_micros = counted.times.Quantile(0.99)};
  }
  std::vector<Minute> told;
  for (const auto& [begins, minute] : minutes) told.push_back(minute);
  return told;
}

Traffic::Checks Traffic::ChecksOfLastHour() const {
  Checks sum;
  MutexLock lock(&mutex_);
  for (const auto& [begins, counted] : hour_.Until(clock_.Now())) {
    sum.answered += counted.checks.answered;
    sum.not_modified += counted.checks.not_modified;
  }
  return sum;
}

}  // namespace tidemark::gateway
