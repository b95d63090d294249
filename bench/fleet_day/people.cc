#include "bench/fleet_day/people.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "absl/strings/str_cat.h"
#include "bench/seed/accounts.h"
#include "common/random/random.h"

namespace tidemark::fleet {
namespace {

constexpr double kHourMillis = 3'600'000;
constexpr double kDayMillis = 24 * kHourMillis;
// The day before the first that is counted may be one to warm up.
constexpr int64_t kEditedBefore = 24 * 3'600'000;
// Who is active has edited within so many days before that, and so counts as active (SPEC 6.1: within seven)
// to the end of the next day but one, whatever they do until then.
constexpr double kActiveDays = 4;
constexpr double kInactiveDaysLeast = 9;
constexpr double kInactiveDaysMost = 60;
constexpr char kWords[] =
    "call the plumber about the kitchen sink before Friday and ask for a written offer, then book the train "
    "tickets, pay the invoice, water the plants, and send the photographs to everybody who was there ";

uint64_t Mixed(uint64_t x) {
  // SplitMix64.
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// Of a normal distribution (Box and Muller).
double Normal(week::Dice& dice) {
  const double radius = std::sqrt(-2 * std::log(1 - dice.Part()));
  return radius * std::cos(2 * std::numbers::pi * dice.Part());
}

int DevicesOf(const std::vector<double>& shares, week::Dice& dice) {
  double left = dice.Part();
  for (std::size_t i = 0; i + 1 < shares.size(); ++i) {
    left -= shares[i];
    if (left < 0) return static_cast<int>(i + 1);
  }
  return static_cast<int>(shares.size());
}

}  // namespace

uint64_t SeedOf(uint64_t seed, int64_t person, Purpose purpose, int64_t which) {
  uint64_t mixed = Mixed(seed);
  mixed = Mixed(mixed ^ static_cast<uint64_t>(person));
  mixed = Mixed(mixed ^ static_cast<uint64_t>(purpose));
  return Mixed(mixed ^ static_cast<uint64_t>(which));
}

Crowd::Crowd(const Settings& settings, const std::vector<double>& device_shares) : settings_(settings) {
  SeededRandom ids(SeedOf(settings.seed, 0, Purpose::kIds));
  for (int64_t number = 0; number < settings.users; ++number) {
    people_.push_back(Draw(number, UserId(bench::UserIdAt(number, settings.users, ids)), device_shares));
  }
}

Person Crowd::Draw(int64_t number, UserId user, const std::vector<double>& device_shares) const {
  week::Dice dice(SeedOf(settings_.seed, number, Purpose::kPerson));
  Person person{.number = number, .user = std::move(user)};
  person.active = dice.Part() < settings_.people.active_share;
  person.profile = person.active ? settings_.people.active : settings_.people.inactive;
  const double spread = settings_.people.device_on_from_spread_hours;
  person.profile.device_on_from_hour += dice.Between(-spread, spread);
  const double days_ago =
      person.active ? dice.Between(0, kActiveDays) : dice.Between(kInactiveDaysLeast, kInactiveDaysMost);
  person.edited_at = {settings_.first_midnight.value - kEditedBefore - 1 -
                      static_cast<int64_t>(days_ago * kDayMillis)};
  week::Dice owned(SeedOf(settings_.seed, number, Purpose::kDevices));
  person.devices = DevicesOf(device_shares, owned);
  return person;
}

std::vector<week::Deed> Crowd::DeedsOf(const Person& person, UnixMillis midnight) const {
  const int64_t day = midnight.value / static_cast<int64_t>(kDayMillis);
  week::Dice dice(SeedOf(settings_.seed, person.number, Purpose::kDay, day));
  return week::DeedsOfDay(
      person.profile, person.devices, midnight, dice,
      [this](double low, double high, week::Dice& thrown) { return DrawBegin(low, high, thrown); });
}

double Crowd::DrawBegin(double low, double high, week::Dice& dice) const {
  const double before = StartsUntil(low);
  const double wanted = before + dice.Part() * (StartsUntil(high) - before);
  // Hours without starts are passed over.
  double until = 0;
  for (int hour = 0; hour < kHoursOfDay; ++hour) {
    const double starts = settings_.people.starts_by_hour[hour];
    if (starts > 0 && until + starts >= wanted) {
      return std::clamp((hour + (wanted - until) / starts) * kHourMillis, low, high);
    }
    until += starts;
  }
  return high;
}

double Crowd::StartsUntil(double millis) const {
  const double hours = std::clamp(millis / kHourMillis, 0.0, static_cast<double>(kHoursOfDay));
  const int whole = std::min(static_cast<int>(hours), kHoursOfDay - 1);
  double starts = settings_.people.starts_by_hour[whole] * (hours - whole);
  for (int hour = 0; hour < whole; ++hour) starts += settings_.people.starts_by_hour[hour];
  return starts;
}

DeviceId DeviceAt(int place) {
  // The first is the one that tidemark-seed knows.
  return place == 0 ? DeviceId("laptop") : DeviceId(absl::StrCat("device-", place + 1));
}

std::string SeededContent(const Settings& settings, int64_t person, int64_t number) {
  week::Dice dice(SeedOf(settings.seed, person, Purpose::kTask, number));
  return ContentTagged(settings.tasks, absl::StrCat("Task ", number), dice);
}

std::string ContentTagged(const TaskSizes& sizes, const std::string& tag, week::Dice& dice) {
  const double drawn = sizes.content_bytes_median * std::exp(sizes.content_bytes_spread * Normal(dice));
  const auto bytes =
      static_cast<std::size_t>(std::clamp(drawn, 1.0, static_cast<double>(sizes.content_bytes_largest)));
  std::string content = tag + ": ";
  while (content.size() < bytes) content += kWords;
  content.resize(std::max(bytes, tag.size()));
  // A text that a person types ends in no space.
  while (content.back() == ' ' || content.back() == ':') content.pop_back();
  return content;
}

}  // namespace tidemark::fleet
