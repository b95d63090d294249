#include "bench/week/report.h"

#include <array>

#include "absl/strings/str_format.h"
#include "bench/week/person.h"

namespace tidemark::week {
namespace {

using client::Protocol;
using client::Trigger;

constexpr int kDaysPerWeek = 7;
// SPEC 6.1.
constexpr double kDocumentedActive = 4;
constexpr double kDocumentedInactive = 2;
constexpr double kDocumentedMean = 3.2;
constexpr double kDocumentedV1 = 15;

struct Rate {
  std::array<double, 4> shown = {};
  double total = 0;
  int64_t refused = 0;
};
constexpr std::array kShown = {Trigger::kStart, Trigger::kEdit, Trigger::kTimer, Trigger::kPull};

Rate RateOf(const ReportOptions& options, const client::ScheduleSettings& settings,
            const ratelimit::PolicySet& policies, Protocol protocol, const client::UseProfile& profile) {
  Tally tally;
  const int days = options.weeks * kDaysPerWeek;
  for (int person = 0; person < options.people; ++person) {
    const uint64_t seed = options.seed * 1'000'003 + static_cast<uint64_t>(person);
    tally.Add(
        Live({.protocol = protocol, .profile = profile, .days = days, .seed = seed}, settings, policies));
  }
  const double person_days = static_cast<double>(days) * options.people;
  Rate rate{.total = static_cast<double>(tally.total()) / person_days,
            .refused = tally.reads_refused + tally.pushes_refused};
  for (size_t i = 0; i < kShown.size(); ++i) {
    rate.shown[i] = static_cast<double>(tally.runs[static_cast<size_t>(kShown[i])]) / person_days;
  }
  return rate;
}

Rate Mixed(const Rate& active, const Rate& inactive, double active_share) {
  Rate mixed{.refused = active.refused + inactive.refused};
  const auto mix = [&](double a, double b) { return active_share * a + (1 - active_share) * b; };
  for (size_t i = 0; i < kShown.size(); ++i) mixed.shown[i] = mix(active.shown[i], inactive.shown[i]);
  mixed.total = mix(active.total, inactive.total);
  return mixed;
}

std::string Row(const char* name, const Rate& rate, double documented) {
  const std::string told =
      documented > 0 ? absl::StrFormat("%10.1f", documented) : absl::StrFormat("%10s", "-");
  return absl::StrFormat("%-16s%7.2f%7.2f%7.2f%7.2f%9.2f%s%9d\n", name, rate.shown[0], rate.shown[1],
                         rate.shown[2], rate.shown[3], rate.total, told, rate.refused);
}

}  // namespace

std::string Report(const ReportOptions& options, const client::ScheduleSettings& settings,
                   const ratelimit::PolicySet& policies) {
  const auto rate = [&](Protocol protocol, const client::UseProfile& profile) {
    return RateOf(options, settings, policies, protocol, profile);
  };
  const client::ScheduleSettings::Use& use = settings.use;
  const Rate active = rate(Protocol::kFinal, use.active);
  const Rate inactive = rate(Protocol::kFinal, use.inactive);
  const Rate active_v1 = rate(Protocol::kV1, use.active);
  const Rate inactive_v1 = rate(Protocol::kV1, use.inactive);
  std::string text =
      absl::StrFormat("syncs per person and day: %d week%s of %d people of each kind, seed %d\n\n",
                      options.weeks, options.weeks == 1 ? "" : "s", options.people, options.seed);
  text += absl::StrFormat("%-16s%7s%7s%7s%7s%9s%10s%9s\n", "", "start", "edit", "timer", "pull", "all",
                          "(doc)", "refused");
  text += Row("Final active", active, kDocumentedActive);
  text += Row("Final inactive", inactive, kDocumentedInactive);
  text += Row("Final mean", Mixed(active, inactive, use.active_share), kDocumentedMean);
  text += Row("V1 active", active_v1, 0);
  text += Row("V1 inactive", inactive_v1, 0);
  text += Row("V1 mean", Mixed(active_v1, inactive_v1, use.active_share), kDocumentedV1);
  return text;
}

}  // namespace tidemark::week
