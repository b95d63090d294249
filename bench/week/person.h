// A person and their devices through days on a virtual clock, by the real schedule (client/domain/schedule).
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "client/domain/schedule/schedule.h"
#include "services/ratelimit/domain/policy.h"

namespace tidemark::week {

struct PersonOptions {
  client::Protocol protocol = client::Protocol::kFinal;
  client::UseProfile profile;
  int devices = 1;
  // An app in front has a live stream open.
  bool has_streams = false;
  int days = 7;
  uint64_t seed = 1;
};

struct Tally {
  // Runs that were answered, by trigger.
  std::array<int64_t, static_cast<size_t>(client::Trigger::kTimer) + 1> runs = {};
  // 429s: of runs that only read, and of runs that pushed.
  int64_t reads_refused = 0;
  int64_t pushes_refused = 0;
  // Stored, and the pull put off.
  int64_t deferred = 0;
  int64_t edits = 0;
  // The longest that an edit waited for an answer, while its device was on.
  absl::Duration unsent_longest;

  int64_t total() const;
  void Add(const Tally& other);
};

// The same seed gives the same days on every machine. `settings` and `policies` outlive the call.
Tally Live(const PersonOptions& options, const client::ScheduleSettings& settings,
           const ratelimit::PolicySet& policies);

}  // namespace tidemark::week
