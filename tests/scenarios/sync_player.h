// Plays scenarios of the folder sync/ against the exchange of the client library, on a store in memory.
#pragma once

#include <boost/json.hpp>
#include <string>

namespace tidemark::scenarios {

// What is false of the scenario, with the step; empty: it holds.
std::string PlaySync(const boost::json::object& scenario);

}  // namespace tidemark::scenarios
