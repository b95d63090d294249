// The numbers of client/schedule.json by their paths, for the scenarios that change some.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>

#include "client/domain/schedule/settings.h"

namespace tidemark::scenarios {

// "final.debounce_seconds", a number or a list of numbers. Throws if there is no such setting.
void Set(client::ScheduleSettings& settings, const std::string& path, const boost::json::value& value);

// Every setting, as JSON numbers.
std::map<std::string, boost::json::value> ByName(const client::ScheduleSettings& settings);

// Every number of a settings file.
std::map<std::string, boost::json::value> ByName(const boost::json::object& file);

}  // namespace tidemark::scenarios
