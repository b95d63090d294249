// Events of a schedule as scenario files write them.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "client/domain/schedule/event.h"

namespace tidemark::scenarios {

// `step` names its event and holds the event's members. Throws if there is no such event.
client::Event ReadEvent(const std::string& name, const boost::json::object& step);

}  // namespace tidemark::scenarios
