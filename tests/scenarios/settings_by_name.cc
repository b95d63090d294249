#include "tests/scenarios/settings_by_name.h"

#include <stdexcept>
#include <vector>

#include "tests/scenarios/json_reading.h"

namespace tidemark::scenarios {
namespace {

using client::ScheduleSettings;
using client::UseProfile;

template <typename F>
void Visit(UseProfile& use, const std::string& path, F visit) {
  visit(path + "starts_per_day", use.starts_per_day);
  visit(path + "minutes_in_front_per_start", use.minutes_in_front_per_start);
  visit(path + "edit_days_per_week", use.edit_days_per_week);
  visit(path + "edits_per_edit_day", use.edits_per_edit_day);
  visit(path + "device_on_from_hour", use.device_on_from_hour);
  visit(path + "device_on_hours", use.device_on_hours);
}

template <typename F>
void Visit(ScheduleSettings& s, F visit) {
  visit("v1.debounce_seconds", s.v1.debounce);
  visit("v1.debounce_bound_seconds", s.v1.debounce_bound);
  visit("v1.timer_seconds", s.v1.timer);
  visit("final.debounce_seconds", s.final.debounce);
  visit("final.debounce_bound_seconds", s.final.debounce_bound);
  visit("final.front_timers_seconds", s.final.front_timers);
  visit("final.behind_active_seconds", s.final.behind_active);
  visit("final.behind_inactive_seconds", s.final.behind_inactive);
  visit("final.visit_gap_seconds", s.final.visit_gap);
  visit("final.head_gather_seconds", s.final.head_gather);
  visit("jitter", s.jitter);
  visit("inactive_after_seconds", s.inactive_after);
  visit("backoff.first_seconds", s.backoff.first);
  visit("backoff.longest_seconds", s.backoff.longest);
  visit("wait.midnight_spread_seconds", s.wait.midnight_spread);
  visit("wait.refused_seconds", s.wait.refused);
  visit("wait.deferred_shortest_seconds", s.wait.deferred_shortest);
  visit("wait.server_longest_seconds", s.wait.server_longest);
  visit("wait.run_longest_seconds", s.wait.run_longest);
  visit("sparing.low", s.sparing.low);
  visit("sparing.debounce_longest_seconds", s.sparing.debounce_longest);
  visit("sparing.debounce_bound_longest_seconds", s.sparing.debounce_bound_longest);
  visit("sparing.reserve_longest_seconds", s.sparing.reserve_longest);
  visit("sparing.head_gather_longest_seconds", s.sparing.head_gather_longest);
  visit("unsent_overdue_seconds", s.unsent_overdue);
  visit("use.active_share", s.use.active_share);
  Visit(s.use.active, "use.active.", visit);
  Visit(s.use.inactive, "use.inactive.", visit);
}

void Put(double& setting, const json::value& value) { setting = Number(value); }
void Put(absl::Duration& setting, const json::value& value) { setting = Seconds(value); }
void Put(std::vector<absl::Duration>& setting, const json::value& value) {
  setting.clear();
  for (const json::value& item : value.as_array()) setting.push_back(Seconds(item));
}

json::value Told(double setting) { return setting; }
json::value Told(absl::Duration setting) { return absl::ToDoubleSeconds(setting); }
json::value Told(const std::vector<absl::Duration>& setting) {
  json::array list;
  for (const absl::Duration item : setting) list.push_back(absl::ToDoubleSeconds(item));
  return list;
}

// As doubles throughout, however the file writes them.
json::value AsDoubles(const json::value& value) {
  if (!value.is_array()) return Number(value);
  json::array list;
  for (const json::value& item : value.as_array()) list.push_back(Number(item));
  return list;
}

void Gather(const json::object& object, const std::string& path, std::map<std::string, json::value>& all) {
  for (const json::key_value_pair& member : object) {
    const std::string name = path + std::string(member.key());
    if (member.value().is_object()) {
      Gather(member.value().as_object(), name + ".", all);
    } else {
      all[name] = AsDoubles(member.value());
    }
  }
}

}  // namespace

void Set(ScheduleSettings& settings, const std::string& path, const json::value& value) {
  bool found = false;
  Visit(settings, [&](const std::string& name, auto& setting) {
    if (name != path) return;
    Put(setting, value);
    found = true;
  });
  if (!found) throw std::runtime_error("no setting " + path);
}

std::map<std::string, json::value> ByName(const ScheduleSettings& settings) {
  ScheduleSettings copy = settings;
  std::map<std::string, json::value> all;
  Visit(copy, [&](const std::string& name, const auto& setting) { all[name] = Told(setting); });
  return all;
}

std::map<std::string, json::value> ByName(const json::object& file) {
  std::map<std::string, json::value> all;
  Gather(file, "", all);
  return all;
}

}  // namespace tidemark::scenarios
