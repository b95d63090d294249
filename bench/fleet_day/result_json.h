// What bench/fleet reads: the counts of a scenario as JSON.
//
//   scenario, seed, users, days, devices_per_user, settings   what was run; `settings` is bench/fleet.json as
//   it held counts              of the counted days, all services together, as the day's quota counts them
//   (SPEC 8).
//                       `syncs`: runs of a device of which a request was answered; `not_modified`: those that
//                       a 304 ended. `edits_…` are of all days that were lived, warm-up included, judged at
//                       rest: made = stored + replaced (by their person, before they had left the device) +
//                       lost
//   by_service          whose requests and statements those are. `data_set`: the row that a process reads
//   once a second
//                       while it is asked anything. `purge`: once an hour
//   idle_database_reads what one auth process reads besides when nobody asks it anything; in no other number
//   series              a number for each window of `bucket_seconds` of the counted days; queued_edits:
//   changes that
//                       waited at devices at its end
//   per_tier            people, and their syncs
//   real_seconds        how long it took; all else repeats
#pragma once

#include <string>

#include "bench/fleet_day/fleet_day.h"
#include "bench/fleet_day/settings.h"

namespace tidemark::fleet {

// The same result gives the same text, but for `real_seconds`.
std::string ResultJson(const Settings& settings, const Scenario& scenario, const Result& result,
                       double real_seconds);

}  // namespace tidemark::fleet
