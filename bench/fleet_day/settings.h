// Who the fleet is, and in which ways its day is run: all of bench/fleet.json.
//
//   const Settings settings = ReadSettings("bench/fleet.json");
//   const Scenario& scenario = settings.scenarios.at("final");
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "client/domain/schedule/settings.h"
#include "common/clock/clock.h"

namespace tidemark::fleet {

inline constexpr int kHoursOfDay = 24;

struct People {
  double active_share = 0;
  // device_on_from_hour is that of the fleet; a person's own lies around it.
  client::UseProfile active;
  client::UseProfile inactive;
  double device_on_from_spread_hours = 0;
  // How starts are spread over the day.
  std::array<double, kHoursOfDay> starts_by_hour = {};
};

// Shares of what an edit is; they sum to 1.
struct EditMix {
  double create = 0;
  double complete = 0;
  double rewrite = 0;
  double remove = 0;
};

struct TaskSizes {
  int64_t per_user = 0;
  double content_bytes_median = 0;
  // Of the logarithm.
  double content_bytes_spread = 0;
  int64_t content_bytes_largest = 0;
};

enum class Speaks { kV1, kFinal };

// One way to run the day.
struct Scenario {
  std::string name;
  Speaks protocol = Speaks::kFinal;
  Speaks schedule = Speaks::kFinal;
  // False: no hash is cached, and each check reads the head row.
  bool head_cache = true;
  absl::Duration head_ttl;
  // Of the services; the day's budgets in it hold.
  std::string limits_file;
  // Shares of people with one device, two, three …
  std::vector<double> devices;
  int warm_up_days = 0;
  int days = 1;
  // Set: the budget of requests of the first counted day, for each user. What follows has none.
  std::optional<double> requests_per_user_on_first_day;
};

struct Settings {
  uint64_t seed = 1;
  int64_t users = 0;
  // The midnight (UTC) at which what is counted begins.
  UnixMillis first_midnight;
  People people;
  EditMix edits;
  TaskSizes tasks;
  // How many people log in with their password, on the first day that is lived; the others have a session.
  int64_t logins = 0;
  std::map<std::string, Scenario> scenarios;
  // All of it as JSON, and all but the scenarios.
  std::string text;
  std::string people_text;
};

// Sets a value of the file, which a JSON Pointer names.
struct Override {
  std::string pointer;
  // JSON, or a plain text.
  std::string value;
};

// Throws Failed (bench/users/failed.h): there is no such file, or it says something else.
Settings ReadSettings(const std::string& path, const std::vector<Override>& overrides = {});
Settings ParseSettings(const std::string& text, const std::vector<Override>& overrides = {});

}  // namespace tidemark::fleet
