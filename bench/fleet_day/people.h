// Who lives the fleet's day. The same seed gives the same people, with the same tasks, who do the same, in
// every scenario: whatever is drawn for one purpose is drawn apart from all else.
//
//   const Crowd crowd(settings, scenario.devices);
//   for (const Person& person : crowd.people()) … crowd.DeedsOf(person, midnight) …
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/fleet_day/settings.h"
#include "bench/week/habits.h"
#include "bench/week/week_dice.h"
#include "common/clock/clock.h"
#include "common/ids/ids.h"

namespace tidemark::fleet {

struct Person {
  // From 0.
  int64_t number = 0;
  UserId user = {};
  bool active = false;
  int devices = 1;
  client::UseProfile profile = {};
  // The last edit before all that is simulated.
  UnixMillis edited_at = {};
};

// What dice are thrown for.
enum class Purpose : uint64_t {
  kPerson = 1,
  kDevices,
  kDay,
  kEdits,
  kSchedule,
  kIds,
  kTask,
  kNotedAt,
  kToken
};
uint64_t SeedOf(uint64_t seed, int64_t person, Purpose purpose, int64_t which = 0);

class Crowd {
 public:
  // `settings` outlives this. `device_shares`: as Scenario::devices.
  Crowd(const Settings& settings, const std::vector<double>& device_shares);

  const std::vector<Person>& people() const { return people_; }
  std::vector<week::Deed> DeedsOf(const Person& person, UnixMillis midnight) const;

 private:
  Person Draw(int64_t number, UserId user, const std::vector<double>& device_shares) const;
  double DrawBegin(double low, double high, week::Dice& dice) const;
  // How many of a day's starts come before, of those of all hours.
  double StartsUntil(double millis) const;

  const Settings& settings_;
  std::vector<Person> people_;
};

// The device's name, by its place among its person's.
DeviceId DeviceAt(int place);

// The task `number`, from 1, that a person has from the beginning. Deterministic, so that nobody keeps it.
std::string SeededContent(const Settings& settings, int64_t person, int64_t number);
// A content of the usual size that begins with `tag`.
std::string ContentTagged(const TaskSizes& sizes, const std::string& tag, week::Dice& dice);

}  // namespace tidemark::fleet
