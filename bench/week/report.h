// Syncs per day by trigger, measured beside documented (SPEC 6.1).
#pragma once

#include <cstdint>
#include <string>

#include "client/domain/schedule/settings.h"
#include "services/ratelimit/domain/policy.h"

namespace tidemark::week {

struct ReportOptions {
  int weeks = 1;
  // Of each kind.
  int people = 200;
  uint64_t seed = 1;
};

// A table in plain text. The same options give the same text on every machine.
std::string Report(const ReportOptions& options, const client::ScheduleSettings& settings,
                   const ratelimit::PolicySet& policies);

}  // namespace tidemark::week
