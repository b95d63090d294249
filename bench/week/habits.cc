#include "bench/week/habits.h"

#include <algorithm>
#include <tuple>

namespace tidemark::week {
namespace {

constexpr double kHour = 3'600'000;
constexpr double kMinute = 60'000;
constexpr int64_t kDay = 86'400'000;
// Edits of one visit come one after the other.
constexpr double kMinutesBetweenEdits = 1;
// Nobody keeps regular hours.
constexpr double kHoursLate = 0.75;
// A visit is between half of its mean and half as long again.
constexpr double kVisitSpread = 0.5;

struct Visit {
  double begin = 0;
  double end = 0;
  int device = 0;
};

std::vector<Visit> VisitsOfDay(const client::UseProfile& profile, int devices, double on, double off,
                               Dice& dice, const DrawBegin& draw_begin) {
  std::vector<Visit> visits;
  for (int64_t i = dice.About(profile.starts_per_day); i > 0; --i) {
    const double minutes =
        profile.minutes_in_front_per_start * dice.Between(1 - kVisitSpread, 1 + kVisitSpread);
    const double begin = draw_begin(on, std::max(on, off - minutes * kMinute), dice);
    visits.push_back({begin, begin + minutes * kMinute, static_cast<int>(dice.Below(devices))});
  }
  std::sort(visits.begin(), visits.end(), [](const Visit& a, const Visit& b) { return a.begin < b.begin; });
  // One visit at a time.
  for (size_t i = 1; i < visits.size(); ++i) visits[i - 1].end = std::min(visits[i - 1].end, visits[i].begin);
  return visits;
}

}  // namespace

double AnyTime(double low, double high, Dice& dice) { return dice.Between(low, high); }

std::vector<Deed> DeedsOfDay(const client::UseProfile& profile, int devices, UnixMillis midnight, Dice& dice,
                             const DrawBegin& draw_begin) {
  std::vector<Deed> deeds;
  const auto add = [&](double at, int device, Doing what) {
    deeds.push_back({{midnight.value + static_cast<int64_t>(at)}, device, what});
  };
  const double on = (profile.device_on_from_hour + dice.Between(-kHoursLate, kHoursLate)) * kHour;
  const double off = std::min(on + profile.device_on_hours * kHour, static_cast<double>(kDay - 1));
  for (int device = 0; device < devices; ++device) {
    add(on, device, Doing::kSwitchesOn);
    add(off, device, Doing::kSwitchesOff);
  }
  const std::vector<Visit> visits = VisitsOfDay(profile, devices, on, off, dice, draw_begin);
  for (const Visit& visit : visits) {
    add(visit.begin, visit.device, Doing::kStarts);
    add(visit.end, visit.device, Doing::kLeaves);
  }
  if (!visits.empty() && dice.Part() * 7 < profile.edit_days_per_week) {
    const Visit& visit = visits[dice.Below(static_cast<int64_t>(visits.size()))];
    double at = dice.Between(visit.begin, visit.end);
    for (int64_t i = dice.About(profile.edits_per_edit_day); i > 0 && at < visit.end; --i) {
      add(at, visit.device, Doing::kEdits);
      at += dice.Between(0, 2 * kMinutesBetweenEdits) * kMinute;
    }
  }
  std::stable_sort(deeds.begin(), deeds.end(), [](const Deed& a, const Deed& b) { return a.at < b.at; });
  return deeds;
}

}  // namespace tidemark::week
