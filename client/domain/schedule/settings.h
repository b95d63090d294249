// All numbers by which a client decides when to sync (SPEC 6.1 to 6.3). They stand in client/schedule.json,
// which both client libraries read; the build embeds it here.
#pragma once

#include <vector>

#include "absl/time/time.h"

namespace tidemark::client {

// How people of one kind use the app. Only simulations go by it.
struct UseProfile {
  double starts_per_day = 0;
  double minutes_in_front_per_start = 0;
  double edit_days_per_week = 0;
  double edits_per_edit_day = 0;
  // Local time. A device that is off runs no timers.
  double device_on_from_hour = 0;
  double device_on_hours = 0;
};

// A member is named as in the file; what ends in `_seconds` there is a duration here.
struct ScheduleSettings {
  struct V1 {
    absl::Duration debounce;
    // A person who goes on editing syncs at least this often.
    absl::Duration debounce_bound;
    // While the app is in front.
    absl::Duration timer;
  } v1;

  struct Final {
    absl::Duration debounce;
    absl::Duration debounce_bound;
    // The first, the second … timer in a row while the app is in front; the last one repeats.
    std::vector<absl::Duration> front_timers;
    absl::Duration behind_active;
    absl::Duration behind_inactive;
    // Who comes back within this time has not left.
    absl::Duration visit_gap;
    // From the first news of a live stream to the sync that fetches it: what else comes is fetched by the
    // same one.
    absl::Duration head_gather;
  } final;

  // Of each timer, either way.
  double jitter = 0;
  // No task created and none edited for this long: inactive.
  absl::Duration inactive_after;

  struct Backoff {
    absl::Duration first;
    absl::Duration longest;
  } backoff;

  struct Wait {
    // Whom the day's quota sent away comes back within this time after midnight UTC.
    absl::Duration midnight_spread;
    // After an answer that a repetition would get again.
    absl::Duration refused;
    // The shortest wait for a pull that the server put off.
    absl::Duration deferred_shortest;
    // No wait that a server asks for is longer.
    absl::Duration server_longest;
    // A run that has not ended by then has died with its process.
    absl::Duration run_longest;
  } wait;

  struct Sparing {
    // The part of a bucket below which syncs become rarer.
    double low = 0;
    // What debounce, its bound and head_gather grow to with no token left.
    absl::Duration debounce_longest;
    absl::Duration debounce_bound_longest;
    // The debounce with no token of push_reserve left.
    absl::Duration reserve_longest;
    absl::Duration head_gather_longest;
  } sparing;

  // An edit that has not left for this long is told to the person.
  absl::Duration unsent_overdue;

  struct Use {
    double active_share = 0;
    UseProfile active;
    UseProfile inactive;
  } use;
};

// The numbers of client/schedule.json.
const ScheduleSettings& DefaultScheduleSettings();

}  // namespace tidemark::client
