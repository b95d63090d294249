// What a log line looks like; log.cc says where it goes.
#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "common/log/log.h"

namespace tidemark::log {

std::string_view LevelName(Level level);

// One JSON object and a line feed, whatever bytes the values hold: what is not UTF-8 becomes U+FFFD, numbers
// that JSON does not know become null.
std::string FormatLine(absl::Time time, Level level, std::string_view process, std::string_view event,
                       Fields fields, const Origin& origin = {});

}  // namespace tidemark::log
