// What a schedule remembers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "client/domain/schedule/event.h"
#include "common/clock/clock.h"

namespace tidemark::client {

using MaybeTime = std::optional<UnixMillis>;

// What a run of requests is wanted for. Times are those at which it came up.
struct Wants {
  // The first and the last edit that no run has taken along.
  MaybeTime edited_first;
  MaybeTime edited_last;
  MaybeTime started;
  MaybeTime asked;
  MaybeTime head;
  // From then on a pull is owed.
  MaybeTime pull;
  bool operator==(const Wants&) const = default;
};

// Tokens of one policy as the server last told them. Nothing in `full`: never told.
struct Budget {
  MaybeTime full;
  int64_t limit = 0;
  int64_t interval_ms = 0;
};

enum class SessionState { kLoggedIn, kExpired, kLoggedOut };

// Waits, each until its time; none of them: a request may go.
struct Connection {
  // No answer came: Offline.
  MaybeTime backoff_until;
  // The day's quota is used up, or its reads are paused: Degraded.
  MaybeTime quota_until;
  MaybeTime reads_paused_until;
  // 429 rate_limited, of a request with changes and of one without.
  MaybeTime limited_until;
  MaybeTime reads_limited_until;
  // The server cannot take what this client sends.
  MaybeTime refused_until;
  // Runs in a row without an answer, and (since the last that was let in) limited.
  int64_t unanswered = 0;
  int64_t limited = 0;
  MaybeTime since;
  SessionState session = SessionState::kLoggedIn;
  // Since then a new token is wanted.
  MaybeTime expired;
  // The token was refreshed for a run, and none has been let in since.
  bool refreshed = false;
  // V1: the last run failed.
  bool v1_failed = false;
};

struct SavedState {
  // The newest time that was told.
  MaybeTime seen;
  MaybeTime born;
  Wants wants;
  // What the run that is under way was wanted for.
  Wants taken;
  MaybeTime run_began;
  Trigger run_trigger = Trigger::kTimer;
  // The last run that was done, and (V1) that failed.
  MaybeTime synced;
  MaybeTime tried;
  // Of the timer that began then.
  double timer_jitter = 1;
  // The server's next_sync_in.
  MaybeTime quiet_until;
  // The local day of the last start that synced, in days since 1970.
  int64_t start_day = -1;
  // The newest creation or edit of a task, here or (by the ETag) elsewhere.
  MaybeTime changed;
  // The state that the client holds, and the newest that the live stream told.
  std::string etag;
  std::string head_etag;
  Budget sync;
  Budget push_reserve;
  Budget live;
  Connection connection;
};

// What is true of this process alone.
struct Presence {
  bool in_front = false;
  MaybeTime visit_since;
  MaybeTime behind_since;
  // Timers in a row that fired in this visit.
  int64_t timers_in_a_row = 0;
  bool stream_is_open = false;
};

// One line of `name=value`, those that differ from a new state.
std::string Encode(const SavedState& state);
// INVALID_ARGUMENT: no such line. Unknown names are passed over.
absl::StatusOr<SavedState> Decode(std::string_view text);

// Shifts every time that is kept.
void Shift(SavedState& state, Presence& presence, int64_t millis);

}  // namespace tidemark::client
