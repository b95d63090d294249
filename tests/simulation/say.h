// What travels between devices and the service, for a person who reads a trace.
#pragma once

#include <string>

#include "tests/simulation/requests.h"

namespace tidemark::simulation {

// "sync after 9601234; #3 t1 v2 content=milk"
std::string Say(const Request& request);
// "through 9601240; t1 v2 content=milk; t4 deleted"
std::string Say(const Answer& answer);

}  // namespace tidemark::simulation
