// Plays scenarios of the folders schedule/ and state/ against the schedule of the client library.
#pragma once

#include <boost/json.hpp>
#include <string>

namespace tidemark::scenarios {

// What is false of the scenario, with the step; empty: it holds.
std::string PlaySchedule(const boost::json::object& scenario);

}  // namespace tidemark::scenarios
