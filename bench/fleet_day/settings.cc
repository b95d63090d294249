#include "bench/fleet_day/settings.h"

#include <boost/json.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "bench/users/failed.h"

namespace tidemark::fleet {
namespace {

using bench::Failed;
namespace json = boost::json;

// An object of the file.
class Part {
 public:
  Part(const json::value& value, std::string name) : name_(std::move(name)) {
    if (!value.is_object()) throw Failed(absl::StrCat("fleet settings: ", name_, " is no object"));
    members_ = &value.get_object();
  }

  bool Has(const char* member) const { return members_->contains(member); }
  // A member that nobody has asked for is a mistake in the file.
  void End() const {
    for (const auto& member : *members_) {
      if (taken_.contains(std::string(member.key()))) continue;
      throw Failed(absl::StrCat("fleet settings: nobody knows ", name_, ".", std::string(member.key())));
    }
  }

  template <typename T>
  T Get(const char* member) {
    try {
      return json::value_to<T>(Value(member));
    } catch (const std::exception&) {
      throw Failed(absl::StrCat("fleet settings: ", name_, ".", member, " is not what it should be"));
    }
  }
  template <typename T>
  T GetOr(const char* member, T otherwise) {
    return Has(member) ? Get<T>(member) : otherwise;
  }
  const json::value& Value(const char* member) {
    const json::value* value = members_->if_contains(member);
    if (value == nullptr) throw Failed(absl::StrCat("fleet settings: ", name_, ".", member, " is missing"));
    taken_.insert(member);
    return *value;
  }

 private:
  const std::string name_;
  const json::object* members_ = nullptr;
  std::set<std::string> taken_;
};

client::UseProfile ReadProfile(const json::value& value, const std::string& name) {
  Part part(value, name);
  client::UseProfile profile{.starts_per_day = part.Get<double>("starts_per_day"),
                             .minutes_in_front_per_start = part.Get<double>("minutes_in_front_per_start"),
                             .edit_days_per_week = part.Get<double>("edit_days_per_week"),
                             .edits_per_edit_day = part.Get<double>("edits_per_edit_day")};
  part.End();
  return profile;
}

People ReadPeople(const json::value& value) {
  Part part(value, "people");
  People people{.active_share = part.Get<double>("active_share"),
                .active = ReadProfile(part.Value("active"), "people.active"),
                .inactive = ReadProfile(part.Value("inactive"), "people.inactive"),
                .device_on_from_spread_hours = part.Get<double>("device_on_from_spread_hours")};
  people.active.device_on_from_hour = part.Get<double>("device_on_from_hour");
  people.active.device_on_hours = part.Get<double>("device_on_hours");
  people.inactive.device_on_from_hour = people.active.device_on_from_hour;
  people.inactive.device_on_hours = people.active.device_on_hours;
  const auto starts = part.Get<std::vector<double>>("starts_by_hour");
  if (starts.size() != kHoursOfDay) throw Failed("fleet settings: people.starts_by_hour has not 24 hours");
  std::copy(starts.begin(), starts.end(), people.starts_by_hour.begin());
  part.End();
  return people;
}

EditMix ReadEdits(const json::value& value) {
  Part part(value, "edits");
  const EditMix mix{.create = part.Get<double>("create"),
                    .complete = part.Get<double>("complete"),
                    .rewrite = part.Get<double>("rewrite"),
                    .remove = part.Get<double>("delete")};
  part.End();
  return mix;
}

TaskSizes ReadTasks(const json::value& value) {
  Part part(value, "tasks");
  const TaskSizes sizes{.per_user = part.Get<int64_t>("per_user"),
                        .content_bytes_median = part.Get<double>("content_bytes_median"),
                        .content_bytes_spread = part.Get<double>("content_bytes_spread"),
                        .content_bytes_largest = part.Get<int64_t>("content_bytes_largest")};
  part.End();
  return sizes;
}

Speaks ReadSpeaks(Part& part, const char* member) {
  const auto spoken = part.Get<std::string>(member);
  if (spoken == "v1") return Speaks::kV1;
  if (spoken == "final") return Speaks::kFinal;
  throw Failed(absl::StrCat("fleet settings: ", member, " is v1 or final, not ", spoken));
}

Scenario ReadScenario(const std::string& name, const json::value& value, int days,
                      const std::map<std::string, std::vector<double>>& devices) {
  Part part(value, "scenarios." + name);
  Scenario scenario{.name = name,
                    .protocol = ReadSpeaks(part, "protocol"),
                    .schedule = ReadSpeaks(part, "schedule"),
                    .head_cache = part.Get<bool>("hash_cache"),
                    .head_ttl = absl::Seconds(part.Get<int64_t>("cache_lifetime_seconds")),
                    .limits_file = part.Get<std::string>("limits"),
                    .devices = {},
                    .warm_up_days = part.Get<int>("warm_up_days"),
                    .days = part.GetOr<int>("days", days),
                    .requests_per_user_on_first_day = std::nullopt};
  const auto owned = devices.find(part.Get<std::string>("devices"));
  if (owned == devices.end()) throw Failed("fleet settings: a scenario names devices that are not there");
  scenario.devices = owned->second;
  if (part.Has("requests_per_user_on_first_day")) {
    scenario.requests_per_user_on_first_day = part.Get<double>("requests_per_user_on_first_day");
  }
  part.End();
  return scenario;
}

UnixMillis MidnightOf(const std::string& day) {
  absl::Time midnight;
  if (!absl::ParseTime("%Y-%m-%d", day, &midnight, nullptr)) {
    throw Failed(absl::StrCat("fleet settings: no day: ", day));
  }
  return {absl::ToUnixMillis(midnight)};
}

Settings Understand(const json::value& file) {
  Part part(file, "the file");
  Settings settings{.seed = part.Get<uint64_t>("seed"),
                    .users = part.Get<int64_t>("users"),
                    .first_midnight = MidnightOf(part.Get<std::string>("first_day")),
                    .people = ReadPeople(part.Value("people")),
                    .edits = ReadEdits(part.Value("edits")),
                    .tasks = ReadTasks(part.Value("tasks")),
                    .logins = part.Get<int64_t>("logins"),
                    .scenarios = {},
                    .text = {},
                    .people_text = {}};
  const int days = part.Get<int>("days");
  const auto devices = part.Get<std::map<std::string, std::vector<double>>>("devices");
  for (const auto& [name, value] : part.Value("scenarios").as_object()) {
    settings.scenarios[std::string(name)] = ReadScenario(std::string(name), value, days, devices);
  }
  part.End();
  return settings;
}

json::value ParseJson(const std::string& text) {
  boost::system::error_code bad;
  json::value value = json::parse(text, bad);
  if (bad) throw Failed(absl::StrCat("fleet settings: no JSON: ", bad.message(), ": ", text.substr(0, 40)));
  return value;
}

void Apply(const Override& override, json::value& file) {
  boost::system::error_code bad;
  json::value value = json::parse(override.value, bad);
  // A name needs no quotes on a command line.
  if (bad) value = json::string(override.value);
  const std::size_t slash = override.pointer.rfind('/');
  json::value* whole =
      slash == std::string::npos ? nullptr : file.find_pointer(override.pointer.substr(0, slash), bad);
  if (whole == nullptr || !whole->is_object()) {
    throw Failed(absl::StrCat("fleet settings: there is no ", override.pointer));
  }
  whole->get_object()[override.pointer.substr(slash + 1)] = std::move(value);
}

}  // namespace

Settings ParseSettings(const std::string& text, const std::vector<Override>& overrides) {
  json::value file = ParseJson(text);
  for (const Override& override : overrides) Apply(override, file);
  Settings settings = Understand(file);
  settings.text = json::serialize(file);
  file.as_object().erase("scenarios");
  settings.people_text = json::serialize(file);
  return settings;
}

Settings ReadSettings(const std::string& path, const std::vector<Override>& overrides) {
  const std::ifstream file(path);
  if (!file) throw Failed(absl::StrCat("cannot read ", path));
  std::stringstream text;
  text << file.rdbuf();
  return ParseSettings(text.str(), overrides);
}

}  // namespace tidemark::fleet
